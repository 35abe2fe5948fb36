"""Finds where a printed or remembered phrase stands in the words of a transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convarchive.alignment.words import Unit, align, last_row, units
from convarchive.domain.span import Span
from convarchive.domain.transcript import Word

LEAST = 0.6
"""Share of a phrase's words that must be heard in order for it to count as found."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a phrase stands: its `first` word's position, how many `words` it covers, its span.

    `heard` is the share of the phrase's words that stand there unchanged, from 0 to 1. It
    says where to look, and never that a quotation is true.
    """

    first: int
    words: int
    span: Span
    heard: float


def place(text: str, words: Sequence[Word], *, least: float = LEAST) -> Place | None:
    """
    The place at which a phrase stands with the fewest changes, the first of equals; None below `least`.

    Approximate matching with a free start and end (Sellers 1980). Takes time in the
    product of the two lengths, memory in their sum.
    """
    wanted, spoken = units(text.split()), units([word.text for word in words])
    if not wanted or not spoken:
        return None
    start, end = _window([unit.key for unit in wanted], [unit.key for unit in spoken])
    kept = _matching(wanted, spoken, start, end)
    if len(kept) < least * len(wanted) or not kept:
        return None
    first, last = spoken[kept[0]].at, spoken[kept[-1]].last
    spans = [word.span for word in words[first : last + 1]]
    span = Span(min(s.start for s in spans), max(s.end for s in spans))
    return Place(first, last + 1 - first, span, len(kept) / len(wanted))


def find(text: str, words: Sequence[Word], *, least: float = LEAST) -> Span | None:
    """When a phrase was said; None where it was not. See `place`."""
    found = place(text, words, least=least)
    return found.span if found else None


def _window(wanted: Sequence[str], spoken: Sequence[str]) -> tuple[int, int]:
    """From where to where in `spoken` the phrase stands with the least cost."""
    known: dict[str, int] = {}
    a = np.array([known.setdefault(word, len(known)) for word in wanted], dtype=np.int32)
    b = np.array([known.setdefault(word, len(known)) for word in spoken], dtype=np.int32)
    end = int(np.argmin(last_row(a, b, free=True)))
    # Told backwards from its end, the phrase begins where its cost is least again.
    reach = b[max(0, end - 4 * len(a)) : end][::-1]
    length = int(np.argmin(last_row(a[::-1], reach))) if len(reach) else 0
    return end - length, end


def _matching(wanted: Sequence[Unit], spoken: Sequence[Unit], start: int, end: int) -> list[int]:
    """Positions in `spoken` whose words equal the phrase's, in order."""
    pairs = align([unit.key for unit in wanted], [unit.key for unit in spoken[start:end]])
    return [
        start + j
        for i, j in pairs
        if i is not None and j is not None and wanted[i].key == spoken[start + j].key
    ]  # fmt: skip
