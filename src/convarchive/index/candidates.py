"""
Gathers the passages that may answer a query, with all that speaks for each of them.

The best by meaning and the best by words come first; then what was said beside the best of
these; then the best of all are looked at word by word. What is looked at closely is
bounded, so that an archive of a million quotes costs little more than one of a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.passage import PassageNumber, Query
from convarchive.index.live import Opened
from convarchive.index.ports import Encoder, LexicalIndex, Numbers, Vectors
from convarchive.index.relevance import WEIGHTS, Floats, Likeness, Weights, base
from convarchive.index.turning import turned
from convarchive.store.fulltext import terms, words_of
from convarchive.store.reader import Reader

CANDIDATES = 200
"""Passages taken from each of meaning and words before they are ranked together."""
CLOSELY = 100
"""The best of them whose words and surroundings are looked at."""
_BESIDE = 30
"""The best of those whose neighbours become candidates themselves."""
WITHIN_MS = 120_000
"""What begins so long before or after a passage, in the same recording, was said around it."""
_NEIGHBOURS, _FADING = 4, 0.8
"""Neighbours on each side that count, each so much less than the one before it."""
_EVERYDAY = 0.3
"""The weight of words too common to be looked up, where words are held against each other."""
_NOBODYS = "qxjzkvwqxj"
"""A word that nobody says, to learn how rare that is."""
_NONE: Numbers = np.empty(0, np.int64)
_MISSPELT, _SPELLINGS = 0.6, 3
"""What a word spelt almost so counts for a word that nobody said, and how many of them are tried."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A query made ready: its words and vector, the weight of each term looked up, how rare each of its
    terms is; `allowed` passages may be hits, `shown` ones may stand around them (both sorted).
    """

    words: str
    vector: Vectors
    weights: Mapping[str, float]
    rarity: Mapping[str, float]
    allowed: Numbers
    shown: Numbers


def asked(lexical: LexicalIndex, encoder: Encoder, words: str, allowed: Numbers, shown: Numbers) -> Asked:
    """Make a query ready. A word that no passage holds is looked up as the ones spelt almost so."""
    rarity = lexical.rarity((*terms(words), _NOBODYS))
    unheard = rarity.pop(_NOBODYS)
    weights: dict[str, float] = {}
    for word, rare in rarity.items():
        others = _spellings(lexical, word) if rare >= unheard else ()
        weights |= dict.fromkeys(others, _MISSPELT) if others else {word: 1.0}
    known = {word: rare for word, rare in rarity.items() if word in weights}
    spelt = lexical.rarity(word for word in weights if word not in known)
    return Asked(words, encoder.encode([words])[0], weights, known | spelt, allowed, shown)


def _spellings(lexical: LexicalIndex, word: str) -> tuple[str, ...]:
    for distance in (1, 2):
        if found := lexical.near(word, distance):
            return tuple(stem for stem, _ in found[:_SPELLINGS])
    return ()


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
    enough = min(len(query.allowed), max(wanted, CANDIDATES))
    near, _ = opened.index.search(query.vector, enough, query.allowed)
    best = lexical.scores(query.weights, enough, query.allowed)
    numbers = np.union1d(near, best.numbers)
    top = float(best.scores[0]) if len(best.numbers) else 0.0
    meaning, words = _both(opened, lexical, query, numbers)
    first = numbers[_best(numbers, base(meaning, words, top, weights), CLOSELY)]
    beside = _Beside(reader.around([PassageNumber(int(n)) for n in first], WITHIN_MS), query.shown)
    more = np.setdiff1d(np.intersect1d(beside.of(first[:_BESIDE]), query.allowed), numbers)
    if len(more):
        numbers = np.union1d(numbers, more)
        meaning, words = _both(opened, lexical, query, numbers)
    around = beside.mean(numbers, lambda others: base(*_both(opened, lexical, query, others), top, weights))
    own = base(meaning, words, top, weights)
    closely = _best(numbers, own + np.where(np.isnan(around), own, around), CLOSELY)
    texts = reader.index.texts([PassageNumber(int(n)) for n in numbers[closely]])
    held = [texts.get(PassageNumber(int(n)), "") for n in numbers[closely]]
    close, turns = np.zeros(len(numbers)), np.zeros(len(numbers))
    close[closely] = encoder.closeness(weighed(query), held)
    whole = sum(query.rarity.values())
    covered = np.clip(words / whole, 0, 1) if whole > 0 else np.zeros(len(numbers))
    turns[closely] = turned(query.words, held) * covered[closely] ** 2
    named, themed = _called(reader, query, numbers)
    return numbers, Likeness(
        meaning=meaning,
        words=words,
        verbatim=_verbatim(lexical.phrase(words_of(query.words)), query.allowed, numbers),
        close=close,
        around=around,
        turned=turns,
        named=named,
        themed=themed,
        rarity=whole,
    )


def weighed(query: Asked) -> list[tuple[str, float]]:
    """The query's words with their weights for `closeness`: as rare as they are, everyday ones little."""
    every = dict.fromkeys(word.casefold() for word in words_of(query.words))
    spelt = [(word, rare) for word, rare in query.rarity.items() if word not in every]
    return [(word, query.rarity.get(word, _EVERYDAY)) for word in every] + spelt


class _Beside:
    """Which passages stand around which, as (passage, other, milliseconds later), of those that may be shown."""

    def __init__(self, rows: Sequence[tuple[int, int, int]], shown: Numbers) -> None:
        every = np.array([other for _, other, _ in rows], np.int64)
        there = np.isin(every, shown)
        self._around: dict[int, list[tuple[int, int]]] = {}
        for (number, other, later), may in zip(rows, there, strict=True):
            if may:
                self._around.setdefault(number, []).append((later, other))
                self._around.setdefault(other, []).append((-later, number))

    def of(self, numbers: Numbers) -> Numbers:
        """All that stand around any of these."""
        found = [other for number in numbers for other, _ in self._weighed(int(number))]
        return np.unique(np.array(found, np.int64))

    def mean(self, numbers: Numbers, value: Callable[[Numbers], Floats]) -> Floats:
        """For each of these the mean of `value` over what stands around it, not-a-number where nothing does."""
        result = np.full(len(numbers), np.nan)
        around = {place: found for place, n in enumerate(numbers) if (found := self._weighed(int(n)))}
        if not around:
            return result
        others = np.unique(np.array([other for found in around.values() for other, _ in found], np.int64))
        values = dict(zip(others.tolist(), value(others).tolist(), strict=True))
        for place, found in around.items():
            result[place] = sum(values[other] * weight for other, weight in found) / sum(w for _, w in found)
        return result

    def _weighed(self, number: int) -> list[tuple[int, float]]:
        every = sorted(set(self._around.get(number, ())))
        before = [other for later, other in reversed(every) if later < 0][:_NEIGHBOURS]
        after = [other for later, other in every if later >= 0][:_NEIGHBOURS]
        return [(other, _FADING**place) for side in (before, after) for place, other in enumerate(side)]


def _both(opened: Opened, lexical: LexicalIndex, query: Asked, numbers: Numbers) -> tuple[Floats, Floats]:
    """Cosine and BM25 of these (sorted) passages, in their order; -1 and 0 for one that the index lacks."""
    found, cosines = opened.index.search(query.vector, len(numbers), numbers)
    meaning = np.full(len(numbers), -1.0)
    meaning[np.searchsorted(numbers, found)] = cosines
    words = lexical.scores(query.weights, 0, _NONE, beside=numbers).beside
    return meaning, words.astype(np.float64)


def _best(numbers: Numbers, values: Floats, count: int) -> NDArray[np.intp]:
    """Places of the `count` highest values, equal ones by number."""
    return np.lexsort((numbers, -values))[:count]


def _called(reader: Reader, query: Asked, numbers: Numbers) -> tuple[Floats, Floats]:
    """Where the query names who says a passage, and a theme that it belongs to."""
    speakers, themes = reader.named_in(query.words)
    named, themed = np.zeros(len(numbers)), np.zeros(len(numbers))
    for speaker in speakers:
        named[np.isin(numbers, reader.numbers(Query("", speaker=speaker)))] = 1
    for theme in themes:
        themed[np.isin(numbers, reader.numbers(Query("", theme=theme)))] = 1
    return named, themed


def _verbatim(holding: Numbers, allowed: Numbers, candidates: Numbers) -> Floats:
    """
    For each candidate that holds the query word for word, how rare that is among all, 0 to 1; 0 for the others.

    What every other passage holds is no find; a name said once is.
    """
    places = np.minimum(np.searchsorted(allowed, holding), len(allowed) - 1)
    holding = holding[allowed[places] == holding]
    count = len(allowed)
    rarity = math.log((count - len(holding) + 0.5) / (len(holding) + 0.5)) / math.log((count + 0.5) / 0.5)
    there = np.isin(candidates, holding)
    return np.where(there, min(1.0, max(0.0, rarity)), 0.0)
