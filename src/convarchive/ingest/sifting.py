"""
Finds what the segmentation took for voices and may be music or noise.

A second ear, made to find speech, says how likely each instant holds any. It hears nothing in
most music, but in far and narrow voices now and then neither, so it only raises a dispute: an
instant is undisputed if any second around it is likely enough to hold speech. Disputed sound
founds no voice, and is taken for a voice's only where it sounds like one that was founded
without it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from convarchive.domain.span import Span
from convarchive.ingest.stitching import Floor, cut
from convarchive.ingest.voices import FRAMES, RATE, Flags, Floats, Heard, runs, seconds_at

CHUNK = 512
"""Samples that each likelihood of speech stands for."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """
    What is disputed, and how a dispute is settled.

    `likely`: how likely speech must be (0 to 1; at 0 nothing is disputed) in the mean of `over`
    seconds. `instant`: less than so many seconds are not worth a dispute; `longest`: of no more are
    decided at once. `like`: the cosine with the nearest voice under which disputed sound is nobody's,
    less for short pieces. `undisputed`: a local voice founds none if less than this part of it is.
    """

    likely: float = 0.4
    over: float = 1.0
    instant: float = 0.3
    longest: float = 4.0
    like: float = 0.4
    undisputed: float = 0.5


def speaks(likelihood: Floats, sieve: Sieve) -> Flags:
    """bool [chunks]: where speech is undisputed; `likelihood` float32 [chunks]: how likely each CHUNK holds any."""
    count = len(likelihood)
    size = min(max(1, round(sieve.over * RATE / CHUNK)), max(1, count))
    total = np.concatenate(([0.0], np.cumsum(likelihood, dtype=np.float64)))
    enough = (total[size:] - total[:-size]) / size >= sieve.likely
    # Each stretch that is likely enough lets all of its chunks through.
    change = np.zeros(count + 1, dtype=np.int64)
    starts = np.flatnonzero(enough)
    np.add.at(change, starts, 1)
    np.add.at(change, starts + size, -1)
    return np.asarray(np.cumsum(change[:count]) > 0)


def disputed(floor: Floor, spoken: Flags, sieve: Sieve) -> tuple[tuple[int, Span], ...]:
    """The disputed parts of each voice's stretches, in pieces: (its place in `floor`, piece)."""
    quiet = [Span(a * CHUNK * 1000 // RATE, b * CHUNK * 1000 // RATE) for a, b in runs(~spoken)]
    ends = [span.end for span in quiet]
    found: list[tuple[int, Span]] = []
    for voice, spans in enumerate(floor):
        for span in spans:
            for one in quiet[bisect_right(ends, span.start) :]:
                if one.start >= span.end:
                    break
                both = Span(max(one.start, span.start), min(one.end, span.end))
                if both.duration >= sieve.instant * 1000:
                    found += [(voice, piece) for piece in cut(both, round(sieve.longest * 1000))]
    return tuple(found)


def sifted(heard: Heard, spoken: Flags) -> Heard:
    """The window with silence where `spoken` (of the whole recording, from `speaks`) disputes speech."""
    if not len(spoken):
        return heard
    places = [int(seconds_at(heard.start + frame) * RATE) // CHUNK for frame in range(FRAMES)]
    there = spoken[np.minimum(places, len(spoken) - 1)]
    return Heard(heard.start, heard.activity * there[:, None], heard.speech * there)
