"""Finds a show's feed by its Apple Podcasts id, through Apple's public lookup."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from convarchive.errors import FeedUnreadable, SourceUnavailable
from convarchive.ingest.feed_values import web_address
from convarchive.ingest.ports import Fetcher

PUBLIC_LOOKUP = "https://itunes.apple.com/lookup"
"""Apple's documented address: `?id=…&entity=podcast` answers JSON with `results[].feedUrl`."""
MOST = 10**12
_HOSTS = frozenset({"podcasts.apple.com", "itunes.apple.com", "geo.itunes.apple.com"})
_ID = re.compile(r"/id([0-9]{1,12})(?:/|$)")
_BARE = re.compile(r"(?:id)?([0-9]{5,12})", re.IGNORECASE)


def page(apple_id: int) -> str:
    """The address of a show's page at Apple: what the archive keeps as where the show is."""
    return f"https://podcasts.apple.com/podcast/id{apple_id}"


def id_in(text: str) -> int | None:
    """
    The Apple Podcasts id that somebody wrote or pasted; None where the text is something else.

    >>> id_in("https://podcasts.apple.com/gb/podcast/a-show/id1234567890?i=1000"), id_in("1234567890"), id_in("show")
    (1234567890, 1234567890, None)
    """
    if bare := _BARE.fullmatch(text):
        return int(bare[1]) or None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    found = _ID.search(parts.path) if (parts.hostname or "") in _HOSTS else None
    return (int(found[1]) or None) if found else None


def lookup(fetcher: Fetcher, apple_id: int, *, base: str = PUBLIC_LOOKUP) -> str:
    """
    The address of the feed of the show with this id; `base` is the lookup's own address.

    Raises FeedUnreadable where Apple knows no feed for it, SourceUnavailable where Apple
    gives no answer that can be read.
    """
    address = f"{base}?id={apple_id}&entity=podcast"
    body = fetcher.read(address).body or b""
    try:
        answer = json.loads(body)
        results = answer["results"]
        feeds = [str(one["feedUrl"]) for one in results if one.get("feedUrl")]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise SourceUnavailable(
            f"{address} answered, but not as Apple documents it; try again later, or give the feed's own address"
        ) from fault
    if not results:
        raise FeedUnreadable(f"Apple Podcasts knows no show with the id {apple_id}; check the id")
    feed = web_address(address, feeds[0]) if feeds else None
    if feed is None:
        raise FeedUnreadable(
            f"Apple Podcasts gives no feed for the id {apple_id} (it may be for subscribers only); "
            "give the feed's own address"
        )
    return feed
