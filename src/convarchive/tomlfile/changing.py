"""Changing a hand-written TOML file without touching what a person wrote around the change."""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import tomlkit

from convarchive.errors import BadInput, HomeNotWritable, SettingsError
from convarchive.tomlfile.table import Table, parse, read

_WAYS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some space and try again"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "fix its rights"),
    errno.ENOENT: "its folder is not there; make it first",
    errno.ENOTDIR: "its folder is a file; move that out of the way",
}
"""What helps against each of the system's refusals."""

Entry = Mapping[str, Any]
"""Plain values of one `[[list]]` entry: texts, numbers, flags, dates, lists and tables of these."""


def append(
    path: Path, name: str, entry: Entry | Sequence[Entry], check: Callable[[Table], object] = lambda _: None
) -> None:
    """
    Add one `[[name]]` entry, or several at one stroke, at the end of the file, creating the file where it is missing.

    What stands in the file stays byte for byte. `check` reads the file as its desk does.
    Raises SettingsError where the file was unusable before, BadInput where it would be
    with the entry in it, HomeNotWritable where it cannot be written.
    """
    entries = [entry] if isinstance(entry, Mapping) else entry
    with _alone_in(path.parent):
        old = _text(path)
        before: dict[str, Any] = tomllib.loads(old)
        added = block(name, *entries)
        gap = "" if not old else "\n" if old.endswith("\n") else "\n\n"
        new = f"{old}{gap}{added}"
        wanted = {**before, name: [*before.get(name, []), *tomllib.loads(added)[name]]}
        _check(new, wanted, path, name)
        check(parse(old, path))
        try:
            check(parse(new, path))
        except SettingsError as exc:
            problem = str(exc).removeprefix(f"{path}:").partition(": ")[2]
            raise BadInput(f"{path}: nothing was added, because {problem}") from exc
        write_whole(path, new)


def block(name: str, *entries: Entry) -> str:
    """`[[name]]` entries as they stand in a file."""
    return tomlkit.dumps({name: [dict(one) for one in entries]})


def remove(path: Path, name: str, which: Callable[[Table], Collection[int]]) -> bool:
    """
    Take `[[name]]` entries out of the file; say whether there were any to take.

    `which` returns their positions, from 0. Comments outside those entries stay. Raises
    SettingsError and HomeNotWritable.
    """
    with _alone_in(path.parent):
        if not path.exists():
            return False
        old = _text(path)
        before: dict[str, Any] = tomllib.loads(old)
        same = sorted(which(parse(old, path)))
        if not same:
            return False
        listed: list[object] = before[name]
        document = tomlkit.parse(old)
        for position in reversed(same):
            del document[name][position]
        if len(same) == len(listed):
            # An empty list written out would stand in the way of the next [[entry]].
            del document[name]
        new = tomlkit.dumps(document)
        left = [one for position, one in enumerate(listed) if position not in same]
        wanted = {**before, name: left} if left else {key: value for key, value in before.items() if key != name}
        _check(new, wanted, path, name)
        write_whole(path, new)
        return True


def write_whole(path: Path, text: str) -> None:
    """
    Replace a file at one stroke: a reader sees the old text or the new, also after a power cut.

    Raises HomeNotWritable where the disk is full or read-only; the old text then stands.
    """
    target = path.resolve()  # A link stays a link; what it points at is replaced.
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as exc:
        raise _unwritable(path, exc) from exc
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(name).replace(target)
        _sync_folder(target.parent)
    except OSError as exc:
        with suppress(OSError):
            Path(name).unlink()
        raise _unwritable(path, exc) from exc


def _text(path: Path) -> str:
    if not path.exists():
        return ""
    read(path)  # Its errors name the line.
    return path.read_bytes().decode("utf-8-sig")


def _check(new: str, wanted: Mapping[str, object], path: Path, name: str) -> None:
    """Refuse a change that would say anything but what was meant."""
    try:
        now: Mapping[str, object] | None = tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        now = None
    if now is not None and {**now, name: now.get(name, [])} == {**wanted, name: wanted.get(name, [])}:
        return
    line = read(path).line(name) if path.exists() else 1
    raise SettingsError(f"{path}:{line}: {name} cannot be changed here; write each entry under its own [[{name}]]")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes of ours that change its files; leaves nothing behind."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as exc:
        raise _unwritable(folder, exc) from exc
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, exc: OSError) -> HomeNotWritable:
    way = _WAYS.get(exc.errno or 0, "look at its folder and the disk")
    return HomeNotWritable(f"{path}: cannot be written ({exc.strerror or exc}); {way}")
