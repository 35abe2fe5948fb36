"""Reads which part of a voice is meant: from a time on, or turns by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from convarchive.cli.output import clock
from convarchive.domain.span import Span
from convarchive.editorial.queueing import Turned
from convarchive.errors import BadInput


def part_of(own: Sequence[Turned], at: str | None, turns: str | None) -> tuple[Span, ...]:
    """The stretches of a voice from a time on, or its turns of these numbers. Raises BadInput."""
    if at is None:
        return tuple(own[number - 1].span for number in numbers_of(turns or "", len(own)))
    since = instant_of(at)
    if own and not own[0].span.start < since < own[-1].span.end:
        where = "before" if since <= own[0].span.start else "after"
        raise BadInput(
            f"{at.strip()[:40]} leaves nothing {where} it: this voice is heard from {clock(own[0].span.start)} to "
            f"{clock(own[-1].span.end)}; name a time between"
        )
    return tuple(Span(max(since, one.span.start), one.span.end) for one in own if one.span.end > since)


def instant_of(text: str) -> int:
    """A time in a recording in milliseconds: `12:30`, `1:02:05.5`, or seconds. Raises BadInput."""
    plain = text.strip()
    if not re.fullmatch(r"(?:\d{1,3}:)?(?:\d{1,3}:)?\d{1,6}(?:\.\d{1,3})?", plain):
        raise BadInput(f"{text[:40]!r} is no time; write it as 12:30, 1:02:05 or in seconds")
    first, *others = plain.split(":")
    if any(float(part) >= 60 for part in others):
        raise BadInput(
            f"{text[:40]!r} is no time: after a colon stand 0 to 59; write it as 12:30, 1:02:05 or in seconds"
        )
    seconds = float(first)
    for part in others:
        seconds = seconds * 60 + float(part)
    return round(seconds * 1000)


def numbers_of(text: str, most: int) -> list[int]:
    """Numbers such as `2,4-6`, from 1 to `most`. Raises BadInput."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= most:
            raise BadInput(f"{text[:40]!r} names no turns; write numbers from 1 to {most}, such as 2,4-6")
        found += range(first, last + 1)
    return sorted(set(found))
