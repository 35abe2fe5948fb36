"""
A theme as a reader meets it: its strongest quotes by many voices, who speaks to it, when, and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from convarchive.domain.passage import PassageNumber
from convarchive.domain.quote import QuoteId
from convarchive.domain.theme import ThemeId, ThemeScore
from convarchive.errors import BadInput
from convarchive.index.folding import Folding, fold
from convarchive.index.leading import led
from convarchive.store.reader import Reader
from convarchive.store.views import PeriodView, QuoteView, ThemeNeighbour, ThemeView, ThemeVoice

WINDOW, MOST = 10, 2
"""Among any ten quotes in a row, how many may be one speaker's."""
_AROUND = 20
"""Times as many of the strongest are looked at as are shown, so that others than the loudest have a place."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote of a theme, how far it belongs and who says so, and the quotes that say much the same words."""

    quote: QuoteView
    score: ThemeScore
    also: tuple[QuoteId, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that is shown of one theme; `voices` is None for those who may not see people's shares."""

    theme: ThemeView
    quotes: tuple[Shown, ...]
    voices: tuple[ThemeVoice, ...] | None
    periods: tuple[PeriodView, ...]
    neighbours: tuple[ThemeNeighbour, ...]

    @property
    def folded(self) -> int:
        """How many of the theme's quotes are folded into those shown, whose words they repeat."""
        return sum(len(one.also) for one in self.quotes)


def portrait(reader: Reader, theme: str, encoder: str | None, limit: int = 10) -> Portrait:
    """
    A theme as this audience may see it. Raises NotFound, and BadInput for a limit below 1.

    `encoder` is the fingerprint of the vectors by which repeats are known (None: by none).
    """
    if limit < 1:
        raise BadInput(f"limit is {limit}; ask for 1 or more")
    found = reader.theme(theme)
    the_id = ThemeId(found.id)
    strongest = reader.members(the_id)[: limit * _AROUND]
    numbers = [passage.number for passage, _ in strongest]
    held = reader.index.vectors_by_number(numbers, encoder) if encoder else {}
    by_number = {passage.number: (passage, score) for passage, score in strongest}
    seen = {view.id: view for view in reader.quotes({passage.quote for passage, _ in strongest})}
    views = {number: seen[p.quote] for number, (p, _) in by_number.items() if p.quote in seen}
    groups = led(fold([Folding(p.number, p.text) for p, _ in strongest], _stacked(numbers, held)), views)
    ranked = (
        Shown(
            views[group.first], by_number[group.first][1], tuple(by_number[number][0].quote for number in group.others)
        )
        for group in groups
        if group.first in views
    )
    return Portrait(
        found,
        tuple(one for one, _ in zip(varied(ranked), range(limit), strict=False)),
        reader.theme_voices(the_id),
        reader.theme_periods(the_id),
        reader.theme_neighbours(the_id),
    )


def varied(ranked: Iterable[Shown]) -> Iterator[Shown]:
    """
    At every place the strongest that is left whose speaker has not two of the nine before; whoever has no name may.

    It ends where nobody else is left to speak.
    """
    left, recent = list(ranked), list[str | None]()
    while left:
        full = {name for name in recent[-(WINDOW - 1) :] if name and recent[-(WINDOW - 1) :].count(name) >= MOST}
        place = next((at for at, one in enumerate(left) if _name(one) not in full), None)
        if place is None:
            return
        one = left.pop(place)
        recent.append(_name(one))
        yield one


def _name(one: Shown) -> str | None:
    speaker = one.quote.speaker
    return None if speaker is None else speaker.id or speaker.name


def _stacked(
    numbers: list[PassageNumber], held: dict[PassageNumber, bytes]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    size = max((len(blob) // 4 for blob in held.values()), default=1)
    blank = np.zeros(size, np.float32)
    if not numbers:
        return np.empty((0, size), np.float32)
    return np.stack([np.frombuffer(held[n], "<f4") if n in held else blank for n in numbers])
