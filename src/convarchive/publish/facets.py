"""What a search could be narrowed by, as the command line and the API print it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from convarchive.domain.passage import Facet, Facets


class FacetRecord(TypedDict):
    """A value to filter by, its name for people, and how many quotes would be left."""

    value: str
    label: str
    count: int


class FacetsRecord(TypedDict):
    """What the quotes that pass the filters could be filtered by further."""

    quotes: int
    themes: list[FacetRecord]
    speakers: list[FacetRecord]
    roles: list[FacetRecord]
    episodes: list[FacetRecord]
    years: list[FacetRecord]
    sources: list[FacetRecord]
    clearances: list[FacetRecord]


def facets_record(facets: Facets) -> FacetsRecord:
    """Facets as they are printed."""
    return {
        "quotes": facets.quotes,
        "themes": _facets(facets.themes),
        "speakers": _facets(facets.speakers),
        "roles": _facets(facets.roles),
        "episodes": _facets(facets.episodes),
        "years": _facets(facets.years),
        "sources": _facets(facets.sources),
        "clearances": _facets(facets.clearances),
    }


def _facets(some: Iterable[Facet]) -> list[FacetRecord]:
    return [{"value": one.value, "label": one.label, "count": one.count} for one in some]
