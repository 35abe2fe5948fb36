"""The plain ways to join two rankings: by their ranks, and by their scores in standard deviations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


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


def by_deviations(
    cosines: NDArray[np.float64], words: NDArray[np.float64], depth: int, share: float = 0.4
) -> list[tuple[int, float]]:
    """
    The `depth` best rows by both scores in standard deviations over all rows, words counting `share`.

    Scores are [n], a row without any of the words having 0. Normalised linear combination: Fox and
    Shaw, "Combination of Multiple Searches" (1993).
    """
    return best_of(dict(enumerate((_deviations(cosines) + share * _deviations(words)).tolist())), depth)


def _deviations(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = scores.std() if len(scores) else 0.0
    result: NDArray[np.float64] = (scores - scores.mean()) / spread if spread > 0 else np.zeros(len(scores))
    return result
