"""Reads what an editor needs who says whose voices are whose: which wait, among whom, and who is known."""

from __future__ import annotations

import json

from sqlalchemy import and_, func, select

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.errors import NotFound
from convarchive.store import schema as s
from convarchive.store.known_people import known
from convarchive.store.read_speech import SpeechReads
from convarchive.store.turns_now import recut_recordings, turns_now
from convarchive.store.views import RoomView, WaitingView
from convarchive.store.write_voices import seen_of


class VoiceReads(SpeechReads):
    """Voices to be decided about. Everything here raises NotAllowed for all but editors."""

    def voices_waiting(self, *, every: bool = False) -> tuple[WaitingView, ...]:
        """
        Voices of episodes' newest recordings of which no editor has said whose they are, heaviest first.

        A confirmed name that nothing was heard against waits for nobody, and is left out unless `every`.
        """
        self._editors_only("which voices wait")
        held, e, a = s.episode_recording.c, s.episode.c, s.attribution.c
        rows = self._connection.execute(
            select(held.recording, e.id, e.title, e.published, e.fiction)
            .join(s.episode, e.id == held.episode)
            .where(e.duplicate_of.is_(None))
            .order_by(held.position)
        )
        newest = {row.id: row for row in rows}
        spoken = self._spoken()
        decided = select(s.evidence.c.attribution).where(s.evidence.c.family == "editor")
        against = select(s.evidence.c.attribution).where(s.evidence.c.weight < 0)
        is_sure = and_(a.status == "confirmed", a.id.not_in(against))
        current = self._connection.execute(
            select(
                a.recording, a.label, a.speaker, a.confidence, a.id.in_(decided).label("decided"), is_sure.label("sure")
            ).where(a.current)
        )
        called = {(row.recording, row.label): row for row in current}
        found = []
        for row in newest.values():
            for label, length in spoken.get(row.recording, {}).items():
                named = called.get((row.recording, label))
                if named is not None and (named.decided or (named.sure and not every)):
                    continue
                sure = named.confidence if named is not None and named.speaker is not None else 0.0
                found.append(
                    WaitingView(
                        EpisodeId(row.id), row.title, row.published, bool(row.fiction), label, length, sure
                    )
                )  # fmt: skip
        return tuple(sorted(found, key=lambda one: (-one.weight, one.episode, one.label)))

    def _spoken(self) -> dict[str, dict[str, int]]:
        """Milliseconds that each label speaks, by recording."""
        t = s.turn.c
        rows = self._connection.execute(
            select(t.recording, t.label, func.sum(t.end_ms - t.start_ms)).group_by(t.recording, t.label)
        )
        found: dict[str, dict[str, int]] = {}
        for recording, label, length in rows:
            found.setdefault(recording, {})[label] = int(length)
        for one in recut_recordings(self._connection):
            found[one] = {}
            for turn in turns_now(self._connection, one):
                found[one][turn.label] = found[one].get(turn.label, 0) + turn.span.duration
        return found

    def room(self, episode: str) -> RoomView:
        """The newest recording of an episode, and who may be heard in it. Raises NotFound where there is none."""
        self._editors_only("who may be heard")
        self.episode(episode)
        recording = self._recording_of(episode)
        if recording is None:
            raise NotFound(f"episode {episode} has no recording yet, so nobody's voice; run: convarchive ingest")
        p = s.episode_person.c
        persons = self._connection.execute(select(p.name, p.role).where(p.episode == episode).order_by(p.position))
        return RoomView(
            self.recording(recording),
            turns_now(self._connection, recording),
            seen_of(self._connection, recording),
            tuple((name, role) for name, role in persons),
            self._regulars(episode, recording),
        )

    def _regulars(self, episode: str, recording: Sha256) -> tuple[SpeakerId, ...]:
        a, held, e = s.attribution.c, s.episode_recording.c, s.episode.c
        show = select(e.feed).where(e.id == episode).scalar_subquery()
        rows = self._connection.execute(
            select(a.speaker)
            .join(s.episode_recording, held.recording == a.recording)
            .join(s.episode, and_(e.id == held.episode, e.feed == show))
            .where(a.current, a.status == "confirmed", a.speaker.is_not(None), a.recording != recording)
            .group_by(a.speaker)
            .order_by(func.count().desc(), a.speaker)
            .limit(10)
        ).scalars()
        return tuple(SpeakerId(one) for one in rows)

    def register(self) -> tuple[Speaker, ...]:
        """Everybody who is known by name, by id; no name that was only heard, and that nothing is under now."""
        self._editors_only("the register")
        rows = self._connection.execute(select(s.speaker).where(known()).order_by(s.speaker.c.id)).mappings()
        return tuple(
            Speaker(
                SpeakerId(row["id"]), row["name"], tuple(json.loads(row["aliases"])), row["role"], row["role_basis"],
                fiction=bool(row["fiction"]),
            )
            for row in rows
        )  # fmt: skip
