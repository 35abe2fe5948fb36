"""Who holds the floor when, with what editors merged and split: what the voices of a recording are today."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from convarchive.domain.episode import Sha256
from convarchive.domain.projection import Decision, project
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.store import schema as s


def heard_turns(connection: Connection, recording: Sha256) -> tuple[Turn, ...]:
    """A recording's turns in order, as they were told apart by ear or machine."""
    rows = connection.execute(
        select(s.turn.c.start_ms, s.turn.c.end_ms, s.turn.c.label)
        .where(s.turn.c.recording == recording)
        .order_by(s.turn.c.start_ms, s.turn.c.end_ms, s.turn.c.label)
    )
    return tuple(Turn(Span(a, b), SpeakerLabel(c)) for a, b, c in rows)


def decisions_on(connection: Connection, recording: Sha256) -> tuple[Decision, ...]:
    """Editors' words about a recording's voices that stand, oldest first."""
    rows = connection.execute(
        select(s.voice_decision.c.act, s.voice_decision.c.spans, s.voice_decision.c.speaker)
        .where(s.voice_decision.c.recording == recording, s.voice_decision.c.undone_by.is_(None))
        .order_by(s.voice_decision.c.id)
    )
    return tuple(
        (act, tuple(Span(a, b) for a, b in json.loads(spans)), SpeakerId(speaker) if speaker else None)
        for act, spans, speaker in rows
    )


def turns_now(connection: Connection, recording: Sha256) -> tuple[Turn, ...]:
    """A recording's turns in order, under the labels that its voices have today."""
    heard, decided = heard_turns(connection, recording), decisions_on(connection, recording)
    if not any(act in ("merge", "split") for act, _, _ in decided):
        return heard
    return project(decided, heard).turns


def recut_recordings(connection: Connection) -> frozenset[Sha256]:
    """Recordings whose voices editors merged or split, so that the labels of the turns as heard are not today's."""
    v = s.voice_decision.c
    query = select(v.recording).where(v.act.in_(("merge", "split")), v.undone_by.is_(None))
    return frozenset(Sha256(one) for one in connection.execute(query).scalars())
