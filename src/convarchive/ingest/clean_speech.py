"""Finds where each voice of a recording is heard speaking, and nobody else: what a voice can be known by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from convarchive.domain.span import Span, joined
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance

GUARD = 250
"""Milliseconds kept away from everybody else's speech: borders of turns are no surer than that."""
PAUSE = 500
"""Milliseconds between two words that still belong to one stretch."""
SHORTEST = 1_000
"""Milliseconds of a stretch that is worth listening to."""


def clean_speech(
    turns: Sequence[Turn], utterances: Sequence[Utterance], without: Sequence[Span] = ()
) -> dict[SpeakerLabel, tuple[Span, ...]]:
    """
    The stretches in which a voice holds the floor alone and says words, by voice, in order of time.

    What lies in `without` is left out as well.
    """
    found: dict[SpeakerLabel, tuple[Span, ...]] = {}
    for label in dict.fromkeys(turn.label for turn in sorted(turns)):
        own = joined([turn.span for turn in turns if turn.label == label])
        others = [_widened(turn.span) for turn in turns if turn.label != label]
        words = joined([word.span for said in utterances if said.label == label for word in said.words], gap=PAUSE)
        spoken = _shared(own, words)
        alone = _without(spoken, joined([*others, *without]))
        found[label] = tuple(span for span in alone if span.duration >= SHORTEST)
    return {label: spans for label, spans in found.items() if spans}


def _widened(span: Span) -> Span:
    return Span(max(0, span.start - GUARD), span.end + GUARD)


def _shared(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """What two rows of stretches, each in order and apart, have in common."""
    found: list[Span] = []
    a = b = 0
    while a < len(one) and b < len(other):
        both = one[a] & other[b]
        if both is not None:
            found.append(both)
        if one[a].end <= other[b].end:
            a += 1
        else:
            b += 1
    return tuple(found)


def _without(spans: Sequence[Span], taken: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of some stretches after others have been taken out of them, both in order and apart."""
    left: list[Span] = []
    for span in spans:
        start = span.start
        at = bisect_right(taken, start, key=lambda gone: gone.end)
        while at < len(taken) and taken[at].start < span.end:
            if taken[at].start > start:
                left.append(Span(start, taken[at].start))
            start = max(start, taken[at].end)
            at += 1
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)
