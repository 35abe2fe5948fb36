"""What the index asks of machines it does not own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit vectors, one a row: shape [n, dimensions]."""
Numbers = NDArray[np.int64]
"""Passage numbers: shape [n]."""
Scores = NDArray[np.float32]
"""One score a passage: shape [n]."""


class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product says how alike their meanings are."""

    @property
    def fingerprint(self) -> str:
        """Names the model and its weights; vectors of different fingerprints never meet."""

    @property
    def dimensions(self) -> int:
        """Length of each vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order: float32 [len(texts), dimensions]."""

    def closeness(self, words: Sequence[tuple[str, float]], texts: Sequence[str]) -> Scores:
        """
        How near each text comes to the words, one by one, from -1 to 1: float32 [len(texts)].

        For each word the text's nearest word counts, with the word's weight (late interaction:
        Khattab and Zaharia 2020, "ColBERT"). 0 where there are no words, or a text has none.
        """

    def respelt(self, word: str) -> tuple[str, ...]:
        """
        Usual words of the model's language that this one may be a slip of the keyboard for, likeliest
        first; empty where it is one itself, or none is spelt almost so.
        """


@dataclass(frozen=True, slots=True)
class Stats:
    """
    How many vectors an index holds, of how many dimensions, and what kind it is.

    `precision` is the greatest distance of a vector that comes out from the one that went in: 0
    where they are kept whole.
    """

    count: int
    dimensions: int
    kind: str
    precision: float = 0.0


class FindsVectors(Protocol):
    """Finds the nearest vectors among passage numbers. The exact same calls serve every scale."""

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> tuple[Numbers, Vectors]:
        """
        Return the `k` best numbers and inner products for one query of shape [dimensions],
        best first, only among `allowed` where given; fewer where there are fewer.
        """

    def numbers(self) -> Numbers:
        """Return all passage numbers that are held."""

    def vectors(self, numbers: Numbers) -> Vectors:
        """
        Return what is held under these numbers, in their order, to within `stats().precision`.

        Raises ValueError for a number that is not there.
        """

    def stats(self) -> Stats:
        """Say what the index holds."""


class VectorIndex(FindsVectors, Protocol):
    """One that is built and kept in a file."""

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add vectors under new passage numbers."""

    def remove(self, numbers: Numbers) -> int:
        """Forget these numbers; return how many were there."""

    def rebuild(self, numbers: Numbers, vectors: Vectors) -> None:
        """Replace everything; the same input gives the same bytes on disk."""

    def save(self, path: Path) -> None:
        """Write atomically to `path`."""


@dataclass(frozen=True, slots=True)
class Scored:
    """
    The best passages by their words, best first, equal ones by number: `numbers` and their
    `scores` (BM25), each [n]; `total` and `squares` are the sums of all allowed passages'
    scores and of their squares; `beside` are the scores of those that were asked for by
    number, 0 where no word is shared.
    """

    numbers: Numbers
    scores: Scores
    total: float
    squares: float
    beside: Scores


class LexicalIndex(Protocol):
    """Finds passages by their words, whatever their inflection, among passage numbers."""

    def scores(
        self, weights: Mapping[str, float], k: int, allowed: Numbers | None = None, beside: Numbers | None = None
    ) -> Scored:
        """
        BM25 (k1 1.2, b 0.75) of the `k` best passages that hold any of the words, each word's
        share times its weight; only among `allowed` (sorted) where given. How rare a word is,
        and how long a passage, is counted over the whole archive.
        """

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """BM25's logarithm for each word, over the whole archive: near 0 for an everyday one, highest for none's."""

    def phrase(self, words: Sequence[str]) -> Numbers:
        """All passages that hold these words one right after another, sorted."""

    def near(self, word: str, distance: int = 1) -> tuple[tuple[str, int], ...]:
        """
        Stems of the archive spelt almost as this word's, with how many passages hold them, the
        nearest and most frequent first: `distance` (1 or 2) letters put in, left out, changed, or
        two neighbours swapped. Empty for words too short to say.
        """


class StoredLexicalIndex(LexicalIndex, Protocol):
    """One that keeps a file of its own, brought up to date as vectors are."""

    def add(self, numbers: Numbers, texts: Sequence[str]) -> None:
        """Add texts under new passage numbers, all higher than those it has."""

    def remove(self, numbers: Numbers) -> int:
        """Forget these numbers' words; return how many were there."""

    def held(self) -> Numbers:
        """The passage numbers it covers, in order."""

    def save(self, path: Path) -> None:
        """Write atomically to `path`; the same texts give the same bytes, in whatever steps they came."""
