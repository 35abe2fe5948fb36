"""Writes what editors decided about voices: who they are, which are one, which are two, which are nobody's."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select, update

from convarchive.domain.episode import Sha256
from convarchive.domain.projection import Decision
from convarchive.domain.quote import QuoteId
from convarchive.domain.run import digest
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId
from convarchive.store import schema as s
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
            update(s.clearing).where(c.undone_by == undone).values(undone_by=None).returning(c.version)
        ).scalars()
        query = select(s.version.c.quote).where(s.version.c.id.in_(list(again))).distinct().order_by(s.version.c.quote)
        return tuple(QuoteId(one) for one in self._connection.execute(query).scalars())


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
