"""
Measures how fast search is on real quote-sized sentences, beside its parts used the usual way.

Both sides take turns in one process, on the same texts and queries, so that what else the
machine does falls on both; what is told is the median, and the ratio.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.passage import Query
from convarchive.domain.theme import Theme, ThemeId
from convarchive.evaluation.filling import fill
from convarchive.evaluation.judged import Text
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.live import Load, opened
from convarchive.index.ports import Encoder, Numbers, VectorIndex, Vectors
from convarchive.index.search import search
from convarchive.store.catalogue import Catalogue

ROUNDS = 30
"""Queries timed on each side."""
BATCH = 1000
"""Texts encoded at once where throughput is measured."""


class Peer(Protocol):
    """The parts used the usual way."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of texts."""

    def hold(self, matrix: NDArray[np.float32]) -> None:
        """Search these vectors from now on."""

    def nearest(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Rows of the `k` nearest vectors, best first."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours and the peer's median for the same work, in `unit`."""

    what: str
    unit: str
    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.peer / self.ours


@dataclass(frozen=True, slots=True)
class Bench:
    """
    Search at `texts` quotes. `pairs` are beside peers; the rest stands alone: seconds to build
    the index from nothing (`build`) and to find that nothing changed (`rebuild`), and the 95th
    percentile of a whole answer in milliseconds.
    """

    texts: int
    pairs: tuple[Pair, ...]
    build: float
    rebuild: float
    answer_p95: float


def bench(
    texts: Sequence[str],
    encoder: Encoder,
    make_index: Callable[[int], VectorIndex],
    load_index: Load,
    peer: Peer,
    *,
    rounds: int = ROUNDS,
) -> Bench:
    """
    Build an archive of the texts and time encoder, index and whole answers beside the peer.

    Queries are the first words of texts spread over the whole.
    """
    queries = [" ".join(text.split()[:6]) for text in texts[:: max(1, len(texts) // rounds)]][:rounds]
    encoding = _encoding(texts[:BATCH], encoder, peer)
    one_query = _turns("encode one query", "ms", queries, lambda q: encoder.encode([q]), lambda q: peer.encode([q]))
    with TemporaryDirectory(prefix="convarchive-bench-") as folder:
        home = Home(Path(folder))
        with Catalogue.for_writing(home) as catalogue:
            fill(catalogue, (Text(str(number), text) for number, text in enumerate(texts)))
            with catalogue.writing() as write:
                write.search.put_themes([Theme(ThemeId("work"), "Work", "How people work together; what they make.")])
            first = _seconds(lambda: build(home, catalogue, encoder, make_index))
            again = _seconds(lambda: build(home, catalogue, encoder, make_index))
            held = opened(home, load_index)
            numbers, vectors = _vectors(catalogue, encoder)
            peer.hold(vectors)
            asked = dict(zip(queries, encoder.encode(queries), strict=True))
            nearest = _turns(
                "find 10 nearest vectors", "ms", queries,
                lambda q: held.index.search(asked[q], 10), lambda q: peer.nearest(asked[q], 10),
            )  # fmt: skip
            filtered = _turns(
                "find 10 nearest of every third", "ms", queries,
                lambda q: held.index.search(asked[q], 10, numbers[::3]), lambda q: peer.nearest(asked[q], 10),
            )  # fmt: skip

            def answer(query: str) -> object:
                with catalogue.reading("researcher") as read:
                    found = search(read, held, encoder, Query(query))
                    return read.quotes([hit.passage.quote for hit in found.hits])

            whole = _turns("whole answer", "ms", queries, answer, lambda q: peer.nearest(peer.encode([q])[0], 10))
            slow = sorted(_seconds(partial(answer, query)) for query in queries)[int(0.95 * (len(queries) - 1))]
    return Bench(len(texts), (encoding, one_query, nearest, filtered, whole), first, again, 1000 * slow)


def _encoding(texts: Sequence[str], encoder: Encoder, peer: Peer) -> Pair:
    """Milliseconds a text, many at once."""
    each = 1000 / len(texts)
    encoder.encode(texts[:64])
    peer.encode(texts[:64])
    mine = [_seconds(lambda: encoder.encode(texts)) * each for _ in range(2)]
    theirs = [_seconds(lambda: peer.encode(texts)) * each for _ in range(2)]
    return Pair("encode a text of many", "ms", min(mine), min(theirs))


def _turns(
    what: str, unit: str, queries: Sequence[str], ours: Callable[[str], object], peer: Callable[[str], object]
) -> Pair:
    """Both sides' medians over the queries, one query each in turn."""
    for work in (ours, peer):
        work(queries[0])
    times = [(_seconds(partial(ours, query)), _seconds(partial(peer, query))) for query in queries]
    mine, theirs = zip(*times, strict=True)
    return Pair(what, unit, 1000 * statistics.median(mine), 1000 * statistics.median(theirs))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _vectors(catalogue: Catalogue, encoder: Encoder) -> tuple[Numbers, Vectors]:
    with catalogue.reading("researcher") as read:
        held = read.index.embedded(encoder.fingerprint)
    vectors = np.frombuffer(held.vectors, "<f4").astype(np.float32).reshape(-1, encoder.dimensions)
    return np.array(held.numbers, np.int64), vectors
