"""Stage: sound to words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from convarchive.domain.episode import Episode
from convarchive.domain.run import Stage, digest
from convarchive.domain.transcript import Transcript
from convarchive.home import Home
from convarchive.ingest.ports import Report, Transcriber
from convarchive.ingest.stages.stage import Plan, Sound, sound_of
from convarchive.store.writer import Writer

MOST_HINTS = 60
"""Hints beyond this many crowd the decoder's prompt; the episode's own people come first."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A recording, its language if known, and names to listen for; `supplied` words make listening needless."""

    sound: Sound
    language: str | None
    hints: tuple[str, ...]
    supplied: Transcript | None


@dataclass(frozen=True, slots=True)
class Transcribe:
    """
    Hears the words, unless somebody handed them in with their times.

    The hints are not part of the digest: a name added to a desk would otherwise make every
    transcript of the archive stale. `ingest --again transcribe` listens anew with today's hints.
    """

    home: Home
    transcriber: Callable[[], Transcriber]
    language: str | None
    hints: tuple[str, ...]
    handed_in: Callable[[Transcript], Transcriber]
    name: ClassVar[Stage] = "transcribe"

    def plan(self, write: Writer, episode: Episode) -> Plan[Listening] | None:
        sound = sound_of(self.home, write, episode)
        if sound is None:
            return None
        supplied = write.speech.transcript(episode.id, sound.recording.sha256, "supplied")
        language = episode.language or self.language
        inputs = Listening(sound, language, self._hints(episode), supplied if supplied and supplied.timed else None)
        if inputs.supplied:
            # The fingerprint holds the digest of the transcript's bytes.
            return Plan(digest(sound.recording.sha256), inputs.supplied.fingerprint, inputs)
        return Plan(digest(sound.recording.sha256, language), self.transcriber().fingerprint, inputs)

    def _hints(self, episode: Episode) -> tuple[str, ...]:
        names = [person.name for person in episode.persons]
        return tuple(dict.fromkeys((*names, *self.hints)))[:MOST_HINTS]

    def work(self, inputs: Listening, report: Report) -> Transcript:
        if inputs.supplied:
            return self.handed_in(inputs.supplied).transcribe(inputs.sound.path, report=report)
        return self.transcriber().transcribe(
            inputs.sound.path, hints=inputs.hints, language=_short(inputs.language), report=report
        )

    def keep(self, write: Writer, episode: Episode, inputs: Listening, made: Transcript) -> str:
        if inputs.supplied is None or made.words != inputs.supplied.words:
            write.speech.put_transcript(episode.id, inputs.sound.recording.sha256, made)
        if inputs.supplied:
            return "words handed in with their times"
        return f"hints: {', '.join(inputs.hints)}" if inputs.hints else ""


def _short(language: str | None) -> str | None:
    """Whisper knows languages by their first part: `en` of `en-GB`."""
    return language.split("-")[0].lower() if language else None
