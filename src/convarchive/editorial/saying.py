"""Who decides, and why: without both nothing is decided."""

from __future__ import annotations

from datetime import UTC, date, datetime

from convarchive.errors import BadInput

LONGEST = 2000
"""Characters of a reason; a longer text is a paste gone wrong."""


def said(by: str, why: str) -> tuple[str, str]:
    """Both without surrounding space. Raises BadInput where one is missing or is no text for a log."""
    for flag, text in (("--by WHO", by), ("--why TEXT", why)):
        if not text.strip():
            raise BadInput(f"a decision needs {flag}, so that others can follow it; nothing was changed")
        if len(text) > LONGEST:
            raise BadInput(f"{flag} is longer than {LONGEST} characters; say it shorter")
    return by.strip(), why.strip()


def instant(text: str, what: str, now: str) -> str:
    """
    A day (`2031-01-15`) as it is, or a date-time with its offset in UTC to the second.

    Raises BadInput for anything else and for what is not after `now`.
    """
    try:
        if len(text) == len("2031-01-15"):
            exact = date.fromisoformat(text).isoformat()
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError
            exact = moment.astimezone(UTC).replace(microsecond=0).isoformat()
    except ValueError as error:
        raise BadInput(
            f"{what} {text[:40]!r} is no date; write one such as 2031-01-15 or 2031-01-15T09:00:00+00:00"
        ) from error
    if exact <= now:
        raise BadInput(f"{what} {text} is already past; name a later one")
    return exact
