"""
The chance that an editor would say that a quote belongs to a theme, learned from as few examples as there are.

Without examples it is a logistic curve over likenesses: of the quote to the theme's description,
how much nearer another theme's description is, or how far behind the next one lies. What is near
to every quote of the archive wins nothing by it. Examples bend the curve: a logistic
regression on the vectors whose Gaussian prior has that curve as its mean, and as its precision
the archive's own second moments, so that what moves most quotes needs most evidence (as in
linear discriminants: Fisher 1936; kernel logistic regression: Zhu and Hastie 2005). It is solved
for the few examples instead of the many dimensions, in milliseconds, and always the same way.

Who gives as many examples as counter-examples says nothing of how many quotes belong, though a
regression takes it so (Prentice and Pyke 1979). Bent odds are therefore lowered again, in part to
where the archive holds as many as were expected (as Saerens, Latinne and Decaestecker 2002 do).

The constants were fitted on one half of judged sets by `evaluate themes`, which reports on the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.index.ports import Vectors

Floats = NDArray[np.float64]

CLOSE, BEHIND, AHEAD, OFFSET = 4.59, 6.29, 5.51, -4.68
"""
What is added to the log odds: for a cosine to the description, for the distance to a theme that is nearer (less
than 0), for the root of the distance to the next one, and always.
"""
ALONE, ALONE_OFFSET = 4.86, -3.86
"""The same for the cosine, and always, where there is no other theme."""
MANY = 14
"""Themes from which on to be ahead of all others counts in full; among fewer it means less."""
USUAL, _OF_USUAL = 0.15, 100
"""The cosine of a description to any quote, and how many quotes of the archive this guess is worth."""
STIFFNESS = 5.0
"""How little examples bend the curve: examples in one direction it takes to move its log odds by about one."""
AS_MANY, OVERSTATED, _FEW = 0.3, 0.7, 1.5
"""
Bent log odds are lowered by this share of the way to where as many quotes belong as before there were examples; and
by this much for many examples in any case, by half of it for so few.
"""
_FARTHEST = 20.0
_FLOOR = 0.003
"""Added to every second moment, so that directions the archive never uses stay finite."""
_ASSUMED = 400
"""Quotes without any direction that are counted with the archive's own, for archives of few quotes."""
_SAMPLE = 4000
"""Quotes that the second moments are taken from at most, evenly over the archive."""
_FOLDS = 16
_STEPS = 30


def usual(near: Floats) -> Floats:
    """How near each theme's description is to the archive's quotes on average [themes], of cosines [n, themes]."""
    result: Floats = (near.sum(axis=0) + _OF_USUAL * USUAL) / (len(near) + _OF_USUAL)
    return result


def untaught(near: Floats, common: Floats, place: int) -> Floats:
    """
    Log odds [n] of the theme at `place` from cosines [n, themes] to all themes' descriptions.

    `common` [themes] is what `usual` says of the archive.
    """
    own = near[:, place]
    if near.shape[1] == 1:
        alone: Floats = ALONE * own + ALONE_OFFSET
        return alone
    beyond = near - common
    margin = beyond[:, place] - np.delete(beyond, place, axis=1).max(axis=1)
    ahead = AHEAD * min(1.0, math.log(near.shape[1]) / math.log(MANY))
    result: Floats = CLOSE * own + BEHIND * np.minimum(margin, 0) + ahead * np.sqrt(np.maximum(margin, 0)) + OFFSET
    return result


def excess(odds: Floats, bend_: Floats, belong: int) -> float:
    """
    By how much examples, of which so many `belong`, bent an archive's log odds [n] too far up.

    `bend_` [n] is what they added.
    """
    some = slice(None, None, max(1, -(-len(odds) // _SAMPLE)))
    expected, now = float(chance(odds[some]).mean()), (odds + bend_)[some]
    low, high = -_FARTHEST, _FARTHEST
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if float(chance(now - middle).mean()) > expected else (low, middle)
    return AS_MANY * (low + high) / 2 + OVERSTATED * belong / (belong + _FEW)


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
