"""Writes printed forms of quotes that differ from the words as said or printed, beside those words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import Sha256
from convarchive.domain.ids import version_id
from convarchive.domain.quote import Excerpt, QuoteId, TextStatus, VersionId
from convarchive.domain.span import Span
from convarchive.store import schema as s


@dataclass(frozen=True, slots=True)
class Wording:
    """A quote's newest version: its words as said or printed, piece by piece, and its printed form."""

    version: VersionId
    excerpts: tuple[Excerpt, ...]
    text: str
    text_status: TextStatus
    edited: bool


class EditWrites:
    """Edited forms. The words themselves (excerpts) are the same in every form of one wording."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def wording(self, quote: QuoteId) -> Wording | None:
        """How a quote is worded now; None where there is no such quote."""
        newest = self._newest(quote)
        if newest is None:
            return None
        excerpts = self._excerpts(newest["id"])
        edited = newest["edits"] != "[]"
        return Wording(VersionId(newest["id"]), excerpts, newest["text"], newest["text_status"], edited)

    def put(self, version: VersionId, text: str, edits: Sequence[str]) -> VersionId:
        """
        Print this version's words as `text` from now on: the newest version of its quote.

        The same form of the same words under the same name is the same version again. Theme
        scores that are not a model's go with the words.
        """
        of = dict(self._connection.execute(select(s.version).where(s.version.c.id == version)).mappings().one())
        the_id = version_id(QuoteId(of["quote"]), text, self._excerpts(version), of["speaker"])
        newest = self._newest(QuoteId(of["quote"]))
        ahead = 0 if newest is None or newest["id"] == the_id else 1
        changing = {
            **{key: value for key, value in of.items() if key not in ("id", "quote", "text", "speaker", "made_at")},
            "seq": (newest["seq"] if newest else 0) + ahead,
            "edits": json.dumps(list(edits), ensure_ascii=False),
        }
        statement = insert(s.version).values({**of, **changing, "id": the_id, "text": text, "made_at": self._now})
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changing))
        self._copy(version, the_id)
        return the_id

    def _copy(self, version: VersionId, to: VersionId) -> None:
        scores = select(s.theme_score).where(s.theme_score.c.version == version, s.theme_score.c.by != "model")
        for table, query in ((s.excerpt, select(s.excerpt).where(s.excerpt.c.version == version)),
                             (s.theme_score, scores)):  # fmt: skip
            rows = [{**row, "version": to} for row in self._connection.execute(query).mappings()]
            if rows:
                self._connection.execute(insert(table).on_conflict_do_nothing(), rows)

    def _newest(self, quote: QuoteId) -> RowMapping | None:
        query = select(s.version).where(s.version.c.quote == quote).order_by(s.version.c.seq.desc()).limit(1)
        return self._connection.execute(query).mappings().first()

    def _excerpts(self, version: str) -> tuple[Excerpt, ...]:
        rows = self._connection.execute(
            select(s.excerpt).where(s.excerpt.c.version == version).order_by(s.excerpt.c.position)
        ).mappings()
        return tuple(
            Excerpt(
                row["text"],
                None if row["start_ms"] is None else Span(row["start_ms"], row["end_ms"]),
                Sha256(row["recording"]) if row["recording"] else None,
            )
            for row in rows
        )
