"""
Says how far a rate could have come out otherwise, had other recordings, utterances or episodes been measured.

The percentile bootstrap (B. Efron, 1979): units are drawn with replacement, as many as there
are, and the rate is worked out anew. The seed is fixed: the same figures, the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DRAWS, SEED = 2000, 1
FEWEST = 5
"""Units below which no interval is given: drawn from so few, it would be far too narrow."""


def interval(errors: Sequence[float], totals: Sequence[float]) -> tuple[float, float] | None:
    """
    The middle 95 % of sum(errors) / sum(totals) over drawn units, each with its errors and its total.

    None where fewer than `FEWEST` units have a total.
    """
    drawn = _rates(errors, totals)
    return None if drawn is None else _middle(drawn)


def difference(errors: Sequence[float], others: Sequence[float], totals: Sequence[float]) -> tuple[float, float] | None:
    """The same for the rate of `errors` less the rate of `others`, made on the same units."""
    ours, theirs = _rates(errors, totals), _rates(others, totals)
    return None if ours is None or theirs is None else _middle(ours - theirs)


def _rates(errors: Sequence[float], totals: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    kept = [(error, total) for error, total in zip(errors, totals, strict=True) if total > 0]
    if len(kept) < FEWEST:
        return None
    wrong, whole = np.array(kept, dtype=np.float64).T
    chosen = np.random.default_rng(SEED).integers(0, len(kept), size=(DRAWS, len(kept)))
    rates: np.ndarray[tuple[int], np.dtype[np.float64]] = wrong[chosen].sum(axis=1) / whole[chosen].sum(axis=1)
    return rates


def _middle(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
