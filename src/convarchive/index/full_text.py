"""
The catalogue's own full text as an index of words: always in step, and quick enough for a small archive.

SQLite scores every passage that holds a word anew at each question, so that the time grows with
the archive; `engines.postings` takes over where that is felt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from convarchive.index.ports import Numbers, Scored, Scores
from convarchive.index.spelling import Spelling
from convarchive.store.reader import Reader
from convarchive.store.stemming import Stemmer


@cache
def _stemmer() -> Stemmer:
    return Stemmer()


class FullText:
    """The full text as one reader's transaction sees it; see `LexicalIndex`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def scores(
        self, weights: Mapping[str, float], k: int, allowed: Numbers | None = None, beside: Numbers | None = None
    ) -> Scored:
        """See `LexicalIndex`."""
        parts = [(*self._reader.word_scores(word), weight) for word, weight in weights.items() if weight]
        if not parts:
            nothing = np.empty(0, np.float32)
            none_beside = np.zeros(0 if beside is None else len(beside), np.float32)
            return Scored(np.empty(0, np.int64), nothing, 0.0, 0.0, none_beside)
        every = np.concatenate([np.array(numbers, np.int64) for numbers, _, _ in parts])
        shares = np.concatenate([np.array(values, np.float64) * weight for _, values, weight in parts])
        numbers, places = np.unique(every, return_inverse=True)
        values = np.bincount(places, shares, len(numbers)).astype(np.float64)
        next_to = _looked_up(numbers, values, beside)
        if allowed is not None:
            inside = np.isin(numbers, allowed, assume_unique=True)
            numbers, values = numbers[inside], values[inside]
        best = np.lexsort((numbers, -values.astype(np.float32)))[: max(k, 0)]
        return Scored(
            numbers[best], values[best].astype(np.float32), float(values.sum()), float(values @ values), next_to
        )

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """See `LexicalIndex`."""
        return self._reader.word_rarities(words)

    def phrase(self, words: Sequence[str]) -> Numbers:
        """See `LexicalIndex`."""
        return np.array(sorted(self._reader.with_phrase(" ".join(words))), np.int64)

    def near(self, word: str, distance: int = 1) -> tuple[tuple[str, int], ...]:
        """See `LexicalIndex`."""
        stems = _stemmer().stems(word)
        if len(stems) != 1:
            return ()
        known, counts = self._reader.vocabulary()
        return Spelling(known, np.array(counts, np.int64)).near(stems[0], distance)


def _looked_up(numbers: Numbers, values: NDArray[np.float64], wanted: Numbers | None) -> Scores:
    if wanted is None or not len(wanted):
        return np.empty(0, np.float32)
    if not len(numbers):
        return np.zeros(len(wanted), np.float32)
    places = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return np.where(numbers[places] == wanted, values[places], 0).astype(np.float32)
