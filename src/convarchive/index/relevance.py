"""
How well a passage answers a query, from what speaks for it.

Two numbers for two uses. `order` says which passage comes first: meaning, words as BM25 counts
them, words held against each other one by one, and what was said around it. `relevance` says
whether it answers at all: the chance, from 0 to 1, that a person would call it relevant, with the
same meaning for every query and archive, so that a cut-off can stand on it.

The weights were fitted on judged sets (docs/benchmarks.md says which, and how they carry over).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CUT_OFF = 0.1
"""Below this a passage does not speak to the query."""


@dataclass(frozen=True, slots=True)
class Weights:
    """
    What each thing that speaks for a passage counts for in `order`; 0 leaves it out.

    `meaning` is worth a cosine of 1, `words` the best BM25 of all, `close` a closeness of 1, `around` a
    unit of its neighbours; `verbatim` holding a rare query word for word, more than any likeness of
    meaning; `turned` is what a passage loses that says all the query says but for a negation or a number.
    """

    meaning: float = 4.8
    words: float = 1.9
    close: float = 2.25
    around: float = 2.0
    named: float = 10.0
    themed: float = 1.0
    verbatim: float = 15.0
    turned: float = 3.0


WEIGHTS = Weights()
FULL = WEIGHTS.meaning + WEIGHTS.words
"""The most that `base` can be."""

_FEW = 100
"""Passages among which what words say counts half."""
_ODDS = -6.47
"""The logarithm of the odds where nothing speaks for a passage."""
_ODDS_MEANING, _ODDS_CLOSE = 3.45, 4.79
_SLOPE, _MIDDLE, _COVERED = 9.0, 0.5, 1.8
"""The same among a handful of passages: by cosine, and by how much of the query is covered."""
_ODDS_VERBATIM, _ODDS_NAMED, _ODDS_THEMED = 2.0, 5.0, 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """
    Passages against one query, each an array [n].

    `meaning` is the cosine; `words` BM25 (0 where no word is shared), `close` how near the
    passage's words come to the query's one by one; `around` is the mean of `base` over what is said just
    before and after, not-a-number where nothing is; `verbatim` is 0 where the passage does not hold
    the query word for word, else how rare that is, up to 1; `turned` how surely it says the
    same with another negation or number; `named` and `themed` say where the query names its speaker or theme.
    `rarity` is the sum of how rare the query's words are, `count` how many passages might answer.
    """

    meaning: Floats
    words: Floats
    verbatim: Floats
    close: Floats
    around: Floats
    turned: Floats
    named: Floats
    themed: Floats
    rarity: float
    count: int

    @property
    def few(self) -> float:
        """How little rarity says here, 1 to 0: among a handful of passages any shared word is rare."""
        return _FEW / (self.count + _FEW)

    @property
    def covered(self) -> Floats:
        """How much of the query the passage's words cover, 0 to 1, rare words counting for more."""
        if self.rarity <= 0:
            return np.zeros_like(self.words)
        return np.clip(self.words / self.rarity, 0, 1)


def base(meaning: Floats, words: Floats, best: float, weights: Weights = WEIGHTS) -> Floats:
    """Meaning and words together: cosines, and BM25 as a share of the `best` any passage has."""
    result: Floats = weights.meaning * meaning + (weights.words * words / best if best > 0 else 0.0)
    return result


def order(like: Likeness, weights: Weights = WEIGHTS) -> Floats:
    """
    What passages are sorted by, highest first.

    A passage that nothing is said around counts as if its neighbours were like itself, and
    neighbours, whose words are not looked at, as if they came as close as is usual.
    """
    weights = replace(weights, words=weights.words * (1 - like.few), close=weights.close * (1 - like.few))
    own = base(like.meaning, like.words, float(like.words.max(initial=0.0)), weights)
    close = own + weights.close * like.close
    looked_at = like.close[like.close != 0]
    usual = weights.close * float(looked_at.mean()) if len(looked_at) else 0.0
    around = np.where(np.isnan(like.around), close, like.around + usual)
    result: Floats = (
        close
        + weights.around * around
        + weights.verbatim * like.verbatim
        + weights.named * like.named
        + weights.themed * like.themed
        - weights.turned * like.turned
    )
    return result


def relevance(like: Likeness) -> Floats:
    """The chance, from 0 to 1, that a reader would say the passage speaks to the query (a logistic curve)."""
    many = _ODDS + _ODDS_MEANING * like.meaning + _ODDS_CLOSE * like.close
    few = _SLOPE * (like.meaning - _MIDDLE) + _COVERED * like.covered
    odds = (
        (1 - like.few) * many
        + like.few * few
        + _ODDS_VERBATIM * like.verbatim
        + _ODDS_NAMED * like.named
        + _ODDS_THEMED * like.themed
    )
    result: Floats = 1 / (1 + np.exp(-odds))
    return result
