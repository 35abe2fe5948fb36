"""Who spoke when, still nameless."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from convarchive.domain.span import Span
from convarchive.domain.transcript import Word

SpeakerLabel = NewType("SpeakerLabel", str)
"""An anonymous voice within one recording: `S1`, `S2`, … in order of first appearance."""


@dataclass(frozen=True, order=True, slots=True)
class Turn:
    """A stretch in which one voice holds the floor. Turns of different voices may overlap."""

    span: Span
    label: SpeakerLabel


@dataclass(frozen=True, slots=True)
class Utterance:
    """
    Consecutive words of one voice.

    `first` is the position of the first word in the transcript; `label` is None where
    no voice could be told. Words of another voice that overlap in time stand in that
    voice's own utterance, so an utterance never mixes voices.
    """

    label: SpeakerLabel | None
    first: int
    words: tuple[Word, ...]

    @property
    def span(self) -> Span:
        """From the first word's start to the last word's end, in milliseconds."""
        return Span(self.words[0].span.start, max(word.span.end for word in self.words))

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)
