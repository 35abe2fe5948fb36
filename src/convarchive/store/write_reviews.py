"""Writes what people decided: the log of reviews, clearings of versions, and holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import Act, QuoteId, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.store import schema as s


@dataclass(frozen=True, slots=True)
class Hold:
    """What a withholding or withdrawal binds to; exactly one kind of target is filled in."""

    state: str
    recording: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    document: str | None = None
    key: str | None = None
    person: str | None = None
    episode: str | None = None
    quote: str | None = None
    until: str | None = None


class ReviewWrites:
    """The log and what follows from it."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def add(
        self,
        act: Act,
        by: str,
        why: str,
        *,
        quote: QuoteId | None = None,
        version: VersionId | None = None,
        person: SpeakerId | None = None,
        episode: EpisodeId | None = None,
        scope: str | None = None,
        until: str | None = None,
    ) -> int:
        """Append an act to the log and return its number."""
        return int(
            self._connection.execute(
                insert(s.review)
                .values(
                    act=act,
                    by=by,
                    why=why,
                    at=self._now,
                    quote=quote,
                    version=version,
                    person=person,
                    episode=episode,
                    scope=scope,
                    until=until,
                )
                .returning(s.review.c.number)
            ).scalar_one()
        )

    def clear(self, version: VersionId, review: int, scope: str | None = None, not_before: str | None = None) -> None:
        """Open one version to the public (from an embargo's end on)."""
        self._connection.execute(
            insert(s.clearing).values(version=version, review=review, scope=scope, not_before=not_before)
        )

    def was_cleared(self, version: VersionId) -> bool:
        """Whether a review ever cleared this version, undone or not."""
        query = select(s.clearing.c.review).where(s.clearing.c.version == version)
        return self._connection.execute(query).first() is not None

    def ever_cleared(self, quote: QuoteId) -> bool:
        """Whether any version of this quote was ever cleared, undone or not."""
        query = select(s.clearing.c.review).join(s.version, s.version.c.id == s.clearing.c.version)
        return self._connection.execute(query.where(s.version.c.quote == quote)).first() is not None

    def hold(self, hold: Hold, review: int) -> None:
        """Close what the hold binds to."""
        self._connection.execute(insert(s.hold).values(review=review, **{f: getattr(hold, f) for f in Hold.__slots__}))

    def holds_from_desk(self, desk: str, holds: Sequence[Hold]) -> None:
        """Make these exactly the holds that a desk file orders."""
        self._connection.execute(delete(s.hold).where(s.hold.c.desk == desk))
        if holds:
            self._connection.execute(
                insert(s.hold), [{"desk": desk} | {f: getattr(h, f) for f in Hold.__slots__} for h in holds]
            )

    def lift(self, quote: QuoteId, state: str, review: int) -> None:
        """Undo this quote's own holds of one state; holds of persons, episodes and desks stay."""
        ours = select(s.review.c.number).where(s.review.c.quote == quote)
        self._connection.execute(
            s.hold.update()
            .where(s.hold.c.state == state, s.hold.c.undone_by.is_(None), s.hold.c.review.in_(ours))
            .values(undone_by=review)
        )
