"""
The file that a backup is: a plain tar, its first member a manifest with the size and SHA-256 of every other.

Members are regular files under the names they have in a home, in a fixed order, with nothing
of whose they were or when they were written. Whoever unpacks one believes none of it: a name
that is no archive's, a link, a size or a digest that is not the manifest's ends it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from convarchive.errors import BackupUnreadable, BadInput
from convarchive.store.disk import settle, writing_to
from convarchive.store.releases import RELEASE

FORMAT = 1
MANIFEST = "manifest.json"
CATALOGUE = "ingest/holdings/catalogue.db"
LARGEST_DESK = 64 << 20
"""Bytes of a desk file or a manifest; what is larger was not written by people."""

Moved = Callable[[int, int], None]
"""Told how far a long work is, in bytes: (done, total)."""

_DESK = r"(?!\.)[^/\\\x00-\x1f]{1,200}\.(?:toml|md)"
_PLACE = re.compile(
    rf"convarchive\.toml|(?:ingest|index|ingest/published)/{_DESK}|{re.escape(CATALOGUE)}"
    r"|ingest/holdings/audio/[0-9a-f]{64}\.[a-z0-9]{1,8}"
    rf"|ingest/holdings/releases/{RELEASE.pattern}"
)
_PIECE = 1 << 20
_SLACK = 64 << 20
"""Bytes of disk to leave free when unpacking."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its place in the home, its length, and the SHA-256 of its bytes."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    What a backup holds: of which catalogue, in which schema, made when (ISO 8601, UTC) and by what.

    `encoder` and `themes` say what its index was built with, and are None where there was none.
    """

    made_at: str
    made_by: str
    schema: str
    catalogue: str
    encoder: str | None
    themes: str | None
    members: tuple[Member, ...]
    format: int = FORMAT


def is_place(path: str) -> bool:
    """Whether a backup may hold a file of this name."""
    return _PLACE.fullmatch(path) is not None


def write(target: Path, manifest: Manifest, files: Sequence[Path], *, replace: bool, moved: Moved) -> int:
    """
    Write the backup, its members from `files` in the manifest's order; the bytes it came to.

    The file is there whole or not at all. Raises BadInput where one is there already and is
    not to be replaced, or where a file changed meanwhile; HomeNotWritable.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    total, done = sum(member.bytes for member in manifest.members), 0
    try:
        with (
            writing_to(target),
            _private(part) as file,
            tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar,
        ):
            text = _sealed(manifest)
            tar.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
            for member, path in zip(manifest.members, files, strict=True):
                with path.open("rb") as source:
                    counted = _Hashing(source, lambda n, done=done: moved(done + n, total))  # type: ignore[misc]
                    try:
                        tar.addfile(_entry(member.path, member.bytes), counted)
                    except OSError as error:
                        if error.errno is None:
                            raise _changed(member) from error
                        raise
                if counted.hexdigest != member.sha256:
                    raise _changed(member)
                done += member.bytes
        settle(part)
        size = part.stat().st_size
        _name(part, target, replace)
        settle(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return size


def _sealed(manifest: Manifest) -> bytes:
    said = asdict(manifest)
    return (json.dumps(said | {"seal": _seal(said)}, indent=1, ensure_ascii=False) + "\n").encode()


def _seal(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _private(path: Path) -> IO[bytes]:
    # It holds all that was never published.
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _changed(member: Member) -> BadInput:
    return BadInput(f"{member.path} changed while it was backed up; run the command again")


def _name(part: Path, target: Path, replace: bool) -> None:
    with writing_to(target):
        if replace:
            part.replace(target)
            return
        try:
            os.link(part, target)
        except FileExistsError:
            raise BadInput(f"{target} is there already; name another file, or replace it with --replace") from None
        except OSError:
            # A disk without hard links.
            if target.exists():
                raise
            part.replace(target)


def _entry(path: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = size, 0o600
    return entry


class _Hashing(io.RawIOBase):
    """Reads a file through, hashing and counting."""

    def __init__(self, file: IO[bytes], moved: Callable[[int], None]) -> None:
        self._file, self._moved = file, moved
        self._digest, self._read = hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        self._read += len(piece)
        self._moved(self._read)
        return piece

    @property
    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def look(source: Path) -> Manifest:
    """A backup's manifest. Raises BackupUnreadable."""
    with _opened(source) as tar:
        return _manifest(tar, source)


def unpack(source: Path, into: Path, moved: Moved) -> Manifest:
    """
    Write a backup's files into the folder `into`, each compared with its digest.

    Nothing outside `into` is written, whatever the file says. Raises BackupUnreadable where
    any of it is not as the manifest says, BadInput where the disk has no room for it,
    HomeNotWritable.
    """
    with _opened(source) as tar:
        manifest = _manifest(tar, source)
        total, done = sum(member.bytes for member in manifest.members), 0
        free = shutil.disk_usage(into).free
        if total + _SLACK > free:
            raise BadInput(f"{source} unpacks to {total / 1e9:.1f} GB and {into} has {free / 1e9:.1f} GB free")
        for member in manifest.members:
            entry = _next(tar, source)
            if entry is None or entry.name != member.path or not _is_plain(entry) or entry.size != member.bytes:
                raise BackupUnreadable(f"{source} is damaged: {member.path} is not there as its manifest says")
            _write_out(tar, entry, member, into / member.path, source, lambda n, done=done: moved(done + n, total))  # type: ignore[misc]
            done += member.bytes
        if _next(tar, source) is not None:
            raise BackupUnreadable(f"{source} holds more than its manifest says; use a backup that nobody changed")
    return manifest


def _opened(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source, "r:")
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupUnreadable(f"{source} is no backup of an archive ({error})") from error
    except OSError as error:
        raise BackupUnreadable(f"{source} cannot be read ({error.strerror or error})") from error


def _next(tar: tarfile.TarFile, source: Path) -> tarfile.TarInfo | None:
    try:
        return tar.next()
    except (tarfile.TarError, EOFError, ValueError, OSError) as error:
        raise BackupUnreadable(f"{source} is damaged ({error})") from error


def _is_plain(entry: tarfile.TarInfo) -> bool:
    return entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not entry.issparse()


def _manifest(tar: tarfile.TarFile, source: Path) -> Manifest:
    entry = _next(tar, source)
    if entry is None or entry.name != MANIFEST or not _is_plain(entry) or entry.size > LARGEST_DESK:
        raise BackupUnreadable(f"{source} is no backup of an archive: it does not begin with a {MANIFEST}")
    try:
        file = tar.extractfile(entry)
        said = json.loads(file.read() if file else b"")
        if said.pop("seal") != _seal(said):
            raise ValueError("it is not as it was written")
        manifest = Manifest(**said | {"members": tuple(Member(**one) for one in said["members"])})
    except (tarfile.TarError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupUnreadable(f"{source} is damaged: its {MANIFEST} cannot be read ({error})") from error
    if manifest.format != FORMAT:
        raise BackupUnreadable(f"{source} was made by another release (format {manifest.format}); upgrade convarchive")
    _demand_sense(manifest, source)
    return manifest


def _demand_sense(manifest: Manifest, source: Path) -> None:
    texts = (manifest.made_at, manifest.made_by, manifest.schema, manifest.catalogue)
    maybe = (manifest.encoder, manifest.themes)
    if not all(isinstance(one, str) for one in texts) or not all(isinstance(one, str | None) for one in maybe):
        raise BackupUnreadable(f"{source} is damaged: its {MANIFEST} does not say what it should")
    seen: set[str] = set()
    for one in manifest.members:
        if not (isinstance(one.path, str) and type(one.bytes) is int and isinstance(one.sha256, str)):
            raise BackupUnreadable(f"{source} is damaged: its {MANIFEST} does not say what it should")
        if not is_place(one.path) or one.path.casefold() in seen:
            raise BackupUnreadable(f"{source} holds {one.path[:80]!r}, which has no place in an archive")
        if one.bytes < 0 or (one.path.endswith((".toml", ".md")) and one.bytes > LARGEST_DESK):
            raise BackupUnreadable(f"{source} says that {one.path} has {one.bytes} bytes, which no such file has")
        seen.add(one.path.casefold())
    for needed in ("convarchive.toml", CATALOGUE):
        if needed not in seen:
            raise BackupUnreadable(f"{source} holds no {needed}, so no archive can be made of it")


def _write_out(
    tar: tarfile.TarFile, entry: tarfile.TarInfo, member: Member, path: Path, source: Path, moved: Callable[[int], None]
) -> None:
    digest, done = hashlib.sha256(), 0
    file = tar.extractfile(entry)
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            while file is not None and (piece := _read(file, source)):
                digest.update(piece)
                out.write(piece)
                done += len(piece)
                moved(done)
            out.flush()
            os.fsync(out.fileno())
    if done != member.bytes or digest.hexdigest() != member.sha256:
        raise BackupUnreadable(f"{source} is damaged: the bytes of {member.path} do not have their digest")


def _read(file: IO[bytes], source: Path) -> bytes:
    try:
        return file.read(_PIECE)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupUnreadable(f"{source} is damaged ({error})") from error


def drop_leftovers(folder: Path, name: str) -> None:
    """Delete what a killed process left half-written: `.NAME.PID.part` of processes that are no more."""
    for left in folder.glob(f".{name}.*.part"):
        pid = left.name.rsplit(".", 2)[1]
        if pid.isdigit() and not _lives(int(pid)):
            with suppress(OSError):
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
