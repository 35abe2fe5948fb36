"""
Measures what a nearness between two quotes is worth: how often people put both under one point, or one matter.

Only texts that people put under some point count, for of the others nobody said what they mean. A matter is
the topic that a text names, else its meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.evaluation.judged import JudgedSet
from convarchive.index.ports import Encoder
from convarchive.index.similar import nearness

EDGES = (0.0, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Where a row begins; the last ends at 1."""
LIST = 10
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Row:
    """
    Pairs of a set whose nearness is at least `low` and below `high`.

    `matter` and `point` are the shares of them that people put under one matter, or under one point.
    """

    set: str
    low: float
    high: float
    pairs: int
    matter: float
    point: float


@dataclass(frozen=True, slots=True)
class Told:
    """What was found: `every` pair, and the `nearest` ten of each text, as a list of what is similar has them."""

    every: tuple[Row, ...]
    nearest: tuple[Row, ...]


def measure(sets: Sequence[JudgedSet], encoder: Encoder) -> Told:
    """Nearness against people's judgement, set by set; sets in which nothing was judged are left out."""
    every: list[Row] = []
    nearest: list[Row] = []
    for one in sets:
        points, matters, near = _pairs(one, encoder)
        if not len(near):
            continue
        above = np.triu(np.ones(near.shape, bool), 1)
        every += _rows(one.name, near[above], matters[above], points[above])
        np.fill_diagonal(near, -1)
        order = np.argsort(-near, axis=1, kind="stable")[:, : min(LIST, len(near) - 1)]
        of = np.repeat(np.arange(len(near)), order.shape[1])
        pair = of, order.ravel()
        nearest += _rows(one.name, near[pair], matters[pair], points[pair])
    return Told(tuple(every), tuple(nearest))


def _pairs(one: JudgedSet, encoder: Encoder) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]:
    """Whether two texts share a point, whether a matter, and how near they are: each [texts, texts]."""
    under: dict[str, list[int]] = {}
    for number, asked in enumerate(one.queries):
        for document in asked.relevant:
            under.setdefault(document, []).append(number)
    texts = [text for text in one.documents if text.id in under]
    held = np.zeros((len(texts), len(one.queries)), np.float32)
    for row, text in enumerate(texts):
        held[row, under[text.id]] = 1
    matters = np.array([text.topic or text.meeting or "" for text in texts])
    if not texts:
        return held > 0, held > 0, np.zeros((0, 0))
    words = [text.text for text in texts]
    vectors = np.concatenate([encoder.encode(words[at : at + _BATCH]) for at in range(0, len(words), _BATCH)])
    together: NDArray[np.bool_] = np.equal.outer(matters, matters) & (matters != "")[:, None]
    return held @ held.T > 0, together, nearness(vectors @ vectors.T)


def _rows(name: str, near: NDArray[np.float64], matters: NDArray[np.bool_], points: NDArray[np.bool_]) -> list[Row]:
    rows = []
    for low, high in zip(EDGES, (*EDGES[1:], 1.0), strict=True):
        within = (near >= low) & ((near < high) | (high == 1.0))
        count = int(within.sum())
        if count:
            rows.append(Row(name, low, high, count, float(matters[within].mean()), float(points[within].mean())))
    return rows
