"""Reads what search needs: the passages an audience may be shown, filtered before any ranking."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from convarchive.domain.passage import Passage, PassageNumber, Query
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.store import fulltext
from convarchive.store import schema as s
from convarchive.store.read_base import Reading, belongs, status_of_version
from convarchive.store.standing import Among, is_shown


class SearchReads(Reading):
    """Passages, word scores and the generation they stand for."""

    def passages(self, query: Query) -> tuple[Passage, ...]:
        """The passages that this audience may be shown and that pass the query's filters, by number."""
        p = s.passage.c
        rows = self._connection.execute(self._allowed(query, p.number, p.version, p.quote, p.text))
        return tuple(_passage(row) for row in rows)

    def numbers(self, query: Query) -> tuple[PassageNumber, ...]:
        """The numbers of the same passages: what ranking needs of them, at a fraction of the price."""
        allowed = self._allowed(query, s.passage.c.number).subquery()
        # As one value: handing over tens of thousands of rows takes longer than finding them.
        listed = self._connection.execute(select(func.json_group_array(allowed.c.number))).scalar_one()
        return tuple(json.loads(listed))

    def passages_of(self, query: Query, numbers: Sequence[PassageNumber]) -> dict[PassageNumber, Passage]:
        """Those of the same passages that have one of these numbers."""
        p = s.passage.c
        found: dict[PassageNumber, Passage] = {}
        for i in range(0, len(numbers), 500):
            these = p.number.in_(numbers[i : i + 500])
            among = select(p.quote).where(these)
            some = self._allowed(query, p.number, p.version, p.quote, p.text, among=among).where(these)
            found |= {PassageNumber(row.number): _passage(row) for row in self._connection.execute(some)}
        return found

    def passage_of_version(self, version: VersionId) -> Passage | None:
        """The passage of a version that this audience may be shown; None where it is not."""
        p = s.passage.c
        row = self._connection.execute(
            self._allowed(Query(""), p.number, p.version, p.quote, p.text).where(p.version == version)
        ).first()
        return _passage(row) if row else None

    def _allowed(self, query: Query, *columns: ColumnElement[Any], among: Among = None) -> Select[Any]:
        p = s.passage.c
        found = (
            select(*columns)
            .where(
                is_shown(self.audience, self._now, p.version, p.quote, among),
                *self._filters(query, status_of_version()),
            )
            .order_by(p.number)
        )
        if query.speaker is not None or query.theme is not None:
            found = found.join(s.version, s.version.c.id == s.passage.c.version).outerjoin(
                s.attribution, s.attribution.c.id == s.version.c.attribution
            )
        if query.episode is not None or query.since is not None or query.until is not None:
            found = found.join(s.quote, s.quote.c.id == s.passage.c.quote).outerjoin(
                s.episode, s.episode.c.id == s.quote.c.episode
            )
        return found

    def _filters(self, query: Query, status: ColumnElement[str]) -> list[ColumnElement[bool]]:
        only: list[ColumnElement[bool]] = []
        if query.speaker is not None:
            # A name that may not be seen must not be findable by filter either.
            only.append(and_(s.version.c.speaker == query.speaker, status.in_(sorted(self._may.names))))
        if query.episode is not None:
            only.append(s.quote.c.episode == query.episode)
        if query.since is not None:
            only.append(func.substr(s.episode.c.published, 1, 10) >= query.since)
        if query.until is not None:
            only.append(func.substr(s.episode.c.published, 1, 10) <= query.until)
        if query.theme is not None:
            its = select(s.theme_score.c.version).where(s.theme_score.c.theme == query.theme, belongs())
            only.append(s.version.c.id.in_(its))
        return only

    def lexical_scores(self, query: str, limit: int) -> dict[PassageNumber, float]:
        """BM25 of all passages with any of the query's words; the caller keeps those it may show."""
        return fulltext.scores(self._connection, query, limit)

    def rarities(self, query: str) -> dict[str, float]:
        """How rare each word of the query is in the archive: 0 for everyday, about 10 for a name said once."""
        return fulltext.rarities(self._connection, query)

    def with_phrase(self, query: str) -> frozenset[PassageNumber]:
        """All passages that hold the query word for word; the caller keeps those it may show."""
        return fulltext.with_phrase(self._connection, query)

    def marks(self, query: str, numbers: Iterable[PassageNumber]) -> dict[PassageNumber, tuple[tuple[int, int], ...]]:
        """Where the query's words stand in these passages: [start, end) character offsets."""
        return fulltext.marks(self._connection, query, numbers)

    def generation(self) -> int:
        """Counts up with every change that an answer may depend on."""
        return int(self._connection.execute(select(func.coalesce(func.sum(s.counter.c.value), 0))).scalar_one())


def _passage(row: Row[Any]) -> Passage:
    return Passage(PassageNumber(row.number), VersionId(row.version), QuoteId(row.quote), row.text)
