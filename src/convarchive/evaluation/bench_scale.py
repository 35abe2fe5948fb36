"""
Measures how search grows with the archive: what is found, how fast, in how many bytes, beside other engines.

The nearest are those of a plain product over all vectors; what is as near as the tenth of them counts
as found, for which of two equals comes first says nothing. All sides answer the same
queries in one run, one side after the other, so that no more than two hold all vectors in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from convarchive.index.live import Load
from convarchive.index.manifest import digest_of
from convarchive.index.ports import Numbers, VectorIndex, Vectors

QUERIES = 50
NEAREST = 10
"""What recall is counted over."""
SHARE = 100
"""A filter leaves one vector in so many."""
_BLOCK = 50_000
_ROUNDING = 1e-6


class Engine(Protocol):
    """Something else that people search with."""

    name: str
    by: str

    def hold(self, folder: Path, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Search these from now on, and keep what is needed for it in the folder."""

    def nearest(self, text: str, vector: NDArray[np.float32], k: int) -> list[int]:
        """Rows of the `k` best, best first."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds within which half and 19 of 20 were done."""

    half: float
    most: float


@dataclass(frozen=True, slots=True)
class Side:
    """
    One engine at one size: seconds until all was held, bytes of files a quote, times of one
    search, and the share of the true ten nearest that it found (None where it goes by words).
    """

    name: str
    hold: float
    bytes_each: float
    times: Times
    recall: float | None


@dataclass(frozen=True, slots=True)
class Growth:
    """
    Search by vectors among `count` quotes, of which `real` were said and the rest are copies.

    `ours` and `peers` search everything; `filtered` is ours where one in a hundred is allowed.
    `opening` is seconds to open the saved index and answer the first query; `adding` and
    `removing` to take a hundred vectors in or out and save.
    """

    count: int
    real: int
    kind: str
    ours: Side
    filtered: Side
    opening: float
    adding: float
    removing: float
    peers: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Queries as they are typed, and their vectors [n, dimensions]."""

    texts: tuple[str, ...]
    vectors: Vectors


def growth(
    texts: Sequence[str],
    vectors: Vectors,
    real: int,
    asked: Asked,
    make_index: Callable[[int], VectorIndex],
    load_index: Load,
    engines: Sequence[Callable[[], Engine]],
) -> Growth:
    """Measure the index that these many vectors are given, and each of the engines, over all queries."""
    numbers = np.arange(1, len(vectors) + 1)
    allowed = np.sort(np.random.default_rng(2).choice(numbers, max(1, len(numbers) // SHARE), replace=False))
    whole, within = _Truth(vectors, asked.vectors, None), _Truth(vectors, asked.vectors, allowed - 1)
    with TemporaryDirectory(prefix="convarchive-growth-") as folder:
        path = Path(folder) / "vectors.index"
        start = time.perf_counter()
        index = make_index(vectors.shape[1])
        for at in range(0, len(vectors), _BLOCK):
            index.add(numbers[at : at + _BLOCK], vectors[at : at + _BLOCK])
        index.save(path)
        held = time.perf_counter() - start
        each = path.stat().st_size / len(vectors)
        start = time.perf_counter()
        index = load_index(path, digest_of(path))
        index.search(asked.vectors[0], NEAREST)
        opening = time.perf_counter() - start
        everything = _asked(asked, lambda _, vector: index.search(vector, NEAREST)[0] - 1, whole)
        few = _asked(asked, lambda _, vector: index.search(vector, NEAREST, allowed)[0] - 1, within)
        kind = index.stats().kind
        adding, removing = _changing(index, path, numbers, vectors)
    peers = tuple(_beside(make(), texts, vectors, asked, whole) for make in engines)
    ours = Side("convarchive", held, each, *everything)
    filtered = Side("convarchive, one in a hundred allowed", held, each, *few)
    return Growth(len(vectors), real, kind, ours, filtered, opening, adding, removing, peers)


def _changing(index: VectorIndex, path: Path, numbers: Numbers, vectors: Vectors) -> tuple[float, float]:
    """Seconds to add a hundred vectors and save, and to remove them and save."""
    some = vectors[:: max(1, len(vectors) // 100)][:100]
    fresh = int(numbers[-1]) + 1 + np.arange(len(some))
    start = time.perf_counter()
    index.add(fresh, some)
    index.save(path)
    between = time.perf_counter()
    index.remove(fresh)
    index.save(path)
    return between - start, time.perf_counter() - between


def _beside(engine: Engine, texts: Sequence[str], vectors: Vectors, asked: Asked, whole: _Truth) -> Side:
    with TemporaryDirectory(prefix="convarchive-peer-") as folder:
        start = time.perf_counter()
        engine.hold(Path(folder), texts, vectors)
        held = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        truth = whole if engine.by == "vectors" else None
        times, recall = _asked(asked, lambda text, vector: engine.nearest(text, vector, NEAREST), truth)
    return Side(engine.name, held, size / len(vectors), times, recall)


def _asked(
    asked: Asked, find: Callable[[str, Vectors], Sequence[int] | Numbers], truth: _Truth | None
) -> tuple[Times, float | None]:
    """How long each query took after a first one, and the share of the true nearest that were found."""
    find(asked.texts[0], asked.vectors[0])
    seconds, agreed = [], 0
    for place, (text, vector) in enumerate(zip(asked.texts, asked.vectors, strict=True)):
        start = time.perf_counter()
        found = find(text, vector)
        seconds.append(time.perf_counter() - start)
        agreed += truth.agreed(place, np.asarray(found, np.int64)) if truth else 0
    return times_of(seconds), agreed / (truth.wanted * len(seconds)) if truth else None


def times_of(seconds: Sequence[float]) -> Times:
    """Half and 19 of 20 of these, in milliseconds."""
    half, most = np.percentile(np.array(seconds) * 1000, [50, 95])
    return Times(float(half), float(most))


class _Truth:
    """How near the tenth nearest is to each query, among `rows` where given."""

    def __init__(self, vectors: Vectors, asked: Vectors, rows: NDArray[np.int64] | None) -> None:
        among = np.arange(len(vectors)) if rows is None else rows
        self._vectors, self._asked, self._among = vectors, asked, among
        self.wanted = min(NEAREST, len(among))
        best = np.empty((len(asked), 0), np.float32)
        for at in range(0, len(among), _BLOCK):
            products = np.concatenate([best, asked @ vectors[among[at : at + _BLOCK]].T], axis=1)
            best = -np.partition(-products, min(self.wanted, products.shape[1]) - 1, axis=1)[:, : self.wanted]
        self._least: Vectors = best.min(axis=1)

    def agreed(self, place: int, found: NDArray[np.int64]) -> int:
        """How many different ones of those found for a query are as near as the tenth nearest."""
        right = np.intersect1d(found, self._among)[: self.wanted]
        return int((self._vectors[right] @ self._asked[place] >= self._least[place] - _ROUNDING).sum())
