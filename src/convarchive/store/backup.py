"""
Copies a catalogue while others write to it, and puts a copy in a catalogue's place while others read.

A copy holds one instant. It leaves behind what no backup may hold: every table that is not
listed here as kept, facts that are this machine's own, pages that were freed, and traces that an
erasure is still waiting to wipe.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, func, select

from convarchive.domain.episode import Recording, Sha256
from convarchive.store import erase, migrate
from convarchive.store import schema as s
from convarchive.store.catalogue import Catalogue
from convarchive.store.disk import writing_to
from convarchive.store.opening import engine_for

Report = Callable[[str, int, int], None]
"""Told how far a long work is: (step, done, total)."""

KEPT = frozenset(
    """
    access_key attribution clearing counter credit desk_file document episode episode_person episode_recording
    evidence excerpt fact failure feed hold passage question quote recording redirect review run selector source
    speaker stirred theme theme_score transcript transcript_link turn utterance vector version voice_consent
    voice_decision
    """.split()
)
"""Tables that a backup holds. What is not named here or in `LEFT_OUT` is left out, and a test asks to decide."""

LEFT_OUT: dict[str, str] = {"voiceprint": "biometric data", "ledger_copy": "made anew from the rest"}
"""Tables that a backup holds only where somebody asks for it by name, each with the reason."""

FACTS = ("catalogue",)
"""Single facts that a backup holds; the others are about work that is under way here."""

_PAGES = 1024
_OWN = ("sqlite_", "passage_words")
"""How tables are called that SQLite fills by itself."""


@dataclass(frozen=True, slots=True)
class Copied:
    """
    What a copy holds: schema version, the catalogue's id, its generation, the recordings it
    knows, and how many voiceprints.
    """

    schema: str
    catalogue: str
    generation: int
    recordings: tuple[Recording, ...]
    voiceprints: int = 0


def copy(catalogue: Catalogue, into: Path, report: Report, *, with_voiceprints: bool = False) -> Copied:
    """
    Write a copy of the catalogue, as it is at one instant, as the file `into` (one file, no log beside it).

    Voiceprints stay out of it unless they are asked for. Neither waits for writers nor holds
    them up. Needs twice the catalogue's size for a while in the folder of `into`. Raises
    HomeNotWritable, CatalogueCorrupt.
    """
    raw = into.with_name(f".{into.name}.raw")
    try:
        with catalogue.snapshot() as connection:
            connection.execute(select(func.count()).select_from(s.fact)).scalar()
            source = cast("sqlite3.Connection", connection.connection.driver_connection)
            with closing(sqlite3.connect(raw)) as target:
                source.backup(target, pages=_PAGES, progress=lambda _, left, total: report("copy", total - left, total))
        engine = engine_for(raw, write=True)
        try:
            with engine.begin() as connection:
                _leave_behind(connection, KEPT | {"voiceprint"} if with_voiceprints else KEPT)
                found = _described(connection)
            with writing_to(into), closing(sqlite3.connect(raw)) as cleaned:
                # Whole pages are written anew, so that nothing stands in those that were freed.
                cleaned.execute("VACUUM INTO ?", (str(into),))
        finally:
            engine.dispose()
    finally:
        for left in into.parent.glob(f"{raw.name}*"):
            left.unlink(missing_ok=True)
    return found


def _leave_behind(connection: Connection, kept: frozenset[str]) -> None:
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    for name in names:
        if name not in kept and name != "alembic_version" and not name.startswith(_OWN):
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
    if erase.pending(connection) is not None:
        erase.sweep(connection)
    connection.execute(s.fact.delete().where(s.fact.c.name.not_in(FACTS)))


def _described(connection: Connection) -> Copied:
    recordings = connection.execute(select(s.recording).order_by(s.recording.c.sha256)).mappings()
    return Copied(
        str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()),
        str(connection.execute(select(s.fact.c.value).where(s.fact.c.name == "catalogue")).scalar()),
        int(connection.execute(select(func.coalesce(func.sum(s.counter.c.value), 0))).scalar_one()),
        tuple(
            Recording(
                Sha256(row["sha256"]), row["bytes"], row["duration_ms"], row["media_type"], row["suffix"], row["origin"]
            )
            for row in recordings
        ),
        int(connection.execute(select(func.count()).select_from(s.voiceprint)).scalar_one()),
    )


def is_known(schema: str) -> bool:
    """Whether this release can bring a catalogue of that schema up to date."""
    return schema in migrate.KNOWN


def put_in_place(staged: Path, live: Path) -> None:
    """
    Make the catalogue at `live` hold what the one at `staged` holds, in one transaction of its own file.

    Whoever reads meanwhile goes on reading what they began with; whoever begins afterwards
    reads the new. A file that is damaged, or not there, is replaced instead.
    """
    if live.is_file() and live.stat().st_size:
        try:
            with closing(sqlite3.connect(staged)) as source, closing(sqlite3.connect(live, timeout=60)) as target:
                # A page of another size, or a file that is no database, shows here at the latest.
                target.execute("PRAGMA journal_mode = WAL").fetchone()
                target.execute("PRAGMA schema_version").fetchone()
                source.backup(target)
                target.execute("PRAGMA quick_check(1)").fetchone()
            return
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            _take_away(live)
    with writing_to(live):
        _take_away(live)
        staged.replace(live)


def _take_away(live: Path) -> None:
    for name in (live.name, f"{live.name}-wal", f"{live.name}-shm"):
        live.with_name(name).unlink(missing_ok=True)
