"""Who is asking, and what each may see: the table of the design, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from convarchive.domain.quote import Clearance
from convarchive.domain.speaker import Status

Audience = Literal["public", "researcher", "comms", "editor"]
"""Who is asking, by what they may see; `comms` are those who quote the archive in publications."""

AUDIENCES: tuple[Audience, ...] = get_args(Audience)


@dataclass(frozen=True, slots=True)
class Permission:
    """
    One row of the audience table: what an audience is shown.

    `clearing`: of a clearing only that there is one, the day too, or also who cleared.
    """

    clearances: frozenset[Clearance]
    names: frozenset[Status]
    evidence: bool
    transcript: Literal["excerpts", "masked", "whole"]
    audio: Literal["clips", "spans", "all"]
    shares: bool
    exports: Literal["cleared", "marked", "publishable", "all"]
    reviews: bool
    clearing: Literal["state", "day", "whole"]


_SURE: frozenset[Status] = frozenset({"confirmed", "printed"})
_MARKED: frozenset[Status] = _SURE | {"probable"}
_OPEN: frozenset[Clearance] = frozenset({"unreviewed", "cleared", "withheld"})

PERMISSIONS: dict[Audience, Permission] = {
    "public": Permission(
        frozenset({"cleared"}), _SURE, evidence=False, transcript="excerpts", audio="clips",
        shares=False, exports="cleared", reviews=False, clearing="state",
    ),
    "researcher": Permission(
        _OPEN, _MARKED, evidence=True, transcript="masked", audio="spans",
        shares=True, exports="marked", reviews=False, clearing="state",
    ),
    "comms": Permission(
        _OPEN, _MARKED, evidence=True, transcript="masked", audio="spans",
        shares=True, exports="publishable", reviews=False, clearing="day",
    ),
    "editor": Permission(
        _OPEN | {"withdrawn"}, _MARKED, evidence=True, transcript="whole", audio="all",
        shares=True, exports="all", reviews=True, clearing="whole",
    ),
}  # fmt: skip
"""The audience table. `store`'s Reader is the only code that applies it."""
