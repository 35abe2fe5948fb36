"""Stage: words and turns to utterances, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from convarchive.domain.episode import Episode, Sha256
from convarchive.domain.run import Stage, digest
from convarchive.domain.speech import Turn, Utterance
from convarchive.domain.transcript import Transcript
from convarchive.home import Home
from convarchive.ingest.ports import Report
from convarchive.ingest.stages.stage import Plan, sound_of, turns_digest, words_digest, words_of
from convarchive.ingest.utterances import by_voice, join
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording's words and who held the floor when; `recut` where editors merged or split voices."""

    recording: Sha256
    transcript: Transcript
    turns: tuple[Turn, ...]
    recut: bool


@dataclass(frozen=True, slots=True)
class Utter:
    """Gives every word its voice."""

    home: Home
    name: ClassVar[Stage] = "utter"

    def plan(self, write: Writer, episode: Episode) -> Plan[Spoken] | None:
        sound = sound_of(self.home, write, episode)
        transcript = words_of(write, episode, sound)
        if sound is None or transcript is None:
            return None
        turns = write.speech.turns(sound.recording.sha256)
        recut = turns != write.speech.heard_turns(sound.recording.sha256)
        inputs = Spoken(sound.recording.sha256, transcript, turns, recut)
        return Plan(digest(inputs.recording, words_digest(transcript), turns_digest(turns)), "utter 1", inputs)

    def work(self, inputs: Spoken, report: Report) -> tuple[Utterance, ...]:
        words = inputs.transcript.words
        if words and all(word.voice for word in words) and not inputs.recut:
            return by_voice(words).utterances
        return join(words, inputs.turns)

    def keep(self, write: Writer, episode: Episode, inputs: Spoken, made: tuple[Utterance, ...]) -> str:
        write.speech.put_utterances(inputs.recording, made)
        return ""
