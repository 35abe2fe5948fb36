"""The record of a theme with what speaks to it, as the command line and the API give it."""

from __future__ import annotations

from typing import TypedDict

from convarchive.domain.quote import QuoteId
from convarchive.domain.theme import Judge, ThemeScore
from convarchive.publish.lists import ThemeListing, theme_record
from convarchive.publish.record import QuoteRecord, record
from convarchive.store.views import PeriodView, QuoteView, ThemeNeighbour, ThemeView, ThemeVoice


class MemberRecord(TypedDict):
    """A quote, how far it belongs, who says so, and the ids of quotes that say the same."""

    score: float
    by: Judge
    also: list[str]
    quote: QuoteRecord


class VoiceShare(TypedDict):
    """How many of a person's quotes belong to a theme, of how many there are."""

    id: str
    name: str
    quotes: int
    of: int


class PeriodRecord(TypedDict):
    """How many of a year's or quarter's quotes belong to a theme, of how many there are."""

    period: str
    quotes: int
    of: int


class NeighbourRecord(TypedDict):
    """Another theme, how many quotes it shares, and their part of all quotes of either."""

    id: str
    title: str
    shared: int
    overlap: float


class PortraitRecord(ThemeListing):
    """A theme with its strongest quotes; `speakers` is null for those who may not see people's shares."""

    items: list[MemberRecord]
    speakers: list[VoiceShare] | None
    periods: list[PeriodRecord]
    neighbours: list[NeighbourRecord]


def portrait_record(
    theme: ThemeView,
    members: list[tuple[QuoteView, ThemeScore, tuple[QuoteId, ...]]],
    voices: tuple[ThemeVoice, ...] | None,
    periods: tuple[PeriodView, ...],
    neighbours: tuple[ThemeNeighbour, ...],
    *,
    public_url: str | None,
    served_at: str | None = None,
) -> PortraitRecord:
    """All that one audience may see of a theme."""
    listing = theme_record(theme)
    return {
        "id": listing["id"],
        "title": listing["title"],
        "description": listing["description"],
        "note": listing["note"],
        "quotes": listing["quotes"],
        "items": [
            {
                "score": score.score,
                "by": score.by,
                "also": list(also),
                "quote": record(view, public_url=public_url, served_at=served_at),
            }
            for view, score, also in members
        ],
        "speakers": None
        if voices is None
        else [{"id": one.id, "name": one.name, "quotes": one.quotes, "of": one.of} for one in voices],
        "periods": [{"period": one.period, "quotes": one.quotes, "of": one.of} for one in periods],
        "neighbours": [
            {"id": one.id, "title": one.title, "shared": one.shared, "overlap": round(one.overlap, 4)}
            for one in neighbours
        ],
    }
