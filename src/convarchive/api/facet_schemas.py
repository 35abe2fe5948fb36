"""The wire format of facets, described for OpenAPI."""

from __future__ import annotations

from pydantic import Field

from convarchive.api.wire import Wire


class FacetRecord(Wire):
    """A value to filter by, its name for people, and how many quotes would be left."""

    value: str
    label: str
    count: int


class FacetsRecord(Wire):
    """What the quotes that pass the filters could be filtered by further: the hundred most frequent of each."""

    quotes: int = Field(description="How many quotes pass the filters, whatever they say.")
    themes: list[FacetRecord]
    speakers: list[FacetRecord]
    roles: list[FacetRecord]
    episodes: list[FacetRecord]
    years: list[FacetRecord]
    sources: list[FacetRecord]
    clearances: list[FacetRecord]
