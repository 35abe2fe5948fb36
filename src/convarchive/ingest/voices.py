"""
Reads what the ear for voices reports about a ten-second window: who is heard in it, and who is heard alone.

A segmentation model listens to windows of ten seconds and tells, for each frame of
about 17 ms, which of at most three local voices speak, two of them at once at most.
Its seven classes are the "powerset" of the voices: nobody, one of three, or one of
three pairs (Plaquet and Bredin, "Powerset multi-class cross entropy loss for neural
speaker diarization", Interspeech 2023). Local voices are anonymous: the first voice
of one window need not be the first of the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

RATE = 16_000
"""Samples a second."""
WINDOW = 160_000
"""Samples the segmentation hears at once: ten seconds."""
FRAME = 270
"""Samples from one frame to the next."""
FIELD = 991
"""Samples each frame is judged by; frame `i` is centred at `i * FRAME + FIELD / 2`."""
FRAMES = 589
"""Frames of one window."""
LOCAL = 3
"""Voices that one window can tell apart."""

# Which of the three voices each class holds: nobody, one of them, or a pair.
_POWERSET = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], dtype=np.float32
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """
    What the segmentation heard in one window that begins at frame `start` of the recording.

    `activity` float32 [FRAMES, LOCAL]: how likely each local voice speaks.
    `speech` float32 [FRAMES]: how likely anybody does.
    """

    start: int
    activity: Floats
    speech: Floats

    @property
    def overlap(self) -> Floats:
        """float32 [FRAMES]: how likely two voices speak at once."""
        # Each pair counts twice among the voices and once as speech.
        return np.asarray(np.clip(self.activity.sum(axis=1) - self.speech, 0.0, 1.0), dtype=np.float32)

    @property
    def alone(self) -> Flags:
        """bool [FRAMES, LOCAL]: where a voice speaks and no other does."""
        speaks = self.activity > 0.5
        return np.asarray(speaks & (speaks.sum(axis=1, keepdims=True) == 1))


def decoded(start: int, scores: Floats) -> Heard:
    """Turn a window's class scores (log-probabilities, [FRAMES, 7]) into what was heard."""
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return Heard(start, (likely @ _POWERSET).astype(np.float32), (1.0 - likely[:, 0]).astype(np.float32))


def frames_in(samples: int) -> int:
    """How many whole frames a recording of so many samples has, at least one window's."""
    return max(FRAMES, -(-max(0, samples - FIELD) // FRAME) + 1)


def window_starts(samples: int, step: float) -> tuple[int, ...]:
    """
    The frames at which windows begin, `step` seconds apart, the last one aligned to the end.

    Windows stand on the recording's own grid of frames, so that what neighbours heard
    of the same instant can be laid on top of each other.
    """
    last = frames_in(samples) - FRAMES
    stride = max(1, round(step * RATE / FRAME))
    starts = list(range(0, last, stride))
    # An end that nearly coincides with the regular grid needs no window of its own.
    return (*starts, last)


def seconds_at(frame: int) -> float:
    """When the stretch that frame `frame` stands for begins, in seconds (0 for the first)."""
    return max(0.0, (frame * FRAME + (FIELD - FRAME) / 2) / RATE) if frame > 0 else 0.0


def central(flags: Flags, most: int) -> NDArray[np.intp]:
    """
    The places of at most `most` true flags, nearest the middle of all true ones.

    The middle of a stretch of speech is cleaner than its edges, where voices hand over.
    """
    places = np.flatnonzero(flags)
    spare = max(0, len(places) - most)
    return places[spare // 2 : len(places) - (spare - spare // 2)]


def runs(flags: Flags) -> tuple[tuple[int, int], ...]:
    """The stretches [start, end) over which `flags` stay true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return tuple((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def same_voices(before: Heard, after: Heard, *, least: float = 1.0, share: float = 0.8) -> Flags:
    """
    bool [LOCAL, LOCAL]: which voice of `before` goes on as which of `after`.

    They do where, in the seconds that both windows heard, they speak together for at
    least `least` seconds and for `share` of the time that either does.
    """
    shared = before.start + FRAMES - after.start
    if shared <= 0:
        return np.zeros((LOCAL, LOCAL), dtype=np.bool_)
    then = (before.activity[-shared:] > 0.5).astype(np.float32)
    now = (after.activity[:shared] > 0.5).astype(np.float32)
    both = then.T @ now
    either = then.sum(axis=0)[:, None] + now.sum(axis=0)[None, :] - both
    return np.asarray((both >= least * RATE / FRAME) & (both >= share * either))
