"""
Measures whether negations and numbers count: where two sentences differ by nothing else, the right one stands first.

The fifty pairs are invented (`pairs.jsonl`); both halves of all stand in one archive, among sentences of
real talk where there are any. Each is asked for in its own words, shortened, and in other words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from convarchive.evaluation.asking import PEERS, Archive, Engines, Ranking, archive_of
from convarchive.evaluation.judged import Text
from convarchive.evaluation.search_scores import OURS

LIMIT = 10
SYSTEMS = (OURS, *PEERS)
WAYS = {"said": "in its own words", "shortened": "shortened", "reworded": "in other words"}
"""The fields of a pair that are asked, and what they are called."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What was `said`, two more ways to ask for it, and what differs by its `kind` only: a negation or number."""

    kind: str
    said: str
    other: str
    shortened: str
    reworded: str


@dataclass(frozen=True, slots=True)
class Row:
    """
    One kind of pair and way of asking, for one system.

    Of so many `pairs`, how many right ones stood `first` of all, and how many `before` their other half.
    """

    kind: str
    way: str
    system: str
    pairs: int
    first: int
    before: int


def pairs() -> tuple[Pair, ...]:
    """The invented pairs."""
    lines = (files("convarchive.evaluation") / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Pair(**json.loads(line)) for line in lines)


def measure(every: Sequence[Pair], among: Sequence[str], engines: Engines) -> tuple[Row, ...]:
    """Ask for the first sentence of every pair, in each way, among these other sentences."""
    texts = [Text(f"{half} {n}", text) for n, one in enumerate(every) for half, text in _halves(one)]
    texts += [Text(f"among {n}", text) for n, text in enumerate(among)]
    rows = []
    with archive_of(texts, engines) as archive:
        for way in WAYS:
            places = [_places(archive, number, getattr(one, way)) for number, one in enumerate(every)]
            for kind in sorted({one.kind for one in every}):
                of_kind = [found for found, one in zip(places, every, strict=True) if one.kind == kind]
                rows += [_row(kind, WAYS[way], system, [found[system] for found in of_kind]) for system in SYSTEMS]
    return tuple(rows)


def _halves(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("said", pair.said), ("other", pair.other)


def _places(archive: Archive, number: int, words: str) -> dict[str, tuple[int, int]]:
    """For each system the places of the right sentence and its other half, LIMIT where it is not among the hits."""
    found: dict[str, Ranking] = {OURS: archive.hits(words, limit=LIMIT), **archive.plain(words)}
    return {
        system: (_place(ranking, f"said {number}"), _place(ranking, f"other {number}"))
        for system, ranking in found.items()
    }


def _place(ranking: Ranking, text: str) -> int:
    return next((place for place, (one, _) in enumerate(ranking[:LIMIT]) if one == text), LIMIT)


def _row(kind: str, way: str, system: str, places: Sequence[tuple[int, int]]) -> Row:
    first = sum(said == 0 for said, _ in places)
    return Row(kind, way, system, len(places), first, sum(said < other for said, other in places))
