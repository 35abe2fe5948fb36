"""What quotes are about: the collection's own themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

ThemeId = NewType("ThemeId", str)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme in our own words. `examples` are keys of printed quotes or quote ids."""

    id: ThemeId
    title: str
    description: str
    examples: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """How far a quote belongs to a theme, 0 to 1, and whether a model or an editor says so."""

    theme: ThemeId
    score: float
    by: Literal["model", "editor", "print"]
