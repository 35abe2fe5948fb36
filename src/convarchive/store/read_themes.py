"""Reads what an audience may know of a theme: its quotes by strength, who speaks to it, when, and its neighbours."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Select, String, bindparam, select

from convarchive.domain.passage import Passage, PassageNumber, Query
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId, ThemeScore, heaviest
from convarchive.store import schema as s
from convarchive.store.read_archive import ArchiveReads
from convarchive.store.stating import given, kept, some
from convarchive.store.views import PeriodView, ThemeNeighbour, ThemeVoice

_YEARS_IN_QUARTERS = 2
"""A theme that spans no more years than this is followed by quarters."""


class ThemeReads(ArchiveReads):
    """One theme at a time; counted only over what this audience may see."""

    def members(self, theme: ThemeId) -> tuple[tuple[Passage, ThemeScore], ...]:
        """The theme's passages, strongest first: what an editor or print says, and then by the model's chance."""
        numbers = self.numbers(Query("", theme=theme)).tolist()
        rows = self._connection.execute(_scored(), given(numbers) | {"theme": theme}).all()
        said: dict[PassageNumber, list[ThemeScore]] = {}
        passages: dict[PassageNumber, Passage] = {}
        for row in rows:
            number = PassageNumber(row.number)
            passages[number] = Passage(number, VersionId(row.version), QuoteId(row.quote), row.text)
            said.setdefault(number, []).append(ThemeScore(theme, row.score, row.by))
        chance = {n: max((one.score for one in many if one.by == "model"), default=0.0) for n, many in said.items()}
        best = {n: one for n, many in said.items() if (one := heaviest(many))}
        ranked = sorted(best, key=lambda n: (-best[n].score, -chance[n], n))
        return tuple((passages[n], best[n]) for n in ranked)

    def theme_voices(self, theme: ThemeId) -> tuple[ThemeVoice, ...] | None:
        """Who speaks to a theme and how much, most first; None for those who may not see shares."""
        if not self._may.shares:
            return None
        counts = self.counts(theme).speakers
        found = [
            ThemeVoice(SpeakerId(one.id), one.name, counts[one.id], one.quotes)
            for one in self.speakers()
            if one.id in counts
        ]
        return tuple(sorted(found, key=lambda one: (-one.quotes, one.name)))

    def theme_periods(self, theme: ThemeId) -> tuple[PeriodView, ...]:
        """
        How many quotes each year (or quarter, where the archive spans few years) belong, of how many there are.

        What has no recording date is not counted.
        """
        ledger = self._counting()
        every, ours = ledger.days(Query(""), self.audience), ledger.days(Query("", theme=theme), self.audience)
        years = {day[:4] for day in every}
        quarterly = len(years) <= _YEARS_IN_QUARTERS
        whole, part = _by_period(every, quarterly), _by_period(ours, quarterly)
        return tuple(PeriodView(period, part[period], whole[period]) for period in sorted(whole))

    def theme_neighbours(self, theme: ThemeId) -> tuple[ThemeNeighbour, ...]:
        """Other themes that share quotes with this one, those that share the largest part first."""
        shared = {ThemeId(other): count for other, count in self.counts(theme).themes.items() if other != theme}
        themes = {one.id: one for one in self.themes()}
        mine = themes[theme].quotes
        found = [
            ThemeNeighbour(other, themes[other].title, count, count / max(1, mine + themes[other].quotes - count))
            for other, count in shared.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.overlap, one.id)))


@kept
def _scored() -> Select[Any]:
    """`some()` passages, each with what is said of it and one theme."""
    p, t = s.passage.c, s.theme_score.c
    return (
        select(p.number, p.version, p.quote, p.text, t.score, t.by)
        .join(s.theme_score, t.version == p.version)
        # Not the bare column (`concat`), or SQLite reads all that was ever said of the theme for a few passages.
        .where(p.number.in_(some()), t.theme.concat("") == bindparam("theme", type_=String))
        .order_by(p.number)
    )


def _by_period(days: Counter[str], quarterly: bool) -> Counter[str]:
    found: Counter[str] = Counter()
    for day, count in days.items():
        found[f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}" if quarterly else day[:4]] += count
    return found
