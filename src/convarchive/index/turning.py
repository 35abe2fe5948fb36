"""Tells passages that say the query's own words turned about: with a negation or a number that differs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convarchive.alignment.words import units

_NEGATIONS = frozenset("not no never none nobody nothing neither nor without nowhere hardly barely".split())
_NUMBER = re.compile(r"\d")


def turned(query: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """
    For each text how much of the query's negations and numbers it turns: 0, 0.5 or 1, an array [n].

    A negation is turned where one of the two has an odd number of them and the other an even one; numbers where
    the query has one that the text lacks. It says nothing of whether the text speaks of the
    same at all: weigh it by how much of the query the text covers.
    """
    negative, numbers = _told(query)
    found = np.zeros(len(texts))
    for place, text in enumerate(texts):
        theirs, others = _told(text)
        found[place] = 0.5 * (theirs != negative) + 0.5 * bool(numbers - others)
    return found


def _told(text: str) -> tuple[bool, frozenset[str]]:
    keys = [unit.key for unit in units(text.split())]
    negations = sum(key in _NEGATIONS for key in keys)
    return bool(negations % 2), frozenset(key for key in keys if _NUMBER.search(key))
