"""
Nearest vectors by comparing with every one: slow, obviously right, and the measure of the quick ones.

Also holds the one way in which inner products are computed for an answer, so that equal
vectors always score equal and every index breaks ties alike: by passage number.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np

from convarchive.errors import IndexCorrupt, IndexMissing
from convarchive.index.ports import Numbers, Stats, Vectors
from convarchive.store.disk import refusal


class ExactIndex:
    """Passage numbers and their vectors in two arrays, sorted by number."""

    def __init__(self, dimensions: int) -> None:
        self._numbers: Numbers = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, dimensions), np.float32)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a saved index. Raises IndexMissing, or IndexCorrupt where the file is damaged."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as data:
                numbers, vectors = data["numbers"], data["vectors"]
        except FileNotFoundError as exc:
            raise IndexMissing(missing(path)) from exc
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as exc:
            raise IndexCorrupt(corrupt(path)) from exc
        if vectors.ndim != 2 or vectors.dtype != np.float32 or numbers.shape != vectors.shape[:1]:
            raise IndexCorrupt(corrupt(path))
        index = cls(vectors.shape[1])
        index._numbers, index._vectors = numbers, vectors
        return index

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add vectors under new passage numbers. Raises ValueError for a number already there."""
        demand_new(numbers, vectors, self._vectors.shape[1], self._numbers)
        self._sort(np.concatenate([self._numbers, numbers]), np.concatenate([self._vectors, vectors]))

    def remove(self, numbers: Numbers) -> int:
        """Forget these numbers; return how many were there."""
        stays = ~np.isin(self._numbers, numbers)
        self._numbers, self._vectors = self._numbers[stays], self._vectors[stays]
        return int(len(stays) - stays.sum())

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> tuple[Numbers, Vectors]:
        """The `k` best of all, or of those `allowed`; equal scores by number."""
        chosen = slice(None) if allowed is None else np.isin(self._numbers, allowed)
        return best(self._numbers[chosen], self._vectors[chosen], query, k)

    def numbers(self) -> Numbers:
        """All passage numbers that are held, ascending."""
        return self._numbers

    def vectors(self, numbers: Numbers) -> Vectors:
        """What is held under these numbers, in their order. Raises ValueError for a number that is not there."""
        if not np.isin(numbers, self._numbers).all():
            raise ValueError("a number is not in the index")
        return self._vectors[np.searchsorted(self._numbers, numbers)]

    def stats(self) -> Stats:
        """Say what the index holds."""
        return Stats(len(self._numbers), self._vectors.shape[1], "exact")

    def rebuild(self, numbers: Numbers, vectors: Vectors) -> None:
        """Replace everything."""
        demand_new(numbers, vectors, self._vectors.shape[1], np.empty(0, np.int64))
        self._sort(numbers, vectors)

    def save(self, path: Path) -> None:
        """Write atomically to `path`. Raises HomeNotWritable."""
        buffer = io.BytesIO()
        np.savez(buffer, numbers=self._numbers, vectors=self._vectors)
        temporary = None
        try:
            temporary = beside(path)
            temporary.write_bytes(buffer.getvalue())
            settle(temporary, path)
        except OSError as exc:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            raise refusal(path, exc) from exc

    def _sort(self, numbers: Numbers, vectors: Vectors) -> None:
        order = np.argsort(numbers, kind="stable")
        self._numbers = np.ascontiguousarray(numbers[order], np.int64)
        self._vectors = np.ascontiguousarray(vectors[order], np.float32)


def best(numbers: Numbers, vectors: Vectors, query: Vectors, k: int) -> tuple[Numbers, Vectors]:
    """
    The `k` best of these by inner product with `query`, equal ones by number.

    Each product is summed in double precision in the same order, whatever stands around
    it, so that it depends on the two vectors alone.
    """
    products = (vectors.astype(np.float64) * query.astype(np.float64)).sum(axis=1).astype(np.float32)
    order = np.lexsort((numbers, -products))[: max(k, 0)]
    return numbers[order], products[order]


def demand_new(numbers: Numbers, vectors: Vectors, dimensions: int, held: Numbers) -> None:
    """Raise ValueError unless these are new numbers, one for each vector of the right length."""
    if vectors.ndim != 2 or vectors.shape[1] != dimensions:
        raise ValueError(f"vectors of shape {vectors.shape} do not fit an index of {dimensions} dimensions")
    if numbers.shape != vectors.shape[:1]:
        raise ValueError(f"{len(numbers)} numbers for {len(vectors)} vectors")
    if len(np.unique(numbers)) != len(numbers) or np.isin(numbers, held).any():
        raise ValueError("a passage number may stand in the index only once")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a value that is no number")


def beside(path: Path) -> Path:
    """A temporary name in the same folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def settle(temporary: Path, path: Path) -> None:
    """Give a written file its name, so that neither a crash nor a power cut leaves half of it."""
    flush(temporary)
    temporary.replace(path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Have the disk hold what was written to this file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def missing(path: Path) -> str:
    return f"there is no index at {path}; build it with: convarchive index build"


def corrupt(path: Path) -> str:
    return f"{path} is damaged; delete it and build it again with: convarchive index build"
