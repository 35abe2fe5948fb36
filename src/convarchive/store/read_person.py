"""Reads everything that is held about one person, for them to be told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select

from convarchive.domain.redaction import Redactor, mark
from convarchive.domain.speaker import SpeakerId
from convarchive.errors import NotFound
from convarchive.store import schema as s
from convarchive.store.blobs import unpack_words
from convarchive.store.read_speech import SpeechReads

Rows = list[dict[str, Any]]


class PersonReads(SpeechReads):
    """Subject access: what the catalogue holds about a person, table by table."""

    def held_about(self, person: SpeakerId) -> dict[str, Rows]:
        """
        Every row about a person or naming them, by what it is, as plain values.

        Raises NotAllowed for all but editors, NotFound.
        """
        self._editors_only("what is held about a person")
        record = self._plain(select(s.speaker).where(s.speaker.c.id == person))
        if not record:
            raise NotFound(f"no speaker {person[:60]!r} here; list them with: convarchive speakers list")
        name = Redactor([mark(record[0]["name"])])
        a, v, p, c = s.attribution.c, s.version.c, s.voiceprint.c, s.voice_consent.c
        theirs = select(v.quote).where(v.speaker == person)
        return {
            "record": record,
            "credits": self._plain(select(s.credit).where(s.credit.c.speaker == person)),
            "listed by feeds": [
                row for row in self._plain(select(s.episode_person)) if name.holds(row["name"])
            ],
            "voices": self._plain(select(s.attribution).where(a.speaker == person)),
            "evidence": self._plain(
                select(a.recording, a.label, s.evidence.c.family, s.evidence.c.kind, s.evidence.c.detail)
                .join(s.evidence, s.evidence.c.attribution == a.id)
                .where(a.speaker == person)
            ),
            "editors' words on voices": self._plain(
                select(s.voice_decision).where(s.voice_decision.c.speaker == person)
            ),
            "quotes": self._plain(
                select(v.quote, v.id.label("version"), v.text, v.credit, v.made_at).where(v.speaker == person)
            ),
            "decisions": self._plain(
                select(s.review).where(or_(s.review.c.person == person, s.review.c.quote.in_(theirs)))
            ),
            "what may not come back": self._plain(select(s.hold).where(s.hold.c.person == person)),
            "named in quotes of others": [
                row
                for row in self._plain(select(v.quote, v.id.label("version"), v.text).where(v.quote.not_in(theirs)))
                if name.holds(row["text"])
            ],
            "named in titles and notes": [
                row
                for row in self._plain(select(s.episode.c.id, s.episode.c.title, s.episode.c.notes))
                if name.holds(row["title"]) or name.holds(row["notes"])
            ],
            "named in transcripts": self._named_in_transcripts(name),
            "consent to voiceprints": self._plain(
                select(c.given_by, c.given_on, c.how, c.recorded_at).where(c.speaker == person)
            ),
            # How many, of what and since when; the numbers themselves leave the catalogue at no door.
            "voiceprints": self._plain(
                select(p.recording, p.speech_ms, p.encoder, p.made_at).where(p.speaker == person).order_by(p.number)
            ),
        }  # fmt: skip

    def voiceprints_held(self) -> dict[SpeakerId, int]:
        """Of whom voiceprints are held, and how many. Raises NotAllowed for all but editors."""
        self._editors_only("of whom voiceprints are held")
        p = s.voiceprint.c
        rows = self._connection.execute(select(p.speaker, func.count()).group_by(p.speaker).order_by(p.speaker))
        return {SpeakerId(speaker): count for speaker, count in rows}

    def _named_in_transcripts(self, name: Redactor) -> Rows:
        found = []
        query = select(s.transcript.c.id, s.transcript.c.episode, s.transcript.c.words)
        for row in self._connection.execute(query).mappings():
            words = unpack_words(row["words"])
            times = sum(new.text != old.text for new, old in zip(name.words(words), words, strict=True))
            voices = sum(1 for word in words if name.holds(word.voice))
            if times or voices:
                found.append({"transcript": row["id"], "episode": row["episode"], "words": times, "said": voices})
        return found

    def _plain(self, query: Select[Any]) -> Rows:
        return [dict(row) for row in self._connection.execute(query).mappings()]
