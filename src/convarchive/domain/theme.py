"""What quotes are about: the collection's own themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from convarchive.domain.quote import QuoteId

ThemeId = NewType("ThemeId", str)


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
    How far a quote belongs to a theme, 0 to 1, and whether a model or an editor says so.

    A model's score is the chance that an editor would say it belongs; an editor's is 1 or 0.
    """

    theme: ThemeId
    score: float
    by: Literal["model", "editor", "print"]


@dataclass(frozen=True, slots=True)
class ThemeDecision:
    """An editor's word on whether a quote belongs to a theme; `review` is its number in the log."""

    review: int
    quote: QuoteId
    theme: ThemeId
    belongs: bool
    by: str
