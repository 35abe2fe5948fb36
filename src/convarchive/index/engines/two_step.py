"""
Nearest vectors among very many: a scan of signs finds candidates, their bytes say how near they are.

Each vector is kept in 9 bits a place (`turning`). For a query the signs of all vectors are scanned by
FAISS's quickest means (André, Kermarrec and Le Scouarnec, "Quicker ADC", 2019), and the candidates
compared again by sign and byte. Where a filter leaves few, all of those are compared. Nothing is
learned from the vectors: adding and removing in any order leaves the bytes that a rebuild makes.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from convarchive.index.engines import two_step_file
from convarchive.index.engines.exact import best, demand_new
from convarchive.index.engines.turning import Bytes, Turning
from convarchive.index.ports import Numbers, Stats, Vectors

KIND = "signs-and-bytes"
LEAST_CANDIDATES, CANDIDATES_EACH = 2000, 8
"""Candidates that signs must name at least, and for each vector that is asked for."""
_FEW, _FEW_OF_ALL = 4000, 0.02
"""As few allowed vectors are all compared; so is a share as small as this."""
_SLACK = 16
_ROUNDING = 1e-5
"""More than single-precision sums can differ from double ones for unit vectors."""
_PRECISION = 0.2
"""The most that rounding takes from a unit vector, as a length; 0.005 is usual, more where one place holds much."""

Rows = NDArray[np.intp]
"""Places in the arrays, ascending."""


class TwoStepIndex:
    """
    Vectors of a multiple of 8 dimensions. Reading from several threads is safe; changing is for one.

    Raises ValueError for other dimensions.
    """

    def __init__(self, dimensions: int) -> None:
        if dimensions % 8:
            raise ValueError(f"{dimensions} dimensions cannot be kept in signs and bytes: not a multiple of 8")
        self._turning = Turning(dimensions)
        self._dimensions = dimensions
        self._held = two_step_file.Held(
            np.empty(0, np.int64), np.empty((0, dimensions // 8), np.uint8), np.empty((0, dimensions), np.uint8)
        )
        self._scan: _Scan | None = None
        self._guard = threading.Lock()

    @classmethod
    def load(cls, path: Path, _sha256: str | None = None) -> Self:
        """
        Map a saved index into memory; its header, size and numbers are looked at, its digest is not.

        Reading hundreds of megabytes for a digest would make every opening slow: `index check`
        does it. Raises IndexMissing, or IndexCorrupt where the file is damaged or of another kind.
        """
        held = two_step_file.read(path)
        index = cls(held.sizes.shape[1])
        index._held = held
        return index

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add vectors under new passage numbers. Raises ValueError for a number already there."""
        demand_new(numbers, vectors, self._dimensions, self._held.numbers)
        signs, sizes = self._turning.rounded(np.ascontiguousarray(vectors, np.float32))
        held = self._held
        joined = (
            np.concatenate([held.numbers, numbers.astype(np.int64)]),
            np.concatenate([held.signs, signs]),
            np.concatenate([held.sizes, sizes]),
        )
        if (np.diff(joined[0]) < 0).any():
            order = np.argsort(joined[0], kind="stable")
            joined = (joined[0][order], joined[1][order], joined[2][order])
        self._hold(two_step_file.Held(*joined))

    def remove(self, numbers: Numbers) -> int:
        """Forget these numbers; return how many were there."""
        held = self._held
        stays = ~np.isin(held.numbers, numbers)
        gone = len(stays) - int(stays.sum())
        if gone:
            self._hold(two_step_file.Held(held.numbers[stays], held.signs[stays], held.sizes[stays]))
        return gone

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> tuple[Numbers, Vectors]:
        """The `k` best of all, or of those `allowed`; equal scores by number."""
        held = self._held
        turned = self._turning.turn_one(query)
        rows = self._compared(turned, max(LEAST_CANDIDATES, CANDIDATES_EACH * k), allowed)
        k = max(0, min(k, len(rows)))
        if not k:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # Of so many only those that may be among the best are compared again in the way that has one order.
        if len(rows) > k + _SLACK:
            products = self._turning.products(held.signs, held.sizes, rows, turned)
            least = np.partition(products, len(products) - k)[len(products) - k]
            rows = rows[products >= least - _ROUNDING]
        return best(held.numbers[rows], self._vectors(rows), turned, k)

    def numbers(self) -> Numbers:
        """All passage numbers that are held, ascending."""
        return self._held.numbers

    def vectors(self, numbers: Numbers) -> Vectors:
        """What is held under these numbers, in their order. Raises ValueError for a number that is not there."""
        held = self._held.numbers
        rows = np.searchsorted(held, numbers)
        if len(numbers) and (not len(held) or (held[np.minimum(rows, len(held) - 1)] != numbers).any()):
            raise ValueError("a number is not in the index")
        return self._turning.back(self._vectors(rows))

    def stats(self) -> Stats:
        """Say what the index holds."""
        return Stats(len(self._held.numbers), self._dimensions, KIND, _PRECISION)

    def rebuild(self, numbers: Numbers, vectors: Vectors) -> None:
        """Replace everything; the same input gives the same bytes on disk, on every machine."""
        fresh = type(self)(self._dimensions)
        fresh.add(numbers, vectors)
        self._hold(fresh._held)

    def save(self, path: Path) -> None:
        """Write atomically to `path`. Raises HomeNotWritable where the disk is full or read-only."""
        two_step_file.write(path, self._held)

    def _hold(self, held: two_step_file.Held) -> None:
        with self._guard:
            self._held, self._scan = held, None

    def _vectors(self, rows: Rows) -> Vectors:
        return self._turning.unrounded(self._held.signs[rows], self._held.sizes[rows])

    def _compared(self, turned: Vectors, wanted: int, allowed: Numbers | None) -> Rows:
        """The rows to compare: all that are allowed where those are few, else candidates by their signs."""
        held = self._held.numbers
        few = max(_FEW, int(_FEW_OF_ALL * len(held)))
        if allowed is None or np.array_equal(held, allowed):
            return np.arange(len(held)) if len(held) <= few else np.sort(self._scanned(turned, wanted))
        if len(allowed) <= few:
            return _places(held, allowed)
        may = _which(held, allowed)
        count = int(np.count_nonzero(may))
        if count <= few:
            return np.flatnonzero(may)
        asked = int(1.2 * wanted * len(held) / count)
        while True:
            found = self._scanned(turned, asked)
            chosen = found[may[found]]
            if len(chosen) >= min(wanted, count) or asked >= len(held):
                return np.sort(chosen[:wanted])
            asked *= 2

    def _scanned(self, turned: Vectors, count: int) -> Rows:
        """The `count` rows whose signs agree best with a turned vector."""
        with self._guard:
            if self._scan is None:
                self._scan = _Scan(self._held.signs, self._dimensions)
            scan = self._scan
        return scan.nearest(turned, count)


class _Scan:
    """All signs, packed as FAISS scans them: a product quantiser of four places each, and the 16 ways to sign four."""

    def __init__(self, signs: Bytes, dimensions: int) -> None:
        self._library: Any = faiss
        plain = self._library.IndexPQ(dimensions, dimensions // 4, 4, self._library.METRIC_INNER_PRODUCT)
        ways = np.array([[1 if way >> place & 1 else -1 for place in range(4)] for way in range(16)], np.float32)
        self._library.copy_array_to_vector(np.tile(ways, (dimensions // 4, 1, 1)).ravel(), plain.pq.centroids)
        self._library.copy_array_to_vector(np.ascontiguousarray(signs).ravel(), plain.codes)
        plain.ntotal, plain.is_trained = len(signs), True
        self._packed = self._library.IndexPQFastScan(plain)

    def nearest(self, turned: Vectors, count: int) -> Rows:
        # Threads that wait for each other cost more than a scan of a few milliseconds.
        self._library.omp_set_num_threads(1)
        _, found = self._packed.search(turned[None], min(count, self._packed.ntotal))
        rows: Rows = found[0][found[0] >= 0]
        return rows


def _places(held: Numbers, allowed: Numbers) -> Rows:
    """Where those of the allowed numbers that are held stand."""
    sought = np.unique(allowed)
    rows = np.searchsorted(held, sought)
    there = rows < len(held)
    there[there] = held[rows[there]] == sought[there]
    return rows[there]


def _which(held: Numbers, allowed: Numbers) -> NDArray[np.bool_]:
    """For each number that is held whether it is allowed."""
    first, last = int(held[0]), int(held[-1])
    if last - first > 8 * len(held) + 10**6:
        return np.isin(held, allowed)
    known = np.zeros(last - first + 1, np.bool_)
    known[allowed[(allowed >= first) & (allowed <= last)] - first] = True
    return known[held - first]
