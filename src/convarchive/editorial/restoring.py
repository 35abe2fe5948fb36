"""
Makes an archive of a backup, elsewhere or in place of the one that is there.

All of it is unpacked and compared with its digests beside the archive before anything of
that is touched. What was withdrawn, withheld or taken back in the present archive since the
backup was made stays so: its `withdrawals.toml` and the holds of its catalogue are applied to
the old catalogue before that takes its place, and traces are wiped afterwards.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from convarchive.domain.desk import Withdrawal
from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.quote import DocumentId
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId
from convarchive.errors import BadInput, CatalogueCorrupt, CatalogueTooNew
from convarchive.home import MARKER, Home
from convarchive.index import manifest as manifests
from convarchive.index.build import alone, put_back
from convarchive.index.ports import VectorIndex
from convarchive.ingest.barring import follow_withdrawals
from convarchive.ingest.desk_changes import remove_speaker
from convarchive.ingest.desks import read_speakers
from convarchive.ingest.withdrawals import add_names, add_withdrawals, read_erased, read_withdrawals
from convarchive.store import backup, backup_file, holdings
from convarchive.store.backup import Report
from convarchive.store.backup_file import Manifest
from convarchive.store.carry_over import Closed
from convarchive.store.catalogue import Catalogue
from convarchive.store.disk import writing_to
from convarchive.store.lock import holding
from convarchive.store.releases import forget_releases
from convarchive.store.write_reviews import Hold
from convarchive.tomlfile import write_whole

MakeIndex = Callable[[int], VectorIndex]


@dataclass(frozen=True, slots=True)
class Restored:
    """
    What was restored: when the backup was `made_at`, `indexed` passages, `recordings` put in place.

    `missing` recordings are known and not held; `carried` decisions had been made since the
    backup; `unread` is True where the present catalogue could not be asked about them;
    `erased` is False where traces wait for a reading process to end.
    """

    made_at: str
    indexed: int
    recordings: int
    missing: int
    carried: int
    unread: bool
    erased: bool


def restore(source: Path, root: Path, *, replace_present: bool, make_index: MakeIndex, report: Report) -> Restored:
    """
    Make the folder `root` the archive that `source` is a backup of.

    Raises BadInput where something lies there that is not to be replaced, BackupUnreadable,
    CatalogueTooNew for a backup of a later release, HomeBusy, HomeNotWritable, SettingsError.
    """
    manifest = backup_file.look(source)
    if not backup.is_known(manifest.schema):
        raise CatalogueTooNew(
            f"{source} was made by a later release ({manifest.made_by}, schema {manifest.schema}); upgrade convarchive"
        )
    _demand_place(root, replace_present)
    home = Home(root.absolute())
    with writing_to(root):
        root.mkdir(parents=True, exist_ok=True)
    backup_file.drop_leftovers(root, "restoring")
    with _staged(home) as stage:
        backup_file.unpack(source, stage.root, lambda done, of: report("unpack", done, of))
        with holding(home, "convarchive restore"):
            return _restore(home, stage, manifest, make_index)


def _demand_place(root: Path, replace_present: bool) -> None:
    if root.exists() and not root.is_dir():
        raise BadInput(f"{root} is a file; name a new or empty folder for the archive with --home")
    if replace_present or not root.exists():
        return
    held = [one.name for one in root.iterdir() if not one.name.startswith(".restoring.")]
    if held:
        what = "is an archive already" if MARKER in held else f"is not empty (it holds {sorted(held)[0]!r})"
        raise BadInput(f"{root} {what}; name a new folder with --home, or replace what is there with --replace")


@contextmanager
def _staged(home: Home) -> Iterator[Home]:
    """A home inside the home, on the same disk, where the backup is made ready."""
    folder = home.root / f".restoring.{os.getpid()}.part"
    try:
        with writing_to(folder):
            folder.mkdir(mode=0o700)
        yield Home(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _restore(home: Home, stage: Home, manifest: Manifest, make_index: MakeIndex) -> Restored:
    since, unread = _closed_since(home, stage)
    carried, indexed = _made_ready(stage, since, manifest, make_index)
    recordings = _put_sound(home, stage)
    _put_forms(home, stage)
    _put_catalogue(home, stage)
    _put_desks(home, stage)
    with Catalogue.for_writing(home) as catalogue:
        # What somebody withdrew while this was at work stands on the desk at least.
        with catalogue.writing() as write:
            follow_withdrawals(write, home)
            write.search.sync_passages()
            write.count_up("review")
            forget_releases(home, write.reviews.strike_releases_of_erased())
        erased = catalogue.erasure_pending() is None
        with catalogue.reading("editor") as read:
            known = read.recordings()
    return Restored(manifest.made_at, indexed, recordings, len(holdings.missing(home, known)), carried, unread, erased)


def _closed_since(home: Home, stage: Home) -> tuple[Closed, bool]:
    """
    What is closed in the present archive, also written to the staged desk, and that desk put in the present's place.

    The second is True where the present catalogue is too damaged to be asked.
    """
    desk = read_withdrawals(home)
    since, unread = Closed(), False
    with ExitStack() as stack:
        if home.catalogue.is_file():
            try:
                # Nobody decides anything while we hold the pen.
                catalogue = stack.enter_context(Catalogue.for_writing(home))
                write = stack.enter_context(catalogue.writing())
                since = write.closed()
            except CatalogueCorrupt:
                unread = True
        _bring(stage, (*desk, *_entries(since)))
        _bring_names(stage, home)
        if stage.withdrawals.is_file() and home.settings.is_file():
            with writing_to(home.withdrawals):
                home.ingest.mkdir(parents=True, exist_ok=True)
            write_whole(home.withdrawals, stage.withdrawals.read_text(encoding="utf-8"))
    return since, unread


def _bring(stage: Home, entries: Iterable[Withdrawal]) -> None:
    """Add to the staged desk what it does not close already, in other entries or in one."""
    standing = {(hold, one.erased) for one in read_withdrawals(stage) for hold in Hold.of(one)}
    new = []
    for entry in entries:
        holds = {(hold, entry.erased) for hold in Hold.of(entry)}
        # What is to be erased is closed as well.
        if not holds <= standing | {(hold, False) for hold, erased in standing if erased}:
            new.append(entry)
            standing |= holds
    add_withdrawals(stage, new)


def _bring_names(stage: Home, home: Home) -> None:
    known = set(read_erased(stage).marks)
    add_names(stage, [mark for mark in read_erased(home).marks if mark not in known])


def _entries(since: Closed) -> Iterator[Withdrawal]:
    """Holds as `withdrawals.toml` writes them, where it can: not those on a quote's id."""
    for hold in (hold for one in since.closings for hold in one.holds):
        entry = _entry(hold)
        if entry is not None:
            yield entry


def _entry(hold: Hold) -> Withdrawal | None:
    state: Literal["withdrawn", "withheld"] = "withdrawn" if hold.state == "withdrawn" else "withheld"
    until = hold.until if state == "withheld" else None
    if hold.recording is not None:
        whole = hold.start_ms is None or hold.end_ms is None
        spans = () if whole else (Span(hold.start_ms or 0, hold.end_ms or 0),)
        episode = EpisodeId(hold.episode) if hold.episode is not None else None
        return Withdrawal(state, Sha256(hold.recording), spans, episode, until=until)
    if hold.document is not None and hold.key is not None:
        return Withdrawal(state, document=DocumentId(hold.document), key=hold.key, until=until)
    if hold.episode is not None:
        return Withdrawal(state, episode=EpisodeId(hold.episode), until=until)
    return Withdrawal(state, person=SpeakerId(hold.person), until=until) if hold.person is not None else None


def _made_ready(stage: Home, since: Closed, manifest: Manifest, make_index: MakeIndex) -> tuple[int, int]:
    """Bring the staged catalogue up to date, close in it what was closed, build its index: (decisions, passages)."""
    with Catalogue.for_writing(stage) as catalogue:
        troubles = catalogue.check()
        if troubles:
            raise CatalogueCorrupt(f"the backup's catalogue is damaged ({troubles[0]}); take another backup")
        with catalogue.writing() as write:
            carried = write.close(since)
            follow_withdrawals(write, stage)
            write.erase_again(read_erased(stage), "erased since the backup was made")
            write.renamed()
            write.search.sync_passages()
            write.count_up("review")
            write.order_erasure()
        if manifest.encoder is None or manifest.themes is None:
            return carried, 0
        return carried, put_back(stage, catalogue, manifest.encoder, manifest.themes, make_index)


def _put_sound(home: Home, stage: Home) -> int:
    sounds = sorted(stage.audio.iterdir()) if stage.audio.is_dir() else []
    with writing_to(home.audio):
        home.audio.mkdir(parents=True, exist_ok=True)
        for path in sounds:
            path.replace(home.audio / path.name)
    return len(sounds)


def _put_forms(home: Home, stage: Home) -> None:
    forms = sorted(stage.releases.iterdir()) if stage.releases.is_dir() else []
    with writing_to(home.releases):
        for path in forms:
            home.releases.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o600)
            path.replace(home.releases / path.name)


def _put_catalogue(home: Home, stage: Home) -> None:
    """Swap catalogue and index: the index first, for whoever reads the new catalogue shall find its own."""
    with alone(home), writing_to(home.build):
        kept = ""
        if manifests.path_of(stage).is_file():
            ready = manifests.read(stage)
            kept = ready.vectors
            (stage.build / kept).replace(home.build / kept)
            manifests.write(home, ready)
        backup.put_in_place(stage.catalogue, home.catalogue)
        if not kept:
            manifests.path_of(home).unlink(missing_ok=True)
        for old in home.build.glob("vectors-*.index"):
            if old.name != kept:
                old.unlink(missing_ok=True)


def _put_desks(home: Home, stage: Home) -> None:
    """
    Settings last: the file that marks a home says that all the rest is there.

    A file that names somebody who was erased since stays as it is in the home, where its owner has mended it.
    """
    known = read_erased(stage).redactor
    for speaker in read_speakers(stage):
        if known.holds(speaker.name):
            remove_speaker(stage, speaker.id)
    for path in _desks(stage):
        if path != stage.settings and known.holds(path.read_text(encoding="utf-8")):
            continue
        place = home.root / path.relative_to(stage.root)
        if path == stage.withdrawals:
            # Somebody may have withdrawn something since this was made ready.
            _bring(stage, read_withdrawals(home))
            _bring_names(stage, home)
        with writing_to(place):
            place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, path.read_text(encoding="utf-8"))


def _desks(stage: Home) -> Sequence[Path]:
    found = [path for desk in (stage.ingest, stage.published, stage.index) for path in sorted(desk.glob("*.*"))]
    return [*(path for path in found if path.is_file() and path.suffix in (".toml", ".md")), stage.settings]


def left_beside(home: Home, source: Path) -> tuple[str, ...]:
    """Desk files of the home that the backup does not hold: written since, left alone, and still read."""
    held = {member.path for member in backup_file.look(source).members}
    names = (path.relative_to(home.root).as_posix() for path in _desks(home) if path.suffix == ".toml")
    return tuple(name for name in names if name not in held)
