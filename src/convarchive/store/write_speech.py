"""Writes what was heard: words, turns, utterances, people, and whose voice is whose."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, true, update
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Credit, Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.transcript import Origin, Transcript, Word
from convarchive.store import schema as s
from convarchive.store.blobs import pack_dropped, pack_words, unpack_dropped, unpack_words
from convarchive.store.erased import erased
from convarchive.store.known_people import known
from convarchive.store.turns_now import heard_turns, turns_now


class SpeechWrites:
    """Words and voices of recordings."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def put_transcript(self, episode: EpisodeId, recording: Sha256 | None, transcript: Transcript) -> None:
        """Keep a transcript as the newest of its origin; older ones stay."""
        table = s.transcript
        transcript = erased(self._connection).transcript(recording, transcript)
        same = (table.c.episode == episode, table.c.origin == transcript.origin)
        self._connection.execute(update(table).where(*same).values(current=False))
        self._connection.execute(
            insert(table).values(
                episode=episode,
                recording=recording,
                origin=transcript.origin,
                language=transcript.language,
                fingerprint=transcript.fingerprint,
                timed=transcript.timed,
                word_count=len(transcript.words),
                words=pack_words(transcript.words),
                dropped=pack_dropped(transcript.dropped),
                current=True,
            )
        )

    def transcript(self, episode: EpisodeId, recording: Sha256 | None, *origins: Origin) -> Transcript | None:
        """
        The episode's current transcript of the first of `origins` that there is, for this recording.

        One that was taken in before the episode had any sound serves for whichever comes.
        """
        table = s.transcript
        for origin in origins:
            where = [table.c.episode == episode, table.c.origin == origin, table.c.current]
            if origin == "heard":
                where.append(table.c.recording == recording)
            elif recording is not None:
                # Another recording of the same talk has other times.
                where.append(or_(table.c.recording == recording, table.c.recording.is_(None)))
            row = self._connection.execute(select(table).where(*where).order_by(table.c.id.desc())).mappings().first()
            if row is not None:
                return Transcript(
                    unpack_words(row["words"]),
                    row["language"],
                    row["origin"],
                    row["fingerprint"],
                    unpack_dropped(row["dropped"]),
                    bool(row["timed"]),
                )
        return None

    def latest_words(self, recording: Sha256) -> tuple[Word, ...]:
        """The words last heard in a recording, or handed in with it, also where its episode has a newer one."""
        table = s.transcript
        query = (
            select(table.c.words)
            .where(table.c.recording == recording)
            .order_by(table.c.timed.desc(), table.c.id.desc())
        )
        packed = self._connection.execute(query).scalar()
        return unpack_words(packed) if packed is not None else ()

    def put_turns(self, recording: Sha256, turns: Sequence[Turn]) -> None:
        """Replace a recording's turns."""
        self._connection.execute(delete(s.turn).where(s.turn.c.recording == recording))
        rows = {(t.span.start, t.span.end, t.label) for t in turns}
        if rows:
            self._connection.execute(
                insert(s.turn),
                [{"recording": recording, "start_ms": a, "end_ms": b, "label": c} for a, b, c in sorted(rows)],
            )

    def turns(self, recording: Sha256) -> tuple[Turn, ...]:
        """A recording's turns in order, with the voices that editors merged or split."""
        return turns_now(self._connection, recording)

    def heard_turns(self, recording: Sha256) -> tuple[Turn, ...]:
        """A recording's turns in order, as they were told apart before any editor said otherwise."""
        return heard_turns(self._connection, recording)

    def put_utterances(self, recording: Sha256, utterances: Sequence[Utterance]) -> None:
        """Replace a recording's utterances; only where their words stand is kept, not the words again."""
        self._connection.execute(delete(s.utterance).where(s.utterance.c.recording == recording))
        if utterances:
            self._connection.execute(
                insert(s.utterance),
                [
                    {
                        "recording": recording,
                        "position": i,
                        "label": u.label,
                        "start_ms": u.span.start,
                        "end_ms": u.span.end,
                        "first_word": u.first,
                        "word_count": len(u.words),
                    }
                    for i, u in enumerate(utterances)
                ],
            )

    def utterances(self, recording: Sha256, transcript: Transcript) -> tuple[Utterance, ...]:
        """A recording's utterances over the transcript they were made from."""
        rows = self._connection.execute(
            select(s.utterance.c.label, s.utterance.c.first_word, s.utterance.c.word_count)
            .where(s.utterance.c.recording == recording)
            .order_by(s.utterance.c.position)
        )
        return tuple(
            Utterance(SpeakerLabel(label) if label else None, first, transcript.words[first : first + count])
            for label, first, count in rows
        )

    # -- people -----------------------------------------------------------------------

    def put_speaker(self, speaker: Speaker, origin: str) -> None:
        """Add a person; only a desk's word changes one who is already known."""
        values = {
            "name": speaker.name,
            "aliases": json.dumps(speaker.aliases, ensure_ascii=False),
            "role": speaker.role,
            "role_basis": speaker.role_basis,
            "origin": origin,
            "fiction": speaker.fiction,
        }
        statement = insert(s.speaker).values(id=speaker.id, **values)
        if origin != "desk":
            self._connection.execute(statement.on_conflict_do_nothing())
            return
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
        self._connection.execute(delete(s.credit).where(s.credit.c.speaker == speaker.id))
        if speaker.credits:
            self._connection.execute(
                insert(s.credit),
                [
                    {"speaker": speaker.id, "position": i, "text": c.text, "place": c.place, "since": c.since}
                    for i, c in enumerate(speaker.credits)
                ],
            )

    def off_the_desk(self, still_there: Sequence[SpeakerId]) -> None:
        """People whom the owner no longer writes down stay known by what they said."""
        table = s.speaker
        gone = update(table).where(table.c.origin == "desk", table.c.id.not_in(still_there))
        self._connection.execute(gone.values(origin="heard"))

    def register(self) -> tuple[Speaker, ...]:
        """Everybody who is known by name, by id; no name that was only heard, and that nothing is under now."""
        return self._speakers(known())

    def speakers(self, origin: str | None = None) -> tuple[Speaker, ...]:
        """Everybody of this origin, or ever known by name, by id."""
        return self._speakers(true() if origin is None else s.speaker.c.origin == origin)

    def _speakers(self, which: ColumnElement[bool]) -> tuple[Speaker, ...]:
        query = select(s.speaker).where(which).order_by(s.speaker.c.id)
        return tuple(
            Speaker(
                SpeakerId(r["id"]),
                r["name"],
                tuple(json.loads(r["aliases"])),
                r["role"],
                r["role_basis"],
                fiction=bool(r["fiction"]),
            )
            for r in self._connection.execute(query).mappings()
        )

    def credits(self) -> dict[SpeakerId, tuple[Credit, ...]]:
        """How each person was described, in the owner's order."""
        found: dict[SpeakerId, tuple[Credit, ...]] = {}
        for r in self._connection.execute(
            select(s.credit).order_by(s.credit.c.speaker, s.credit.c.position)
        ).mappings():
            who = SpeakerId(r["speaker"])
            found[who] = (*found.get(who, ()), Credit(r["text"], r["place"], r["since"]))
        return found

    def put_attributions(self, recording: Sha256, attributions: Sequence[Attribution]) -> None:
        """Make these the recording's current attributions; earlier ones stay beside the versions that used them."""
        table = s.attribution
        self._connection.execute(update(table).where(table.c.recording == recording).values(current=False))
        for attribution in attributions:
            self._put_attribution(recording, attribution, current=True)

    def put_beside(self, recording: Sha256, attribution: Attribution) -> int:
        """Keep an attribution for versions to use that are less sure than their voice's; its row. It is not current."""
        return self._put_attribution(recording, attribution, current=False)

    def _put_attribution(self, recording: Sha256, attribution: Attribution, *, current: bool) -> int:
        key = self._connection.execute(
            insert(s.attribution)
            .values(
                recording=recording,
                label=attribution.label,
                speaker=attribution.speaker,
                name=attribution.name,
                role=attribution.role,
                status=attribution.status,
                confidence=round(attribution.confidence, 4),
                current=current,
            )
            .returning(s.attribution.c.id)
        ).scalar_one()
        if attribution.evidence:
            self._connection.execute(
                insert(s.evidence),
                [
                    {
                        "attribution": key,
                        "position": i,
                        "family": e.family,
                        "kind": e.kind,
                        "detail": e.detail,
                        "start_ms": e.span.start if e.span else None,
                        "end_ms": e.span.end if e.span else None,
                        "weight": e.weight,
                    }
                    for i, e in enumerate(attribution.evidence)
                ],
            )
        return int(key)

    def current_attributions(self, recording: Sha256) -> dict[str, tuple[int, Attribution]]:
        """Attribution row and value by label, with the evidence."""
        table = s.attribution
        return {
            one.label: (row, one) for row, one in self._attributions(table.c.recording == recording, table.c.current)
        }

    def attributions_beside(self, recording: Sha256, kind: str) -> tuple[tuple[int, Attribution], ...]:
        """Rows and values that the newest naming kept beside its current attributions, with evidence of this kind."""
        a, e = s.attribution.c, s.evidence.c
        newest = select(func.min(a.id)).where(a.recording == recording, a.current).scalar_subquery()
        such = select(e.attribution).where(e.kind == kind)
        return self._attributions(a.recording == recording, ~a.current, a.id > newest, a.id.in_(such))

    def _attributions(self, *which: ColumnElement[bool]) -> tuple[tuple[int, Attribution], ...]:
        rows = self._connection.execute(select(s.attribution).where(*which).order_by(s.attribution.c.id)).mappings()
        held = rows.all()
        evidence = self._evidence([r["id"] for r in held])
        return tuple(
            (
                r["id"],
                Attribution(
                    SpeakerLabel(r["label"]),
                    SpeakerId(r["speaker"]) if r["speaker"] else None,
                    r["name"],
                    r["role"],
                    r["status"],
                    r["confidence"],
                    evidence.get(r["id"], ()),
                ),
            )
            for r in held
        )

    def _evidence(self, attributions: Sequence[int]) -> dict[int, tuple[Evidence, ...]]:
        table = s.evidence
        rows = self._connection.execute(
            select(table).where(table.c.attribution.in_(attributions)).order_by(table.c.attribution, table.c.position)
        ).mappings()
        found: dict[int, tuple[Evidence, ...]] = {}
        for r in rows:
            span = None if r["start_ms"] is None else Span(r["start_ms"], r["end_ms"])
            one = Evidence(r["family"], r["kind"], r["detail"], span, r["weight"])
            found[r["attribution"]] = (*found.get(r["attribution"], ()), one)
        return found
