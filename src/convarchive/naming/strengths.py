"""
Knows how often each kind of saying has been right where it was measured.

`measured.json` counts, over one half of the transcripts of real talk with known speakers,
whom a name meant: the voice that said it, the one after, the one before, the one on either
side, or somebody else (`meant`; a kind that ends in ` |` had one voice on both sides); and
whether whoever bore a whole name spoke at all (`here`: spoke, did not). `scripts/fit-naming`
makes the file; nothing in it names anybody.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from convarchive.naming.introductions import Mention
from convarchive.naming.kinds import Place, kind

Basis = Literal["accounted", "open", "heard", "accounted, agreed", "open, agreed", "heard, agreed"]
"""
What is known of a name besides its chance. Beforehand: its list fits the voices, somebody wrote
it, or it was only heard. And whether the voice's own words and its neighbours' agree on it.
"""

_FAITH = 4.0
"""Sayings of a wider kind that a rare kind borrows."""
_FAITH_HERE = 2.0
_MOST = 2.5
"""Natural log odds that one saying gives at most for or against somebody's being here."""


@dataclass(frozen=True, slots=True)
class Measured:
    """
    The counts of `measured.json`; `calibration` holds for each basis pairs of a chance
    and the share that was right there, both rising.
    """

    meant: Mapping[str, Mapping[str, int]]
    here: Mapping[str, tuple[int, int]]
    calibration: Mapping[str, tuple[tuple[float, float], ...]]


@cache
def measured() -> Measured:
    """What the package holds."""
    held = json.loads((files("convarchive.naming") / "measured.json").read_text(encoding="utf-8"))
    return Measured(
        held["meant"],
        {name: (spoke, absent) for name, (spoke, absent) in held["here"].items()},
        {basis: tuple((x, y) for x, y in pairs) for basis, pairs in held["calibration"].items()},
    )


def _wider(name: str) -> str:
    return name.split()[0].rstrip(",") + (" |" if name.endswith("|") else "")


def counted_as(said: Mention) -> str:
    """Under which name `measured.json` counts a saying."""
    return kind(said) + (" |" if said.before == said.after else "")


@cache
def _meant(name: str) -> dict[Place, float]:
    counts = measured().meant
    kin = [counts[other] for other in counts if _wider(other) == _wider(name)]
    wide = {place: sum(row.get(place, 0) for row in kin) for place in get_args(Place)}
    own, total = counts.get(name, {}), sum(wide.values())
    seen = sum(own.values())
    return {
        place: (own.get(place, 0) + _FAITH * (wide[place] + 0.5) / (total + 2.5)) / (seen + _FAITH) for place in wide
    }


def meant(said: Mention) -> Mapping[Place, float]:
    """For each place, how often the bearer of a name said in this way stood there (0 to 1; together 1)."""
    return _meant(counted_as(said))


def record(said: Mention, where: Place) -> tuple[int, int]:
    """How often a name said in this way meant the voice at that place, and how often it was measured."""
    row = measured().meant.get(counted_as(said), {})
    return row.get(where, 0), sum(row.values())


@cache
def _absent(name: str) -> float:
    counts = measured().here
    spoke, absent = sum(row[0] for row in counts.values()) or 1, sum(row[1] for row in counts.values()) or 1
    kin = [counts[other] for other in counts if _wider(other) == _wider(name)]
    usual = ((sum(row[1] for row in kin) + 1) / (absent + 20)) / ((sum(row[0] for row in kin) + 1) / (spoke + 20))
    there, away = counts.get(name, (0, 0))
    odds = ((away + _FAITH_HERE * usual) / absent) / ((there + _FAITH_HERE) / spoke)
    return max(-_MOST, min(_MOST, math.log(odds)))


def absent(said: Mention) -> float:
    """Natural log odds, from a whole name said in this way, that its bearer does not speak here."""
    return _absent(kind(said))


def calibrated(chance: float, basis: Basis) -> float:
    """The share of labels that were right where naming came to this chance (linear between measured points)."""
    points = measured().calibration.get(basis, ())
    if not points:
        return chance
    below = (0.0, 0.0)
    for x, y in (*points, (1.0, points[-1][1])):
        if chance <= x:
            return y if x == below[0] else below[1] + (y - below[1]) * (chance - below[0]) / (x - below[0])
        below = (x, y)
    return below[1]
