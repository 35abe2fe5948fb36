"""Pages of a list: opaque cursors that say behind what the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from convarchive.errors import BadInput

T = TypeVar("T")
_SEPARATOR = "\x1f"


def cursor(kind: str, behind: str) -> str:
    """A cursor for the list called `kind`, to be handed back unread."""
    return base64.urlsafe_b64encode(f"{kind}{_SEPARATOR}{behind}".encode()).decode().rstrip("=")


def behind(kind: str, given: str | None) -> str | None:
    """What a cursor points behind; None without one. Raises BadInput for any that this list did not hand out."""
    if given is None:
        return None
    try:
        padded = given.encode("ascii") + b"=" * (-len(given) % 4)
        found, _, place = base64.b64decode(padded, b"-_", validate=True).decode().partition(_SEPARATOR)
    except (ValueError, binascii.Error):
        found, place = "", ""
    if found != kind or not place:
        raise BadInput("cursor: not one of this list; begin again without it")
    return place


def page(
    kind: str, items: Sequence[T], key: Callable[[T], str], given: str | None, limit: int
) -> tuple[Sequence[T], str | None]:
    """The next `limit` of `items` and the cursor behind them, if there are more. Raises BadInput."""
    place = behind(kind, given)
    start = 0
    if place is not None:
        keys = [key(item) for item in items]
        if place not in keys:
            raise BadInput("cursor: the list has changed since; begin again without it")
        start = keys.index(place) + 1
    shown = items[start : start + limit]
    more = start + limit < len(items)
    return shown, cursor(kind, key(shown[-1])) if more and shown else None
