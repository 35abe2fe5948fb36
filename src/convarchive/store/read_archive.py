"""Reads what an archive is made of: episodes, people, themes, and the log of decisions."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    String,
    and_,
    bindparam,
    exists,
    or_,
    select,
    tuple_,
)

from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId, Review, VersionId
from convarchive.domain.run import STAGES
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.errors import NotAllowed, NotFound
from convarchive.store import schema as s
from convarchive.store.known_people import known
from convarchive.store.ledger import Numbers
from convarchive.store.read_quotes import QuoteReads
from convarchive.store.read_search import SearchReads
from convarchive.store.standing import binding, closed_episodes
from convarchive.store.stating import kept, some
from convarchive.store.views import EpisodeView, PersonView, QuestionView, QuoteView, ThemeView

_A_PAGE = 1000
"""Quotes that are looked through at a time."""
_LAST = 2**62
"""Behind every passage of a quote."""


class ArchiveReads(QuoteReads, SearchReads):
    """Lists, each counted only over what this audience may see."""

    def listed(self, query: Query, after: QuoteId | None = None, limit: int | None = None) -> tuple[QuoteView, ...]:
        """The quotes that pass the query's filters, by id, from behind `after`; its text is not looked at."""
        numbers = self.numbers(query)
        if limit is None or len(numbers) <= max(limit, _A_PAGE):
            every = sorted({QuoteId(row.quote) for row in self._asked(_quotes_of_some(), numbers.tolist())})
            ids = every[0 if after is None else bisect_right(every, after) :][:limit]
        else:
            ids = self._walked(numbers, after or QuoteId(""), limit)
        return self.quotes(ids)

    def _walked(self, numbers: Numbers, after: QuoteId, limit: int) -> list[QuoteId]:
        """The first of very many passages' quotes behind `after`: page by page of all there are."""
        found: list[QuoteId] = []
        at: dict[str, str | int] = {"quote": str(after), "number": _LAST, "most": _A_PAGE}
        while len(found) < limit:
            rows = self._connection.execute(_next_page(), at).all()
            if not rows:
                break
            at |= {"quote": rows[-1].quote, "number": rows[-1].number}
            shown = np.isin(np.array([row.number for row in rows]), numbers)
            found += [QuoteId(row.quote) for row, one in zip(rows, shown, strict=True) if one]
        return found[:limit]

    # -- episodes ---------------------------------------------------------------------

    def episodes(self) -> tuple[EpisodeView, ...]:
        """Every episode this audience may know of, newest first, those without a date last."""
        return self._episodes()

    def episode(self, episode: str) -> EpisodeView:
        """One episode. Raises NotFound."""
        found = self._episodes(episode)
        if not found:
            raise NotFound(f"no episode {episode[:60]!r} here; list them with: convarchive episodes list")
        return found[0]

    def _episodes(self, only: str | None = None) -> tuple[EpisodeView, ...]:
        counts = self.counts().episodes
        query = (
            select(s.episode, s.feed.c.title.label("show"))
            .outerjoin(s.feed, s.feed.c.id == s.episode.c.feed)
            .order_by(s.episode.c.published.desc().nulls_last(), s.episode.c.id)
        )
        if only is not None:
            query = query.where(s.episode.c.id == only)
        if not self._outside and "withdrawn" not in self._may.clearances:
            query = query.where(s.episode.c.id.not_in(self._withdrawn_episodes()))
        rows = self._connection.execute(query).mappings().all()
        rows = [row for row in rows if not self._outside or counts.get(row["id"])]
        held = self._held([row["id"] for row in rows])
        return tuple(self._episode(row, counts.get(row["id"], 0), held) for row in rows)

    def _withdrawn_episodes(self) -> Select[tuple[str]]:
        closed = closed_episodes(self._now)
        return select(closed.c.episode).where(closed.c.state == "withdrawn")

    def _held(self, episodes: Sequence[str]) -> _Held:
        """Their newest recordings, the stages done, and what last went wrong."""
        held = _Held()
        if self._outside:
            return held
        for row in self._asked(_recordings_of_some(), episodes):
            held.recordings[row.episode] = (row.sha256, row.duration_ms)
        for row in self._asked(_runs_of_some(), episodes):
            held.stages.setdefault(row.episode, set()).add(row.stage)
        for row in self._asked(_failures_of_some(), episodes):
            held.failures.setdefault(row.episode, f"{row.stage}: {row.message}")
        return held

    def _episode(self, row: RowMapping, quotes: int, held: _Held) -> EpisodeView:
        public = self._outside
        the_id = row["id"]
        recording, duration_ms = held.recordings.get(the_id, (None, None))
        done = held.stages.get(the_id, set())
        return EpisodeView(
            id=the_id,
            title=row["title"],
            published=row["published"],
            show=row["show"],
            link=row["link"],
            notes="" if public else row["notes"],
            fiction=bool(row["fiction"]),
            recording=recording,
            duration_ms=duration_ms,
            quotes=quotes,
            stages=tuple(stage for stage in STAGES if stage in done),
            failure=held.failures.get(the_id),
            duplicate_of=None if public else row["duplicate_of"],
        )

    # -- people -----------------------------------------------------------------------

    def speakers(self) -> tuple[PersonView, ...]:
        """Everybody whose name this audience may see beside a quote, most quoted first."""
        return self._people(known())

    def speaker(self, speaker: str) -> PersonView:
        """One person. Raises NotFound."""
        found = self._people(s.speaker.c.id == speaker)
        if not found:
            raise NotFound(f"no speaker {speaker[:60]!r} here; list them with: convarchive speakers list")
        return found[0]

    def _people(self, which: ColumnElement[bool]) -> tuple[PersonView, ...]:
        counts = self.counts().speakers
        query = select(s.speaker).where(which).order_by(s.speaker.c.name)
        if not self._outside and "withdrawn" not in self._may.clearances:
            gone = exists().where(binding(self._now), s.hold.c.state == "withdrawn", s.hold.c.person == s.speaker.c.id)
            query = query.where(~gone)
        rows = self._connection.execute(query).mappings().all()
        if self._outside:
            rows = [row for row in rows if counts.get(row["id"])]
        elif "withdrawn" not in self._may.clearances:
            # Somebody who was only ever heard is known through quotes alone.
            rows = [row for row in rows if counts.get(row["id"]) or row["origin"] == "desk"]
        rows = sorted(rows, key=lambda row: -counts.get(row["id"], 0))
        credits = self._credits()
        return tuple(
            PersonView(
                SpeakerId(row["id"]),
                row["name"],
                row["role"],
                None if self._outside else row["role_basis"],
                tuple(credits.get(row["id"], ())),
                counts.get(row["id"], 0),
                bool(row["fiction"]),
            )
            for row in rows
        )

    def _credits(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        if self._outside:
            return found
        for row in self._connection.execute(select(s.credit).order_by(s.credit.c.speaker, s.credit.c.position)):
            found.setdefault(row.speaker, []).append((row.text, row.place))
        return found

    # -- themes -----------------------------------------------------------------------

    def themes(self) -> tuple[ThemeView, ...]:
        """The archive's themes in the owner's order."""
        counts = self.counts().themes
        rows = self._connection.execute(select(s.theme).order_by(s.theme.c.position)).mappings()
        return tuple(
            ThemeView(ThemeId(r["id"]), r["title"], r["description"], r["note"], counts.get(r["id"], 0)) for r in rows
        )

    def theme(self, theme: str) -> ThemeView:
        """One theme. Raises NotFound, naming those there are."""
        themes = self.themes()
        for one in themes:
            if one.id == theme:
                return one
        known = ", ".join(one.id for one in themes) or "none yet"
        raise NotFound(f"no theme {theme[:60]!r}; there are: {known}")

    def theme_examples(self, theme: str) -> tuple[QuoteView, ...]:
        """The theme's example quotes that this audience may see."""
        stored = self._connection.execute(select(s.theme.c.examples).where(s.theme.c.id == theme)).scalar()
        return self.quotes([QuoteId(one) for one in json.loads(stored or "[]")])

    # -- decisions --------------------------------------------------------------------

    def reviews(self, quote: QuoteId | None = None) -> tuple[Review, ...]:
        """The log of editorial acts, oldest first. Raises NotAllowed for all but editors."""
        self._editors_only("reviews")
        query = select(s.review).order_by(s.review.c.number)
        if quote is not None:
            query = query.where(s.review.c.quote == quote)
        return tuple(_review(row) for row in self._connection.execute(query).mappings())

    def history(self, quote: QuoteId) -> tuple[Review, ...]:
        """
        What was ever decided about a quote, also with its speaker or its episode, oldest first.

        Raises NotAllowed for all but editors, NotFound.
        """
        self._editors_only("reviews")
        known = self._connection.execute(select(s.quote.c.episode).where(s.quote.c.id == quote)).first()
        if known is None:
            raise NotFound(f"no quote {quote[:60]!r} here; list what there is with: convarchive search")
        speakers = select(s.version.c.speaker).where(s.version.c.quote == quote, s.version.c.speaker.is_not(None))
        r = s.review.c
        ours = or_(r.quote == quote, r.person.in_(speakers), and_(r.episode == known.episode, r.person.is_(None)))
        rows = self._connection.execute(select(s.review).where(ours).order_by(r.number)).mappings()
        return tuple(_review(row) for row in rows)

    def questions(self, episode: str | None = None) -> tuple[QuestionView, ...]:
        """What a person should look at. Raises NotAllowed for all but editors."""
        self._editors_only("the queue of questions")
        query = select(s.question).order_by(s.question.c.episode, s.question.c.id)
        if episode is not None:
            query = query.where(s.question.c.episode == episode)
        return tuple(
            QuestionView(EpisodeId(r["episode"]), r["stage"], r["kind"], r["detail"])
            for r in self._connection.execute(query).mappings()
        )

    def _editors_only(self, what: str) -> None:
        if not self._may.reviews:
            raise NotAllowed(f"{what}: only for editors")


@dataclass(frozen=True, slots=True)
class _Held:
    """What is kept of episodes, by their ids: newest recordings (digest, milliseconds), stages done, failures."""

    recordings: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    stages: dict[str, set[str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


@kept
def _quotes_of_some() -> Select[Any]:
    return select(s.passage.c.quote).where(s.passage.c.number.in_(some()))


@kept
def _next_page() -> Select[Any]:
    """Passages behind one (`quote`, `number`), by quote."""
    p = s.passage.c
    at = tuple_(bindparam("quote", type_=String), bindparam("number", type_=Integer))
    found = select(p.number, p.quote).where(tuple_(p.quote, p.number) > at).order_by(p.quote, p.number)
    return found.limit(bindparam("most", type_=Integer))


@kept
def _recordings_of_some() -> Select[Any]:
    held, r = s.episode_recording.c, s.recording.c
    found = select(held.episode, r.sha256, r.duration_ms).join(s.episode_recording, held.recording == r.sha256)
    return found.where(held.episode.in_(some())).order_by(held.episode, held.position)


@kept
def _runs_of_some() -> Select[Any]:
    return select(s.run.c.episode, s.run.c.stage).where(s.run.c.episode.in_(some()))


@kept
def _failures_of_some() -> Select[Any]:
    f = s.failure.c
    return select(f.episode, f.stage, f.message).where(f.episode.in_(some()))


def _review(row: RowMapping) -> Review:
    values: dict[str, Any] = {field: row[field] for field in Review.__slots__}
    values["version"] = VersionId(row["version"]) if row["version"] else None
    return Review(**values)
