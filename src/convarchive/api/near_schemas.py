"""What the API says of a theme with all that speaks to it, and of who else says what a quote says."""

from __future__ import annotations

from pydantic import Field

from convarchive.api.schemas import HitRecord, IndexRecord, QuoteRecord
from convarchive.api.wire import Wire
from convarchive.domain.theme import Judge


class LikesAnswer(Wire):
    """What others say that is nearest in meaning to a quote; `also` say the very same in nearly the same words."""

    quote: str
    audience: str
    also: list[str]
    hits: list[HitRecord]
    index: IndexRecord


class MemberRecord(Wire):
    """A quote of a theme, how far it belongs, who says so, and the ids of quotes that say the same."""

    score: float = Field(ge=0, le=1)
    by: Judge
    also: list[str]
    quote: QuoteRecord


class VoiceShare(Wire):
    """How many of a person's quotes belong to a theme, of how many there are."""

    id: str
    name: str
    quotes: int
    of: int


class PeriodRecord(Wire):
    """How many of a year's or quarter's quotes belong to a theme, of how many there are."""

    period: str
    quotes: int
    of: int


class NeighbourRecord(Wire):
    """Another theme, how many quotes it shares, and their part of all quotes of either."""

    id: str
    title: str
    shared: int
    overlap: float


class ThemePortrait(Wire):
    """A theme with its strongest quotes; `speakers` is null for those who may not see people's shares."""

    id: str
    title: str
    description: str
    note: str | None
    quotes: int
    items: list[MemberRecord]
    speakers: list[VoiceShare] | None
    periods: list[PeriodRecord]
    neighbours: list[NeighbourRecord]
