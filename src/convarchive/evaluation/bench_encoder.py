"""
Measures how fast texts become vectors, beside the library that the model comes from.

Both sides take turns in one process, on the same texts, so that what else the machine does falls
on both; what is told is the median, and the ratio.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from convarchive.index.ports import Encoder

ROUNDS = 30
"""Queries timed on each side."""
BATCH = 256
"""Texts encoded at once where throughput is measured."""


class Peer(Protocol):
    """The library the model comes from, used the usual way."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of texts."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours and the peer's median for the same work, in milliseconds."""

    what: str
    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.peer / self.ours


@dataclass(frozen=True, slots=True)
class Encoders:
    """Both encoders: the times of one query and of a text among many, and the least cosine of their vectors."""

    pairs: tuple[Pair, ...]
    agreement: float


def encoders(texts: Sequence[str], encoder: Encoder, peer: Peer, *, rounds: int = ROUNDS) -> Encoders:
    """Encode the first texts at once, and the first words of texts spread over the whole one by one."""
    queries = [" ".join(text.split()[:6]) for text in texts[:: max(1, len(texts) // rounds)]][:rounds]
    some = texts[:BATCH]
    agreement = float((encoder.encode(queries) * peer.encode(queries)).sum(axis=1).min())
    each = 1000 / len(some)
    turns = [
        (_seconds(lambda: encoder.encode(some)) * each, _seconds(lambda: peer.encode(some)) * each) for _ in range(2)
    ]
    many = Pair("encode a text of many", min(ours for ours, _ in turns), min(theirs for _, theirs in turns))
    return Encoders((many, _alone(queries, encoder, peer)), agreement)


def _alone(queries: Sequence[str], encoder: Encoder, peer: Peer) -> Pair:
    times = [(_seconds(partial(encoder.encode, [query])), _seconds(partial(peer.encode, [query]))) for query in queries]
    mine, theirs = zip(*times, strict=True)
    return Pair("encode one query", 1000 * statistics.median(mine), 1000 * statistics.median(theirs))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
