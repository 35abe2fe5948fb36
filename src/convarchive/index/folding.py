"""
Folds quotes that say the same in the same words, or nearly, into one: trailers, repeats, a quote cut twice.

Two are the same where their vectors lie close and either most of their words agree or one holds
the other's words in a row. A negation or a number more or less keeps two wordings apart,
for they mean something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from convarchive.index.ports import Vectors

Id = TypeVar("Id", bound=Hashable)

CLOSE = 0.85
"""The cosine from which words are compared at all."""
AGREE = 0.87
"""The share of words, of both quotes' together, that must agree."""
HELD, FEWEST = 0.9, 6
"""The share of its words, of so many at least, that another must hold for it to be a piece of that one."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_APART = frozenset("no not never none nobody nothing neither nor without cannot hardly".split())


@dataclass(frozen=True, slots=True, eq=False)
class Folding(Generic[Id]):
    """A quote that was found: its id, and its words."""

    id: Id
    text: str


@dataclass(frozen=True, slots=True)
class Group(Generic[Id]):
    """What is shown once: the first of them in the order given, and the `others` that say the same."""

    first: Id
    others: tuple[Id, ...]


def fold(hits: Sequence[Folding[Id]], vectors: Vectors) -> tuple[Group[Id], ...]:
    """
    Group hits, best first, each with the first that says the same; the order of firsts stays.

    `vectors` [n, dimensions] are theirs, of unit length. Each is compared with firsts only, so
    that a chain of small changes never joins what differs at its ends.
    """
    firsts: list[int] = []
    others: dict[int, list[Id]] = {}
    words = [_words(hit.text) for hit in hits]
    for place, hit in enumerate(hits):
        likeness = vectors[firsts] @ vectors[place] if firsts else np.empty(0)
        near = (firsts[at] for at in np.argsort(-likeness, kind="stable") if likeness[at] >= CLOSE)
        home = next((first for first in near if same(words[first], words[place])), None)
        if home is None:
            firsts.append(place)
            others[place] = []
        else:
            others[home].append(hit.id)
    return tuple(Group(hits[first].id, tuple(others[first])) for first in firsts)


def same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two quotes' words, in small letters, are the same but for little."""
    a, b = Counter(one), Counter(other)
    if not a or not b:
        return False
    shared = (a & b).total()
    differ = (a - b) + (b - a)
    whole = not any(_tells(word) for word in differ)
    if whole and shared / (a | b).total() >= AGREE:
        return True
    less, more = (one, other) if len(one) <= len(other) else (other, one)
    if len(less) < FEWEST or shared / len(less) < HELD:
        return False
    return not any(_tells(word) for word in Counter(less) - Counter(more)) and _in_a_row(less, more)


def _in_a_row(less: Sequence[str], more: Sequence[str]) -> bool:
    """Whether the shorter one's words stand together in the longer one, but for what is shared by chance."""
    held = " ".join(more)
    for start, end in ((0, len(less)), (0, len(less) - 1), (1, len(less))):
        if f" {' '.join(less[start:end])} " in f" {held} ":
            return True
    return False


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("’", "'") for word in _WORD.findall(text.casefold()))


def _tells(word: str) -> bool:
    return word in _APART or word.endswith("n't") or any(char.isdigit() for char in word)
