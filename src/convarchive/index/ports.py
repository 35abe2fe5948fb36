"""What the index asks of machines it does not own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit vectors, one a row: shape [n, dimensions]."""
Numbers = NDArray[np.int64]
"""Passage numbers: shape [n]."""


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


class VectorIndex(Protocol):
    """Finds the nearest vectors among passage numbers. The exact same calls serve every scale."""

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add vectors under new passage numbers."""

    def remove(self, numbers: Numbers) -> int:
        """Forget these numbers; return how many were there."""

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

    def rebuild(self, numbers: Numbers, vectors: Vectors) -> None:
        """Replace everything; the same input gives the same bytes on disk."""

    def save(self, path: Path) -> None:
        """Write atomically to `path`."""
