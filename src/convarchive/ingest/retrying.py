"""When to ask a busy server again."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime


class Busy(Exception):
    """A fetch failed in a way that may pass; `wait` is how many seconds the server asks us to stay away."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def retry_after(header: str | None, now: float) -> float | None:
    """
    How many seconds from `now` (Unix time) a Retry-After header asks to wait; None where it says nothing usable.

    RFC 9110 §10.2.3 allows a number of seconds or a date.

    >>> retry_after("120", 0.0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 0.0), retry_after("soon", 0.0)
    (120.0, 60.0, None)
    """
    said = (header or "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, moment.timestamp() - now)
