"""Remembers in the catalogue what was erased, so that no way of taking in words brings it back."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import Sha256
from convarchive.domain.redaction import Erased, Mark
from convarchive.domain.span import Span
from convarchive.store import schema as s

_FACT = "erased"


def put_erased(connection: Connection, erased: Erased) -> None:
    """Make this exactly what may not be taken in."""
    connection.execute(delete(s.fact).where(s.fact.c.name == _FACT))
    if erased.marks or erased.spans:
        value = {
            "marks": [[one.words, one.salt, one.digest] for one in erased.marks],
            "spans": {recording: [[x.start, x.end] for x in spans] for recording, spans in erased.spans.items()},
        }
        connection.execute(insert(s.fact).values(name=_FACT, value=json.dumps(value)))


def erased(connection: Connection) -> Erased:
    """What may not be taken in."""
    packed = connection.execute(select(s.fact.c.value).where(s.fact.c.name == _FACT)).scalar()
    if packed is None:
        return Erased()
    value = json.loads(packed)
    spans = {Sha256(recording): tuple(Span(a, b) for a, b in many) for recording, many in value["spans"].items()}
    return Erased(tuple(Mark(*one) for one in value["marks"]), spans)
