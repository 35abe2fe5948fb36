"""Reads a show anew, wherever it is: what it says of itself, and all its episodes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from convarchive.domain.desk import FeedEntry
from convarchive.domain.episode import Feed, FeedId, Item
from convarchive.domain.ids import feed_id
from convarchive.domain.run import digest
from convarchive.errors import AddressRefused, FeedUnreadable, SourceUnavailable
from convarchive.ingest import apple, folder_feed
from convarchive.ingest.feed import Show, read
from convarchive.ingest.podcast_namespace import MOST_ITEMS
from convarchive.ingest.ports import Answer, Fetcher

MOST_PAGES = 100
"""Pages of one feed (RFC 5005) that are followed."""
READER = 1
"""Raised when the same bytes are read differently, so that unchanged feeds are read anew."""


@dataclass(frozen=True, slots=True)
class FeedNews:
    """
    What reading a show brought. `feed` is None, and `items` empty, exactly when nothing
    changed since the tags that were given; then keep what is known.

    `answers_at` is where the feed answers now, for people to read. `etag` and
    `last_modified` go into the next call as they are; they mean nothing elsewhere.
    `note` says in words what was left out: then `complete` is False, and items that
    are not listed may still exist.
    """

    feed: Feed | None
    items: tuple[Item, ...]
    answers_at: str | None
    etag: str | None = None
    last_modified: str | None = None
    note: str | None = None

    @property
    def unchanged(self) -> bool:
        """Whether nothing changed."""
        return self.feed is None

    @property
    def complete(self) -> bool:
        """Whether every page of the feed was read."""
        return self.note is None


def address(entry: FeedEntry) -> str:
    """
    What a show is known by for ever: its first address, its page at Apple, or its folder as written.

    It is the `url` of its Feed; a redirect, or another feed behind an Apple id, does not change it.
    """
    if entry.url is not None:
        return entry.url
    return apple.page(entry.apple_id) if entry.apple_id is not None else f"folder:{entry.folder}"


def identity(entry: FeedEntry) -> FeedId:
    """The id of the show, known before it is read."""
    return feed_id(address(entry))


def refresh(
    entry: FeedEntry,
    fetcher: Fetcher,
    *,
    root: Path,
    etag: str | None = None,
    last_modified: str | None = None,
    lookup: str = apple.PUBLIC_LOOKUP,
) -> FeedNews:
    """
    Read the show of an entry; nothing is written.

    `root` is what a relative folder is relative to (the home); `lookup` is the address of
    Apple's lookup. `etag` and `last_modified` are those of the last FeedNews.

    Raises FeedUnreadable, SourceUnavailable, AddressRefused.
    """
    if entry.folder is not None:
        return _folder(entry, root, etag)
    url = entry.url or apple.lookup(fetcher, entry.apple_id or 0, base=lookup)
    # An owner's word on the desk changes what is made of the same bytes, so tags are bound to it.
    mark, _, tag = (etag or "").partition(" ")
    same = mark == _mark(entry, url)
    answer = fetcher.read(url, etag=(tag or None) if same else None, last_modified=last_modified if same else None)
    if answer.body is None:
        return FeedNews(None, (), answer.url, etag, last_modified)
    show = read(answer.body, answer.url, entry)
    moved = _moved(entry, show, fetcher, {url, answer.url})
    if moved is not None:
        # Its tags are of another address than the one asked first, so they are not kept.
        answer, show = replace(moved[0], etag=None, last_modified=None), moved[1]
    items, note = _all_pages(entry, answer.url, show, fetcher)
    feed = replace(show.feed, id=identity(entry), url=address(entry))
    if note is not None:
        # Without tags the next refresh reads everything again, and may get the rest.
        return FeedNews(feed, items, answer.url, None, None, note)
    return FeedNews(feed, items, answer.url, f"{_mark(entry, url)} {answer.etag or ''}", answer.last_modified)


def _mark(entry: FeedEntry, url: str) -> str:
    return digest(READER, entry, url)[:16]


def _folder(entry: FeedEntry, root: Path, etag: str | None) -> FeedNews:
    folder = (root / (entry.folder or "")).resolve()
    items, tag = folder_feed.items_in(folder, entry)
    if tag == etag:
        return FeedNews(None, (), folder.as_uri(), tag)
    feed = folder_feed.feed_of(folder, entry, identity(entry), address(entry))
    return FeedNews(feed, items, folder.as_uri(), tag)


def _moved(entry: FeedEntry, show: Show, fetcher: Fetcher, known: set[str]) -> tuple[Answer, Show] | None:
    """The feed at the address that the publisher says it moved to, if there is one."""
    if show.new_url is None or show.new_url in known:
        return None
    try:
        answer = fetcher.read(show.new_url)
        return answer, read(answer.body or b"", answer.url, entry)
    except (SourceUnavailable, FeedUnreadable, AddressRefused):
        # A publisher who misspells the new address still has the old one.
        return None


def _all_pages(entry: FeedEntry, url: str, first: Show, fetcher: Fetcher) -> tuple[tuple[Item, ...], str | None]:
    """The items of a feed and its further pages (RFC 5005), and what had to be left out."""
    items = {item.guid: item for item in first.items}
    seen, page, note = {url}, first, None
    while page.next_page is not None and page.next_page not in seen:
        if len(seen) >= MOST_PAGES or len(items) >= MOST_ITEMS:
            note = f"the feed goes on after {len(seen)} pages and {len(items)} episodes; the rest is left out"
            break
        seen.add(page.next_page)
        try:
            answer = fetcher.read(page.next_page)
            page = read(answer.body or b"", answer.url, entry)
        except (SourceUnavailable, FeedUnreadable, AddressRefused) as fault:
            note = f"page {len(seen)} of the feed could not be read: {fault}"
            break
        for item in page.items:
            # An earlier page is the newer one.
            items.setdefault(item.guid, item)
    return tuple(items.values())[:MOST_ITEMS], note
