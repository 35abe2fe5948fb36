"""Writes keys: who made them, as whom they open, when they were used and how they ended."""

from __future__ import annotations

import json

from sqlalchemy import Connection, RowMapping, insert, or_, select, update

from convarchive.domain.key import Key
from convarchive.store import schema as s


class KeyWrites:
    """Making, ending and noting the use of keys."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def add(self, key: Key, sha256: str) -> None:
        """Keep a new key by the digest of its text."""
        kept = {field: getattr(key, field) for field in Key.__slots__}
        self._connection.execute(
            insert(s.access_key).values(kept | {"origins": json.dumps(key.origins), "sha256": sha256})
        )

    def named(self, which: str) -> tuple[Key, ...]:
        """The keys with this prefix or name, oldest first."""
        k = s.access_key.c
        query = select(s.access_key).where(or_(k.prefix == which, k.name == which)).order_by(k.created_at, k.prefix)
        return tuple(key_of(row) for row in self._connection.execute(query).mappings())

    def revoke(self, prefix: str, by: str) -> None:
        """End a key from now on, for ever."""
        change = update(s.access_key).where(s.access_key.c.prefix == prefix, s.access_key.c.revoked_at.is_(None))
        self._connection.execute(change.values(revoked_at=self._now, revoked_by=by))

    def used(self, prefix: str) -> None:
        """Note that a key was used today."""
        day = self._now[:10]
        self._connection.execute(update(s.access_key).where(s.access_key.c.prefix == prefix).values(last_used=day))


def key_of(row: RowMapping) -> Key:
    """A row of the table as a key."""
    values = {field: row[field] for field in Key.__slots__}
    return Key(**values | {"origins": tuple(json.loads(row["origins"]))})
