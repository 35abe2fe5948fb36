"""
All that matters in a catalogue as lines of canonical JSON: two archives that hold the same give the same lines.

Left out is what depends on when and how often work was done: instants, seconds, running
numbers. So a catalogue whose making was interrupted and carried on can be compared with
one that was made in peace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, select

from convarchive.store import schema as s
from convarchive.store.blobs import unpack_dropped, unpack_words
from convarchive.store.catalogue import Catalogue

_PLAIN: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (s.desk_file, ("loaded_at",)),
    (s.feed, ("answers_at", "etag", "last_modified", "read_at")),
    (s.episode, ("added_at",)),
    (s.episode_person, ()),
    (s.transcript_link, ()),
    (s.recording, ("held_since",)),
    (s.episode_recording, ()),
    (s.turn, ()),
    (s.utterance, ()),
    (s.speaker, ()),
    (s.credit, ()),
    (s.document, ()),
    (s.quote, ("minted_at",)),
    (s.redirect, ()),
    (s.source, ()),
    (s.selector, ()),
    (s.excerpt, ()),
    (s.theme, ()),
    (s.theme_score, ()),
    (s.failure, ("message", "at")),
)
"""Tables whose keys are facts, with the columns that say when; they are ordered by their keys."""


def canonical(catalogue: Catalogue) -> Iterator[str]:
    """
    The catalogue's lines, without line ends, table after table, each in a stable order.

    Left out, since they are made anew from the rest: vectors, full text, passage numbers; and
    keys, which say who may come in and nothing of what is here. Voiceprints and the consent to
    them are left out too: nothing that is exported may hold biometric data.
    """
    with catalogue.snapshot() as connection:
        for table, without in _PLAIN:
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
                yield _line(table.name, {k: v for k, v in row.items() if k not in without})
        yield from _transcripts(connection)
        yield from _attributions(connection)
        yield from _versions(connection)
        yield from _decisions(connection)
        yield from _runs(connection)
        yield from _sorted("passage", connection, select(s.passage.c.version, s.passage.c.quote, s.passage.c.text))
        asked = select(s.question.c.episode, s.question.c.stage, s.question.c.kind, s.question.c.detail)
        yield from _sorted("question", connection, asked)


def _line(kind: str, facts: Mapping[str, Any]) -> str:
    return json.dumps({"table": kind, **facts}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sorted(kind: str, connection: Connection, query: Select[Any]) -> Iterator[str]:
    yield from sorted(_line(kind, dict(row)) for row in connection.execute(query).mappings())


def _transcripts(connection: Connection) -> Iterator[str]:
    table = s.transcript
    ordered = select(table).order_by(table.c.episode, table.c.origin, table.c.id)
    for row in connection.execute(ordered).mappings():
        words = [[w.text, w.span.start, w.span.end, w.probability, w.voice] for w in unpack_words(row["words"])]
        dropped = [[d.span.start, d.span.end, d.text, d.reason] for d in unpack_dropped(row["dropped"])]
        kept = {k: v for k, v in row.items() if k != "id"}
        yield _line("transcript", kept | {"words": words, "dropped": dropped})


def _attribution(row: RowMapping, connection: Connection) -> dict[str, Any]:
    reasons = connection.execute(
        select(s.evidence).where(s.evidence.c.attribution == row["id"]).order_by(s.evidence.c.position)
    ).mappings()
    evidence = [{k: v for k, v in reason.items() if k not in ("attribution", "position")} for reason in reasons]
    return {k: v for k, v in row.items() if k not in ("id", "current")} | {"evidence": evidence}


def _attributions(connection: Connection) -> Iterator[str]:
    table = s.attribution
    ordered = select(table).where(table.c.current).order_by(table.c.recording, table.c.label)
    for row in connection.execute(ordered).mappings().all():
        yield _line("attribution", _attribution(row, connection))


def _versions(connection: Connection) -> Iterator[str]:
    table = s.version
    for row in connection.execute(select(table).order_by(table.c.quote, table.c.seq)).mappings().all():
        facts = {k: v for k, v in row.items() if k not in ("made_at", "attribution")}
        its = connection.execute(select(s.attribution).where(s.attribution.c.id == row["attribution"])).mappings()
        voice = its.one_or_none()
        named = {"recording": voice["recording"], "label": voice["label"], "status": voice["status"]} if voice else None
        yield _line("version", facts | {"attribution": named})


def _decisions(connection: Connection) -> Iterator[str]:
    # A review is named by its place in the log, which no rolled-back transaction moves.
    reviews = connection.execute(select(s.review).order_by(s.review.c.number)).mappings().all()
    place = {row["number"]: i for i, row in enumerate(reviews, 1)}

    def in_order(row: RowMapping, *without: str) -> dict[str, Any]:
        named = {k: place.get(row[k]) for k in ("number", "undoes", "review", "undone_by") if k in row}
        return {k: v for k, v in row.items() if k not in without} | named

    for row in reviews:
        yield _line("review", in_order(row, "at"))
    for table in (s.clearing, s.hold, s.voice_decision):
        rows = connection.execute(select(table)).mappings()
        yield from sorted(_line(table.name, in_order(row, "id")) for row in rows)


def _runs(connection: Connection) -> Iterator[str]:
    newest: dict[tuple[str, str], str] = {}
    for row in connection.execute(select(s.run).order_by(s.run.c.id)).mappings():
        facts = {k: row[k] for k in ("episode", "stage", "input_digest", "fingerprint")}
        newest[row["episode"], row["stage"]] = _line("run", facts)
    for key in sorted(newest):
        yield newest[key]
