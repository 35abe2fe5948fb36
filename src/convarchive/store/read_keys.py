"""Reads keys. Who may come in is asked before there is an audience, so this is no `Reader`'s business."""

from __future__ import annotations

import json

from sqlalchemy import select

from convarchive.domain.key import Key
from convarchive.store import schema as s
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_keys import key_of


def find(catalogue: Catalogue, prefix: str) -> tuple[Key, str] | None:
    """The key with this prefix, whatever its state, and the SHA-256 of its whole text; None where there is none."""
    with catalogue.snapshot() as connection:
        row = connection.execute(select(s.access_key).where(s.access_key.c.prefix == prefix)).mappings().first()
    return (key_of(row), row["sha256"]) if row else None


def every(catalogue: Catalogue) -> tuple[Key, ...]:
    """All keys there ever were, oldest first."""
    with catalogue.snapshot() as connection:
        rows = connection.execute(select(s.access_key).order_by(s.access_key.c.created_at, s.access_key.c.prefix))
        return tuple(key_of(row) for row in rows.mappings())


def origins(catalogue: Catalogue, now: str) -> frozenset[str]:
    """The sites from which some key that is valid at this instant may be used."""
    k = s.access_key.c
    query = select(k.origins).where(
        k.revoked_at.is_(None), k.expires_at.is_(None) | (k.expires_at > now), k.origins != "[]"
    )
    with catalogue.snapshot() as connection:
        return frozenset(one for row in connection.execute(query).scalars() for one in json.loads(row))
