"""Stage: voices to people, on evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from convarchive.domain.episode import Episode, Sha256
from convarchive.domain.projection import NOT_A_PERSON, Projected
from convarchive.domain.quote import PrintedWords
from convarchive.domain.run import Stage, digest
from convarchive.domain.speaker import NO_PERSON, Attribution, Speaker
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.home import Home
from convarchive.ingest.ports import Report
from convarchive.ingest.stages.stage import (
    Plan,
    Sound,
    decided_on,
    of_persons,
    sound_of,
    utterances_digest,
    words_digest,
    words_of,
)
from convarchive.ingest.voiceprinting import Known, Voiceprinting
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
    typed: bool
    sounds: Known
    silent: tuple[SpeakerLabel, ...] = ()
    """Labels that an editor called no person's."""
    in_print: tuple[PrintedWords, ...] = ()
    apart: frozenset[frozenset[SpeakerLabel]] = frozenset()
    """Pairs of labels that an editor said are two people."""


@dataclass(frozen=True, slots=True)
class Name:
    """Says whose voice is whose, and how sure that is."""

    home: Home
    voiceprinting: Callable[[], Voiceprinting] | None = None
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
        projected = decided_on(write, recording)
        people = {person.id: person for person in write.speech.speakers()}
        decided = {
            label: people.get(speaker) if speaker else None
            for label, speaker in projected.speakers.items()
            if speaker != NOT_A_PERSON
        }
        silent = tuple(sorted(label for label, speaker in projected.speakers.items() if speaker == NOT_A_PERSON))
        utterances = of_persons(utterances, projected)
        publisher = write.speech.transcript(episode.id, recording, "publisher")
        if words.origin == "supplied" and all(word.voice for word in words.words):
            publisher = words
        sounds = self._sounds(write, sound, projected)
        enrolled = {one.speaker for one in sounds.prints} - {person.id for person in known}
        known = (*known, *(person for person in write.speech.speakers() if person.id in enrolled))
        people_known = {person.id for person in known}
        in_print = tuple(one for one in write.quotes.in_print(fiction=episode.fiction) if one.speaker in people_known)
        inputs = Voices(
            recording, utterances, known, decided, projected.questions, publisher.words if publisher else None, episode,
            words.origin == "supplied", sounds, silent, in_print, projected.apart,
        )  # fmt: skip
        covered = digest(
            recording, words_digest(words), utterances_digest(utterances), words_digest(publisher),
            [repr(person) for person in known], sorted((k, repr(v)) for k, v in decided.items()),
            episode.title, episode.notes, [repr(person) for person in episode.persons], episode.fiction,
            *([sorted(map(sorted, projected.apart))] if projected.apart else []),
            *sounds.facts, *([silent] if silent else []), *([[repr(one) for one in in_print]] if in_print else []),
        )  # fmt: skip
        return Plan(covered, "name 2", inputs)

    def _sounds(self, write: Writer, sound: Sound, decided: Projected) -> Known:
        """What the voices are compared with; the person's own words in this very recording are no part of it."""
        if self.voiceprinting is None or not write.voiceprints.any():
            return Known()
        tool, recording = self.voiceprinting(), sound.recording.sha256
        prints = tuple(one for one in write.voiceprints.prints(tool.fingerprint) if one.recording != recording)
        return Known(prints, sound.path, decided.turns, tool) if prints else Known()

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
            typed=inputs.typed,
            voices=inputs.sounds.matches(inputs.utterances),
            in_print=inputs.in_print,
            apart=inputs.apart,
        )

    def keep(self, write: Writer, episode: Episode, inputs: Voices, made: Named) -> str:
        for newcomer in made.newcomers:
            write.speech.put_speaker(newcomer.speaker, newcomer.origin)
        nobody = [Attribution(label, None, None, None, "unattributed", 0.0, (NO_PERSON,)) for label in inputs.silent]
        write.speech.put_attributions(inputs.recording, [*made.attributions, *nobody])
        for one in made.beside:
            write.speech.put_beside(inputs.recording, one)
        doubts = [("decision", text) for text in inputs.doubts]
        write.episodes.ask(episode.id, "name", [*made.questions, *doubts])
        return ""
