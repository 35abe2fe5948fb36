"""Compares a recording with what was promised of it: the way to find one that is cut short."""

from __future__ import annotations

LEAST = 0.9
"""Share of a promise that must have come; the rest is adverts taken out, or rounding."""
SLACK = 5.0
"""Seconds that no publisher is held to."""


def shortfall(*, seconds: float, promised_seconds: float | None, size: int, promised_size: int | None) -> str | None:
    """
    In words, how a recording of `seconds` and `size` bytes is cut short; None where it isn't.

    Publishers often get one of the two promises wrong, and seldom both: a promise that is
    kept excuses one that is not.

    >>> shortfall(seconds=600, promised_seconds=3000, size=9_600_000, promised_size=48_000_000)
    'only 10:00 of the 50:00 min promised came, and 9.6 of 48.0 MB'
    >>> shortfall(seconds=600, promised_seconds=3000, size=9_600_000, promised_size=9_600_000)
    """
    found: list[str] = []
    if promised_seconds:
        if seconds >= min(LEAST * promised_seconds, promised_seconds - SLACK):
            return None
        found.append(f"only {_clock(seconds)} of the {_clock(promised_seconds)} min promised came")
    if promised_size:
        if size >= LEAST * promised_size:
            return None
        megabytes = f"{size / 1e6:.1f} of {promised_size / 1e6:.1f} MB"
        found.append(f"and {megabytes}" if found else f"only {megabytes} promised came")
    return ", ".join(found) or None


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
