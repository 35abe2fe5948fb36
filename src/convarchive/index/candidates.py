"""
Gathers the passages that may answer a query, with all that speaks for each of them.

The best by meaning and the best by words come first; then what was said beside the best of
these; then the best of all are looked at word by word. What is looked at closely is
bounded, so that an archive of a million quotes costs little more than one of a thousand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.passage import PassageNumber, Query
from convarchive.index.among import within
from convarchive.index.asking import Asked, weighed
from convarchive.index.live import Opened
from convarchive.index.names import named
from convarchive.index.ports import Encoder, LexicalIndex, Numbers
from convarchive.index.relevance import WEIGHTS, Floats, Likeness, Weights, base
from convarchive.index.turning import turned
from convarchive.store.fulltext import words_of
from convarchive.store.reader import Reader

CANDIDATES = 200
"""Passages taken from each of meaning and words before they are ranked together."""
CLOSELY = 60
"""The best of all whose words are looked at, one by one."""
_LOOKED_AROUND = 100
"""The best of them by meaning and words, around which is looked."""
_BESIDE = 20
"""The best of those whose neighbours become candidates themselves."""
WITHIN_MS = 120_000
"""What begins so long before or after a passage, in the same recording, was said around it."""
_NEIGHBOURS, _FADING = 4, 0.8
"""Neighbours on each side that count, each so much less than the one before it."""
_NOBODY = -1
_SAID_OFTEN = 3
"""Passages more that hold the query word for word, with which that is half as great a find."""
_ALIKE = 0.8
"""The share of the query a passage covers from which on a negation or number that differs is looked at."""
_NONE: Numbers = np.empty(0, np.int64)


def gathered(
    reader: Reader,
    opened: Opened,
    lexical: LexicalIndex,
    encoder: Encoder,
    query: Asked,
    wanted: int,
    weights: Weights = WEIGHTS,
) -> tuple[Numbers, Likeness]:
    """The passages that may answer, `wanted` at least where there are so many, with all that speaks for each."""
    found = _first(opened, lexical, query, min(len(query.allowed), max(wanted, CANDIDATES)))
    numbers, top = found.numbers, found.best
    first = numbers[_best(numbers, found.base(top, weights), _LOOKED_AROUND)]
    # What was said beside the very best may answer itself.
    more = _inside(_around(reader, query, first[:_BESIDE]), query.allowed)
    spoken = named(reader, query)
    theirs = np.unique(np.concatenate([_NONE, *(by for by, _ in spoken)]))
    said, _ = opened.index.search(query.vector, CLOSELY, _inside(theirs, query.allowed))
    numbers, first = np.union1d(numbers, [*more, *said]), np.union1d(first, [*more, *said])
    beside = _around(reader, query, first)
    found = found.with_more(opened, lexical, query, np.setdiff1d([*beside.flat, *said], [*found.numbers, _NOBODY]))
    around = _mean(found.base(top, weights), found.numbers, first, beside)
    chosen = np.isin(found.numbers, numbers)
    meaning, words, around = found.meaning[chosen], found.words[chosen], around[chosen]
    own = base(meaning, words, top, weights)
    if not np.isnan(around).all():
        # Nobody asked what stands around these: at most what is usual.
        unasked = ~np.isin(numbers, first)
        around[unasked] = np.minimum(own[unasked], np.nanmean(around))
    closely = _best(numbers, own + np.where(np.isnan(around), own, around), max(CLOSELY, wanted))
    whole = sum(query.rarity.values())
    covered = np.clip(words / whole, 0, 1) if whole > 0 else np.zeros(len(numbers))
    close, turns = _close(reader, encoder, query, numbers, covered, closely)
    themed = [reader.numbers(Query("", theme=theme)) for theme in reader.themes_titled(query.words)]
    return numbers, Likeness(
        meaning=meaning,
        words=words,
        verbatim=_verbatim(lexical.phrase(words_of(query.read)), query.covered, numbers),
        close=close,
        around=around,
        turned=turns,
        named=np.max([np.zeros(len(numbers)), *(share * within(numbers, by) for by, share in spoken)], axis=0),
        themed=np.isin(numbers, np.concatenate([_NONE, *themed])).astype(np.float64),
        rarity=whole,
        count=len(query.covered),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Passages (sorted) with cosine and BM25, each [n]; `best` is the highest BM25 of all that may be hits."""

    numbers: Numbers
    meaning: Floats
    words: Floats
    best: float

    def base(self, best: float, weights: Weights) -> Floats:
        """What meaning and words make of each."""
        return base(self.meaning, self.words, best, weights)

    def with_more(self, opened: Opened, lexical: LexicalIndex, query: Asked, more: Numbers) -> _Found:
        """These and more, which must be others."""
        meaning, words = _meanings(opened, query, more), lexical.scores(query.weights, 0, _NONE, beside=more).beside
        numbers = np.concatenate([self.numbers, more])
        order = np.argsort(numbers)
        return _Found(
            numbers[order],
            np.concatenate([self.meaning, meaning])[order],
            np.concatenate([self.words, words.astype(np.float64)])[order],
            self.best,
        )


def _first(opened: Opened, lexical: LexicalIndex, query: Asked, enough: int) -> _Found:
    """The best by meaning and the best by words."""
    near, cosines = opened.index.search(query.vector, enough, query.allowed)
    held = lexical.scores(query.weights, enough, query.allowed, beside=near)
    others = ~np.isin(held.numbers, near)
    more = np.sort(held.numbers[others])
    numbers = np.concatenate([near, more])
    scores = held.scores[others][np.argsort(held.numbers[others])]
    order = np.argsort(numbers)
    return _Found(
        numbers[order],
        np.concatenate([cosines.astype(np.float64), _meanings(opened, query, more)])[order],
        np.concatenate([held.beside, scores]).astype(np.float64)[order],
        float(held.scores[0]) if len(held.scores) else 0.0,
    )


def _around(reader: Reader, query: Asked, numbers: Numbers) -> Numbers:
    """What stands around these passages and is in the index, [n, 2 x neighbours]; -1 where nothing is."""
    found = reader.around([PassageNumber(int(n)) for n in numbers], WITHIN_MS, _NEIGHBOURS)
    found[~within(found, query.covered)] = _NOBODY
    return found


def _mean(values: Floats, numbers: Numbers, first: Numbers, beside: Numbers) -> Floats:
    """Of each of these numbers, if one of `first`, the mean value of what stands around it; the nearer, the more."""
    result = np.full(len(numbers), np.nan)
    there = beside != _NOBODY
    weights = np.tile(_FADING ** np.arange(_NEIGHBOURS), 2) * there
    places = np.searchsorted(numbers, np.where(there, beside, numbers[0]))
    total = weights.sum(axis=1)
    mean = (values[places] * weights).sum(axis=1) / np.maximum(total, 1e-9)
    result[np.searchsorted(numbers, first)] = np.where(total > 0, mean, np.nan)
    return result


def _close(
    reader: Reader, encoder: Encoder, query: Asked, numbers: Numbers, covered: Floats, closely: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """How close the words of some of these passages come to the query's, and how surely they turn it about."""
    texts = reader.index.texts([PassageNumber(int(n)) for n in numbers[closely]])
    held = [texts.get(PassageNumber(int(n)), "") for n in numbers[closely]]
    close, turns = np.zeros(len(numbers)), np.zeros(len(numbers))
    close[closely] = encoder.closeness(weighed(query), held)
    # Only what says nearly all the query says can turn it about.
    alike = [place for place, row in enumerate(closely) if covered[row] >= _ALIKE]
    rows = closely[alike]
    turns[rows] = turned(query.read, [held[place] for place in alike]) * covered[rows] ** 2
    return close, turns


def _inside(some: Numbers, every: Numbers) -> Numbers:
    """Those of these numbers that are among `every` (sorted), each once, in order."""
    return np.unique(some[within(some, every)])


def _meanings(opened: Opened, query: Asked, numbers: Numbers) -> Floats:
    """Cosines of these (sorted) passages, in their order; -1 for one that the index lacks."""
    meaning = np.full(len(numbers), -1.0)
    if len(numbers):
        found, cosines = opened.index.search(query.vector, len(numbers), numbers)
        meaning[np.searchsorted(numbers, found)] = cosines
    return meaning


def _best(numbers: Numbers, values: Floats, count: int) -> NDArray[np.intp]:
    """Places of the `count` highest values, equal ones by number."""
    return np.lexsort((numbers, -values))[:count]


def _verbatim(holding: Numbers, every: Numbers, candidates: Numbers) -> Floats:
    """
    For each candidate that holds the query word for word, how rare that is among all, 0 to 1; 0 for the others.

    What every other passage holds is no find; a name said once is, and one said often is found by its words.
    """
    holding = holding[within(holding, every)]
    count = len(every)
    rarity = math.log((count - len(holding) + 0.5) / (len(holding) + 0.5)) / math.log((count + 0.5) / 0.5)
    often = 1 + max(0, len(holding) - 1) / _SAID_OFTEN
    return np.where(within(candidates, holding), min(1.0, max(0.0, rarity)) / often, 0.0)
