"""Reads the podcast industry's own tags of a feed: people, transcripts, licence, and our mark for fiction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from convarchive.domain.episode import Person, TranscriptLink
from convarchive.ingest.feed_values import language_tag, one_line, web_address

PODCAST = frozenset(
    {
        "podcastindex.org/namespace/1.0",
        "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    }
)
"""The namespace's two addresses, without scheme and in lower case: feeds vary both."""
OWN = frozenset({"convarchive.example/ns/1.0"})
"""The namespace of our own element: `<convarchive:fiction>true</convarchive:fiction>`."""
ITUNES = frozenset({"www.itunes.com/dtds/podcast-1.0.dtd", "itunes.apple.com/dtds/podcast-1.0.dtd"})

MOST_ITEMS = 20_000
"""Items read of one document; the rest is left out."""
_MOST = 64
"""People or transcripts kept of one item."""
_ITEM = re.compile(r"<(?:item|entry)\b[^<>]*>", re.IGNORECASE)
_PIECE = re.compile(
    r"<((?:podcast:(?:person|transcript|license|guid))|convarchive:fiction|itunes:new-feed-url|guid|id)\b[^<>]*"
    r"(?:/>|>(?:[^<]|<!\[CDATA\[[^<\]]*\]\]>){0,4000}</\1\s*>)",
    re.IGNORECASE,
)
_DECLARATIONS = " ".join(
    f'xmlns:{prefix}="https://{min(addresses)}"'
    for prefix, addresses in (("podcast", PODCAST), ("convarchive", OWN), ("itunes", ITUNES))
)


@dataclass(frozen=True, slots=True)
class Extra:
    """What the namespaced tags of one channel or item say; `guid` is the item's own, for joining."""

    guid: str | None = None
    persons: tuple[Person, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    rights: str | None = None
    fiction: bool | None = None
    show_guid: str | None = None
    new_url: str | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """The channel's own facts, and one entry an item, in the feed's order."""

    channel: Extra
    items: tuple[Extra, ...]


def tree(text: str, *, broken: bool = False) -> etree._Element | None:
    """
    XML as a tree, or None where it is not well formed; `broken` reads it as far as it goes.

    Entities are never expanded, nothing is fetched, and libxml2 bounds depth and lengths.
    """
    parser = etree.XMLParser(
        recover=broken, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def read(root: etree._Element, base: str) -> Extras:
    """
    Second pass over a feed, after Podcasting 2.0's namespace description.

    General feed readers keep the last of repeated tags; this keeps all of them.
    """
    items = [one for one in root.iter() if _local(one) in ("item", "entry")]
    # RSS has its channel inside the root, Atom's feed is the root itself.
    channel = next((one for one in root.iter() if _local(one) == "channel"), root)
    return Extras(_extra(channel, base), tuple(_extra(item, base) for item in items[:MOST_ITEMS]))


def salvaged(text: str, base: str) -> Extras:
    """
    The same from XML that is not well formed: each tag is looked for by its usual prefix.

    Reading such tags one by one keeps what is broken elsewhere in the feed from mattering.
    """
    channel, *items = _ITEM.split(text)[: MOST_ITEMS + 1]
    return Extras(_extra_of_pieces(channel, base), tuple(_extra_of_pieces(item, base) for item in items))


def _extra_of_pieces(text: str, base: str) -> Extra:
    pieces = "".join(found[0] for found in _PIECE.finditer(text))
    root = tree(f"<item {_DECLARATIONS}>{pieces}</item>", broken=True)
    return Extra() if root is None else _extra(root, base)


def _extra(element: etree._Element, base: str) -> Extra:
    guid = show_guid = rights = new_url = None
    persons: list[Person] = []
    transcripts: list[TranscriptLink] = []
    fiction: bool | None = None
    for child in element:
        local, text = _local(child), _text(child)
        if _within(child, PODCAST, "podcast"):
            if local == "person":
                persons += _person(child, base)
            elif local == "transcript":
                transcripts += _transcript(child, base)
            elif local == "license":
                rights = one_line(text, 200) or web_address(base, child.get("url")) or rights
            elif local == "guid":
                show_guid = one_line(text, 200) or None
        elif _within(child, OWN, "convarchive"):
            if local == "fiction":
                fiction = text.casefold() in ("true", "yes", "1")
        elif _within(child, ITUNES, "itunes"):
            if local == "new-feed-url":
                new_url = web_address(base, text)
        elif local in ("guid", "id") and guid is None:
            guid = text or None
    return Extra(guid, _once(persons)[:_MOST], tuple(transcripts[:_MOST]), rights, fiction, show_guid, new_url)


def _person(element: etree._Element, base: str) -> Iterator[Person]:
    name = one_line(_text(element), 128)
    if name:
        role = one_line(element.get("role"), 64).lower() or "host"
        yield Person(name, role, web_address(base, element.get("href")))


def _transcript(element: etree._Element, base: str) -> Iterator[TranscriptLink]:
    url = web_address(base, element.get("url"))
    if url:
        kind = one_line(element.get("type"), 100).lower() or "text/plain"
        yield TranscriptLink(url, kind, language_tag(element.get("language")), one_line(element.get("rel"), 40) or None)


def _once(persons: list[Person]) -> tuple[Person, ...]:
    """Each name and role once, in order: some hosts print a person for every job they had."""
    return tuple({(one.name.casefold(), one.role): one for one in reversed(persons)}.values())[::-1]


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _local(element: etree._Element) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _within(element: etree._Element, addresses: frozenset[str], prefix: str) -> bool:
    """Whether a tag belongs to a namespace, or only carries its usual prefix without declaring it."""
    tag = element.tag
    if not isinstance(tag, str):
        return False
    if tag.startswith("{"):
        address = tag[1:].partition("}")[0].casefold().strip()
        return address.removeprefix("https://").removeprefix("http://").rstrip("/") in addresses
    return tag.lower().startswith(f"{prefix}:")
