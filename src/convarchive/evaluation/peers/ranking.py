"""The plain ways to rank: by vectors alone, and by joining two rankings by their ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def dense(query: NDArray[np.float32], vectors: NDArray[np.float32], depth: int) -> list[tuple[int, float]]:
    """The `depth` rows nearest to the query by inner product, best first, with it."""
    products = vectors @ query
    best = np.argsort(-products, kind="stable")[:depth]
    return [(int(row), float(products[row])) for row in best]


def by_rank(rankings: Sequence[Sequence[int]], depth: int, k: int = 60) -> list[tuple[int, float]]:
    """
    Reciprocal rank fusion: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms
    Condorcet and individual Rank Learning Methods" (2009), with their k.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (k + rank)
    return best_of(scores, depth)


def best_of(scores: Mapping[int, float], depth: int) -> list[tuple[int, float]]:
    """The `depth` best of scored rows, equal ones by row."""
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:depth]
