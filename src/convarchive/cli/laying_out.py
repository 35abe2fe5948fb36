"""Laying out the desks of a new archive, each file with comments that explain every key."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from convarchive.errors import BadInput, HomeNotWritable
from convarchive.home import MARKER
from convarchive.tomlfile import write_whole

_RENAMED = {"gitignore": ".gitignore"}
"""A real `.gitignore` among the templates would hide files from the project's own repository."""
_WELCOME = {".git"}
"""What may lie in the folder already: somebody wants the archive under version control."""


def init(path: Path) -> tuple[Path, ...]:
    """
    Lay out an archive's desks in an empty or missing folder; return the files written.

    Nothing is ever overwritten. The file that marks a home is written last, so a folder
    is either a whole home or none; running again finishes what was cut off. Raises
    BadInput where the folder is a home already or holds other things, HomeNotWritable.
    """
    templates = dict(_templates())
    try:
        _refuse_if_taken(path, templates)
        written = []
        for relative, text in sorted(templates.items(), key=lambda one: one[0] == Path(MARKER)):
            target = path / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, text)
            written.append(target)
    except OSError as exc:
        raise HomeNotWritable(
            f"{path}: cannot be made an archive ({exc.strerror or exc}); choose a folder that you may write to"
        ) from exc
    return tuple(written)


def _refuse_if_taken(path: Path, templates: dict[Path, str]) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise BadInput(f"{path} is a file; name a new or empty folder for the archive")
    if (path / MARKER).exists():
        raise BadInput(f"{path} is an archive already; nothing was changed")
    tops = {relative.parts[0] for relative in templates}
    foreign = sorted(one.name for one in path.iterdir() if one.name not in tops | _WELCOME and not _half_written(one))
    for relative, text in templates.items():
        target = path / relative
        if target.exists() and target.read_bytes() != text.encode():
            foreign.append(str(relative))
    if foreign:
        raise BadInput(f"{path} is not empty (it holds {foreign[0]!r}); name a new or empty folder for the archive")


def _half_written(path: Path) -> bool:
    """A temporary file of a layout that was cut off in the middle of writing."""
    return any(path.name.startswith(f".{name}.") for name in (MARKER, ".gitignore"))


def _templates() -> Iterator[tuple[Path, str]]:
    """Every template's place in a home, with its text."""
    yield from _walk(files("convarchive.cli") / "templates" / "home", Path())


def _walk(folder: Traversable, relative: Path) -> Iterator[tuple[Path, str]]:
    for one in folder.iterdir():
        place = relative / _RENAMED.get(one.name, one.name)
        if one.is_dir():
            yield from _walk(one, place)
        else:
            yield place, one.read_text("utf-8")
