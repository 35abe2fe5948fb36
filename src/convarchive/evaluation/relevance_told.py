"""
Measures whether the relevance that search tells is a chance: of hits told 0.3, three in ten should be relevant.

Looked at are each query's hits down to the hundredth, and as many random texts beside them, that nobody
judged relevant to it. Every query counts the same, however many texts it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.evaluation.asking import DEPTH, Archive
from convarchive.evaluation.judged import JudgedSet
from convarchive.index.relevance import CUT_OFF

BINS = 10
SEED = 1
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """
    One set's queries with the relevance they were told of texts.

    `best` is each query's most relevant hit. Of the texts, [n]: `sure` is the relevance, `right` whether
    people called it relevant (0 or 1), `query` whose it is, `hit` whether it was one or drawn at random.
    """

    name: str
    words: tuple[str, ...]
    best: tuple[float, ...]
    sure: Floats
    right: Floats
    query: NDArray[np.int64]
    hit: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts told between `low` and `high`: their share of all, their mean relevance, and how many were relevant."""

    low: float
    high: float
    share: float
    told: float
    relevant: float


@dataclass(frozen=True, slots=True)
class Told:
    """
    How far relevance is what it says, from 0 to 1 each.

    `error` is the expected calibration error over ten equal bins; `brier` the mean squared error, `base` that
    of who tells every text the share of relevant ones; `auroc` the chance that a relevant
    text is told more than another (0.5 is chance), not-a-number where all are alike.
    """

    error: float
    brier: float
    base: float
    auroc: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One set, or all of them: how many queries, how many were answered at the cut-off, and how relevance fares."""

    name: str
    queries: int
    answered: int
    hits: Told
    with_random: Told


def sampled(
    judged: JudgedSet, archive: Archive, *, within: bool, report: Callable[[str, int, int], None] | None = None
) -> Sample:
    """Ask every query of the set; with `within`, of its own meeting only."""
    random = np.random.default_rng(SEED)
    best: list[float] = []
    parts: list[tuple[Floats, Floats, int, NDArray[np.bool_]]] = []
    for number, asked in enumerate(judged.queries):
        meeting = asked.meeting if within else None
        hits, relevant = archive.hits(asked.query, meeting), set(asked.relevant)
        best.append(max((sure for _, sure in hits), default=0.0))
        told = archive.told(asked.query, meeting)
        beside = sorted(told.keys() - relevant - {text for text, _ in hits})
        drawn = [beside[place] for place in random.permutation(len(beside))[:DEPTH]]
        texts = [*(text for text, _ in hits), *drawn]
        sure = np.array([*(value for _, value in hits), *(told[text] for text in drawn)])
        right = np.array([float(text in relevant) for text in texts])
        parts.append((sure, right, number, np.arange(len(texts)) < len(hits)))
        if report is not None:
            report(judged.name, number + 1, len(judged.queries))
    return Sample(
        f"{judged.name} within the meeting" if within else judged.name,
        tuple(asked.query for asked in judged.queries),
        tuple(best),
        np.concatenate([sure for sure, _, _, _ in parts]),
        np.concatenate([right for _, right, _, _ in parts]),
        np.concatenate([np.full(len(sure), number) for sure, _, number, _ in parts]),
        np.concatenate([hit for _, _, _, hit in parts]),
    )


def row(name: str, samples: Sequence[Sample]) -> Row:
    """These sets' queries together."""
    best = [value for sample in samples for value in sample.best]
    return Row(
        name, len(best), sum(value >= CUT_OFF for value in best), _of(samples, drawn=False), _of(samples, drawn=True)
    )


def _of(samples: Sequence[Sample], *, drawn: bool) -> Told:
    kept = [sample.hit | drawn for sample in samples]
    sure, right = (
        np.concatenate([values[keep] for values, keep in zip(every, kept, strict=True)])
        for every in ([one.sure for one in samples], [one.right for one in samples])
    )
    weights = [1 / np.bincount(one.query[keep])[one.query[keep]] for one, keep in zip(samples, kept, strict=True)]
    return told(sure, right, np.concatenate(weights))


def told(sure: Floats, right: Floats, weights: Floats) -> Told:
    """
    How well chances fit what came of them: Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated
    Probabilities Using Bayesian Binning" (2015); Brier (1950). Arrays are [n].
    """
    weights = weights / weights.sum()
    places = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    bins = []
    for place in range(BINS):
        inside = places == place
        share = float(weights[inside].sum())
        if share > 0:
            means = (float((weights * values)[inside].sum() / share) for values in (sure, right))
            bins.append(Bin(place / BINS, (place + 1) / BINS, share, *means))
    rate = float(weights @ right)
    error = sum(one.share * abs(one.told - one.relevant) for one in bins)
    brier = float(weights @ (sure - right) ** 2)
    return Told(error, brier, rate * (1 - rate), auroc(sure, right, weights), tuple(bins))


def auroc(sure: Floats, right: Floats, weights: Floats) -> float:
    """The chance that one that is `right` (1) has more than one that is not (0), equal ones counting half."""
    values, places = np.unique(sure, return_inverse=True)
    with_it = np.bincount(places, weights * right, len(values))
    without = np.bincount(places, weights * (1 - right), len(values))
    pairs = with_it.sum() * without.sum()
    below = np.cumsum(without) - without / 2
    return float(with_it @ below / pairs) if pairs > 0 else float("nan")
