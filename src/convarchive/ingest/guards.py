"""
Tells words that were spoken from words the recogniser made up.

A recogniser of Whisper's kind writes fluent text over silence and music, repeats itself in
loops, and puts names it was given as hints into mouths that never said them. Each guard
here looks for one of these. What a guard takes out is kept as `Dropped`, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from convarchive.domain.span import Span
from convarchive.domain.transcript import Dropped, Word
from convarchive.ingest.packing import Chunk

UNSURE = -0.6
"""Mean log-probability of a chunk below which it is worth hearing again."""

LOOPED = 2.4
"""Text that zlib makes this many times smaller repeats itself (Whisper's own threshold)."""

NOT_SPEECH = 0.6
"""The model's own probability that nobody speaks, from which its words need support."""

LARGEST_GAP = 5_000
"""Milliseconds between two words of a chunk that must be explained."""

FASTEST = 45
"""Milliseconds a word: nobody says five words in a row faster than this."""

STRAY = 600
"""A word this far (ms) from any speech was not heard where it is said to stand."""

Doubt = Literal["loops", "only hints", "leaves speech without words", "unsure"]
"""Why a chunk should be heard again."""

_PHRASES = frozenset(
    (
        "thank you", "thanks", "thanks for watching", "thank you for watching", "thank you very much", "you", "bye",
        "please subscribe", "subtitles by the amaraorg community", "music", "applause", "silence", "so", "okay",
    )
)  # fmt: skip
"""What models of this kind write when they hear noise; believed only where they were sure."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """
    What the recogniser made of one chunk.

    `logprob` is the mean log-probability of its tokens, `no_speech` the model's own
    probability (0 to 1) that nobody speaks, `compression` how many times zlib makes the
    text smaller, `hints` the names the recogniser was given for this hearing.
    """

    chunk: Chunk
    words: tuple[Word, ...]
    logprob: float
    no_speech: float
    compression: float
    hints: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)


def plain(text: str) -> str:
    """A word as compared here: lower case, letters and digits only."""
    return re.sub(r"[^\w]+", "", text.casefold())


def doubt(hearing: Hearing) -> Doubt | None:
    """Why a chunk should be heard again, more carefully; None where it need not be."""
    if hearing.compression > LOOPED or loops(hearing.words):
        return "loops"
    if only_hints(hearing.words, hearing.hints):
        return "only hints"
    if _silences(hearing):
        return "leaves speech without words"
    if hearing.logprob < UNSURE:
        return "unsure"
    return None


def better(first: Hearing, second: Hearing) -> Hearing:
    """The more believable of two hearings of one chunk."""

    def flaws(hearing: Hearing) -> tuple[bool, int, float]:
        looped = hearing.compression > LOOPED or bool(loops(hearing.words))
        return looped, len(_silences(hearing)), -hearing.logprob

    return min(first, second, key=flaws)


def believed(hearing: Hearing) -> tuple[tuple[Word, ...], tuple[Dropped, ...]]:
    """
    Return the words of a chunk that can be believed, in order, and what was dropped.

    All guards are applied; words that the recogniser put far before the speech they
    belong to are moved next to the words they go with.
    """
    words = hearing.words
    if not words:
        return (), ()
    if reason := _whole(hearing):
        return (), (_dropped(words, reason),)
    dropped: list[Dropped] = []
    for start, end, period in reversed(loops(words)):
        dropped.append(_dropped(words[start + period : end], "a loop: the same words again and again"))
        words = words[: start + period] + words[end:]
    kept: list[Word] = []
    for word in snapped(words, hearing.chunk.speech):
        reason = _single(word, hearing)
        if reason:
            dropped.append(_dropped((word,), reason))
        else:
            kept.append(word)
    for start, end in reversed(_rushed(kept)):
        dropped.append(_dropped(kept[start:end], "faster than anybody speaks"))
        del kept[start:end]
    for gap in _gaps(kept):
        if any(gap.overlap(span) for span in hearing.chunk.speech):
            dropped.append(Dropped(gap, "", "somebody may speak here, but no words were understood"))
    return tuple(kept), tuple(sorted(dropped, key=lambda d: d.span))


def loops(words: Sequence[Word], *, times: int = 4, longest: int = 12) -> list[tuple[int, int, int]]:
    """
    Where the same one to `longest` words follow each other `times` or more: (start, end, period).

    Ranges do not overlap and are in order. A single word needs twice as many, because
    people do say "no, no, no, no".
    """
    tokens = [plain(word.text) for word in words]
    found: list[tuple[int, int, int]] = []
    at = 0
    while at < len(tokens):
        for period in range(1, min(longest, (len(tokens) - at) // 2) + 1):
            end = at + period
            while end < len(tokens) and tokens[end] == tokens[end - period]:
                end += 1
            if end - at >= period * (2 * times if period == 1 else times):
                found.append((at, end, period))
                at = end
                break
        else:
            at += 1
    return found


def only_hints(words: Sequence[Word], hints: Sequence[str]) -> bool:
    """Whether every word that is heard is one of the hints' words."""
    known = {plain(part) for hint in hints for part in hint.split()} - {""}
    heard = [token for word in words if (token := plain(word.text))]
    return bool(heard) and all(token in known for token in heard)


def snapped(words: Sequence[Word], speech: Sequence[Span]) -> tuple[Word, ...]:
    """
    Move a word or two that stand alone, over `LARGEST_GAP` before the rest, and not in speech.

    The words' order stays; each moved word keeps its length where there is room.
    """
    moved = list(words)
    for at in range(min(2, len(moved) - 1), 0, -1):
        if moved[at].span.start - moved[at - 1].span.end <= LARGEST_GAP:
            continue
        if any(word.span.overlap(span) for word in moved[:at] for span in speech):
            continue
        edge = moved[at].span.start
        for back in range(at - 1, -1, -1):
            start = max(0, edge - moved[back].span.duration)
            moved[back] = replace(moved[back], span=Span(start, edge))
            edge = start
        break
    return tuple(moved)


def in_order(words: Sequence[Word], duration: int) -> tuple[Word, ...]:
    """The same words sorted by time, each within 0 and `duration` ms and none starting before the last."""
    ordered: list[Word] = []
    floor = 0
    for word in words:
        start = min(max(word.span.start, floor), duration)
        end = min(max(word.span.end, start), duration)
        ordered.append(replace(word, span=Span(start, end)))
        floor = start
    return tuple(ordered)


def _whole(hearing: Hearing) -> str | None:
    """Why nothing of a chunk can be believed."""
    spoken = sum(span.duration for span in hearing.chunk.speech)
    phrase = " ".join(filter(None, (plain(word.text) for word in hearing.words)))
    if hearing.no_speech > NOT_SPEECH and hearing.logprob < UNSURE:
        return "the recogniser itself doubts that anybody speaks"
    if phrase in _PHRASES and (hearing.no_speech > 0.3 or hearing.logprob < UNSURE) and spoken < 4_000:
        return "a stock phrase written over noise"
    if only_hints(hearing.words, hearing.hints):
        return "nothing but the hints the recogniser was given"
    if hearing.logprob < -1.5:
        return "the recogniser was guessing"
    return None


def _single(word: Word, hearing: Hearing) -> str | None:
    """Why one word cannot be believed."""
    if len(word.text) > 40 and len(set(plain(word.text))) < 8:
        return "a loop inside one word"
    if not plain(word.text):
        return "no letters or digits"
    away = min((word.span.gap(span) for span in hearing.chunk.speech), default=0)
    if away > STRAY and (word.probability or 0) < 0.5:
        return "no speech near it"
    return None


def _rushed(words: Sequence[Word], *, least: int = 5) -> list[tuple[int, int]]:
    """Runs of words too fast to be spoken which the recogniser did not trust either."""
    runs: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(words) + 1):
        fast = end < len(words) and words[end].span.start - words[end - 1].span.start < FASTEST
        if fast:
            continue
        sure = [words[i].probability or 0.0 for i in range(start, end)]
        if end - start >= least and sum(sure) / len(sure) < 0.5:
            runs.append((start, end))
        start = end
    return runs


def _gaps(words: Sequence[Word]) -> list[Span]:
    return [
        Span(a.span.end, b.span.start) for a, b in pairwise(words) if b.span.start - a.span.end > LARGEST_GAP
    ]  # fmt: skip


def _silences(hearing: Hearing) -> list[Span]:
    """Stretches with speech in them, over `LARGEST_GAP` long, in which no word stands."""
    span = hearing.chunk.span
    edges = [Span(span.start, span.start), *(word.span for word in hearing.words), Span(span.end, span.end)]
    open_ = [Span(a.end, b.start) for a, b in pairwise(edges) if b.start - a.end > LARGEST_GAP]
    return [gap for gap in open_ if sum(gap.overlap(part) for part in hearing.chunk.speech) > LARGEST_GAP // 2]


def _dropped(words: Sequence[Word], reason: str) -> Dropped:
    span = Span(words[0].span.start, max(word.span.end for word in words))
    return Dropped(span, " ".join(word.text for word in words), reason)
