"""Makes hearings, one a chunk, of what faster-whisper gives for a batch of chunks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.span import Span
from convarchive.domain.transcript import Word
from convarchive.ingest.guards import Hearing, in_order
from convarchive.ingest.packing import Chunk

_UNSPACED = frozenset(("zh", "ja", "th", "lo", "my", "km", "yue"))
"""Languages written without spaces, in which every token stands for itself."""


class Heard(Protocol):
    """A segment as faster-whisper gives it, seconds from the start of the sound it was given."""

    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    seek: int
    words: Sequence[HeardWord] | None


class HeardWord(Protocol):
    """A word with the space before it, as faster-whisper gives it; seconds as above."""

    word: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Listening:
    """A window's samples (float32 mono at 16 kHz), where it begins in the recording (ms), and how to listen to it."""

    piece: NDArray[np.float32]
    offset: int
    language: str
    hints: tuple[str, ...]


def hearings(found: Iterable[Heard], batch: Sequence[Chunk], job: Listening) -> list[Hearing]:
    """One hearing a chunk, in the chunks' order; a chunk of which nothing was said has no words."""
    segments: list[list[Heard]] = [[] for _ in batch]
    for segment in found:
        # `seek` is where the chunk begins, in hundredths of a second of the window.
        at = segment.seek * 10 + job.offset
        nearest = min(range(len(batch)), key=lambda i: abs(batch[i].span.start - at))
        segments[nearest].append(segment)
    made = []
    for chunk, group in zip(batch, segments, strict=True):
        words = _words((word for segment in group for word in segment.words or ()), chunk, job)
        made.append(
            Hearing(
                chunk=chunk,
                words=words,
                logprob=float(np.mean([s.avg_logprob for s in group])) if group else 0.0,
                no_speech=max((float(s.no_speech_prob) for s in group), default=1.0),
                compression=max((float(s.compression_ratio) for s in group), default=0.0),
                hints=job.hints,
            )
        )
    return made


def _words(found: Iterable[HeardWord], chunk: Chunk, job: Listening) -> tuple[Word, ...]:
    """The words of a chunk, inside its span; what follows without a space belongs to the word before."""
    words: list[Word] = []
    low, high = chunk.span.start, chunk.span.end
    for raw in found:
        text = raw.word.strip()
        start = min(max(job.offset + round(float(raw.start) * 1000), low), high)
        end = min(max(job.offset + round(float(raw.end) * 1000), start), high)
        if not text:
            continue
        word = Word(text, Span(start, end), round(float(raw.probability), 3))
        if words and not raw.word.startswith(" ") and job.language not in _UNSPACED:
            last = words.pop()
            sure = min(last.probability or 0.0, word.probability or 0.0)
            word = Word(last.text + text, last.span | word.span, sure)
        words.append(word)
    return in_order(words, high)


def together(chunk: Chunk, parts: Sequence[Hearing]) -> Hearing:
    """One hearing of a chunk that was heard in parts."""
    return Hearing(
        chunk=chunk,
        words=tuple(word for part in parts for word in part.words),
        logprob=min((part.logprob for part in parts), default=-9.0),
        no_speech=max((part.no_speech for part in parts), default=1.0),
        compression=max((part.compression for part in parts), default=0.0),
    )


def hotword_line(hints: Sequence[str], letters: int) -> str | None:
    """The first hints that fit, as one line."""
    line = ""
    for hint in dict.fromkeys(" ".join(hint.split()) for hint in hints):
        longer = f"{line}, {hint}" if line else hint
        if hint and len(longer) <= letters:
            line = longer
    return line or None
