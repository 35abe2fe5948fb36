"""Reads what an archive is made of: episodes, people, themes, and the log of decisions."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Subquery, and_, exists, func, or_, select

from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId, Review, VersionId
from convarchive.domain.run import STAGES
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.errors import NotAllowed, NotFound
from convarchive.store import schema as s
from convarchive.store.known_people import known
from convarchive.store.read_base import belongs, status_of_version
from convarchive.store.read_quotes import QuoteReads
from convarchive.store.read_search import SearchReads
from convarchive.store.standing import binding, closed_episodes, shown
from convarchive.store.views import EpisodeView, PersonView, QuestionView, QuoteView, ThemeView


class ArchiveReads(QuoteReads, SearchReads):
    """Lists, each counted only over what this audience may see."""

    def listed(self, query: Query, after: QuoteId | None = None, limit: int | None = None) -> tuple[QuoteView, ...]:
        """The quotes that pass the query's filters, by id, from behind `after`; its text is not looked at."""
        ids = sorted({p.quote for p in self.passages(query) if after is None or p.quote > after})
        return self.quotes(ids if limit is None else ids[:limit])

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
        visible = shown(self.audience, self._now).subquery()
        counted = (
            select(s.quote.c.episode, func.count().label("quotes"))
            .join(visible, visible.c.quote == s.quote.c.id)
            .where(s.quote.c.episode.is_not(None))
            .group_by(s.quote.c.episode)
            .subquery()
        )
        query = (
            select(s.episode, s.feed.c.title.label("show"), func.coalesce(counted.c.quotes, 0).label("quotes"))
            .outerjoin(s.feed, s.feed.c.id == s.episode.c.feed)
            .outerjoin(counted, counted.c.episode == s.episode.c.id)
            .order_by(s.episode.c.published.desc().nulls_last(), s.episode.c.id)
        )
        if only is not None:
            query = query.where(s.episode.c.id == only)
        if self._outside:
            query = query.where(counted.c.quotes > 0)
        elif "withdrawn" not in self._may.clearances:
            query = query.where(s.episode.c.id.not_in(self._withdrawn_episodes()))
        rows = self._connection.execute(query).mappings().all()
        known = [row["id"] for row in rows]
        return tuple(self._episode(row, *self._held(row["id"])) for row in rows) if known else ()

    def _withdrawn_episodes(self) -> Select[tuple[str]]:
        closed = closed_episodes(self._now)
        return select(closed.c.episode).where(closed.c.state == "withdrawn")

    def _held(self, episode: str) -> tuple[RowMapping | None, tuple[str, ...], str | None]:
        """Its newest recording, the stages done, and what last went wrong."""
        if self._outside:
            return None, (), None
        held = s.episode_recording.c
        recording = (
            self._connection.execute(
                select(s.recording.c.sha256, s.recording.c.duration_ms)
                .join(s.episode_recording, held.recording == s.recording.c.sha256)
                .where(held.episode == episode)
                .order_by(held.position.desc())
            )
            .mappings()
            .first()
        )
        done = {row[0] for row in self._connection.execute(select(s.run.c.stage).where(s.run.c.episode == episode))}
        failed = self._connection.execute(
            select(s.failure.c.stage, s.failure.c.message).where(s.failure.c.episode == episode)
        ).first()
        stages = tuple(stage for stage in STAGES if stage in done)
        return recording, stages, f"{failed.stage}: {failed.message}" if failed else None

    def _episode(
        self, row: RowMapping, recording: RowMapping | None, stages: tuple[str, ...], failure: str | None
    ) -> EpisodeView:
        public = self._outside
        return EpisodeView(
            id=row["id"],
            title=row["title"],
            published=row["published"],
            show=row["show"],
            link=row["link"],
            notes="" if public else row["notes"],
            fiction=bool(row["fiction"]),
            recording=recording["sha256"] if recording else None,
            duration_ms=recording["duration_ms"] if recording else None,
            quotes=row["quotes"],
            stages=stages,
            failure=failure,
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
        counted = self._quotes_by_person()
        query = (
            select(s.speaker, func.coalesce(counted.c.quotes, 0).label("quotes"))
            .outerjoin(counted, counted.c.speaker == s.speaker.c.id)
            .where(which)
            .order_by(func.coalesce(counted.c.quotes, 0).desc(), s.speaker.c.name)
        )
        if self._outside:
            query = query.where(counted.c.quotes > 0)
        elif "withdrawn" not in self._may.clearances:
            gone = exists().where(binding(self._now), s.hold.c.state == "withdrawn", s.hold.c.person == s.speaker.c.id)
            # Somebody who was only ever heard is known through quotes alone.
            query = query.where(~gone, or_(counted.c.quotes > 0, s.speaker.c.origin == "desk"))
        rows = self._connection.execute(query).mappings().all()
        credits = self._credits()
        return tuple(
            PersonView(
                SpeakerId(row["id"]),
                row["name"],
                row["role"],
                None if self._outside else row["role_basis"],
                tuple(credits.get(row["id"], ())),
                row["quotes"],
                bool(row["fiction"]),
            )
            for row in rows
        )

    def _quotes_by_person(self) -> Subquery:
        visible = shown(self.audience, self._now).subquery()
        return (
            select(s.version.c.speaker, func.count().label("quotes"))
            .join(visible, visible.c.version == s.version.c.id)
            .outerjoin(s.attribution, s.attribution.c.id == s.version.c.attribution)
            .where(s.version.c.speaker.is_not(None), status_of_version().in_(sorted(self._may.names)))
            .group_by(s.version.c.speaker)
            .subquery()
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
        visible = shown(self.audience, self._now).subquery()
        counted = (
            select(s.theme_score.c.theme, func.count(s.theme_score.c.version.distinct()).label("quotes"))
            .join(visible, visible.c.version == s.theme_score.c.version)
            .where(belongs())
            .group_by(s.theme_score.c.theme)
            .subquery()
        )
        rows = self._connection.execute(
            select(s.theme, func.coalesce(counted.c.quotes, 0).label("quotes"))
            .outerjoin(counted, counted.c.theme == s.theme.c.id)
            .order_by(s.theme.c.position)
        ).mappings()
        return tuple(ThemeView(ThemeId(r["id"]), r["title"], r["description"], r["note"], r["quotes"]) for r in rows)

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


def _review(row: RowMapping) -> Review:
    values: dict[str, Any] = {field: row[field] for field in Review.__slots__}
    values["version"] = VersionId(row["version"]) if row["version"] else None
    return Review(**values)
