"""Writes, reads for comparing, and erases how people's voices sound: biometric data, kept by consent."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.span import Span
from convarchive.domain.speaker import HEARD, SpeakerId
from convarchive.domain.voiceprint import KIND, Consent, Vector, Voiceprint, about
from convarchive.store import schema as s
from convarchive.store.standing import binding


@dataclass(frozen=True, slots=True)
class Unprinted:
    """How many prints went, and the episodes of which a voice had evidence from them: to be weighed again."""

    prints: int
    episodes: tuple[EpisodeId, ...]


class VoiceprintWrites:
    """Voiceprints and the consent they are kept by."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def enrol(self, person: SpeakerId, prints: Sequence[Voiceprint], consent: Consent, review: int) -> None:
        """Make these the person's only prints (their own numbers are ignored), by this consent."""
        self._connection.execute(delete(s.voiceprint).where(s.voiceprint.c.speaker == person))
        told = {"given_by": consent.by, "given_on": consent.on, "how": consent.how, "recorded_at": self._now}
        self._connection.execute(
            insert(s.voice_consent)
            .values(speaker=person, review=review, **told)
            .on_conflict_do_update(index_elements=["speaker"], set_={**told, "review": review})
        )
        self._connection.execute(
            insert(s.voiceprint),
            [
                {
                    "speaker": person,
                    "recording": one.recording,
                    "encoder": one.encoder,
                    "speech_ms": one.speech_ms,
                    "vector": struct.pack(f"<{len(one.vector)}f", *one.vector),
                    "made_at": self._now,
                }
                for one in prints
            ],
        )

    def prints(self, encoder: str) -> tuple[Voiceprint, ...]:
        """All prints that this encoder made, of people who consented, by number."""
        table = s.voiceprint
        rows = self._connection.execute(
            select(table)
            .join(s.voice_consent, s.voice_consent.c.speaker == table.c.speaker)
            .where(table.c.encoder == encoder)
            .order_by(table.c.number)
        ).mappings()
        return tuple(
            Voiceprint(
                r["number"], SpeakerId(r["speaker"]), Sha256(r["recording"]), r["encoder"], r["speech_ms"],
                _unpacked(r["vector"]),
            )
            for r in rows
        )  # fmt: skip

    def any(self) -> bool:
        """Whether any print is held."""
        return self._connection.execute(select(s.voiceprint.c.number).limit(1)).scalar() is not None

    def closed(self, recording: Sha256) -> tuple[Span, ...] | None:
        """Stretches of a recording that were withdrawn or withheld; None where all of it was."""
        h = s.hold.c
        rows = self._connection.execute(
            select(h.start_ms, h.end_ms).where(h.recording == recording, binding(self._now))
        ).all()
        if any(start is None or end is None for start, end in rows):
            return None
        return tuple(Span(start, end) for start, end in rows)

    def people(self, recording: Sha256) -> tuple[SpeakerId, ...]:
        """Whose prints were made of this recording, by id."""
        p = s.voiceprint.c
        query = select(p.speaker).where(p.recording == recording).distinct().order_by(p.speaker)
        return tuple(SpeakerId(one) for one in self._connection.execute(query).scalars())

    def heard_in(self) -> tuple[EpisodeId, ...]:
        """The episodes of which a voice has evidence from somebody's print, by id."""
        e, a, held = s.evidence.c, s.attribution.c, s.episode_recording.c
        query = (
            select(held.episode)
            .join(s.attribution, a.recording == held.recording)
            .join(s.evidence, e.attribution == a.id)
            .where(e.kind == KIND, a.current)
        )
        found = self._connection.execute(query.distinct().order_by(held.episode)).scalars()
        return tuple(EpisodeId(one) for one in found)

    def drop(self, persons: Sequence[SpeakerId], recording: Sha256) -> Unprinted:
        """
        Erase what these people have from one recording, and the evidence that came from any of their prints.

        Their consent stands, and so do their prints from elsewhere, by which voices are weighed again.
        """
        p = s.voiceprint.c
        mine = (p.speaker.in_(persons), p.recording == recording)
        went = self._connection.execute(delete(s.voiceprint).where(*mine)).rowcount
        return Unprinted(went, _erase_evidence(self._connection, persons))

    def forget(self, person: SpeakerId) -> Unprinted:
        """Erase a person's prints, their consent, and the evidence that stood on the prints."""
        return erase_prints(self._connection, [person])


def erase_prints(connection: Connection, persons: Sequence[SpeakerId]) -> Unprinted:
    """
    In the caller's transaction: erase people's prints, consent, and evidence that came from the prints.

    A name that had such evidence is one step less sure from now on, and none where nothing
    else supported it, until its voices are weighed again.
    """
    went = connection.execute(delete(s.voiceprint).where(s.voiceprint.c.speaker.in_(persons))).rowcount
    connection.execute(delete(s.voice_consent).where(s.voice_consent.c.speaker.in_(persons)))
    return Unprinted(went, _erase_evidence(connection, persons))


def _erase_evidence(connection: Connection, persons: Sequence[SpeakerId]) -> tuple[EpisodeId, ...]:
    """Take away what stood on people's prints; the episodes whose voices are to be weighed again."""
    e, a = s.evidence.c, s.attribution.c
    theirs = or_(a.speaker.in_(persons), *(e.detail.contains(about(person), autoescape=True) for person in persons))
    rows = connection.execute(
        select(e.attribution, e.position, a.recording, a.current)
        .join(s.attribution, a.id == e.attribution)
        .where(e.kind == KIND, theirs)
    ).all()
    for row in rows:
        connection.execute(delete(s.evidence).where(e.attribution == row.attribution, e.position == row.position))
    _lower(connection, {row.attribution for row in rows}, persons)
    touched = {row.recording for row in rows if row.current}
    held = s.episode_recording.c
    query = select(held.episode).where(held.recording.in_(touched)).distinct().order_by(held.episode)
    return tuple(EpisodeId(one) for one in connection.execute(query).scalars())


def _lower(connection: Connection, attributions: set[int], persons: Sequence[SpeakerId]) -> None:
    """
    Take back what these names can no longer claim; the store has no rule to weigh them by.

    Something heard is left: probable at most. Nothing is: nobody.
    """
    table, e = s.attribution, s.evidence.c
    for one in sorted(attributions):
        ours = (table.c.id == one, table.c.speaker.in_(persons))
        left = connection.execute(select(e.family).where(e.attribution == one, e.weight > 0)).scalars().all()
        if HEARD.isdisjoint(left):
            nobody = {"status": "unattributed", "speaker": None, "name": None, "role": None, "confidence": 0.0}
            connection.execute(update(table).where(*ours).values(**nobody))
        else:
            sure = table.c.status == "confirmed"
            connection.execute(update(table).where(*ours, sure).values(status="probable", confidence=0.5))


def _unpacked(vector: bytes) -> Vector:
    return struct.unpack(f"<{len(vector) // 4}f", vector)
