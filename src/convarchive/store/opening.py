"""
How the catalogue's file is opened: for a writer, for many readers, also where it cannot be written.

A reader's connection belongs to the file it was opened on. Where another file has been put in
its place since, it is let go of and the new one opened, so that a server that runs for months
never answers from a catalogue that is no longer there.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection, QueuePool

from convarchive.errors import CatalogueCorrupt, CatalogueError, HomeBusy, HomeNotWritable

BUSY_TIMEOUT_MS = 10_000
"""How long one process waits for another's short transaction before giving up."""
READERS = 40
"""Connections of readers that are kept: as many as a server has threads to answer in. More are made where needed."""
_CROWDED = "locking protocol"
_PAUSES_S = (0.05, 0.5, 2.0)
_PAGES_KB = 512
"""Of the catalogue that each reader keeps in memory; the system keeps the whole of it once for all of them."""
_NEARLY_FULL = 1 << 16
"""Bytes free below which a write that failed failed for want of space."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, each one line with the way out."""
    try:
        yield
    except OperationalError as error:
        raise _operational(path, error) from error
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and not isinstance(error.orig, sqlite3.IntegrityError):
            raise CatalogueCorrupt(
                f"{path} is damaged ({error.orig}); put your latest copy of it in its place"
            ) from error
        raise


def _operational(path: Path, error: OperationalError) -> Exception:
    said = str(error.orig).lower()
    if not path.exists():
        return CatalogueError(f"{path} is not there any more; put your latest copy in its place")
    if "full" in said or ("disk i/o" in said and _is_full(path)):
        return HomeNotWritable(f"the disk holding {path} is full; free some space and run the command again")
    if "readonly" in said or "unable to open" in said:
        return HomeNotWritable(f"{path} cannot be opened for this ({error.orig}); check the folder's permissions")
    if "locked" in said or _CROWDED in said:
        return HomeBusy(f"{path} has been locked by another process for too long; wait for it to finish")
    if "disk i/o" in said:
        return HomeNotWritable(f"{path}: the disk does not answer ({error.orig}); check it and try again")
    if "no such" in said:
        return CatalogueCorrupt(
            f"{path} lacks something this release needs ({error.orig}); put your latest copy of it in its place"
        )
    return error


def _is_full(path: Path) -> bool:
    # SQLite calls it an I/O error when the disk has no room for its shared memory.
    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < _NEARLY_FULL
    return False


def engine_for(path: Path, *, write: bool) -> Engine:
    """Connections to the catalogue at `path`: one at a time for a writer, a pool of them for readers."""
    # What is asked of an archive must not reach a log by way of an error.
    engine = (
        create_engine("sqlite://", creator=lambda: _connect(path, "mode=rwc"), poolclass=NullPool, hide_parameters=True)
        if write
        else create_engine(
            "sqlite://",
            creator=lambda: _for_reading(path),
            poolclass=QueuePool,
            pool_size=READERS,
            # No limit: whoever waits for a connection while holding one would wait for itself.
            max_overflow=-1,
            hide_parameters=True,
        )
    )
    _prepare(engine, write=write)
    if not write:
        _follow_the_file(engine, path)
    return engine


class _Bound(sqlite3.Connection):
    """A connection that knows which file it was opened on."""

    file: tuple[int, ...] | None = None


def _connect(path: Path, how: str) -> _Bound:
    where = f"{path.absolute().as_uri()}?{how}"
    before = _file_at(path)
    connection = sqlite3.connect(
        where, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False, uri=True, factory=_Bound
    )
    connection.file = before
    return connection


def _for_reading(path: Path) -> _Bound:
    """
    A connection that can read, also where SQLite may not write the files it keeps beside the catalogue.

    There the file is read as it lies, which is whole as long as no write-ahead log is left
    beside it. Raises HomeNotWritable where one is.
    """
    connection = _connect(path, "mode=rw")
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        said = str(error).lower()
        if ("unable to open" not in said and "readonly" not in said) or os.access(path.parent, os.W_OK):
            raise
        if _log_of(path):
            raise HomeNotWritable(
                f"{path} cannot be read where nothing may be written: its last changes still lie in {path.name}-wal; "
                "run a command such as convarchive index status once where it may"
            ) from error
        return _connect(path, "mode=ro&immutable=1")
    return connection


def _log_of(path: Path) -> int:
    """Bytes in the catalogue's write-ahead log."""
    with suppress(OSError):
        return path.with_name(f"{path.name}-wal").stat().st_size
    return 0


def _file_at(path: Path) -> tuple[int, ...] | None:
    """Which file lies at `path`; None where there is none."""
    try:
        seen = path.stat()
    except OSError:
        return None
    # What is read as it lies has no log that would tell of a change; its own time does.
    changed = () if os.access(path.parent, os.W_OK) else (seen.st_mtime_ns, _log_of(path))
    return (seen.st_dev, seen.st_ino, *changed)


def _prepare(engine: Engine, *, write: bool) -> None:
    @event.listens_for(engine, "connect")
    def _opened(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver's own transaction handling begins too late for DDL and for snapshots.
        connection.isolation_level = None
        cursor = connection.cursor()
        if write:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA secure_delete = ON")
        else:
            cursor.execute("PRAGMA query_only = ON")
            cursor.execute(f"PRAGMA cache_size = -{_PAGES_KB}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if write:
            # A writer that cannot get the lock fails at its start, not half-way.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            _begin_reading(connection)


def _begin_reading(connection: Connection) -> None:
    """
    Begin a snapshot, and at once, not at the first question.

    On a machine that is too busy to let it finish, SQLite gives up finding a place among the
    log's readers ("locking protocol", which no busy timeout covers); then it is asked again.
    """
    for pause in (*_PAUSES_S, None):
        connection.exec_driver_sql("BEGIN")
        try:
            connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1")
            return
        except OperationalError as error:
            if pause is None or _CROWDED not in str(error.orig):
                raise
            connection.exec_driver_sql("ROLLBACK")
            time.sleep(pause)


def _follow_the_file(engine: Engine, path: Path) -> None:
    """Have every connection opened anew once another file lies in its file's place; costs a `stat` an answer."""

    @event.listens_for(engine, "checkout")
    def _compare(connection: _Bound, _record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if connection.file != _file_at(path):
            raise DisconnectionError("another file lies in the catalogue's place")
