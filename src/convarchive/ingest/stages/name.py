"""Stage: voices to people, on evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from convarchive.domain.episode import Episode, Sha256
from convarchive.domain.run import Stage, digest
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.home import Home
from convarchive.ingest.ports import Report
from convarchive.ingest.projection import project
from convarchive.ingest.stages.stage import Plan, sound_of, utterances_digest, words_digest, words_of
from convarchive.naming import Named, name
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Voices:
    """All that naming looks at."""

    recording: Sha256
    utterances: tuple[Utterance, ...]
    known: tuple[Speaker, ...]
    decisions: dict[SpeakerLabel, Speaker | None]
    doubts: tuple[str, ...]
    printed: tuple[Word, ...] | None
    episode: Episode


@dataclass(frozen=True, slots=True)
class Name:
    """Says whose voice is whose, and how sure that is."""

    home: Home
    name: ClassVar[Stage] = "name"

    def plan(self, write: Writer, episode: Episode) -> Plan[Voices] | None:
        sound = sound_of(self.home, write, episode)
        words = words_of(write, episode, sound)
        if sound is None or words is None:
            return None
        recording = sound.recording.sha256
        utterances = write.speech.utterances(recording, words)
        # Only whom the owner wrote down: people that other episodes brought would make every answer
        # depend on the order in which episodes were done.
        known = write.speech.speakers("desk")
        decided, doubts = self._decided(write, recording, {person.id: person for person in write.speech.speakers()})
        publisher = write.speech.transcript(episode.id, recording, "publisher")
        if words.origin == "supplied" and all(word.voice for word in words.words):
            publisher = words
        inputs = Voices(recording, utterances, known, decided, doubts, publisher.words if publisher else None, episode)
        covered = digest(
            recording, words_digest(words), utterances_digest(utterances), words_digest(publisher),
            [repr(person) for person in known], sorted((k, repr(v)) for k, v in decided.items()),
            episode.title, episode.notes, [repr(person) for person in episode.persons], episode.fiction,
        )  # fmt: skip
        return Plan(covered, "name 2", inputs)

    def _decided(
        self, write: Writer, recording: Sha256, people: dict[SpeakerId, Speaker]
    ) -> tuple[dict[SpeakerLabel, Speaker | None], tuple[str, ...]]:
        """What editors said of this recording's voices, laid on the labels of today's turns."""
        projected = project(write.speech.decisions(recording), write.speech.turns(recording))
        decided = {label: people.get(speaker) if speaker else None for label, speaker in projected.speakers.items()}
        return decided, projected.questions

    def work(self, inputs: Voices, report: Report) -> Named:
        episode = inputs.episode
        return name(
            inputs.utterances,
            persons=episode.persons,
            title=episode.title,
            notes=episode.notes,
            known=inputs.known,
            decisions=inputs.decisions,
            fiction=episode.fiction,
            publisher_words=inputs.printed,
        )

    def keep(self, write: Writer, episode: Episode, inputs: Voices, made: Named) -> str:
        for newcomer in made.newcomers:
            write.speech.put_speaker(newcomer.speaker, newcomer.origin)
        write.speech.put_attributions(inputs.recording, made.attributions)
        doubts = [("decision", text) for text in inputs.doubts]
        write.episodes.ask(episode.id, "name", [*made.questions, *doubts])
        return ""
