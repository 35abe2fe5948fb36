"""Reads what search needs: the passages an audience may be shown, filtered before any ranking."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    FromClause,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
    true,
    union,
)

from convarchive.domain.audience import Audience
from convarchive.domain.passage import Facet, Facets, Passage, PassageNumber, Query
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.store import fulltext
from convarchive.store import schema as s
from convarchive.store.ledger import Counts, Ledger, Numbers
from convarchive.store.ledgers import Ledgers
from convarchive.store.read_base import Reading, belongs, status_of_version
from convarchive.store.standing import clearance, is_shown
from convarchive.store.stating import NOW, kept, some

UNREGISTERED = and_(s.version.c.speaker.is_(None), s.version.c.name.is_not(None))
"""Versions under a name that is nobody's in the register; an index holds them."""
_EARLIEST = "0001-01-01"


class SearchReads(Reading):
    """Passages, word scores and the generation they stand for."""

    _ledgers: Ledgers | None = None
    _ready: Ledger | None = None

    def __init__(self, connection: Connection, audience: Audience, now: str) -> None:
        super().__init__(connection, audience, now)
        self._counted: dict[ThemeId | None, Counts] = {}

    def passages(self, query: Query) -> tuple[Passage, ...]:
        """The passages that this audience may be shown and that pass the query's filters, by number."""
        p = s.passage.c
        rows = self._connection.execute(self._allowed(query, p.number, p.version, p.quote, p.text))
        return tuple(_passage(row) for row in rows)

    def numbers(self, query: Query) -> Numbers:
        """The numbers of the same passages, in order: what ranking needs of them, at a fraction of the price."""
        ledger = self._ledger()
        return self.numbers_by_sql(query) if ledger is None else ledger.numbers(query, self.audience)

    def numbers_by_sql(self, query: Query) -> Numbers:
        """The same, asked of the catalogue's rule itself."""
        allowed = self._allowed(query, s.passage.c.number).subquery()
        # As one value: handing over tens of thousands of rows takes longer than finding them.
        listed = self._connection.execute(select(func.json_group_array(allowed.c.number))).scalar_one()
        return np.array(json.loads(listed), np.int64)

    def facets(self, query: Query) -> Facets:
        """How many quotes this audience finds behind the query's filters, by what they could be filtered by further."""
        found = self._counting().facets(query, self.audience)
        return replace(
            found,
            themes=self._labelled(found.themes, s.theme.c.id, s.theme.c.title),
            speakers=self._labelled(found.speakers, s.speaker.c.id, s.speaker.c.name),
            episodes=self._labelled(found.episodes, s.episode.c.id, s.episode.c.title),
        )

    def counts(self, theme: ThemeId | None = None) -> Counts:
        """How many quotes (of one theme) this audience may see, by episode, name and theme."""
        # A page asks several times, and nothing changes within a snapshot.
        if theme not in self._counted:
            self._counted[theme] = self._counting().counts(Query("", theme=theme), self.audience)
        return self._counted[theme]

    def finds(self, query: Query) -> bool:
        """Whether any quote that this audience may be shown passes the query's filters."""
        return bool(len(self.numbers(query)))

    def undated(self, query: Query) -> int:
        """How many quotes pass the query's other filters, but are left out by its dates for having none."""
        if query.since is None and query.until is None:
            return 0
        without = replace(query, since=None, until=None)
        dated = replace(query, since=_EARLIEST, until=None)
        return len(self.numbers(without)) - len(self.numbers(dated))

    def _labelled(self, facets: Sequence[Facet], the_id: Column[Any], the_label: Column[Any]) -> tuple[Facet, ...]:
        wanted = select(the_id, the_label).where(the_id.in_([one.value for one in facets]))
        labels = {row[0]: row[1] for row in self._connection.execute(wanted)}
        return tuple(replace(one, label=labels.get(one.value, one.value)) for one in facets)

    def passages_of(self, numbers: Sequence[PassageNumber]) -> dict[PassageNumber, Passage]:
        """Those of the passages with these numbers that this audience may be shown."""
        rows = self._asked(_shown_of_some(self.audience), numbers)
        return {PassageNumber(row.number): _passage(row) for row in rows}

    def passage_of_version(self, version: VersionId) -> Passage | None:
        """The passage of a version that this audience may be shown; None where it is not."""
        row = self._asked(_shown_of_versions(self.audience), [version]).first()
        return _passage(row) if row else None

    def _allowed(self, query: Query, *columns: ColumnElement[Any]) -> Select[Any]:
        p = s.passage.c
        found = (
            select(*columns)
            .where(is_shown(self.audience, self._now, p.version, p.quote), *self._filters(query, status_of_version()))
            .order_by(p.number)
        )
        if query.speaker is not None or query.theme is not None or query.role is not None:
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
        if query.role is not None:
            named = and_(s.version.c.name.is_not(None), status.in_(sorted(self._may.names)))
            only.append(and_(s.version.c.role == query.role, named))
        if query.source is not None:
            kind = s.source.c.recording if query.source == "audio" else s.source.c.document
            only.append(exists().where(s.source.c.quote == s.passage.c.quote, kind.is_not(None)))
        if query.clearance is not None:
            only.append(clearance(self._now, s.passage.c.version) == query.clearance)
        if query.theme is not None:
            its = select(s.theme_score.c.version).where(s.theme_score.c.theme == query.theme, belongs())
            only.append(s.version.c.id.in_(its))
        return only

    def lexical_scores(self, query: str, limit: int) -> dict[PassageNumber, float]:
        """BM25 of all passages with any of the query's words; the caller keeps those it may show."""
        return fulltext.scores(self._connection, query, limit)

    def rarities(self, query: str) -> dict[str, float]:
        """How rare each word of the query is in the archive: 0 for everyday, about 10 for a name said once."""
        return fulltext.rarities(self._connection, fulltext.terms(query))

    def word_rarities(self, words: Iterable[str]) -> dict[str, float]:
        """The same of single words."""
        return fulltext.rarities(self._connection, words)

    def word_scores(self, word: str) -> tuple[Sequence[int], Sequence[float]]:
        """All passages that hold a word, in order, and their BM25; the caller keeps those it may show."""
        return fulltext.scored(self._connection, word)

    def vocabulary(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Every stem of the archive, in order, and how many passages hold it; for the caller to look up in."""
        return fulltext.vocabulary(self._connection)

    def with_phrase(self, query: str) -> frozenset[PassageNumber]:
        """All passages that hold the query word for word; the caller keeps those it may show."""
        return fulltext.with_phrase(self._connection, query)

    def around(self, numbers: Sequence[PassageNumber], within: int, each: int) -> Numbers:
        """
        What may be shown of what begins at most `within` ms before or after these passages, in the same recording.

        [n, 2 x each] passage numbers: `each` before, nearest first, then as many after; -1 where there are fewer.
        """
        ledger = self._ledger()
        if self._ledgers is None or ledger is None:
            return self.around_by_sql(numbers, within, each)
        return ledger.around(np.array(numbers, np.int64), self.audience, within, each, self._ledgers.order_of(ledger))

    def _ledger(self) -> Ledger | None:
        """The ledger for this transaction, which it needs to look for only once."""
        if self._ready is None and self._ledgers is not None:
            self._ready = self._ledgers.ready(self._connection, self._now)
        return self._ready

    def _counting(self) -> Ledger:
        """The same, whatever it takes: for counts there is no other way."""
        if self._ready is None:
            self._ready = (self._ledgers or Ledgers()).current(self._connection, self._now)
        return self._ready

    def around_by_sql(self, numbers: Sequence[PassageNumber], within: int, each: int) -> Numbers:
        """The same, asked of the catalogue itself."""
        found = np.full((len(numbers), 2 * each), -1, np.int64)
        places = {number: place for place, number in enumerate(numbers)}
        sides: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for i in range(0, len(numbers), 500):
            for number, other, later in self._connection.execute(_beside(numbers[i : i + 500], within)):
                side = int((later, other) > (0, number))
                sides.setdefault((places[number], side), []).append((abs(later), other if side else -other))
        shown = self.numbers_by_sql(Query(""))
        for (place, side), others in sides.items():
            near = [abs(other) for _, other in sorted(others) if np.isin(abs(other), shown)][:each]
            found[place, side * each : side * each + len(near)] = near
        return found

    def names_in(self, words: str) -> tuple[tuple[str, SpeakerId | None], ...]:
        """
        Names and other forms of them that stand in these words, or end in them if they are one; whose they
        are, None for a name that is only printed beside quotes. Some may only look like it.

        Who is named may still not be shown: ask for `numbers`, or `under_name`, among those that may.
        """
        last = f" {words.strip().lower()}"
        asked = {"words": words, "lower": words.lower(), "last": last, "back": -len(last)}
        return self._forms(_forms(_stands), asked)

    def names(self) -> tuple[tuple[str, SpeakerId | None], ...]:
        """Every name and other form of one, and whose it is; see `names_in`."""
        return self._forms(_forms(_any), {})

    def _forms(self, statement: Executable, asked: Mapping[str, Any]) -> tuple[tuple[str, SpeakerId | None], ...]:
        rows = self._connection.execute(statement, asked)
        return tuple((row.name, row.id and SpeakerId(row.id)) for row in rows)

    def under_name(self, name: str) -> Numbers:
        """The passages beside which this name is printed and that stand under nobody who is registered, by number."""
        wanted = select(s.passage.c.number).join(s.version, s.version.c.id == s.passage.c.version)
        # Beside words that were heard a name may be one that this audience must not see.
        printed = and_(UNREGISTERED, s.version.c.name == name, s.version.c.text_status == "printed")
        rows = self._connection.execute(wanted.where(printed).order_by("number"))
        return np.fromiter((row.number for row in rows), np.int64)

    def themes_titled(self, words: str) -> tuple[ThemeId, ...]:
        """Themes whose whole title these words are."""
        return tuple(ThemeId(row.id) for row in self._asked(_titled(), [words.lower()]))

    def generation(self) -> int:
        """Counts up with every change that an answer may depend on."""
        return int(self._connection.execute(select(func.coalesce(func.sum(s.counter.c.value), 0))).scalar_one())


@kept
def _shown_of_some(audience: Audience) -> Select[Any]:
    return _shown_where(s.passage.c.number, audience)


@kept
def _shown_of_versions(audience: Audience) -> Select[Any]:
    return _shown_where(s.passage.c.version, audience)


def _shown_where(column: Column[Any], audience: Audience) -> Select[Any]:
    p = s.passage.c
    # Each is asked about by itself, which a million others do not slow.
    seen = is_shown(audience, NOW, p.version, p.quote, ())
    return select(p.number, p.version, p.quote, p.text).where(column.in_(some()), seen).order_by(p.number)


@kept
def _titled() -> Select[Any]:
    return select(s.theme.c.id).where(func.lower(s.theme.c.title).in_(some()))


def _stands(name: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a name, or what is left of it without its first word, stands in the words, or ends in them."""
    words, lower = bindparam("words", type_=String), bindparam("lower", type_=String)
    rest = func.substr(name, func.instr(name, " ") + 1)
    return or_(
        # SQLite lowers only plain letters; what it leaves is looked for as it is written.
        func.instr(lower, func.lower(name)) > 0,
        func.instr(words, name) > 0,
        # From its second word on it is the name without a title.
        and_(rest.like("% %"), func.instr(lower, func.lower(rest)) > 0),
        func.substr(func.lower(name), bindparam("back", type_=Integer)) == bindparam("last", type_=String),
    )


def _any(_: ColumnElement[str]) -> ColumnElement[bool]:
    return true()


@kept
def _forms(chosen: Callable[[ColumnElement[str]], ColumnElement[bool]]) -> Executable:
    """Asks for names and other forms of them, and whose they are."""
    speaker, printed = s.speaker.c, s.version.c
    aliases = func.json_each(speaker.aliases).table_valued("value", name="alias", joins_implicitly=True)
    alias = aliases.c.value
    # From each name straight to the next: there may be many versions of few names.
    names = select(func.min(printed.name).label("name")).where(UNREGISTERED).cte("printed", recursive=True)
    after = select(func.min(printed.name)).where(UNREGISTERED, printed.name > names.c.name).scalar_subquery()
    names = names.union_all(select(after).where(names.c.name.is_not(None)))
    return union(
        select(speaker.name, speaker.id).where(chosen(speaker.name)),
        select(alias.label("name"), speaker.id).where(chosen(alias)),
        select(names.c.name, null().label("id")).where(names.c.name.is_not(None), chosen(names.c.name)),
    ).order_by("name", "id")


def _beside(numbers: Sequence[PassageNumber], within: int) -> Select[Any]:
    """Passages of other quotes that begin near these in the first recording of each: (passage, other, ms later)."""
    own, other, beside = s.source.alias(), s.source.alias(), s.passage.alias()

    def is_first(one: FromClause) -> ColumnElement[bool]:
        any_ = s.source.alias()
        first = select(func.min(any_.c.position)).where(any_.c.quote == one.c.quote, any_.c.recording.is_not(None))
        return one.c.position == first.scalar_subquery()

    return (
        select(s.passage.c.number, beside.c.number, other.c.start_ms - own.c.start_ms)
        .select_from(s.passage)
        .join(own, and_(own.c.quote == s.passage.c.quote, is_first(own)))
        .join(other, and_(other.c.recording == own.c.recording, is_first(other)))
        .join(beside, beside.c.quote == other.c.quote)
        .where(
            s.passage.c.number.in_(numbers),
            other.c.start_ms.between(own.c.start_ms - within, own.c.start_ms + within),
            other.c.quote != own.c.quote,
        )
    )


def _passage(row: Row[Any]) -> Passage:
    return Passage(PassageNumber(row.number), VersionId(row.version), QuoteId(row.quote), row.text)
