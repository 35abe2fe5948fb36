"""
The one file that holds all that was heard, inferred or decided.

`Catalogue` opens it and hands out transactions: `reading()` gives a `Reader` bound to an
audience, `writing()` a `Writer`. Only a writer migrates; a reader refuses a file whose
schema is not this release's.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, text

from convarchive.domain.audience import Audience
from convarchive.errors import (
    CatalogueCorrupt,
    CatalogueError,
    CatalogueTooNew,
    CatalogueTooOld,
    HomeBusy,
    HomeNotWritable,
)
from convarchive.home import Home
from convarchive.store import erase, ledger_copy, migrate
from convarchive.store.ledgers import AT_ONCE, Ledgers
from convarchive.store.opening import engine_for, translated
from convarchive.store.reader import Reader
from convarchive.store.writer import Writer


def now() -> str:
    """This instant in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


class Catalogue:
    """An open catalogue. Use as a context manager, or call `close()`."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._ledgers = Ledgers()

    @classmethod
    def for_writing(cls, home: Home) -> Catalogue:
        """
        Open the home's catalogue, creating or migrating it as needed.

        Raises CatalogueTooNew, CatalogueCorrupt, HomeNotWritable.
        """
        path = home.catalogue
        try:
            home.holdings.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeNotWritable(
                f"{home.holdings} cannot be written ({error.strerror}); free it and try again"
            ) from error
        if path.exists() and not path.stat().st_size and any(home.audio.glob("*")):
            raise CatalogueCorrupt(
                f"{path} is empty although recordings are held; put your latest copy of it in its place, or delete it "
                "to begin anew"
            )
        catalogue = cls(path, engine_for(path, write=True))
        with translated(path):
            found = catalogue._revision() if path.exists() and path.stat().st_size else None
            if found != migrate.HEAD:
                catalogue._bring_up_to_date(found)
        if catalogue.erasure_pending() is not None:
            catalogue.erase()
        return catalogue

    @classmethod
    def for_reading(cls, home: Home) -> Catalogue:
        """
        Open the home's catalogue as it is.

        Raises CatalogueError where there is none, CatalogueTooNew, CatalogueTooOld, CatalogueCorrupt.
        """
        path = home.catalogue
        if not path.is_file():
            raise CatalogueError(
                f"{path} does not exist yet; fill the archive with: convarchive ingest --home {home.root}"
            )
        catalogue = cls(path, engine_for(path, write=False))
        catalogue.demand_current()
        return catalogue

    def demand_current(self) -> None:
        """Raise CatalogueTooNew or CatalogueTooOld unless the file, as it is now, has this release's schema."""
        with translated(self.path):
            found = self._revision()
        if found is None or found in migrate.KNOWN[:-1]:
            raise CatalogueTooOld(
                f"{self.path} waits to be migrated; run any writing command, such as: convarchive ingest"
            )
        if found != migrate.HEAD:
            raise CatalogueTooNew(f"{self.path} was written by a later release (schema {found}); upgrade convarchive")

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self, audience: Audience) -> Iterator[Reader]:
        """A `Reader` for one audience, inside one snapshot of the catalogue."""
        with translated(self.path), self._engine.connect() as connection:
            yield Reader(connection, audience, now(), self._ledgers)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A `Writer` inside one transaction: all of it happens, or none."""
        with translated(self.path), self._engine.begin() as connection:
            yield Writer(connection, now())

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A bare connection inside one snapshot of all there is: for the store's own modules only."""
        with translated(self.path), self._engine.connect() as connection:
            yield connection

    def erase(self) -> bool:
        """
        Wipe what was deleted or superseded from full text, vectors and the write-ahead log.

        False where another process holds it up: it is then pending, and finished when the
        next writer opens the catalogue. Only for a catalogue opened for writing.
        """
        try:
            with translated(self.path), self._engine.begin() as connection:
                if erase.pending(connection) is None:
                    erase.order(connection, now())
                erase.sweep(connection)
            for copy in self.path.parent.glob(f"{self.path.name}.before-*"):
                # What a migration put aside holds the words as well.
                copy.unlink(missing_ok=True)
            return self._finish_erasure()
        except HomeBusy:
            return False

    def keep_ledger(self) -> None:
        """
        Have a large archive keep what everybody may see of it, which takes each process long to work out.

        Only for a catalogue opened for writing; it is locked for no longer than writing takes.
        """
        reading = engine_for(self.path, write=False)
        try:
            with translated(self.path), reading.connect() as connection:
                ledger = Ledgers().current(connection, now())
        finally:
            reading.dispose()
        with translated(self.path), self._engine.begin() as connection:
            if len(ledger.columns) > AT_ONCE:
                ledger_copy.put(connection, ledger)

    def erasure_pending(self) -> str | None:
        """Since when an erasure waits for readers to end (ISO 8601, UTC), or None."""
        with self.snapshot() as connection:
            return erase.pending(connection)

    def _finish_erasure(self) -> bool:
        with translated(self.path):
            raw = self._engine.raw_connection()
            try:
                finished = erase.empty_the_log(cast("sqlite3.Connection", raw.driver_connection))
            finally:
                raw.close()
            if finished:
                with self._engine.begin() as connection:
                    erase.done(connection)
        return finished

    def check(self) -> tuple[str, ...]:
        """What SQLite's own integrity and foreign-key checks find wrong; empty when all is well."""
        with translated(self.path), self._engine.connect() as connection:
            found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
            found += [f"foreign key broken in {row[0]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
        return tuple(found)

    def _revision(self) -> str | None:
        with self._engine.connect() as connection:
            known = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None

    def _bring_up_to_date(self, found: str | None) -> None:
        if found is not None and found not in migrate.KNOWN:
            raise CatalogueTooNew(f"{self.path} was written by a later release (schema {found}); upgrade convarchive")
        if found is not None:
            self._copy_aside(found)
        with self._engine.begin() as connection:
            # Another process may have migrated between our look and our lock.
            migrate.upgrade(connection)
            connection.execute(
                text("INSERT OR IGNORE INTO fact (name, value) VALUES ('catalogue', :id)"),
                {"id": secrets.token_hex(16)},
            )
            if found is not None:
                # Which versions have passages may have been another matter in an earlier release.
                Writer(connection, now()).search.sync_passages(everything=True)

    def _copy_aside(self, found: str) -> None:
        kept = self.path.with_name(f"{self.path.name}.before-{migrate.HEAD}")
        with sqlite3.connect(self.path) as old, sqlite3.connect(kept.with_suffix(".part")) as copy:
            old.backup(copy)
        shutil.move(kept.with_suffix(".part"), kept)
