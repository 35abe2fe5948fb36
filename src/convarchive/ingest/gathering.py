"""Reads every show on the desk anew and writes its episodes into the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from convarchive.domain.desk import FeedEntry
from convarchive.domain.episode import EpisodeId, FeedId
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.ingest.desks import read_feeds
from convarchive.ingest.ports import Fetcher
from convarchive.ingest.subscribe import FeedNews, address, identity, refresh
from convarchive.store.catalogue import Catalogue
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one show brought: its id, episodes listed now (none if nothing changed), and what went wrong."""

    entry: FeedEntry
    feed: FeedId
    title: str
    episodes: tuple[EpisodeId, ...] = ()
    unchanged: bool = False
    trouble: str | None = None


def gather(home: Home, catalogue: Catalogue, fetcher: Fetcher, *, lookup: str | None = None) -> tuple[Gathered, ...]:
    """
    Read every entry of `feeds.toml`. What is wrong with one show is told and the others go on.

    `lookup` is the address of Apple's lookup where it is not the public one.
    """
    found = []
    for entry in read_feeds(home):
        try:
            found.append(read_one(home, catalogue, fetcher, entry, lookup=lookup))
        except BadInput as error:
            title = entry.title or address(entry)
            found.append(Gathered(entry, identity(entry), title, trouble=str(error)))
    return tuple(found)


def read_one(
    home: Home, catalogue: Catalogue, fetcher: Fetcher, entry: FeedEntry, *, lookup: str | None = None
) -> Gathered:
    """
    Read one show and keep what it lists, in one transaction.

    Raises FeedUnreadable, SourceUnavailable, AddressRefused; then nothing has changed.
    """
    feed = identity(entry)
    with catalogue.writing() as write:
        etag, last_modified = write.episodes.feed_validators(feed)
    further = {} if lookup is None else {"lookup": lookup}
    news = refresh(entry, fetcher, root=home.root, etag=etag, last_modified=last_modified, **further)
    with catalogue.writing() as write:
        episodes = _keep(write, feed, news)
        title = next((one.title for one in write.episodes.feeds() if one.id == feed), address(entry))
    return Gathered(entry, feed, title, episodes, news.unchanged, news.note)


def _keep(write: Writer, feed: FeedId, news: FeedNews) -> tuple[EpisodeId, ...]:
    if news.feed is None:
        write.episodes.feed_read(feed, news.answers_at, news.etag, news.last_modified)
        return ()
    write.episodes.put_feed(news.feed)
    fiction = news.feed.fiction
    episodes = tuple(write.episodes.put_item(feed, item, fiction=fiction or item.fiction) for item in news.items)
    if news.complete:
        write.episodes.unlist(feed, [item.guid for item in news.items])
    write.episodes.feed_read(feed, news.answers_at, news.etag, news.last_modified)
    write.count_up("content")
    return episodes
