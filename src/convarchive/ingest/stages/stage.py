"""What every stage is: a plan read from the catalogue, work done outside it, and one short write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from convarchive.domain import run
from convarchive.domain.episode import Episode, Recording, Sha256
from convarchive.domain.projection import NOT_A_PERSON, Projected, project
from convarchive.domain.speech import Turn, Utterance
from convarchive.domain.transcript import Transcript
from convarchive.home import Home
from convarchive.ingest.ports import Report
from convarchive.store.holdings import path_of
from convarchive.store.writer import Writer

Inputs = TypeVar("Inputs")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Plan(Generic[Inputs]):
    """What a stage would work on: `digest` covers all of `inputs` that may change its outcome."""

    digest: str
    fingerprint: str
    inputs: Inputs


class Stage(Protocol[Inputs, Made]):
    """One step of an episode. `plan` gives None where there is nothing for it to do."""

    @property
    def name(self) -> run.Stage: ...

    def plan(self, write: Writer, episode: Episode) -> Plan[Inputs] | None:
        """Read what the stage needs; no computing here."""

    def work(self, inputs: Inputs, report: Report) -> Made:
        """Do it; touches no catalogue."""

    def keep(self, write: Writer, episode: Episode, inputs: Inputs, made: Made) -> str:
        """Write what was made; a note for the run, mostly empty."""


@dataclass(frozen=True, slots=True)
class Sound:
    """An episode's newest recording and where it lies."""

    recording: Recording
    path: Path


def sound_of(home: Home, write: Writer, episode: Episode) -> Sound | None:
    """The sound a stage works on."""
    held = write.episodes.recording_of(episode.id)
    if held is None:
        return None
    return Sound(held[0], path_of(home, held[0].sha256, held[0].suffix))


def words_of(write: Writer, episode: Episode, sound: Sound | None) -> Transcript | None:
    """The words everything stands on: handed in with times, else heard, else handed in without."""
    recording = sound.recording.sha256 if sound else None
    supplied = write.speech.transcript(episode.id, recording, "supplied")
    if supplied is not None and (supplied.timed or sound is None):
        return supplied
    return write.speech.transcript(episode.id, recording, "heard")


def decided_on(write: Writer, recording: Sha256) -> Projected:
    """What editors said of a recording's voices, laid on the labels of today."""
    return project(write.voices.decisions(recording), write.speech.heard_turns(recording))


def of_persons(utterances: Sequence[Utterance], decided: Projected) -> tuple[Utterance, ...]:
    """The utterances without those of labels that are nobody's voice."""
    silent = {label for label, who in decided.speakers.items() if who == NOT_A_PERSON}
    return tuple(one for one in utterances if one.label not in silent)


def words_digest(transcript: Transcript | None) -> str:
    """Digest of all that later stages use of a transcript."""
    if transcript is None:
        return ""
    words = [(w.text, w.span.start, w.span.end, w.probability, w.voice) for w in transcript.words]
    return run.digest(transcript.origin, transcript.language, transcript.timed, words)


def turns_digest(turns: tuple[Turn, ...]) -> str:
    """Digest of who held the floor when."""
    return run.digest([(t.span.start, t.span.end, t.label) for t in turns])


def utterances_digest(utterances: tuple[Utterance, ...]) -> str:
    """Digest of who said which words."""
    return run.digest([(u.label, u.first, len(u.words)) for u in utterances])
