"""
What the catalogue has a vector of though the last build did not know it: found as what the build covers is.

A quote whose name changed may come back as another passage of the same words, whose vector is
there already. Such passages are held beside the index for one answer, compared one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convarchive.index.among import within
from convarchive.index.live import Opened
from convarchive.index.ports import FindsVectors, Numbers, Stats, Vectors
from convarchive.store.read_index import IndexReads

MOST = 5_000
"""Passages newer than the build that are looked at, the newest ones: more would be felt in every answer."""


@dataclass(frozen=True, slots=True)
class Covered:
    """An index with what stands beside it; `numbers` are the passages above its highest that it answers for."""

    opened: Opened
    numbers: Numbers

    def among(self, shown: Numbers) -> Numbers:
        """Those of these passages (sorted) that are answered for."""
        split = np.searchsorted(shown, self.opened.manifest.highest, side="right")
        later = shown[split:]
        return np.concatenate([shown[:split], later[np.isin(later, self.numbers, assume_unique=True)]])

    def knows(self, number: int) -> bool:
        """Whether this passage is answered for, if it is there at all."""
        return number <= self.opened.manifest.highest or bool(np.isin(number, self.numbers))


def covered(reads: IndexReads, opened: Opened, shown: Numbers) -> Covered:
    """The index, with those of the shown passages (sorted) beside it that it lacks and that have a vector."""
    found, manifest = held_beside(reads, shown, opened.manifest.highest, opened.manifest.encoder), opened.manifest
    if not found:
        return Covered(opened, np.empty(0, np.int64))
    numbers = np.array(sorted(found), np.int64)
    vectors = np.stack([np.frombuffer(found[int(number)], "<f4") for number in numbers]).astype(np.float32)
    if vectors.shape[1] != manifest.dimensions:
        return Covered(opened, np.empty(0, np.int64))
    # The catalogue's own full text knows their words; a stored index of words does not yet.
    return Covered(replace(opened, index=Extended(opened.index, numbers, vectors), words=None), numbers)


def held_beside(reads: IndexReads, there: Numbers, highest: int, encoder: str) -> dict[int, bytes]:
    """Vectors (little-endian float32) of the newest of these passages (sorted) above `highest` that have one."""
    later = there[np.searchsorted(there, highest, side="right") :][-MOST:]
    if not len(later):
        return {}
    wanted = set(later.tolist())
    return {number: blob for number, blob in reads.vectors_from(int(later[0]), encoder).items() if number in wanted}


class Extended:
    """A `FindsVectors`: an index that is built, and a few vectors more under numbers (sorted) that it lacks."""

    def __init__(self, built: FindsVectors, numbers: Numbers, vectors: Vectors) -> None:
        self._built = built
        self._numbers = numbers
        self._vectors = vectors

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> tuple[Numbers, Vectors]:
        """See `FindsVectors`."""
        inside = None if allowed is None else allowed[~within(allowed, self._numbers)]
        numbers, cosines = self._built.search(query, k, inside)
        chosen = np.ones(len(self._numbers), bool) if allowed is None else within(self._numbers, allowed)
        more = (self._vectors[chosen] @ query).astype(np.float32)
        every, scores = np.concatenate([numbers, self._numbers[chosen]]), np.concatenate([cosines, more])
        best = np.lexsort((every, -scores))[:k]
        return every[best], scores[best]

    def numbers(self) -> Numbers:
        """See `FindsVectors`."""
        return np.concatenate([self._built.numbers(), self._numbers])

    def vectors(self, numbers: Numbers) -> Vectors:
        """See `FindsVectors`."""
        found = np.empty((len(numbers), self._vectors.shape[1]), np.float32)
        mine = np.isin(numbers, self._numbers)
        found[mine] = self._vectors[np.searchsorted(self._numbers, numbers[mine])]
        if not mine.all():
            found[~mine] = self._built.vectors(numbers[~mine])
        return found

    def stats(self) -> Stats:
        """See `FindsVectors`."""
        built = self._built.stats()
        return replace(built, count=built.count + len(self._numbers))
