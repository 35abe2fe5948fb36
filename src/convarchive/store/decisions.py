"""What bears on one quote at the moment of deciding: its words, its sources, its holds and its clearings."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.quote import (
    AudioSource,
    Clearance,
    DocumentId,
    DocumentSource,
    QuoteId,
    Source,
    TextStatus,
    VersionId,
)
from convarchive.domain.span import Span
from convarchive.store import schema as s
from convarchive.store.standing import bearing, cleared_by, is_newest, shown


@dataclass(frozen=True, slots=True)
class Bearing:
    """
    A hold that closes a quote, and where it comes from: a review (`by` which quote or
    person it was decided), or a `desk` file.
    """

    state: str
    review: int | None
    quote: QuoteId | None
    person: str | None
    episode: str | None
    desk: str | None

    def says(self, quote: QuoteId) -> str:
        """Where it comes from, for somebody looking at `quote`."""
        if self.desk is not None:
            return f"{self.state} by {self.desk}"
        if self.person is not None:
            return f"{self.state} with everything {self.person} said"
        if self.quote is not None:
            elsewhere = f" with quote {self.quote}, which shares its place"
            return self.state if self.quote == quote else self.state + elsewhere
        return f"{self.state} with its episode" if self.episode is not None else self.state

    @property
    def way_out(self) -> str:
        """The command, or the place, where it is taken back."""
        if self.desk is not None:
            return f"take its entry off {self.desk}"
        if self.person is not None:
            return f"convarchive review undo --person {self.person}"
        if self.quote is not None:
            return f"convarchive review undo {self.quote}"
        if self.episode is not None:
            return f"convarchive review undo --episode {self.episode}"
        return "convarchive review list (says who closed it)"


@dataclass(frozen=True, slots=True)
class Standing:
    """A quote's newest version with all that was decided about it and is in force now."""

    quote: QuoteId
    version: VersionId
    text_status: TextStatus
    clearance: Clearance
    retired: str | None
    episode: EpisodeId | None
    sources: tuple[Source, ...]
    holds: tuple[Bearing, ...]
    clearings: tuple[int, ...]
    """Numbers of the reviews that cleared any of its versions and were not undone."""


def standing(connection: Connection, quote: QuoteId, now: str) -> Standing | None:
    """How a quote stands, also a retired one; None where there never was such a quote."""
    row = connection.execute(
        select(s.version.c.id, s.version.c.text_status, s.quote.c.retired, s.quote.c.episode)
        .join(s.quote, s.quote.c.id == s.version.c.quote)
        .where(s.quote.c.id == quote)
        .order_by(s.version.c.seq.desc())
    ).first()
    if row is None:
        return None
    every = shown("editor", now, [quote]).subquery()
    cleared = connection.execute(
        select(cleared_by().label("number"))
        .select_from(s.clearing)
        .join(s.version, s.version.c.id == s.clearing.c.version)
        .where(s.version.c.quote == quote, s.clearing.c.undone_by.is_(None))
        .distinct()
        .order_by("number")
    )
    return Standing(
        quote,
        VersionId(row.id),
        row.text_status,
        connection.execute(select(every.c.clearance)).scalar() or "unreviewed",
        row.retired,
        EpisodeId(row.episode) if row.episode else None,
        _sources(connection, quote),
        _holds(connection, quote, now),
        tuple(number for (number,) in cleared),
    )


def _holds(connection: Connection, quote: QuoteId, now: str) -> tuple[Bearing, ...]:
    closed = bearing(now)
    # What somebody said is closed by its stretches too, and they come with the same review.
    whose = func.coalesce(s.hold.c.person, s.review.c.person)
    # And an episode by its recordings and its printed quotes.
    where = func.coalesce(s.review.c.episode, s.hold.c.episode)
    rows = connection.execute(
        select(
            s.hold.c.state,
            s.hold.c.review,
            s.review.c.quote,
            whose.label("person"),
            where.label("episode"),
            s.hold.c.desk,
        )
        .join(closed, closed.c.hold == s.hold.c.id)
        .join(s.version, s.version.c.id == closed.c.version)
        .outerjoin(s.review, s.review.c.number == s.hold.c.review)
        .where(s.version.c.quote == quote, is_newest(s.version.c.id, [quote]))
        .order_by(s.hold.c.id)
    )
    found = (Bearing(r.state, r.review, r.quote, r.person, r.episode, r.desk) for r in rows)
    return tuple(dict.fromkeys(found))


def _sources(connection: Connection, quote: QuoteId) -> tuple[Source, ...]:
    rows = connection.execute(
        select(s.source, func.coalesce(s.document.c.title, "").label("title"))
        .outerjoin(s.document, s.document.c.id == s.source.c.document)
        .where(s.source.c.quote == quote)
        .order_by(s.source.c.position)
    ).mappings()
    return tuple(
        AudioSource(Sha256(r["recording"]), Span(r["start_ms"], r["end_ms"]))
        if r["recording"]
        else DocumentSource(DocumentId(r["document"]), r["key"], r["place"], r["title"])
        for r in rows
    )
