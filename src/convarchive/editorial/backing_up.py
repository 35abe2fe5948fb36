"""Makes a backup of an archive while it is served and worked on: catalogue and desks, with or without its sound."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from convarchive import __version__
from convarchive.errors import BadInput, IndexError_
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.store import backup, backup_file, holdings
from convarchive.store.backup import Report
from convarchive.store.backup_file import Manifest, Member
from convarchive.store.catalogue import Catalogue, now
from convarchive.store.disk import writing_to
from convarchive.store.releases import release_files


@dataclass(frozen=True, slots=True)
class BackedUp:
    """
    What a backup came to: `bytes` of the file, `recordings` in it, `known` in the catalogue.

    `damaged` names recordings that are not held any more, or no longer have their digest;
    `voiceprints` counts those in it, none unless they were asked for.
    """

    bytes: int
    recordings: int
    known: int
    damaged: tuple[str, ...]
    voiceprints: int = 0


def back_up(
    home: Home, target: Path, *, with_audio: bool, replace: bool, report: Report, with_voiceprints: bool = False
) -> BackedUp:
    """
    Write a backup of the home to `target`, all of one instant; what is at work here goes on.

    Voiceprints are left out unless asked for: they are biometric data.

    Desks are read after the catalogue was, so that what somebody withdraws meanwhile is in
    the backup or stricter there, never the other way round. Raises BadInput where `target`
    cannot be, HomeNotWritable, and what a catalogue that cannot be read raises.
    """
    _demand_room(target, replace)
    backup_file.drop_leftovers(target.parent, target.name)
    with (
        writing_to(target),
        _beside(target) as folder,
        Catalogue.for_reading(home) as catalogue,
    ):
        copied = folder / "catalogue.db"
        found = backup.copy(catalogue, copied, report, with_voiceprints=with_voiceprints)
        held = [one for one in found.recordings if with_audio and holdings.verify(home, one.sha256, one.suffix)]
        sound = [holdings.path_of(home, one.sha256, one.suffix) for one in held]
        places = [
            *((path.relative_to(home.root).as_posix(), path) for path in desk_files(home)),
            (backup_file.CATALOGUE, copied),
            *((path.relative_to(home.root).as_posix(), path) for path in release_files(home)),
        ]
        members = [_member(place, path) for place, path in places]
        members += [
            Member(path.relative_to(home.root).as_posix(), one.bytes, one.sha256)
            for one, path in zip(held, sound, strict=True)
        ]
        encoder, themes = _index_of(home, found.catalogue)
        manifest = Manifest(
            now(), f"convarchive {__version__}", found.schema, found.catalogue, encoder, themes, tuple(members)
        )
        files = [*(path for _, path in places), *sound]
        size = backup_file.write(
            target, manifest, files, replace=replace, moved=lambda done, of: report("write", done, of)
        )
    whole = {one.sha256 for one in held}
    damaged = tuple(one.sha256 for one in found.recordings if with_audio and one.sha256 not in whole)
    return BackedUp(size, len(held), len(found.recordings), damaged, found.voiceprints)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder to work in, on the target's disk and for nobody else to look into; the next backup knows it by name."""
    folder = target.with_name(f".{target.name}.copy.{os.getpid()}.part")
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _demand_room(target: Path, replace: bool) -> None:
    if target.is_dir():
        raise BadInput(f"{target} is a folder; name the file that the backup is to be")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"{target.absolute().parent} does not exist; make it, or name another place for the backup")
    if target.exists() and not replace:
        raise BadInput(f"{target} is there already; name another file, or replace it with --replace")


def desk_files(home: Home) -> Sequence[Path]:
    """What people wrote: settings and desks, in a fixed order."""
    return [path for path in _on_desks(home) if backup_file.is_place(path.relative_to(home.root).as_posix())]


def _on_desks(home: Home) -> Iterator[Path]:
    yield home.settings
    for desk in (home.ingest, home.published, home.index):
        for path in sorted((*desk.glob("*.toml"), *desk.glob("*.md"))):
            if path.is_file():
                yield path


def _member(place: str, path: Path) -> Member:
    size = path.stat().st_size
    if place.endswith((".toml", ".md")) and size > backup_file.LARGEST_DESK:
        raise BadInput(f"{path} is larger than {backup_file.LARGEST_DESK >> 20} MB, which no desk file is")
    with path.open("rb") as file:
        return Member(place, size, hashlib.file_digest(file, "sha256").hexdigest())


def _index_of(home: Home, catalogue: str) -> tuple[str | None, str | None]:
    """What the home's index was built with, where it has one of this catalogue."""
    try:
        found = manifests.read(home)
    except IndexError_:
        return None, None
    return (found.encoder, found.themes) if found.catalogue == catalogue else (None, None)
