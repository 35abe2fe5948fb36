"""Reads a podcast feed as feeds really are: a show's facts and its episodes, whatever state the XML is in."""

from __future__ import annotations

import hashlib
import io
import xml.sax
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from time import struct_time
from typing import cast
from urllib.parse import urlsplit

import feedparser

from convarchive.domain.desk import FeedEntry
from convarchive.domain.episode import Enclosure, Feed, Item
from convarchive.domain.ids import feed_id
from convarchive.errors import FeedUnreadable
from convarchive.ingest import podcast_namespace
from convarchive.ingest.feed_values import (
    iso_date,
    language_tag,
    milliseconds,
    one_line,
    plain,
    sound_key,
    web_address,
)
from convarchive.ingest.mending import mended
from convarchive.ingest.podcast_namespace import MOST_ITEMS, Extra, Extras

_LARGEST_BROKEN = 8 * 1024 * 1024
_MOST_BROKEN_TAGS = 200_000
"""The library's reader of broken XML takes some 20 microseconds a tag or entity."""

Entry = Mapping[str, object]
"""One item as the feed library gives it."""

_NO_FEED = "{} answered, but not with an RSS or Atom feed; check that the address is the feed's own"
# What the feed library is known to raise on hopeless input, its own documentation naming none.
_LIBRARY_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    xml.sax.SAXException,
)


@dataclass(frozen=True, slots=True)
class Show:
    """
    What one document of a feed says: the show's facts, its items as listed (newest first,
    as a rule), the next page (RFC 5005) and the address the publisher says it moved to.
    """

    feed: Feed
    items: tuple[Item, ...]
    next_page: str | None = None
    new_url: str | None = None


_NOTHING = FeedEntry()


def read(body: bytes, url: str, entry: FeedEntry = _NOTHING) -> Show:
    """
    A feed's facts and items from its bytes; `url` is where they came from. What the feed does
    not say itself, the owner's `entry` may say; fiction is fiction when either says so.

    Raises FeedUnreadable, and nothing else, where the bytes are no RSS or Atom feed.
    """
    where = _shown(url)
    text = mended(body, where)
    try:
        root = podcast_namespace.tree(text)
        if root is None and (len(text) > _LARGEST_BROKEN or text.count("<") > _MOST_BROKEN_TAGS):
            raise FeedUnreadable(f"{where} is broken XML, and too large to be mended; tell its publisher")
        # Never hand the library a bare string: it would open it as an address or a file name.
        parsed = feedparser.parse(
            io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        version = str(parsed.get("version") or "")
        channel = cast(Entry, parsed.get("feed") or {})
        entries = cast(list[Entry], parsed.get("entries") or [])[:MOST_ITEMS]
        if not version and not entries:
            raise FeedUnreadable(_NO_FEED.format(where))
        extras = podcast_namespace.salvaged(text, url) if root is None else podcast_namespace.read(root, url)
        feed = _feed(channel, extras.channel, url, entry)
        items = [_item(one, extra, feed, url, entry) for one, extra in _joined(entries, extras)]
    except _LIBRARY_FAULTS as fault:
        raise FeedUnreadable(f"{where} cannot be read as a feed ({type(fault).__name__})") from fault
    return Show(feed, _distinct(items), _next_page(channel, url), extras.channel.new_url)


def _feed(channel: Entry, extra: Extra, url: str, owner: FeedEntry) -> Feed:
    return Feed(
        id=feed_id(url),
        url=url,
        title=one_line(_text(channel, "title")) or owner.title or urlsplit(url).hostname or _shown(url),
        language=language_tag(_text(channel, "language")) or owner.language,
        guid=extra.show_guid,
        link=web_address(url, _text(channel, "link")),
        persons=extra.persons or owner.persons,
        fiction=owner.fiction or extra.fiction is True,
        rights=extra.rights,
    )


def _item(entry: Entry, extra: Extra, feed: Feed, base: str, owner: FeedEntry) -> Item:
    enclosure = _enclosure(entry, base)
    link = web_address(base, _text(entry, "link"))
    published = iso_date(_text(entry, "published"), _time(entry, "published_parsed")) or iso_date(
        _text(entry, "updated"), _time(entry, "updated_parsed")
    )
    title = one_line(_text(entry, "title")) or one_line(_text(entry, "itunes_title"))
    guid = " ".join(_text(entry, "id").split())[:2000]
    return Item(
        guid=guid or _derived_guid(enclosure, link, title, published),
        title=title or (published or "")[:10] or "Untitled",
        enclosure=enclosure,
        published=published,
        link=link,
        notes=_notes(entry),
        duration=milliseconds(_text(entry, "itunes_duration")),
        # People of an item wholly replace those of the show.
        persons=extra.persons or feed.persons,
        transcripts=extra.transcripts,
        language=language_tag(_text(entry, "dc_language") or _text(entry, "language")) or feed.language,
        rights=extra.rights or feed.rights,
        fiction=owner.fiction or (feed.fiction if extra.fiction is None else extra.fiction),
    )


def _derived_guid(enclosure: Enclosure | None, link: str | None, title: str, published: str | None) -> str:
    """An identity for an item that brings none, from what is least likely to change."""
    facts: tuple[str, ...]
    if enclosure:
        facts = ("enclosure", sound_key(enclosure.url))
    elif link:
        facts = ("link", link, title)
    else:
        facts = ("title", title, published or "")
    return "derived:" + hashlib.sha256("\x1f".join(facts).encode("utf-8", "replace")).hexdigest()[:32]


def _distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    """
    Items with one guid each.

    A guid that several sounds share identifies none of them, so the sound is added to it;
    an item repeated with the same sound is listed once.
    """
    seen: dict[tuple[str, str], Item] = {}
    for item in items:
        seen.setdefault((item.guid, sound_key(item.enclosure.url) if item.enclosure else ""), item)
    shared = Counter(guid for guid, _ in seen)
    return tuple(
        replace(item, guid=f"{guid}#{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:12]}")
        if shared[guid] > 1
        else item
        for (guid, key), item in seen.items()
    )


def _enclosure(entry: Entry, base: str) -> Enclosure | None:
    """The first enclosure that is sound, else the first that is a video, else the first of all."""
    found: list[Enclosure] = []
    for raw in cast(list[Entry], entry.get("enclosures") or []):
        address = web_address(base, _text(raw, "href") or _text(raw, "url"))
        if address:
            length = _text(raw, "length").strip()
            promised = int(length) if length.isascii() and length.isdigit() and len(length) < 15 else 0
            found.append(Enclosure(address, _text(raw, "type").strip().lower()[:100] or None, promised or None))
    for kind in ("audio/", "video/", ""):
        for one in found:
            if (one.media_type or "").startswith(kind):
                return one
    return None


def _notes(entry: Entry) -> str:
    """The longest description an item carries, as plain text."""
    content = cast(list[Entry], entry.get("content") or [])
    said = [_text(entry, "summary"), _text(entry, "subtitle"), *(_text(one, "value") for one in content[:4])]
    return max((plain(one) for one in said), key=len)


def _joined(entries: list[Entry], extras: Extras) -> list[tuple[Entry, Extra]]:
    """
    Each item with its namespaced facts: by guid where that is unique, else by position
    where both readers saw the same number of items.
    """
    counts = Counter(extra.guid for extra in extras.items if extra.guid)
    by_guid = {extra.guid: extra for extra in extras.items if extra.guid and counts[extra.guid] == 1}
    same = len(extras.items) >= len(entries)
    joined: list[tuple[Entry, Extra]] = []
    for position, entry in enumerate(entries):
        extra = by_guid.get(" ".join(_text(entry, "id").split()))
        if extra is None:
            extra = extras.items[position] if same else Extra()
        joined.append((entry, extra))
    return joined


def _next_page(channel: Entry, base: str) -> str | None:
    for link in cast(list[Entry], channel.get("links") or []):
        if _text(link, "rel").strip().casefold() == "next":
            return web_address(base, _text(link, "href"))
    return None


def _text(entry: Entry, key: str) -> str:
    # Asked for a date that is not there, the library would warn and give another one.
    value = entry.get(key) if key in entry else None
    return value if isinstance(value, str) else ""


def _time(entry: Entry, key: str) -> struct_time | None:
    value = entry.get(key) if key in entry else None
    return value if isinstance(value, struct_time) else None


def _shown(url: str) -> str:
    """An address as errors print it: on one line, of bearable length."""
    return "".join(ch for ch in url if ch.isprintable())[:200] or "The feed"
