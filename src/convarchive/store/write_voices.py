"""Writes what editors decided about voices: who they are, which are one, which are two, which are nobody's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from convarchive.domain.episode import Sha256
from convarchive.domain.projection import Decision, Timeline
from convarchive.domain.quote import QuoteId
from convarchive.domain.run import digest
from convarchive.domain.span import Span, joined
from convarchive.domain.speaker import SpeakerId
from convarchive.store import schema as s
from convarchive.store.standing import VOICE_ACTS
from convarchive.store.turns_now import decisions_on, heard_turns


class VoiceWrites:
    """Decisions about the voices of recordings, bound to stretches of sound."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def put(self, recording: Sha256, act: str, spans: Sequence[Span], speaker: SpeakerId | None, review: int) -> None:
        """Keep an editor's word about a voice, bound to the spans it held when they said it."""
        self._connection.execute(
            insert(s.voice_decision).values(
                recording=recording,
                act=act,
                spans=json.dumps([[x.start, x.end] for x in spans]),
                speaker=speaker,
                review=review,
            )
        )

    def decisions(self, recording: Sha256) -> tuple[Decision, ...]:
        """Editors' words about a recording's voices that stand, oldest first."""
        return decisions_on(self._connection, recording)

    def seen(self, recording: Sha256) -> str:
        """
        What somebody saw who looks at a recording's voices now.

        It is another one after any decision about them, and after they were told apart anew.
        """
        return seen_of(self._connection, recording)

    def newest(self, recording: Sha256) -> int | None:
        """The number of the newest review about a recording's voices that stands; None where none does."""
        v = s.voice_decision.c
        query = select(func.max(v.review)).where(v.recording == recording, v.undone_by.is_(None))
        found = self._connection.execute(query).scalar()
        return int(found) if found is not None else None

    def undo(self, undone: int, review: int) -> tuple[QuoteId, ...]:
        """
        Take back what one review decided about voices; the quotes whose clearings stand again with that.

        Clearings that were undone by it alone were somebody's statement on those very words.
        """
        v, c = s.voice_decision.c, s.clearing.c
        self._connection.execute(update(s.voice_decision).where(v.review == undone).values(undone_by=review))
        again = self._connection.execute(
            update(s.clearing)
            .where(c.undone_by == undone, c.version.in_(_closed_by_voices()))
            .values(undone_by=None)
            .returning(c.version)
        ).scalars()
        query = select(s.version.c.quote).where(s.version.c.id.in_(list(again))).distinct().order_by(s.version.c.quote)
        return tuple(QuoteId(one) for one in self._connection.execute(query).scalars())

    def stretches_of(self, review: int) -> Timeline:
        """The stretches about which one review decided."""
        rows = self._connection.execute(select(s.voice_decision.c.spans).where(s.voice_decision.c.review == review))
        return joined([Span(a, b) for spans in rows.scalars() for a, b in json.loads(spans)])

    def reopen(self, recording: Sha256, spans: Sequence[Span], speaker: SpeakerId, review: int) -> tuple[QuoteId, ...]:
        """
        Let clearings stand again that were given to these words under this name, and that only voices' names undid.

        A version counts where most of its quote's place lies in `spans`, and its words are
        still its quote's. What somebody took back themselves stays taken back. Returns the quotes.
        """
        c, v, newest = s.clearing.c, s.version.c, s.version.alias("newest")
        words = select(newest.c.text).where(newest.c.quote == v.quote).order_by(newest.c.seq.desc()).limit(1)
        last = s.clearing.alias("last")
        query = _placed(recording, c.scope, c.not_before).where(
            v.speaker == speaker,
            v.text == words.scalar_subquery(),
            v.id.in_(_closed_by_voices()),
            c.review == select(func.max(last.c.review)).where(last.c.version == v.id).scalar_subquery(),
        )
        found: dict[str, QuoteId] = {}
        for row in self._connection.execute(query).all():
            if row.id not in found and lies_in(Span(row.start_ms, row.end_ms), spans):
                found[row.id] = QuoteId(row.quote)
                values = {"version": row.id, "review": review, "scope": row.scope, "not_before": row.not_before}
                self._connection.execute(insert(s.clearing).values(**values))
        return tuple(dict.fromkeys(found.values()))

    def unclear_since(
        self, recording: Sha256, spans: Sequence[Span], given: Mapping[SpeakerId, Timeline], since: int, review: int
    ) -> tuple[QuoteId, ...]:
        """
        Undo clearings under a name in these stretches that came with a review or after it.

        They rested on what it said of the voice. Those whose name editors still give to the
        place (`given`) stay. Returns the quotes.
        """
        c = s.clearing.c
        query = _placed(recording, s.version.c.speaker).where(
            c.undone_by.is_(None), c.review >= since, s.version.c.speaker.is_not(None)
        )
        found: dict[str, QuoteId] = {}
        for row in self._connection.execute(query).all():
            place = Span(row.start_ms, row.end_ms)
            if lies_in(place, spans) and not lies_in(place, given.get(SpeakerId(row.speaker), ())):
                found[row.id] = QuoteId(row.quote)
        this = and_(c.version.in_(list(found)), c.undone_by.is_(None))
        self._connection.execute(update(s.clearing).where(this).values(undone_by=review))
        return tuple(dict.fromkeys(found.values()))


def lies_in(place: Span, spans: Sequence[Span]) -> bool:
    """Whether most of a quote's place lies in these stretches."""
    return 2 * sum(place.overlap(span) for span in joined(tuple(spans))) > place.duration


def _placed(recording: Sha256, *columns: ColumnElement[Any]) -> Select[Any]:
    """Clearings of words heard in a recording: `quote`, `start_ms`, `end_ms`, the version's `id`, and more columns."""
    at = s.source.c
    return (
        select(at.quote, at.start_ms, at.end_ms, s.version.c.id, *columns)
        .select_from(s.source)
        .join(s.version, s.version.c.quote == at.quote)
        .join(s.clearing, s.clearing.c.version == s.version.c.id)
        .where(at.recording == recording, s.version.c.text_status != "printed")
        .order_by(at.start_ms, at.quote)
    )


def _closed_by_voices() -> Select[tuple[str]]:
    """Versions whose newest clearing was undone by a decision about a voice, or by taking one back."""
    c, later, r, taken = s.clearing.alias("closed"), s.clearing.alias("later"), s.review.c, s.review.alias("taken")
    about = select(taken.c.number).where(taken.c.act.in_(VOICE_ACTS))
    reviews = select(r.number).where(or_(r.act.in_(VOICE_ACTS), and_(r.act == "undo", r.undoes.in_(about))))
    newer = select(later.c.review).where(later.c.version == c.c.version, later.c.review > c.c.review).exists()
    return select(c.c.version).where(c.c.undone_by.in_(reviews), ~newer)


def seen_of(connection: Connection, recording: Sha256) -> str:
    """See `VoiceWrites.seen`."""
    v = s.voice_decision.c
    newest, undone = connection.execute(
        select(func.coalesce(func.max(v.review), 0), func.coalesce(func.max(v.undone_by), 0)).where(
            v.recording == recording
        )
    ).one()
    turns = [(t.span.start, t.span.end, t.label) for t in heard_turns(connection, recording)]
    return f"{max(newest, undone)}-{digest(turns)[:8]}"
