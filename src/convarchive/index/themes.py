"""
How far each quote belongs to each of the collection's themes.

A quote is compared with every clause of a theme's description and with the theme's example
quotes; the likeness becomes a score from 0 to 1 through a fixed curve, so that scores of
different archives mean the same. The curve was set on print and on talk about other matters:
at 0.5, fewer than one in a hundred sentences of talk about anything else belong to a theme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.theme import Theme, ThemeScore
from convarchive.index.ports import Encoder, Vectors

EXAMPLES_WEIGH = 0.2
"""The examples' share in a likeness; the description has the rest."""
MIDDLE, STEEPNESS = 0.35, 20.0
"""The likeness that scores 0.5, and how fast scores change there."""

_CLAUSE = re.compile(r"[:;.!?]+(?:\s+|$)")
_ROWS = 20_000
"""Quotes compared at once, so that a large archive needs little memory."""


def score(
    themes: Sequence[Theme],
    encoder: Encoder,
    versions: Sequence[VersionId],
    quotes: Sequence[QuoteId],
    vectors: Vectors,
    examples: Mapping[QuoteId, Vectors],
) -> dict[VersionId, tuple[ThemeScore, ...]]:
    """
    Each version's score for each theme, by theme's id.

    `vectors` [n, dimensions] are those of `versions`, which belong to `quotes`; `examples` the
    vectors of example quotes. An example is never compared with itself.
    """
    if not themes or not versions:
        return {}
    ordered = sorted(themes, key=lambda theme: theme.id)
    columns = [_scores(theme, encoder, quotes, vectors, examples) for theme in ordered]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {
        version: tuple(
            ThemeScore(theme.id, round(value, 4), "model") for theme, value in zip(ordered, row, strict=True)
        )
        for version, row in zip(versions, rows, strict=True)
    }


def clauses(theme: Theme) -> tuple[str, ...]:
    """The pieces of a theme's description that each say something; its title where there are none."""
    pieces = tuple(piece.strip() for piece in _CLAUSE.split(theme.description))
    return tuple(piece for piece in pieces if len(piece.split()) > 2) or (theme.title,)


def _scores(
    theme: Theme, encoder: Encoder, quotes: Sequence[QuoteId], vectors: Vectors, examples: Mapping[QuoteId, Vectors]
) -> Vectors:
    described = encoder.encode(clauses(theme)).T
    shown = {QuoteId(name): examples[QuoteId(name)] for name in theme.examples if QuoteId(name) in examples}
    found = np.empty(len(vectors), np.float64)
    for at in range(0, len(vectors), _ROWS):
        rows = vectors[at : at + _ROWS]
        likeness = (rows @ described).max(axis=1).astype(np.float64)
        if shown:
            near = rows @ np.stack(list(shown.values())).T
            beside = _mean_of_others(near, list(shown), quotes[at : at + _ROWS])
            # A theme's only example has no other to be compared with.
            likeness = np.where(
                np.isnan(beside), likeness, (1 - EXAMPLES_WEIGH) * likeness + EXAMPLES_WEIGH * np.nan_to_num(beside)
            )
        found[at : at + _ROWS] = 1 / (1 + np.exp(-STEEPNESS * (likeness - MIDDLE)))
    return found.astype(np.float32)


def _mean_of_others(near: Vectors, shown: list[QuoteId], quotes: Sequence[QuoteId]) -> Vectors:
    """The mean likeness to the examples that are not the quote itself; not-a-number where there is none."""
    place = {quote: column for column, quote in enumerate(shown)}
    others = np.ones_like(near)
    for row, quote in enumerate(quotes):
        if quote in place:
            others[row, place[quote]] = 0
    count = others.sum(axis=1)
    return np.where(count > 0, (near * others).sum(axis=1) / np.maximum(count, 1), np.nan).astype(np.float32)
