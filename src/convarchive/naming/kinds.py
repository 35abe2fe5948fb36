"""
Sorts what was heard of names into kinds whose worth can be measured, and says which voice stands where to each.

A kind is how a name was said: by whom of itself, to whom, in which place of a stretch,
with or without thanks, and how the next voice begins. `strengths` holds how often each
kind of saying meant the voice that speaks, the one after, the one before, or somebody else.
"""

from __future__ import annotations

from typing import Literal

from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.introductions import Mention

Place = Literal["speaker", "after", "before", "both", "elsewhere"]
"""Where a voice stands to a saying; `both` is a single voice on either side of it."""

_OPENING = 12
"""Tokens at the start of a stretch that still answer the voice before."""
_NEAR = 120
_CLOSING = 45
"""Tokens before a stretch's end in which a name still hands over to the next voice."""


def kind(said: Mention) -> str:
    """
    The kind of a saying, as words for people: `greeted at the end, taken with a welcome`.
    """
    if said.torn:
        return "torn"
    if said.way == "self":
        return "self " + ("early" if said.early else "late") + (" whole" if said.whole else " bare")
    if said.way == "own":
        return "own " + ("early" if said.early else "late")
    if said.way in ("talk", "refer"):
        return said.way + (" hailed" if said.hailed else " listed" if said.group else "")
    left = said.size - said.last
    newcomer = "soon" if said.fresh and said.soon else "new" if said.fresh else "known"
    if said.way in ("intro", "hint"):
        shown = "hailed" if said.way == "hint" and said.hailed else said.way
        if said.group:
            return f"{shown} in a list, {newcomer}"
        if left >= _NEAR:
            return f"{shown} far from the end"
        return f"{shown}, {newcomer} {said.taken or 'plain'}"
    opening, closing = said.first < _OPENING, left < _CLOSING
    manner = "thanks" if said.thanks else "greet" if said.led else "asks" if said.asks and closing else "call"
    where = "only" if opening and closing else "opening" if opening else "closing" if closing else "middle"
    if not closing or said.thanks:
        return f"{manner} {where}"
    return f"{manner} {where}" + (f", {newcomer}" if said.fresh else "") + (", taken" if said.taken else "")


def place(said: Mention, label: SpeakerLabel) -> Place:
    """Where a voice stands to a saying."""
    if label == said.label:
        return "speaker"
    if said.before == label:
        return "both" if said.after == label else "before"
    return "after" if said.after == label else "elsewhere"
