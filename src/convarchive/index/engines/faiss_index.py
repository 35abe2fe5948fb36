"""
Nearest vectors with FAISS: every vector is compared, exactly, in the fastest way the machine knows.

A flat inner-product index under passage numbers. FAISS finds the candidates; their products are
then computed anew the way `exact` does, so that equal vectors score equal and ties have one order.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from convarchive.errors import HomeNotWritable, IndexCorrupt, IndexMissing
from convarchive.index.engines.exact import beside, best, corrupt, demand_new, missing, settle
from convarchive.index.ports import Numbers, Stats, Vectors

_SLACK = 16
"""Candidates asked for beyond `k`, so that ties at the end are seen whole."""
_ROUNDING = 1e-5
"""More than FAISS's single-precision sums can differ from exact ones for unit vectors."""
_MANY = 100_000
"""From so many vectors on a query is worth more than one core."""
_CORES = faiss.omp_get_max_threads()


class FaissIndex:
    """`IndexIDMap2(IndexFlatIP)`. Reading from several threads is safe; changing is for one."""

    def __init__(self, dimensions: int) -> None:
        # The library's own stubs know only half of what it does.
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))

    @classmethod
    def load(cls, path: Path, sha256: str | None = None) -> Self:
        """
        Read a saved index; with `sha256`, only if its bytes have that digest.

        Raises IndexMissing where there is none, IndexCorrupt where it is damaged or of another kind.
        """
        try:
            if sha256 is not None:
                with path.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                        raise IndexCorrupt(corrupt(path))
            elif not path.is_file():
                raise FileNotFoundError(path)
            found: Any = faiss.read_index(str(path))
        except FileNotFoundError as exc:
            raise IndexMissing(missing(path)) from exc
        except (OSError, RuntimeError, MemoryError) as exc:
            raise IndexCorrupt(corrupt(path)) from exc
        flat = faiss.downcast_index(found.index) if isinstance(found, faiss.IndexIDMap2) else None
        if not isinstance(flat, faiss.IndexFlat) or found.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise IndexCorrupt(corrupt(path))
        if found.id_map.size() != found.ntotal or flat.ntotal != found.ntotal:
            raise IndexCorrupt(corrupt(path))
        index = cls(found.d)
        index._index = found
        return index

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add vectors under new passage numbers. Raises ValueError for a number already there."""
        demand_new(numbers, vectors, self._index.d, self.numbers())
        if len(numbers):
            order = np.argsort(numbers, kind="stable")
            self._index.add_with_ids(
                np.ascontiguousarray(vectors[order], np.float32), np.ascontiguousarray(numbers[order], np.int64)
            )

    def remove(self, numbers: Numbers) -> int:
        """Forget these numbers; return how many were there."""
        if not len(numbers):
            return 0
        return int(self._index.remove_ids(np.ascontiguousarray(np.unique(numbers), np.int64)))

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> tuple[Numbers, Vectors]:
        """The `k` best of all, or of those `allowed`; equal scores by number."""
        count = self._index.ntotal if allowed is None else min(self._index.ntotal, len(allowed))
        k = max(0, min(k, count))
        if not k:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        row = np.ascontiguousarray(query[None], np.float32)
        # Threads that wait for each other cost more than they bring until there is much to compare.
        library: Any = faiss
        library.omp_set_num_threads(1 if self._index.ntotal < _MANY else _CORES)
        wanted = k
        while True:
            wanted = min(count, 2 * wanted + _SLACK)
            numbers, products = self._candidates(row, wanted, allowed)
            answer = best(numbers, self._vectors(numbers), query, k)
            # Whatever FAISS left out scores no more than its last candidate, give or take rounding.
            if len(numbers) < wanted or wanted == count or products[-1] < answer[1][-1] - _ROUNDING:
                return answer

    def _candidates(self, row: Vectors, wanted: int, allowed: Numbers | None) -> tuple[Numbers, Vectors]:
        library: Any = faiss
        parameters = None
        if allowed is not None:
            chosen = np.ascontiguousarray(allowed, np.int64)
            parameters = library.SearchParameters(sel=library.IDSelectorBatch(chosen))
        products, numbers = self._index.search(row, wanted, params=parameters)
        there = numbers[0] >= 0
        return numbers[0][there], products[0][there]

    def _vectors(self, numbers: Numbers) -> Vectors:
        if not len(numbers):
            return np.empty((0, self._index.d), np.float32)
        rows: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(numbers, np.int64))
        return rows

    def numbers(self) -> Numbers:
        """All passage numbers that are held, in the order of the file."""
        held: Numbers = faiss.vector_to_array(self._index.id_map)
        return held

    def vectors(self, numbers: Numbers) -> Vectors:
        """What is held under these numbers, in their order. Raises ValueError for a number that is not there."""
        if not np.isin(numbers, self.numbers()).all():
            raise ValueError("a number is not in the index")
        return self._vectors(numbers)

    def stats(self) -> Stats:
        """Say what the index holds."""
        return Stats(int(self._index.ntotal), int(self._index.d), "faiss-flat-ip")

    def rebuild(self, numbers: Numbers, vectors: Vectors) -> None:
        """Replace everything, in the order of the numbers: the same input gives the same bytes on disk."""
        fresh = type(self)(self._index.d)
        fresh.add(numbers, vectors)
        self._index = fresh._index

    def save(self, path: Path) -> None:
        """Write atomically to `path`. Raises HomeNotWritable where the disk is full or read-only."""
        temporary = None
        try:
            temporary = beside(path)
            faiss.write_index(self._index, str(temporary))
            settle(temporary, path)
        except (OSError, RuntimeError) as exc:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            raise HomeNotWritable(f"{path} cannot be written; free some space or make its folder writable") from exc
