"""
How well a passage answers a query, from how alike they are in meaning and in words.

Two numbers for two uses. `order` says which passage comes first: the fusion of meaning and
BM25 that ranked best over arguments, quotations and committee meetings. `relevance` says
whether it answers at all, from 0 to 1, and means the same for every query and archive, so
that a cut-off can stand on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CUT_OFF = 0.15
"""Below this a passage does not speak to the query."""

_WORDS_WEIGH = 0.048
"""What one standard deviation of BM25 is worth, in cosine."""
_FEW = 50
"""Among so many passages deviations weigh half: in few passages any shared word is rare."""
_PHRASE_WEIGHS = 1.0
"""What holding a rare query word for word is worth, in cosine: more than any likeness of meaning."""

_SLOPE, _MIDDLE = 9.0, 0.5
"""The cosine at which half of the passages answer, and how fast that changes."""
_COVERED = 1.8
"""What holding all the query's words adds to the odds, as a logarithm."""
_VERBATIM = 2.0
"""What holding a rare query word for word adds to them."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """
    Passages against one query, each an array [n].

    `meaning` is the cosine; `words` BM25 (0 where no word is shared), with its `mean` and
    `deviation` over all `count` passages that were allowed, and `rarity` the sum of how rare
    the query's words are; `verbatim` is 0 where the passage does not hold the query word for
    word, else how rare that is, up to 1.
    """

    meaning: Floats
    words: Floats
    verbatim: Floats
    mean: float
    deviation: float
    count: int
    rarity: float

    @property
    def covered(self) -> Floats:
        """How much of the query the passage's words cover, 0 to 1, rare words counting for more."""
        if self.rarity <= 0:
            return np.zeros_like(self.words)
        return np.clip(self.words / self.rarity, 0, 1)


def order(like: Likeness) -> Floats:
    """
    What passages are sorted by, highest first.

    Cosine plus BM25 in standard deviations: where few passages share the query's words those
    that do stand far out, so that an exact rare name beats a near miss in meaning.
    """
    spread = (like.words - like.mean) / like.deviation if like.deviation > 0 else np.zeros_like(like.words)
    weight = _WORDS_WEIGH * like.count / (like.count + _FEW)
    result: Floats = like.meaning + weight * spread + _PHRASE_WEIGHS * like.verbatim
    return result


def relevance(like: Likeness) -> Floats:
    """The chance, from 0 to 1, that a reader would say the passage speaks to the query (a logistic curve)."""
    odds = _SLOPE * (like.meaning - _MIDDLE) + _COVERED * like.covered + _VERBATIM * like.verbatim
    result: Floats = 1 / (1 + np.exp(-odds))
    return result
