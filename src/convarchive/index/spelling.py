"""
Words spelt almost alike: letters left out, put in, changed, or two neighbours swapped.

The distance is Damerau's, restricted to swaps of neighbours (optimal string alignment, Wagner
and Fischer's table with one more case), worked out for all candidates at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SHORTEST = 4
"""Letters of a word; a shorter one is almost like half of the dictionary."""
_LONGEST = 32
"""Letters that are compared; whoever mistypes a longer word is told from the rest of it."""


class Spelling:
    """A vocabulary to look words up in."""

    def __init__(self, words: Sequence[str], counts: NDArray[np.int64]) -> None:
        self._words = words
        self._counts = counts
        self._lengths = np.fromiter((len(word) for word in words), np.int64, len(words))
        letters = np.zeros((len(words), _LONGEST), np.uint32)
        joined = np.frombuffer("".join(word[:_LONGEST] for word in words).encode("utf-32-le"), np.uint32)
        letters[np.arange(_LONGEST) < np.minimum(self._lengths, _LONGEST)[:, None]] = joined
        self._letters = letters
        self._bags = _bags(letters)

    def near(self, word: str, distance: int) -> tuple[tuple[str, int], ...]:
        """Words at most so far from this one, without it, nearest and then most frequent first."""
        if not SHORTEST <= len(word) <= _LONGEST:
            return ()
        own = np.frombuffer(word.encode("utf-32-le"), np.uint32)
        bag = _bags(own[None])[0]
        # One edit adds and takes at most one kind of letter each.
        alike = np.bitwise_count(self._bags ^ bag) <= 2 * distance
        alike &= (np.abs(self._lengths - len(word)) <= distance) & (self._lengths >= SHORTEST - 1)
        alike &= self._lengths <= _LONGEST
        places = np.flatnonzero(alike)
        far = _distances(own, self._letters[places], self._lengths[places])
        close = [(int(d), -int(self._counts[p]), self._words[int(p)]) for d, p in zip(far, places, strict=True)]
        return tuple((found, -count) for d, count, found in sorted(close) if 0 < d <= distance)


def _bags(letters: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Which kinds of letters stand in each row, as bits."""
    bits = np.where(letters > 0, np.uint64(1) << (letters % 61).astype(np.uint64), np.uint64(0))
    bags: NDArray[np.uint64] = np.bitwise_or.reduce(bits, axis=1)
    return bags


def _distances(own: NDArray[np.uint32], letters: NDArray[np.uint32], lengths: NDArray[np.int64]) -> NDArray[np.int16]:
    rows, width = letters.shape
    before = np.zeros((rows, width + 1), np.int16)
    last = np.tile(np.arange(width + 1, dtype=np.int16), (rows, 1))
    for i, letter in enumerate(own):
        row = np.empty_like(last)
        row[:, 0] = i + 1
        for j in range(width):
            other = letters[:, j]
            best = np.minimum(last[:, j] + (other != letter), np.minimum(last[:, j + 1], row[:, j]) + 1)
            if i and j:
                swapped = (other == own[i - 1]) & (letters[:, j - 1] == letter)
                best = np.where(swapped, np.minimum(best, before[:, j - 1] + 1), best)
            row[:, j + 1] = best
        before, last = last, row
    found: NDArray[np.int16] = last[np.arange(rows), lengths]
    return found
