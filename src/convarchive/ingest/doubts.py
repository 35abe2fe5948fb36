"""
Says which stretches of a voice must be heard once more, because another voice may be in them.

Brief ones always: a window's voice is named by its whole sound, and a brief one counts little
in it. Long ones only where a window that heard them found the voice less like itself than it
usually is: there the segmentation may have taken two people for one, and they are heard piece
by piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convarchive.domain.span import Span
from convarchive.ingest.stitching import NOBODY, Floor, Match, alone, cut
from convarchive.ingest.voices import FRAMES, Floats, Heard, seconds_at


@dataclass(frozen=True, slots=True)
class Care:
    """
    What is heard again.

    `lone`: a stretch of one voice alone of so many seconds at least. `doubtful`: longer ones than
    so many seconds only where the voice is less than `usual` times as like itself as it is in half
    of the windows; they are cut into pieces of `piece` seconds at most. `surely`: a voice alone for
    fewer seconds in a window says nothing about that.
    """

    lone: float = 0.7
    doubtful: float = 6.0
    usual: float = 0.9
    piece: float = 3.0
    surely: float = 2.0


def doubted(
    heard: Sequence[Heard],
    alike: Sequence[Floats],
    seconds: Sequence[Floats],
    matches: Sequence[Match],
    care: Care,
) -> tuple[tuple[Span, ...], ...]:
    """
    For each voice the windows in which it is less like itself than usual.

    `alike[w]` float32 [LOCAL, voices] holds cosines with the voices' centroids, all zeros for a
    local voice without a vector; `seconds[w]` [LOCAL] says how long each is alone.
    """
    voices = alike[0].shape[1] if len(alike) else 0
    known: list[list[tuple[Span, float]]] = [[] for _ in range(voices)]
    for window, cosines, long, match in zip(heard, alike, seconds, matches, strict=True):
        span = Span.seconds(seconds_at(window.start), seconds_at(window.start + FRAMES))
        for local, voice in enumerate(match):
            if voice != NOBODY and cosines[local].any() and long[local] >= care.surely:
                known[voice].append((span, float(cosines[local, voice])))
    found = []
    for own in known:
        usual = float(np.median([cosine for _, cosine in own])) if own else 0.0
        found.append(tuple(span for span, cosine in own if cosine < care.usual * usual))
    return tuple(found)


def to_hear_again(floor: Floor, doubts: Sequence[Sequence[Span]], care: Care) -> tuple[tuple[int, Span], ...]:
    """The stretches to be heard once more, each with the voice (its place in `floor`) that holds it, in order."""
    found: list[tuple[int, Span]] = []
    for voice, span in alone(floor, round(care.lone * 1000)):
        if span.duration <= care.doubtful * 1000:
            found.append((voice, span))
        elif any(span.overlap(window) for window in doubts[voice]):
            found += [(voice, piece) for piece in cut(span, round(care.piece * 1000))]
    return tuple(found)
