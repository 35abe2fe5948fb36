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
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from convarchive.domain.desk import Withdrawal
from convarchive.domain.episode import Sha256
from convarchive.domain.quote import DocumentId
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId
from convarchive.editorial.desks import follow_withdrawals
from convarchive.errors import BadInput, CatalogueCorrupt, CatalogueTooNew
from convarchive.home import MARKER, Home
from convarchive.index import manifest as manifests
from convarchive.index.build import alone, put_back
from convarchive.index.ports import VectorIndex
from convarchive.ingest.desk_changes import add_withdrawal
from convarchive.ingest.desks import read_withdrawals
from convarchive.store import backup, backup_file, holdings
from convarchive.store.backup import Report
from convarchive.store.backup_file import Manifest
from convarchive.store.carry_over import Closed
from convarchive.store.catalogue import Catalogue
from convarchive.store.disk import writing_to
from convarchive.store.lock import holding
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
    _put_catalogue(home, stage)
    _put_desks(home, stage)
    with Catalogue.for_writing(home) as catalogue:
        # What somebody withdrew while this was at work stands on the desk at least.
        with catalogue.writing() as write:
            follow_withdrawals(write, home)
            write.search.sync_passages()
            write.count_up("review")
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
        for entry in (*desk, *_entries(since)):
            if not _stands(stage, entry):
                add_withdrawal(stage, entry)
        if stage.withdrawals.is_file() and home.settings.is_file():
            with writing_to(home.withdrawals):
                home.ingest.mkdir(parents=True, exist_ok=True)
            write_whole(home.withdrawals, stage.withdrawals.read_text(encoding="utf-8"))
    return since, unread


def _stands(stage: Home, entry: Withdrawal) -> bool:
    return any(replace(one, since=None) == replace(entry, since=None) for one in read_withdrawals(stage))


def _entries(since: Closed) -> Iterator[Withdrawal]:
    """Holds as `withdrawals.toml` writes them, where it can: not those on a quote's id or a whole episode."""
    for hold in (hold for one in since.closings for hold in one.holds):
        entry = _entry(hold)
        if entry is not None:
            yield entry


def _entry(hold: Hold) -> Withdrawal | None:
    state: Literal["withdrawn", "withheld"] = "withdrawn" if hold.state == "withdrawn" else "withheld"
    until = hold.until if state == "withheld" else None
    if hold.recording is not None:
        whole = hold.start_ms is None or hold.end_ms is None
        span = None if whole else Span(hold.start_ms or 0, hold.end_ms or 0)
        return Withdrawal(state, recording=Sha256(hold.recording), span=span, until=until)
    if hold.document is not None and hold.key is not None:
        return Withdrawal(state, document=DocumentId(hold.document), key=hold.key, until=until)
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
    """Settings last: the file that marks a home says that all the rest is there."""
    for path in _desks(stage):
        place = home.root / path.relative_to(stage.root)
        if path == stage.withdrawals:
            # Somebody may have withdrawn something since this was made ready.
            for entry in read_withdrawals(home):
                if not _stands(stage, entry):
                    add_withdrawal(stage, entry)
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
