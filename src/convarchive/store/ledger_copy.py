"""
A ledger as the catalogue keeps it, so that a process over a large archive need not work it out anew.

Derived, and never believed by itself: whoever reads it brings it up to date from what was
stirred since, and a copy made by another release or under another audience table is passed over.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from convarchive import __version__
from convarchive.store import schema as s
from convarchive.store.ledger import CLEARANCES, KINDS, ROLES, STATUSES, Books, Columns, Ledger, Names, ways
from convarchive.store.read_base import MEMBER


def _made_by() -> str:
    """What the columns mean, apart from the catalogue."""
    meaning = [
        __version__,
        [one.name for one in fields(Columns)],
        STATUSES,
        ROLES,
        CLEARANCES,
        KINDS,
        [sorted(way) for way in ways()],
        MEMBER,
    ]
    return json.dumps(meaning)


def put(connection: Connection, ledger: Ledger) -> None:
    """Keep this ledger instead of the one that was kept."""
    arrays = {one.name: np.ascontiguousarray(getattr(ledger.columns, one.name)) for one in fields(Columns)}
    told = {
        "made_by": _made_by(),
        "at": ledger.at,
        "until": ledger.until,
        "arrays": {name: [array.dtype.str, array.shape] for name, array in arrays.items()},
        "episodes": ledger.books.episodes.known,
        "speakers": ledger.books.speakers.known,
        "themes": ledger.books.themes.known,
        "sounds": ledger.books.sounds.known,
        "published": [ledger.books.published.get(i) for i in range(len(ledger.books.episodes.known))],
    }
    drop(connection)
    connection.execute(
        insert(s.ledger_copy).values(
            seq=ledger.head[0],
            nonce=ledger.head[1],
            told=json.dumps(told),
            columns=b"".join(array.tobytes() for array in arrays.values()),
        )
    )


def get(connection: Connection, catalogue: str) -> Ledger | None:
    """The ledger that was kept, as of then; None where none was, or not by this release."""
    row = connection.execute(select(s.ledger_copy)).first()
    if row is None:
        return None
    told: dict[str, Any] = json.loads(row.told)
    if told["made_by"] != _made_by():
        return None
    made, at = {}, 0
    for name, (kind, shape) in told["arrays"].items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        made[name] = np.frombuffer(row.columns, np.uint8, size, at).view(kind).reshape(shape)
        at += size
    books = Books()
    for known in ("episodes", "speakers", "themes", "sounds"):
        names: Names = getattr(books, known)
        for name in told[known]:
            names.code(name)
    books.published.update(enumerate(told["published"]))
    return Ledger(catalogue, (row.seq, row.nonce), told["at"], told["until"], Columns(**made), books)


def drop(connection: Connection) -> None:
    """Keep none."""
    connection.execute(delete(s.ledger_copy))
