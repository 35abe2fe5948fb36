"""
The chance that an editor would say that a quote belongs to a theme, learned from as few examples as there are.

Without examples it is a logistic curve over two likenesses: of the quote to the theme's
description, and how much nearer another theme's description is. Examples bend it: a logistic
regression on the vectors whose Gaussian prior has that curve as its mean, and as its precision
the archive's own second moments, so that what moves most quotes needs most evidence (as in
linear discriminants: Fisher 1936; kernel logistic regression: Zhu and Hastie 2005). It is solved
for the few examples instead of the many dimensions, in milliseconds, and always the same way.

The constants were fitted on one half of judged sets by `evaluate themes`, which reports on the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.index.ports import Vectors

Floats = NDArray[np.float64]

CLOSE, BESIDE, OFFSET = 4.86, 11.31, -3.86
"""What a cosine to the description adds to the log odds, what being nearer to another theme takes, and the rest."""
STIFFNESS = 10.0
"""How little examples bend the curve: examples in one direction it takes to move its log odds by about one."""
_FLOOR = 0.003
"""Added to every second moment, so that directions the archive never uses stay finite."""
_ASSUMED = 400
"""Quotes without any direction that are counted with the archive's own, for archives of few quotes."""
_SAMPLE = 4000
"""Quotes that the second moments are taken from at most, evenly over the archive."""
_FOLDS = 16
_STEPS = 30


def untaught(near: Floats, rival: Floats | None) -> Floats:
    """
    Log odds [n] from cosines alone: `near` to this theme's description, `rival` to the nearest other theme's.

    `rival` is None where there is no other theme.
    """
    behind = 0.0 if rival is None else np.minimum(near - rival, 0.0)
    result: Floats = CLOSE * near + BESIDE * behind + OFFSET
    return result


def chance(odds: Floats) -> Floats:
    """Log odds as chances from 0 to 1."""
    result: Floats = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What an archive's vectors are like: their second moments' inverse, with a constant beside them [d+1, d+1]."""

    inverse: Floats

    @classmethod
    def of(cls, vectors: Vectors) -> Ground:
        """Measured on at most some thousand of these vectors [n, d]."""
        rows = _with_constant(vectors[:: max(1, -(-len(vectors) // _SAMPLE))])
        dimensions = rows.shape[1] - 1
        blank = np.append(np.full(dimensions, 1 / dimensions), 1.0)
        moments = (rows.T @ rows + _ASSUMED * np.diag(blank)) / (len(rows) + _ASSUMED)
        inverse: Floats = np.linalg.inv(moments + _FLOOR * np.eye(dimensions + 1))
        return cls(inverse)


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Quotes that somebody decided about: vectors [m, d], their untaught log odds [m], and whether they belong [m]."""

    vectors: Vectors
    odds: Floats
    belong: NDArray[np.bool_]


def bend(ground: Ground, shown: Examples) -> Floats:
    """What the examples add to log odds: weights [d+1] for `bent`."""
    rows = _with_constant(shown.vectors)
    spread = rows @ ground.inverse / STIFFNESS
    result: Floats = spread.T @ _solved(spread @ rows.T, shown.odds, shown.belong)
    return result


def bent(vectors: Vectors, weights: Floats) -> Floats:
    """What is added to the log odds of these vectors [n, d]."""
    result: Floats = vectors @ weights[:-1].astype(np.float32) + weights[-1]
    return result.astype(np.float64)


def bend_of_others(ground: Ground, shown: Examples) -> Floats:
    """
    What is added to each example's own log odds [m] by the other examples alone, so that none vouches for itself.

    Of more than sixteen examples a sixteenth stands aside at a time.
    """
    rows = _with_constant(shown.vectors)
    likeness = rows @ ground.inverse @ rows.T / STIFFNESS
    count = len(rows)
    found = np.zeros(count)
    folds = np.arange(count) % min(count, _FOLDS)
    for fold in range(int(folds.max()) + 1 if count else 0):
        aside, kept = folds == fold, folds != fold
        if kept.any():
            share = _solved(likeness[np.ix_(kept, kept)], shown.odds[kept], shown.belong[kept])
            found[aside] = likeness[np.ix_(aside, kept)] @ share
    return found


def _with_constant(vectors: Vectors) -> Floats:
    return np.hstack([vectors.astype(np.float64), np.ones((len(vectors), 1))])


def _solved(likeness: Floats, odds: Floats, belong: NDArray[np.bool_]) -> Floats:
    """The examples' shares: Newton's method on penalised log loss, each step halved until it helps."""
    wanted = belong.astype(np.float64)
    shares = np.zeros(len(wanted))
    loss = _loss(likeness, odds, wanted, shares)
    for _ in range(_STEPS):
        now = likeness @ shares
        likely = chance(odds + now)
        weight = likely * (1 - likely) + 1e-9
        aim = np.linalg.solve(weight[:, None] * likeness + np.eye(len(wanted)), weight * now + wanted - likely)
        step, size = aim - shares, 1.0
        while size > 1e-3 and _loss(likeness, odds, wanted, shares + size * step) > loss:
            size /= 2
        shares = shares + size * step
        before, loss = loss, _loss(likeness, odds, wanted, shares)
        if before - loss < 1e-7:
            break
    return shares


def _loss(likeness: Floats, odds: Floats, wanted: Floats, shares: Floats) -> float:
    bend_ = likeness @ shares
    total = odds + bend_
    return float((np.logaddexp(0, total) - wanted * total).sum() + shares @ bend_ / 2)
