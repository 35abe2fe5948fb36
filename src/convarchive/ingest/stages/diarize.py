"""Stage: sound to turns of nameless voices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from convarchive.domain.episode import Episode
from convarchive.domain.run import Stage, digest
from convarchive.domain.speech import Turn
from convarchive.domain.transcript import Transcript
from convarchive.home import Home
from convarchive.ingest.ports import Diarizer, Report
from convarchive.ingest.stages.stage import Plan, Sound, sound_of, words_digest
from convarchive.ingest.utterances import by_voice
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Voices:
    """A recording, how many people its feed names, and words that came with their voices printed."""

    sound: Sound
    most: int | None
    voiced: Transcript | None


@dataclass(frozen=True, slots=True)
class Diarize:
    """Tells voices apart, unless words were handed in that say who speaks."""

    home: Home
    diarizer: Callable[[], Diarizer]
    name: ClassVar[Stage] = "diarize"

    def plan(self, write: Writer, episode: Episode) -> Plan[Voices] | None:
        sound = sound_of(self.home, write, episode)
        if sound is None:
            return None
        supplied = write.speech.transcript(episode.id, sound.recording.sha256, "supplied")
        voiced = supplied if supplied and supplied.timed and all(word.voice for word in supplied.words) else None
        if voiced:
            return Plan(
                digest(sound.recording.sha256, words_digest(voiced)), "printed voices", Voices(sound, None, voiced)
            )
        most = len(episode.persons) or None
        return Plan(digest(sound.recording.sha256, most), self.diarizer().fingerprint, Voices(sound, most, None))

    def work(self, inputs: Voices, report: Report) -> tuple[Turn, ...]:
        if inputs.voiced:
            return by_voice(inputs.voiced.words).turns
        return self.diarizer().diarize(inputs.sound.path, most_voices=inputs.most, report=report)

    def keep(self, write: Writer, episode: Episode, inputs: Voices, made: tuple[Turn, ...]) -> str:
        write.speech.put_turns(inputs.sound.recording.sha256, made)
        return "voices as printed beside the words handed in" if inputs.voiced else ""
