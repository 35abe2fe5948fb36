"""Tells passages that say the query's own words turned about: with a negation or a number that differs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convarchive.alignment.words import plainly, units

_WORDS = "not cannot no never none nobody nothing neither nor without nowhere hardly barely"
_ENDS = r"(?!'(?!(?:re|ve|ll|m)(?![^\W_]))[^\W_]|[^\W_]|[.,:]\d)"
"""Where a word ends as `units` cuts it: not before what belongs to it, as in "nothing's" and "no.5"."""
_NEGATION = re.compile(rf"(?<![^\W_])(?:{'|'.join(_WORDS.split())}){_ENDS}|[^\W_]n't{_ENDS}")
_NUMBER = re.compile(r"\d")


def turned(query: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """
    For each text how much of the query's negations and numbers it turns: 0, 0.5 or 1, an array [n].

    A negation is turned where one of the two has an odd number of them and the other an even one; numbers where
    the query has one that the text lacks. It says nothing of whether the text speaks of the
    same at all: weigh it by how much of the query the text covers.
    """
    negative, numbers = _negative(query), _numbers(query)
    found = np.zeros(len(texts))
    for place, text in enumerate(texts):
        # Few queries hold a number, and reading those of a text takes long.
        found[place] = 0.5 * (_negative(text) != negative) + 0.5 * bool(numbers and numbers - _numbers(text))
    return found


def _negative(text: str) -> bool:
    return len(_NEGATION.findall(plainly(text))) % 2 == 1


def _numbers(text: str) -> frozenset[str]:
    return frozenset(unit.key for unit in units(text.split()) if _NUMBER.search(unit.key))
