"""What a search could be narrowed by further, and what it is narrowed by already, as links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from convarchive.domain.passage import Facet, Facets
from convarchive.web import words
from convarchive.web.asking import Asking

SHOWN = 8
"""Values of one kind that stand open; the others are folded away below them."""


@dataclass(frozen=True, slots=True)
class Link:
    """A step from one search to another: what it is called, where it leads, and how many quotes it leaves."""

    label: str
    address: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one kind: those that stand open, and the `others`."""

    name: str
    links: tuple[Link, ...]
    others: tuple[Link, ...] = ()


def groups(asking: Asking, facets: Facets) -> tuple[Group, ...]:
    """
    What the quotes behind the filters could be narrowed by.

    A kind that is a filter already is left out, and so is a value that all of them have: neither narrows anything.
    """
    kinds: tuple[tuple[str, str, tuple[Facet, ...], Mapping[str, str]], ...] = (
        ("Theme", "theme", facets.themes, {}),
        ("Speaker", "speaker", facets.speakers, {}),
        ("Role", "role", facets.roles, words.ROLES),
        ("Year", "since", facets.years, {}),
        ("Source", "source", facets.sources, words.SOURCES),
        ("Clearance", "clearance", facets.clearances, words.CLEARANCES),
        ("Episode", "episode", facets.episodes, {}),
    )
    found = []
    for name, field, values, called in kinds:
        taken = getattr(asking, field) or (field == "since" and asking.until)
        narrower = [one for one in values if 0 < one.count < facets.quotes]
        if narrower and not taken:
            links = tuple(Link(called.get(f.value, f.label), _with(asking, field, f), f.count) for f in narrower)
            # One more line is no longer than the one that would unfold it.
            open_ = SHOWN if len(links) > SHOWN + 1 else len(links)
            found.append(Group(name, links[:open_], links[open_:]))
    return tuple(found)


def _with(asking: Asking, field: str, facet: Facet) -> str:
    if field == "since":
        return asking.address(since=f"{facet.value}-01-01", until=f"{facet.value}-12-31")
    return asking.address(**{field: facet.value})


def undoing(asking: Asking, titles: Mapping[str, str]) -> tuple[Link, ...]:
    """The filters that are set, each with where the search without it is; `titles` of themes, people and episodes."""
    called = {
        "theme": lambda one: f"Theme: {titles.get(one, one)}",
        "speaker": lambda one: f"Speaker: {titles.get(one, one)}",
        "role": lambda one: f"Role: {words.ROLES[one]}",
        "episode": lambda one: f"Episode: {titles.get(one, one)}",
        "since": lambda one: f"From {words.day(one)}",
        "until": lambda one: f"Until {words.day(one)}",
        "source": lambda one: f"Source: {words.SOURCES[one]}",
        "clearance": lambda one: f"Clearance: {words.CLEARANCES[one]}",
    }
    return tuple(Link(called[name](value), asking.address(**{name: ""})) for name, value in asking.filters)
