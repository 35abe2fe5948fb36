"""What was said: words with their times and how sure the ear was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convarchive.domain.span import Span

Origin = Literal["heard", "publisher", "supplied"]
"""Who made a transcript: our own ear, the publisher, or somebody who handed it in."""


@dataclass(frozen=True, slots=True)
class Word:
    """
    A spoken token as written, with its punctuation and without surrounding space.

    `probability` is the recogniser's own, from 0 to 1; None where nobody gave one.
    `voice` is a name or label that a supplied transcript printed beside the words.
    """

    text: str
    span: Span
    probability: float | None = None
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text the recogniser produced and we did not believe, with the reason."""

    span: Span
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """
    Every word of one recording in order of time.

    `timed` says whether the words' times were measured; the words of a plain text
    without audio have none (all spans are then zero-length at 0).
    """

    words: tuple[Word, ...]
    language: str
    origin: Origin
    fingerprint: str
    dropped: tuple[Dropped, ...] = ()
    timed: bool = True

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)
