"""Compares a recording's voices with the voiceprints that are kept, in memory, and says which they sound like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.voiceprint import Voiceprint
from convarchive.ingest.clean_speech import clean_speech
from convarchive.naming.voiceprints import Match, Voice, matches

Listen = Callable[[Path, Mapping[SpeakerLabel, Sequence[Span]]], Mapping[SpeakerLabel, Voice]]
"""Says how each voice of a recording sounds in its stretches. Raises AudioUnreadable."""


@dataclass(frozen=True, slots=True)
class Voiceprinting:
    """What makes voiceprints: `fingerprint` names tool, method and weights, and prints of one are comparable."""

    fingerprint: str
    listen: Listen


@dataclass(frozen=True, slots=True)
class Known:
    """
    What an episode's voices are compared with: prints from other recordings; and by which
    turns its sound is heard. Empty, without `tool`, where voiceprints are off or none are kept.
    """

    prints: tuple[Voiceprint, ...] = ()
    audio: Path | None = None
    turns: tuple[Turn, ...] = ()
    tool: Voiceprinting | None = None

    @property
    def facts(self) -> tuple[object, ...]:
        """All that the outcome depends on, as plain values; nothing where there is nothing to compare with."""
        if self.tool is None:
            return ()
        # A print's number stands for it: none is ever used again.
        held = [(turn.span.start, turn.span.end, turn.label) for turn in self.turns]
        return (self.tool.fingerprint, [(one.number, one.speaker) for one in self.prints], held)

    def matches(self, utterances: Sequence[Utterance]) -> dict[SpeakerLabel, Match]:
        """The voices, saying these words, that sound like somebody enrolled. Raises AudioUnreadable."""
        if self.tool is None or self.audio is None or not self.audio.is_file():
            return {}
        return matches(self.tool.listen(self.audio, clean_speech(self.turns, utterances)), self.prints)
