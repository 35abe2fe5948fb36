"""
Erasing: what the catalogue no longer holds shall not be left in its file's corners either.

SQLite keeps deleted text in freed pages, in the full text's old segments and in the
write-ahead log. Writers overwrite freed pages (`secure_delete`); `sweep` sees to the full
text and to vectors without a text, `empty_the_log` to the log. An erasure is `ordered` in
the transaction that makes it necessary, and pending until `done`: a process that is
reading keeps the log alive, and then the next writer to open the catalogue finishes.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from convarchive.store import fulltext, ledger_copy
from convarchive.store import schema as s

PENDING = "erasure pending since"
SWEPT = "erasure swept"
PATIENCE_MS = 500
"""How long to wait for readers before leaving the log for later."""


def order(connection: Connection, now: str) -> None:
    """In the caller's transaction: note that traces have to go, since now."""
    connection.execute(delete(s.fact).where(s.fact.c.name == SWEPT))
    connection.execute(insert(s.fact).values(name=PENDING, value=now).on_conflict_do_nothing())


def pending(connection: Connection) -> str | None:
    """Since when an erasure waits to be finished (ISO 8601, UTC), or None."""
    return connection.execute(select(s.fact.c.value).where(s.fact.c.name == PENDING)).scalar()


def sweep(connection: Connection) -> None:
    """In the caller's transaction: make the full text anew and drop orphaned vectors, where not done already."""
    if connection.execute(select(s.fact.c.value).where(s.fact.c.name == SWEPT)).scalar() is not None:
        return
    connection.execute(delete(s.vector).where(s.vector.c.text_digest.not_in(select(s.passage.c.text_digest))))
    fulltext.rebuild(connection)
    ledger_copy.drop(connection)
    connection.execute(insert(s.fact).values(name=SWEPT, value="yes"))


def done(connection: Connection) -> None:
    """In the caller's transaction: note that nothing waits any more."""
    connection.execute(delete(s.fact).where(s.fact.c.name.in_((PENDING, SWEPT))))


def empty_the_log(connection: sqlite3.Connection, patience_ms: int = PATIENCE_MS) -> bool:
    """Move the write-ahead log into the database and cut it to nothing; False where a reader needs it still."""
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except sqlite3.OperationalError as error:
        # Another process is checkpointing or writing this very moment.
        if "locked" in str(error) or "busy" in str(error):
            return False
        raise
    finally:
        cursor.close()
