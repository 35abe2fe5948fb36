"""
How far each quote belongs to each of the collection's themes.

A quote is compared with every clause of a theme's description, with the descriptions of the
other themes, and with the quotes of which somebody said that they belong or do not; the
`membership` becomes a chance from 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.theme import Theme, ThemeDecision, ThemeId, ThemeScore
from convarchive.index.membership import (
    Examples,
    Floats,
    Ground,
    bend,
    bend_of_others,
    bent,
    chance,
    excess,
    untaught,
    usual,
)
from convarchive.index.ports import Encoder, Vectors

LEAST = 0.05
"""A chance below this is not written down: nearly every quote has one, and it moves with every word of an editor's."""

_CLAUSE = re.compile(r"[:;.!?]+(?:\s+|$)")


def score(
    themes: Sequence[Theme],
    encoder: Encoder,
    versions: Sequence[VersionId],
    quotes: Sequence[QuoteId],
    vectors: Vectors,
    examples: Mapping[QuoteId, Vectors],
    only: ThemeId | None = None,
    *,
    least: float = 0.0,
) -> dict[VersionId, tuple[ThemeScore, ...]]:
    """
    Each version's scores of `least` and more, for each theme (or for this one only), by theme's id.

    `vectors` [n, dimensions] are those of `versions`, which belong to `quotes`; `examples` the
    vectors of example and counter-example quotes. None of these speaks for itself.
    """
    if not themes or not versions:
        return {}
    ordered = sorted(themes, key=lambda theme: theme.id)
    described = [encoder.encode(clauses(theme)).T for theme in ordered]
    near = np.stack([_nearest(vectors, one) for one in described], axis=1)
    ground = Ground.of(vectors) if any(_shown(theme, examples) for theme in ordered) else None
    found: dict[VersionId, list[ThemeScore]] = {}
    for place, theme in enumerate(ordered):
        if only is None or theme.id == only:
            column = _scores(theme, place, near, quotes, vectors, examples, described, ground)
            for row in np.flatnonzero(column >= least).tolist():
                found.setdefault(versions[row], []).append(ThemeScore(theme.id, float(column[row]), "model"))
    return {version: tuple(many) for version, many in found.items()}


def clauses(theme: Theme) -> tuple[str, ...]:
    """The pieces of a theme's description that each say something; its title where there are none."""
    pieces = tuple(piece.strip() for piece in _CLAUSE.split(theme.description))
    return tuple(piece for piece in pieces if len(piece.split()) > 2) or (theme.title,)


def with_decisions(themes: Iterable[Theme], decisions: Iterable[ThemeDecision]) -> tuple[Theme, ...]:
    """The themes with editors' words among their examples and counter-examples; these outrank the desk's."""
    said: dict[ThemeId, dict[str, bool]] = {}
    for one in decisions:
        said.setdefault(one.theme, {})[one.quote] = one.belongs
    found = []
    for theme in themes:
        belong = dict.fromkeys(theme.examples, True) | dict.fromkeys(theme.counter_examples, False)
        belong |= said.get(theme.id, {})
        found.append(
            replace(
                theme,
                examples=tuple(name for name, yes in belong.items() if yes),
                counter_examples=tuple(name for name, yes in belong.items() if not yes),
            )
        )
    return tuple(found)


def _scores(
    theme: Theme,
    place: int,
    near: Floats,
    quotes: Sequence[QuoteId],
    vectors: Vectors,
    examples: Mapping[QuoteId, Vectors],
    described: Sequence[Vectors],
    ground: Ground | None,
) -> Floats:
    common = usual(near)
    odds = untaught(near, common, place)
    shown = _shown(theme, examples)
    if shown and ground is not None:
        taught = _examples(shown, examples, described, common, place)
        added = bent(vectors, bend(ground, taught))
        down = excess(odds, added, sum(shown.values()))
        odds = odds + added - down
        here = [(row, quote) for row, quote in enumerate(quotes) if quote in shown]
        alone = dict(zip(shown, bend_of_others(ground, taught), strict=True)) if here else {}
        for row, quote in here:
            odds[row] += alone[quote] - added[row] + (down if len(shown) == 1 else 0)
    return np.round(chance(odds), 4)


def _shown(theme: Theme, examples: Mapping[QuoteId, Vectors]) -> dict[QuoteId, bool]:
    """The theme's examples and counter-examples of which there are vectors, and whether they belong, by id."""
    told = dict.fromkeys(theme.examples, True) | dict.fromkeys(theme.counter_examples, False)
    return {QuoteId(name): told[name] for name in sorted(told) if QuoteId(name) in examples}


def _examples(
    shown: Mapping[QuoteId, bool],
    examples: Mapping[QuoteId, Vectors],
    described: Sequence[Vectors],
    common: Floats,
    place: int,
) -> Examples:
    vectors = np.stack([examples[name] for name in shown])
    near = np.stack([_nearest(vectors, one) for one in described], axis=1)
    return Examples(vectors, untaught(near, common, place), np.array(list(shown.values())))


def _nearest(vectors: Vectors, described: Vectors) -> Floats:
    result: Floats = (vectors @ described).max(axis=1).astype(np.float64)
    return result
