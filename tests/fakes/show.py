"""The sample show's feed on a loopback server, and a home that follows it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from convarchive.cli.laying_out import init
from convarchive.domain.desk import FeedEntry
from convarchive.home import Home
from convarchive.ingest.desk_changes import add_feed
from servers import Answer, Server

SETTINGS = 'title = "A test (fiction)"\nallow_private_addresses = true\n'


def publish(server: Server) -> str:
    """Put the show on the server; the feed's address."""
    show = files("convarchive.cli") / "sample_show"
    for one in show.iterdir():
        if one.name.endswith(".mp3"):
            server.put(f"/{one.name}", Answer(one.read_bytes(), etag=f'"{one.name}"'))
    feed = (show / "feed.xml").read_text().replace("{base}", server.base.rstrip("/"))
    return server.put("/feed.xml", Answer(feed.encode(), "application/rss+xml"))


def home_at(path: Path, feed: str | None = None) -> Home:
    """A fresh home, following the feed where one is given."""
    init(path)
    home = Home(path)
    home.settings.write_text(SETTINGS)
    if feed:
        add_feed(home, FeedEntry(url=feed, fiction=True))
    return home
