"""Reads quotes: each as the one version that an audience may see."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Select, Subquery, func, select

from convarchive.domain.audience import Audience
from convarchive.domain.episode import Sha256
from convarchive.domain.quote import AudioSource, DocumentId, DocumentSource, Excerpt, QuoteId, Source, VersionId
from convarchive.domain.span import Span
from convarchive.domain.speaker import Evidence, SpeakerId, Status
from convarchive.domain.theme import ThemeId, ThemeScore
from convarchive.errors import Gone, NotFound
from convarchive.store import schema as s
from convarchive.store.read_base import Reading, status_of_version
from convarchive.store.standing import bearing, cleared_at, is_newest, shown
from convarchive.store.stating import NOW, kept, some
from convarchive.store.views import AttributionView, ClearingView, Elsewhere, EpisodeRef, QuoteView, SpeakerView


class QuoteReads(Reading):
    """Quotes, one by one or many."""

    def quote(self, quote: QuoteId) -> QuoteView:
        """
        One quote as this audience may see it.

        Raises Gone where it was withdrawn or retired, NotFound where there is none to be seen.
        """
        found = self.quotes([quote])
        if found:
            return found[0]
        if self._is_withdrawn(quote):
            raise Gone(f"quote {quote} was withdrawn")
        elsewhere = self.elsewhere(quote)
        if elsewhere is not None:
            raise Gone(f"quote {quote} no longer stands" + (f": {elsewhere.reason}" if elsewhere.reason else ""))
        raise NotFound(f"no quote {quote} here; list what there is with: convarchive search")

    def quotes(self, quotes: Iterable[QuoteId] | None = None) -> tuple[QuoteView, ...]:
        """The quotes (of these) that this audience may see: in the order asked for, else by id."""
        wanted = None if quotes is None else list(quotes)
        if wanted is None:
            rows = self._rows(None)
        else:
            rows = self._rows(wanted)
            place = {the_id: i for i, the_id in enumerate(wanted)}
            rows = sorted(rows, key=lambda row: place[QuoteId(row.quote)])
        return self._views(rows)

    def by_clearance(self) -> dict[str, int]:
        """How many quotes this audience may see, by their clearance."""
        seen = shown(self.audience, self._now).subquery()
        rows = self._connection.execute(select(seen.c.clearance, func.count()).group_by(seen.c.clearance))
        return {clearance: int(count) for clearance, count in rows}

    def current(self, quote: QuoteId) -> tuple[QuoteView, ...]:
        """
        The quote, or in order those that its id leads to now.

        Raises Gone where it was taken down (which outranks a redirect) or leads nowhere, NotFound.
        """
        try:
            return (self.quote(quote),)
        except Gone:
            elsewhere = self.elsewhere(quote)
            if elsewhere is None or not elsewhere.targets:
                raise
            return self.quotes(elsewhere.targets)

    def elsewhere(self, quote: QuoteId) -> Elsewhere | None:
        """Where a retired quote's id leads; None where it was never retired, or is withdrawn."""
        if self._is_withdrawn(quote):
            return None
        row = self._connection.execute(select(s.quote.c.retired).where(s.quote.c.id == quote)).first()
        if row is None or row.retired is None:
            return None
        targets = self._connection.execute(
            select(s.redirect.c.target).where(s.redirect.c.quote == quote).order_by(s.redirect.c.position)
        )
        ids = [QuoteId(target[0]) for target in targets]
        visible = {view.id for view in self.quotes(ids)}
        reason = None if self._outside else row.retired
        return Elsewhere(tuple(one for one in ids if one in visible), reason)

    def _is_withdrawn(self, quote: QuoteId) -> bool:
        # A retired quote too: what was withdrawn does not come back as a redirect.
        closed = bearing(self._now)
        query = (
            select(s.version.c.id)
            .join(closed, closed.c.version == s.version.c.id)
            .where(s.version.c.quote == quote, is_newest(s.version.c.id, [quote]), closed.c.state == "withdrawn")
        )
        return self._connection.execute(query).first() is not None

    def _rows(self, wanted: list[QuoteId] | None) -> list[Row[Any]]:
        if wanted is None:
            everything = shown(self.audience, self._now).subquery()
            return list(self._connection.execute(_with_all_of_it(everything)).all())
        return list(self._asked(_rows_of_some(self.audience), wanted).all())

    def _views(self, rows: Sequence[Row[Any]]) -> tuple[QuoteView, ...]:
        versions = [row.id for row in rows]
        quotes = [row.quote for row in rows]
        excerpts: dict[str, list[Excerpt]] = {}
        for r in self._many(s.excerpt.c.version, versions, s.excerpt.c.position):
            span = None if r["start_ms"] is None else Span(r["start_ms"], r["end_ms"])
            excerpts.setdefault(r["version"], []).append(Excerpt(r["text"], span, r["recording"]))
        sources = self._sources(quotes)
        themes: dict[str, list[ThemeScore]] = {}
        for r in self._asked(_themes_of_some(), versions).mappings():
            themes.setdefault(r["version"], []).append(ThemeScore(ThemeId(r["theme"]), r["score"], r["by"]))
        evidence = self._evidence([row.attribution for row in rows if row.attribution]) if self._may.evidence else {}
        clearings = self._clearings(versions)
        return tuple(self._view(row, excerpts, sources, themes, evidence, clearings) for row in rows)

    def _view(
        self,
        row: Row[Any],
        excerpts: dict[str, list[Excerpt]],
        sources: dict[str, tuple[Source, ...]],
        themes: dict[str, list[ThemeScore]],
        evidence: dict[int, tuple[Evidence, ...]],
        clearings: dict[str, ClearingView],
    ) -> QuoteView:
        status: Status = row.status
        named = status in self._may.names and row.name is not None
        return QuoteView(
            id=QuoteId(row.quote),
            version=VersionId(row.id),
            text=row.text,
            text_status="checked" if row.text_status == "heard" and row.clearance == "cleared" else row.text_status,
            edits=tuple(json.loads(row.edits)),
            language=row.language,
            rights=row.rights,
            fiction=bool(row.fiction),
            excerpts=tuple(excerpts.get(row.id, ())),
            speaker=_speaker(row) if named else None,
            attribution=AttributionView(
                status if status in self._may.names else "unattributed",
                row.sureness if self._may.evidence else None,
                evidence.get(row.attribution, ()) if self._may.evidence else None,
            ),
            episode=_episode(row),
            sources=sources.get(row.quote, ()),
            confidence=row.confidence if self._may.evidence else None,
            doubts=tuple(json.loads(row.doubts)) if self._may.evidence else None,
            themes=tuple(themes.get(row.id, ())),
            clearance=row.clearance,
            label=row.label if self._may.evidence else None,
            cleared=clearings.get(row.id) if row.clearance in ("cleared", "unreviewed") else None,
        )

    def _clearings(self, versions: Sequence[str]) -> dict[str, ClearingView]:
        """
        The latest clearing in force of each version, else the first whose embargo ends, for those who may know of it.
        """
        if self._may.clearing == "state":
            return {}
        found: dict[str, ClearingView] = {}
        for row in self._asked(cleared_at(), versions):
            if row.day <= self._now or row.version not in found:
                found[row.version] = ClearingView(row.day[:10], row.by if self._may.clearing == "whole" else None)
        return found

    def _sources(self, quotes: Sequence[str]) -> dict[str, tuple[Source, ...]]:
        documents = {row["id"]: row for row in self._asked(_documents()).mappings()}
        found: dict[str, list[Source]] = {}
        for r in self._many(s.source.c.quote, quotes, s.source.c.position):
            one: Source
            if r["recording"]:
                one = AudioSource(Sha256(r["recording"]), Span(r["start_ms"], r["end_ms"]))
            else:
                of = documents[r["document"]]
                one = DocumentSource(
                    DocumentId(of["id"]), r["key"], r["place"], of["title"], of["publisher"], of["published"], of["url"]
                )
            found.setdefault(r["quote"], []).append(one)
        return {quote: tuple(many) for quote, many in found.items()}

    def _evidence(self, attributions: Sequence[int]) -> dict[int, tuple[Evidence, ...]]:
        found: dict[int, list[Evidence]] = {}
        for r in self._many(s.evidence.c.attribution, sorted(set(attributions)), s.evidence.c.position):
            span = None if r["start_ms"] is None else Span(r["start_ms"], r["end_ms"])
            found.setdefault(r["attribution"], []).append(
                Evidence(r["family"], r["kind"], r["detail"], span, r["weight"])
            )
        return {key: tuple(many) for key, many in found.items()}


def _with_all_of_it(visible: Subquery) -> Select[Any]:
    """Versions that may be shown (columns `version`, `clearance`) with what each row of a quote's view is made of."""
    return (
        select(
            s.version, visible.c.clearance, status_of_version().label("status"),
            s.attribution.c.confidence.label("sureness"), s.attribution.c.label,
            s.quote.c.language, s.quote.c.rights, s.quote.c.fiction,
            s.episode.c.id.label("episode_id"), s.episode.c.title, s.episode.c.published, s.episode.c.link,
            s.feed.c.title.label("show"),
        )
        .join(visible, visible.c.version == s.version.c.id)
        .join(s.quote, s.quote.c.id == s.version.c.quote)
        .outerjoin(s.attribution, s.attribution.c.id == s.version.c.attribution)
        .outerjoin(s.episode, s.episode.c.id == s.quote.c.episode)
        .outerjoin(s.feed, s.feed.c.id == s.episode.c.feed)
        .order_by(s.version.c.quote)
    )  # fmt: skip


@kept
def _rows_of_some(audience: Audience) -> Select[Any]:
    return _with_all_of_it(shown(audience, NOW, some()).subquery())


@kept
def _themes_of_some() -> Select[Any]:
    t = s.theme_score.c
    return select(s.theme_score).where(t.version.in_(some())).order_by(t.version, t.score.desc())


@kept
def _documents() -> Select[Any]:
    return select(s.document)


def _episode(row: Row[Any]) -> EpisodeRef | None:
    return EpisodeRef(row.episode_id, row.title, row.published, row.show, row.link) if row.episode_id else None


def _speaker(row: Row[Any]) -> SpeakerView:
    # Somebody who is only cited in print may have no id of their own here.
    return SpeakerView(SpeakerId(row.speaker) if row.speaker else None, row.name, row.credit, row.role)
