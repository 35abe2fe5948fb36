"""What quotes are about: the collection's own themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NewType, get_args

from convarchive.domain.quote import QuoteId

ThemeId = NewType("ThemeId", str)
Judge = Literal["model", "print", "editor"]
"""Who says that a quote belongs to a theme; whoever comes later here outranks those before."""


@dataclass(frozen=True, slots=True)
class Theme:
    """
    A theme in our own words. `examples` are keys of printed quotes or quote ids that belong to
    it, `counter_examples` such as might be thought to belong and do not.
    """

    id: ThemeId
    title: str
    description: str
    examples: tuple[str, ...] = ()
    note: str | None = None
    counter_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """
    How far a quote belongs to a theme, 0 to 1, and who says so: a model, an editor, or print, which puts it under it.

    A model's score is the chance that an editor would say it belongs; an editor's is 1 or 0, print's 1.
    """

    theme: ThemeId
    score: float
    by: Judge


def heaviest(scores: Sequence[ThemeScore]) -> ThemeScore | None:
    """Of what is said about one quote and one theme, that by whoever counts most; None where nothing is said."""
    return max(scores, key=lambda one: _RANKS.index(one.by), default=None)


_RANKS = get_args(Judge)


@dataclass(frozen=True, slots=True)
class ThemeDecision:
    """An editor's word on whether a quote belongs to a theme; `review` is its number in the log."""

    review: int
    quote: QuoteId
    theme: ThemeId
    belongs: bool
    by: str
