"""
Groups of vectors that lie close together, what belongs to none left out, and how far each group can be relied on.

Spherical k-means (Dhillon and Modha 2001) from k-means++ starts (Arthur and Vassilvitskii 2007)
on vectors from which the archive's mean was taken; a quote that lies hardly nearer to its centre
than to the next belongs to no group. A group's stability is the mean best Jaccard index over
bootstrap samples that are grouped anew (Hennig 2007). The same seed gives the same groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.index.ports import Vectors

Places = NDArray[np.int64]

NOISE = -1
_ROUNDS = 25
_MARGIN, _NEAREST = 0.05, 0.25
"""How much nearer its own centre must be than the next, and how near at least, for a quote to be in a group."""
FEWEST = 5
_SAMPLES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """Rows of one group, nearest to its centre first, with their cosines to it; `stability` from 0 to 1."""

    rows: Places
    near: NDArray[np.float64]
    stability: float


def clusters(vectors: Vectors, seed: int = 0) -> tuple[Cluster, ...]:
    """Groups of at least five of these vectors [n, d], the most stable first."""
    count = len(vectors)
    if count < 2 * FEWEST:
        return ()
    plain = _centred(vectors)
    many = how_many(count)
    draw = np.random.default_rng(seed)
    label, near = _grouped(plain, many, draw)
    kept = [one for one in range(many) if (label == one).sum() >= FEWEST]
    found: dict[int, list[float]] = {one: [] for one in kept}
    for _ in range(_SAMPLES):
        chosen = np.unique(draw.integers(0, count, count))
        again, _ = _grouped(plain[chosen], many, draw)
        table = _shared(label[chosen], again, many)
        for one in kept:
            found[one].append(_best_jaccard(table, one))
    groups = []
    for one in kept:
        rows = np.flatnonzero(label == one)
        order = np.lexsort((rows, -near[rows]))
        groups.append(Cluster(rows[order], near[rows[order]], float(np.mean(found[one]))))
    return tuple(sorted(groups, key=lambda group: (-group.stability, int(group.rows[0]))))


def how_many(count: int) -> int:
    """
    How many groups are looked for among so many quotes.

    >>> how_many(30), how_many(2_000), how_many(100_000)
    (3, 22, 80)
    """
    return max(2, min(80, round(count**0.5 / 2)) if count >= 50 else count // 10)


def _centred(vectors: Vectors) -> Vectors:
    moved = vectors - vectors.mean(axis=0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    result: Vectors = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return result


def _grouped(plain: Vectors, many: int, draw: np.random.Generator) -> tuple[Places, NDArray[np.float64]]:
    centres = _starts(plain, many, draw)
    nearest = np.full(len(plain), NOISE)
    for _ in range(_ROUNDS):
        before, nearest = nearest, (plain @ centres.T).argmax(axis=1)
        if (nearest == before).all():
            break
        for one in range(many):
            rows = plain[nearest == one]
            if len(rows):
                middle = rows.sum(axis=0)
                centres[one] = middle / max(float(np.linalg.norm(middle)), 1e-9)
    likeness = (plain @ centres.T).astype(np.float64)
    ranked = np.sort(likeness, axis=1)
    loose = (ranked[:, -1] - ranked[:, -2] < _MARGIN) | (ranked[:, -1] < _NEAREST)
    return np.where(loose, NOISE, likeness.argmax(axis=1)), ranked[:, -1]


def _starts(plain: Vectors, many: int, draw: np.random.Generator) -> Vectors:
    chosen = [int(draw.integers(len(plain)))]
    away = 1 - plain @ plain[chosen[0]]
    for _ in range(many - 1):
        weight = np.maximum(away, 0).astype(np.float64) ** 2 + 1e-12
        chosen.append(int(draw.choice(len(plain), p=weight / weight.sum())))
        away = np.minimum(away, 1 - plain @ plain[chosen[-1]])
    result: Vectors = plain[chosen].copy()
    return result


def _shared(ours: Places, again: Places, many: int) -> NDArray[np.int64]:
    """How many rows each of our groups shares with each new one; last row and column: in no group."""
    table = np.zeros((many + 1, many + 1), np.int64)
    np.add.at(table, (ours, again), 1)
    return table


def _best_jaccard(table: NDArray[np.int64], one: int) -> float:
    shared = table[one, :-1]
    either = table[one].sum() + table[:, :-1].sum(axis=0) - shared
    return float((shared / np.maximum(either, 1)).max())
