"""Writes what people decided: the log of reviews, clearings of versions, and holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, and_, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.desk import Withdrawal
from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.quote import Act, QuoteId, VersionId
from convarchive.domain.span import Span, joined
from convarchive.domain.speaker import SpeakerId
from convarchive.store import schema as s
from convarchive.store.decisions import Standing, standing
from convarchive.store.forget import ERASED, strike_forms
from convarchive.store.standing import binding, is_newest
from convarchive.store.turns_now import turns_now
from convarchive.store.write_voices import lies_in


@dataclass(frozen=True, slots=True)
class Hold:
    """
    What a withholding or withdrawal binds to; exactly one kind of target is filled in.

    Only a recording may have its `episode` beside it, which then is no target of its own:
    it says whose newest recording that was (`domain.desk.Withdrawal`).
    """

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

    @classmethod
    def of(cls, entry: Withdrawal) -> tuple[Hold, ...]:
        """What an entry of `withdrawals.toml` closes: a hold for each of its spans, else one."""
        whole = cls(
            state=entry.state,
            recording=entry.recording,
            document=entry.document,
            key=entry.key,
            person=entry.person,
            episode=entry.episode,
            until=entry.until,
        )
        return tuple(replace(whole, start_ms=span.start, end_ms=span.end) for span in entry.spans) or (whole,)


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
        undoes: int | None = None,
        release: Sha256 | None = None,
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
                    undoes=undoes,
                    release_sha256=release,
                )
                .returning(s.review.c.number)
            ).scalar_one()
        )

    def clear(self, version: VersionId, review: int, scope: str | None = None, not_before: str | None = None) -> None:
        """Open one version to the public (from an embargo's end on)."""
        self._connection.execute(
            insert(s.clearing).values(version=version, review=review, scope=scope, not_before=not_before)
        )

    def ever_cleared(self, quote: QuoteId) -> bool:
        """Whether any version of this quote was ever cleared, undone or not."""
        query = select(s.clearing.c.review).join(s.version, s.version.c.id == s.clearing.c.version)
        return self._connection.execute(query.where(s.version.c.quote == quote)).first() is not None

    def hold(self, hold: Hold, review: int) -> None:
        """Close what the hold binds to."""
        self._connection.execute(insert(s.hold).values(review=review, **{f: getattr(hold, f) for f in Hold.__slots__}))

    def move(self, old: Sequence[Hold], new: Sequence[Hold]) -> None:
        """
        Bind to `new` as well what reviews closed as `old`, which no longer speaks for its episode.

        The new holds come with the same reviews, so that they are undone together.
        """
        h = s.hold.c
        reviews: dict[int, None] = {}
        for hold in old:
            same = [h[field] == getattr(hold, field) for field in Hold.__slots__ if getattr(hold, field) is not None]
            rows = self._connection.execute(
                s.hold.update().where(*same, h.review.is_not(None), h.undone_by.is_(None)).values(episode=None)
                .returning(h.review)
            )  # fmt: skip
            reviews |= dict.fromkeys(rows.scalars())
        for review in reviews:
            for hold in new:
                self.hold(hold, review)

    def holds_from_desk(self, desk: str, holds: Sequence[Hold]) -> None:
        """Make these exactly the holds that a desk file orders."""
        self._connection.execute(delete(s.hold).where(s.hold.c.desk == desk))
        if holds:
            self._connection.execute(
                insert(s.hold), [{"desk": desk} | {f: getattr(h, f) for f in Hold.__slots__} for h in holds]
            )

    def lift(self, quote: QuoteId, state: str, review: int) -> tuple[Hold, ...]:
        """Undo this quote's own holds of one state and return them; holds of persons, episodes and desks stay."""
        return self.lift_of(select(s.review.c.number).where(s.review.c.quote == quote), state, review)

    def whole_holds(self, person: SpeakerId | None, episode: EpisodeId | None) -> tuple[tuple[str, int], ...]:
        """(state, review) of every hold in force that a person ordered on all of this speaker or episode."""
        h = s.hold.c
        which = h.person == person if person is not None else and_(h.episode == episode, h.recording.is_(None))
        rows = self._connection.execute(
            select(h.state, h.review).where(which, binding(self._now), h.review.is_not(None))
        )
        return tuple((state, review) for state, review in rows)

    def lift_of(self, reviews: Sequence[int] | Select[tuple[int]], state: str, review: int) -> tuple[Hold, ...]:
        """Undo the holds of one state that came with these reviews, and return them."""
        rows = self._connection.execute(
            s.hold.update()
            .where(s.hold.c.state == state, s.hold.c.undone_by.is_(None), s.hold.c.review.in_(reviews))
            .values(undone_by=review)
            .returning(s.hold)
        ).mappings()
        return tuple(Hold(**{field: row[field] for field in Hold.__slots__}) for row in rows)

    def quotes_of(self, person: SpeakerId | None, episode: EpisodeId | None) -> tuple[QuoteId, ...]:
        """The living quotes of an episode, or those whose newest version is this person's, by id."""
        query = select(s.quote.c.id).where(s.quote.c.retired.is_(None)).order_by(s.quote.c.id)
        if person is not None:
            query = query.join(s.version, s.version.c.quote == s.quote.c.id)
            query = query.where(s.version.c.speaker == person, is_newest(s.version.c.id))
        else:
            query = query.where(s.quote.c.episode == episode)
        return tuple(QuoteId(one) for one in self._connection.execute(query).scalars())

    def stretches_of(self, person: SpeakerId) -> dict[Sha256, tuple[Span, ...]]:
        """Where this person is thought to speak now, however surely, by recording."""
        a = s.attribution.c
        rows = self._connection.execute(
            select(a.recording, a.label).where(a.current, a.speaker == person).order_by(a.recording)
        ).all()
        labels: dict[Sha256, set[str]] = {}
        for recording, label in rows:
            labels.setdefault(Sha256(recording), set()).add(label)
        found = {
            recording: joined([turn.span for turn in turns_now(self._connection, recording) if turn.label in theirs])
            for recording, theirs in labels.items()
        }
        return {recording: spans for recording, spans in found.items() if spans}

    def strike_releases_of_erased(self) -> tuple[Sha256, ...]:
        """
        Take out of the log the release forms on which nothing rests any more but quotes that were erased.

        Returns their digests; the files are the caller's to delete.
        """
        r = s.review.c
        forms = select(r.release_sha256).where(r.release_sha256.is_not(None))
        gone = select(s.quote.c.id).where(s.quote.c.retired == ERASED)
        found = set(self._connection.execute(forms.where(r.quote.in_(gone))).scalars())
        needed = set(self._connection.execute(forms.where(r.quote.not_in(gone))).scalars())
        struck = tuple(Sha256(one) for one in sorted(found - needed))
        if struck:
            strike_forms(self._connection, struck)
        return struck

    def unclear(self, quote: QuoteId, review: int) -> None:
        """Undo every clearing of this quote's versions."""
        ours = select(s.version.c.id).where(s.version.c.quote == quote)
        self._undo_clearings(ours, review)

    def _undo_clearings(self, versions: Select[tuple[str]], review: int) -> None:
        self._connection.execute(
            s.clearing.update()
            .where(s.clearing.c.undone_by.is_(None), s.clearing.c.version.in_(versions))
            .values(undone_by=review)
        )

    def newest(self, quote: QuoteId) -> int:
        """The number of the newest review of this very quote; 0 where there is none."""
        query = select(func.coalesce(func.max(s.review.c.number), 0)).where(s.review.c.quote == quote)
        return int(self._connection.execute(query).scalar_one())

    def standing(self, quote: QuoteId) -> Standing | None:
        """How a quote stands in this transaction; None where there never was such a quote."""
        return standing(self._connection, quote, self._now)

    def unclear_under_other_names(
        self, recording: Sha256, spans: Sequence[Span], speaker: SpeakerId | None, review: int
    ) -> tuple[QuoteId, ...]:
        """
        Undo clearings of words in this recording that stand under any name but this one (None: under any at all).

        A version counts where most of its quote's place lies in `spans`. Returns its quotes.
        """
        rows = self._connection.execute(
            select(s.source.c.quote, s.source.c.start_ms, s.source.c.end_ms, s.version.c.id)
            .join(s.version, s.version.c.quote == s.source.c.quote)
            .join(s.clearing, s.clearing.c.version == s.version.c.id)
            .where(
                s.source.c.recording == recording,
                s.clearing.c.undone_by.is_(None),
                # Compared as text, so that with nobody's name in hand every name is another one.
                s.version.c.speaker != (speaker or ""),
                s.version.c.text_status != "printed",
            )
            .order_by(s.source.c.start_ms, s.source.c.quote)
        ).all()
        found: list[QuoteId] = []
        for quote, start, end, version in rows:
            if lies_in(Span(start, end), spans):
                self._undo_clearings(select(s.version.c.id).where(s.version.c.id == version), review)
                found.append(QuoteId(quote))
        return tuple(dict.fromkeys(found))
