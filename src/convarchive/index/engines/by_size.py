"""
The kind of index that fits how much there is: exact for a small archive, in two steps for a large one.

Which it is depends on the number of vectors alone, so that the same vectors always lie in the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np

from convarchive.index.engines import two_step_file
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.engines.two_step import TwoStepIndex
from convarchive.index.ports import Numbers, Stats, VectorIndex, Vectors

EXACT_UPTO = 5000
"""
Vectors that are kept and compared whole: 8 MB, within a fraction of a millisecond. Beyond, 1.5 kB a
quote buy what 0.4 kB give as well: at 10,000 quotes 997 of 1,000 nearest are the same.
"""


class IndexBySize:
    """Hands everything to the kind that fits. Reading from several threads is safe; changing is for one."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._inner: VectorIndex = FaissIndex(dimensions)

    @classmethod
    def load(cls, path: Path, sha256: str | None = None) -> Self:
        """Open a saved index of either kind. Raises IndexMissing, IndexCorrupt."""
        inner: FaissIndex | TwoStepIndex = (
            TwoStepIndex.load(path) if two_step_file.is_one(path) else FaissIndex.load(path, sha256)
        )
        index = cls(inner.stats().dimensions)
        index._inner = inner
        return index

    @classmethod
    def reopen(cls, path: Path, count: int) -> Self | None:
        """
        Open a saved index to be carried on until it holds `count` vectors; None where it or they are few.

        A small one is made anew sooner than carried on. Raises IndexMissing, IndexCorrupt.
        """
        if not two_step_file.is_one(path):
            return None
        index = cls.load(path)
        return index if is_large(count, index._dimensions) else None

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add vectors under new passage numbers. Raises ValueError for a number already there."""
        inner = self._inner
        if isinstance(inner, FaissIndex) and self._is_large(inner.stats().count + len(numbers)):
            held = inner.numbers()
            larger = TwoStepIndex(self._dimensions)
            larger.add(held, inner.vectors(held))
            larger.add(numbers, vectors)
            self._inner = larger
        else:
            inner.add(numbers, vectors)

    def remove(self, numbers: Numbers) -> int:
        """
        Forget these numbers; return how many were there.

        What was rounded cannot be made whole again: a large index stays of its kind until it is rebuilt.
        """
        return self._inner.remove(numbers)

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> tuple[Numbers, Vectors]:
        """The `k` best of all, or of those `allowed`; equal scores by number."""
        return self._inner.search(query, k, allowed)

    def numbers(self) -> Numbers:
        """All passage numbers that are held, ascending."""
        return self._inner.numbers()

    def vectors(self, numbers: Numbers) -> Vectors:
        """What is held under these numbers, in their order. Raises ValueError for a number that is not there."""
        return self._inner.vectors(numbers)

    def stats(self) -> Stats:
        """Say what the index holds."""
        return self._inner.stats()

    def rebuild(self, numbers: Numbers, vectors: Vectors) -> None:
        """Replace everything."""
        fresh: VectorIndex = (
            TwoStepIndex(self._dimensions) if self._is_large(len(numbers)) else FaissIndex(self._dimensions)
        )
        fresh.rebuild(np.asarray(numbers, np.int64), vectors)
        self._inner = fresh

    def save(self, path: Path) -> None:
        """Write atomically to `path`. Raises HomeNotWritable."""
        self._inner.save(path)

    def _is_large(self, count: int) -> bool:
        return is_large(count, self._dimensions)


def is_large(count: int, dimensions: int) -> bool:
    """Whether so many vectors are kept in two steps."""
    return count > EXACT_UPTO and dimensions % 8 == 0
