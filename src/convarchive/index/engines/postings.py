"""
Passages by their words: for each stem the passages that hold it, in arrays that lie in one mapped file.

Scores are BM25 as SQLite's FTS5 works them out (Robertson's formula, k1 1.2, b 0.75), and stems
are FTS5's own, so that both rank alike; but a word's passages are added up as whole arrays, and a
filter is one more array, which is what makes a million passages quick (docs/decisions).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from convarchive.index.engines import postings_file
from convarchive.index.engines.postings_file import Postings, gathered, merged, without
from convarchive.index.ports import Numbers, Scored, Scores
from convarchive.index.spelling import Spelling
from convarchive.store.stemming import Stemmer

K1, B = 1.2, 0.75
"""As FTS5 has them."""
_LEAST = 1e-6
"""What the logarithm of a word that most passages hold counts for, as in FTS5."""
_TEXTS = 50_000
"""Texts that are cut into stems at once."""
_NOTHING = np.empty(0, np.int64)


class PostingsIndex:
    """All passages' words. Reading from several threads is safe; changing is for one."""

    def __init__(self, postings: Postings | None = None) -> None:
        self._postings = postings or postings_file.EMPTY
        self._stemmer = Stemmer()
        self._room = threading.local()

    @classmethod
    def load(cls, path: Path, sha256: str | None = None) -> Self:
        """
        Map a saved index; with `sha256`, only if its bytes have that digest.

        Raises IndexMissing where there is none, IndexCorrupt where it is damaged.
        """
        return cls(postings_file.load(path, sha256))

    def save(self, path: Path) -> None:
        """Write atomically to `path`. Raises HomeNotWritable where the disk is full or read-only."""
        postings_file.save(self._postings, path)

    # -- changing ---------------------------------------------------------------------

    def add(self, numbers: Numbers, texts: Sequence[str]) -> None:
        """Add texts under new passage numbers. Raises ValueError for numbers not higher than those it has."""
        held = self.held()
        if len(numbers) != len(texts):
            raise ValueError(f"{len(numbers)} numbers for {len(texts)} texts")
        if len(numbers) and ((np.diff(numbers) <= 0).any() or numbers[0] <= (held[-1] if len(held) else 0)):
            raise ValueError("passage numbers must rise, above those that are there")
        parts = [self._postings]
        for start in range(0, len(texts), _TEXTS):
            some = self._stemmer.occurrences(texts[start : start + _TEXTS])
            parts.append(gathered(some, numbers[start : start + _TEXTS]))
        self._renew(merged(parts))

    def remove(self, numbers: Numbers) -> int:
        """Forget these numbers' words; return how many were there."""
        held = self.held()
        gone = held[np.isin(held, numbers)]
        if len(gone):
            self._renew(without(self._postings, gone))
        return len(gone)

    def held(self) -> Numbers:
        """The passage numbers it covers, in order."""
        return self._held

    def _renew(self, postings: Postings) -> None:
        self._postings = postings
        for name in ("_where", "_held", "_count", "_slowness", "_spelling"):
            self.__dict__.pop(name, None)

    # -- reading ----------------------------------------------------------------------

    def scores(
        self, weights: Mapping[str, float], k: int, allowed: Numbers | None = None, beside: Numbers | None = None
    ) -> Scored:
        """See `LexicalIndex`."""
        room = self._emptied()
        touched: list[NDArray[np.uint32]] = []
        try:
            for word, weight in weights.items():
                holding, times = self._holding(self._stemmer.stems(word))
                if len(holding) and weight:
                    touched.append(holding)
                    share = times * np.float32(K1 + 1) / (times + self._slowness[holding])
                    room[holding] += np.float32(weight * self._logarithm(len(holding))) * share
            next_to = self._of(room, beside)
            if not touched:
                return Scored(_NOTHING, np.empty(0, np.float32), 0.0, 0.0, next_to)
            everything = allowed is None or np.array_equal(allowed, self._held)
            numbers, values = _positive(room, touched, None if everything else allowed)
        finally:
            for holding in touched:
                room[holding] = 0
        wide = values.astype(np.float64)
        best = _best(numbers, values, k)
        return Scored(numbers[best], values[best], float(wide.sum()), float(np.square(wide).sum()), next_to)

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """See `LexicalIndex`."""
        return {word: self._logarithm(len(self._holding(self._stemmer.stems(word))[0])) for word in words}

    def phrase(self, words: Sequence[str]) -> Numbers:
        """See `LexicalIndex`."""
        stems = [stem for word in words for stem in self._stemmer.stems(word)]
        return self._holding(stems)[0].astype(np.int64)

    def near(self, word: str, distance: int = 1) -> tuple[tuple[str, int], ...]:
        """See `LexicalIndex`."""
        stems = self._stemmer.stems(word)
        return self._spelling.near(stems[0], distance) if len(stems) == 1 else ()

    def _emptied(self) -> Scores:
        """Each thread's own array over all numbers, all zero: making one takes longer than a query."""
        size = len(self._postings.lengths)
        room: Scores | None = getattr(self._room, "values", None)
        if room is None or len(room) != size:
            room = self._room.values = np.zeros(size, np.float32)
        return room

    def _of(self, room: Scores, numbers: Numbers | None) -> Scores:
        if numbers is None or not len(numbers):
            return np.empty(0, np.float32)
        known = numbers < len(room)
        found: Scores = np.where(known, room[np.where(known, numbers, 0)], 0).astype(np.float32)
        return found

    def _logarithm(self, holding: int) -> float:
        return max(math.log((self._count - holding + 0.5) / (holding + 0.5)), _LEAST)

    def _holding(self, stems: Sequence[str]) -> tuple[NDArray[np.uint32], Scores]:
        """The passages that hold these stems one after another, and how often."""
        if len(stems) == 1:
            place = self._where.get(stems[0])
            if place is None:
                return np.empty(0, np.uint32), np.empty(0, np.float32)
            numbers, times, _ = self._postings.of(place)
            return numbers, times.astype(np.float32)
        every = self._starts(stems)
        first = np.flatnonzero(np.diff(every, prepend=-1))
        return every[first].astype(np.uint32), np.diff(first, append=len(every)).astype(np.float32)

    def _starts(self, stems: Sequence[str]) -> Numbers:
        """The passages in which these stems stand one after another, each as often as they do, in order."""
        known = [self._where.get(stem) for stem in stems]
        if not known or any(one is None for one in known):
            return _NOTHING
        places = [(offset, one) for offset, one in enumerate(known) if one is not None]
        # The rarest word first: the others are looked up where it stands alone.
        places.sort(key=lambda pair: self._postings.frequency(pair[1]))
        kept: NDArray[np.int64] | None = None
        for offset, one in places:
            at = self._postings.occurrences(one) - offset
            kept = at if kept is None else kept[_among(kept, at)]
            if not len(kept):
                break
        assert kept is not None
        return kept[(kept & 0xFFFF) + len(stems) <= 0xFFFF] >> 16

    @cached_property
    def _where(self) -> dict[str, int]:
        return {stem: place for place, stem in enumerate(self._postings.stems)}

    @cached_property
    def _held(self) -> Numbers:
        found: Numbers = np.flatnonzero(self._postings.lengths)
        return found

    @cached_property
    def _count(self) -> int:
        return len(self._held)

    @cached_property
    def _slowness(self) -> Scores:
        """By passage number: how many times a word has to stand there to count half."""
        lengths = self._postings.lengths.astype(np.float32)
        lengths[lengths > 0] -= 1
        mean = float(lengths.sum(dtype=np.float64)) / max(self._count, 1)
        found: Scores = (K1 * (1 - B + B * lengths / max(mean, 1e-9))).astype(np.float32)
        return found

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._postings.stems, np.diff(self._postings.starts).astype(np.int64))


def _positive(room: Scores, touched: Sequence[NDArray[np.uint32]], allowed: Numbers | None) -> tuple[Numbers, Scores]:
    """The numbers with a score, in order, and their scores; of those `allowed`, where given."""
    if allowed is not None:
        inside = allowed if not len(allowed) or allowed[-1] < len(room) else allowed[allowed < len(room)]
        values = room[inside]
        there = np.flatnonzero(values > 0)
        return inside[there], values[there]
    numbers = touched[0].astype(np.int64) if len(touched) == 1 else np.flatnonzero(room > 0)
    return numbers, room[numbers]


def _best(numbers: Numbers, values: Scores, k: int) -> NDArray[np.int64]:
    """Places of the `k` best, best first, equal ones by number."""
    places = np.arange(len(values))
    if 0 < k < len(values):
        least = np.partition(values, len(values) - k)[len(values) - k]
        places = np.flatnonzero(values >= least)
    order = np.lexsort((numbers[places], -values[places]))[: max(k, 0)]
    return places[order]


def _among(some: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of `some` stand in `others`; both sorted."""
    places = np.minimum(np.searchsorted(others, some), len(others) - 1)
    found: NDArray[np.bool_] = others[places] == some
    return found
