"""Compares a recording with what was promised of it: the way to find one that is cut short."""

from __future__ import annotations

LEAST = 0.75
"""
Share of the promise that must have come. Adverts are put in and taken out on the way, which
changes a recording by a few minutes; a broken upload usually loses more than a quarter.
"""


def shortfall(*, seconds: float, promised_seconds: float | None, size: int, promised_size: int | None) -> str | None:
    """
    In words, how a recording of `seconds` and `size` bytes is cut short; None where it isn't.

    Publishers get one of the two promises wrong often, and both seldom: a promise that is
    kept excuses one that is not.

    >>> shortfall(seconds=600, promised_seconds=3000, size=9_600_000, promised_size=48_000_000)
    'only 10:00 of the 50:00 min promised came, and 9.6 of 48.0 MB'
    >>> shortfall(seconds=600, promised_seconds=3000, size=9_600_000, promised_size=9_600_000)
    """
    shorter = [
        had < LEAST * promised for had, promised in ((seconds, promised_seconds), (size, promised_size)) if promised
    ]
    if not shorter or not all(shorter):
        return None
    parts: list[str] = []
    if promised_seconds:
        parts.append(f"only {_clock(seconds)} of the {_clock(promised_seconds)} min promised came")
    if promised_size:
        parts.append(f"{'and' if parts else 'only'} {size / 1e6:.1f} of {promised_size / 1e6:.1f} MB")
        if len(parts) == 1:
            parts[0] += " promised came"
    return ", ".join(parts)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
