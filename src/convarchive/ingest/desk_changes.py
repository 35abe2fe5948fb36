"""Adding to ingest's desk from a command: a show, a person; comments stay as they are."""

from __future__ import annotations

from convarchive.domain.desk import FeedEntry
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.home import Home
from convarchive.ingest.desks import (
    feeds_in,
    read_feeds,
    speakers_in,
)
from convarchive.tomlfile import Entry, Table, append, remove


def add_feed(home: Home, feed: FeedEntry) -> bool:
    """
    Add a show to `feeds.toml`; False where it already stands there.

    Raises BadInput for an entry the desk would refuse, SettingsError where the desk itself
    is broken, HomeNotWritable.
    """
    place = (feed.url, feed.apple_id, feed.folder)
    if place in {(one.url, one.apple_id, one.folder) for one in read_feeds(home)}:
        return False
    entry = given(
        url=feed.url,
        apple_id=feed.apple_id,
        folder=feed.folder,
        title=feed.title,
        language=feed.language,
        fiction=feed.fiction or None,
        persons=[given(name=one.name, role=one.role, href=one.href) for one in feed.persons] or None,
    )
    append(home.feeds, "feeds", entry, feeds_in)
    return True


def add_speaker(home: Home, speaker: Speaker) -> None:
    """
    Add a person to `speakers.toml`.

    Raises BadInput where the id, the name or an alias is another's already; otherwise as
    `add_feed` does.
    """
    entry = given(
        id=speaker.id,
        name=speaker.name,
        aliases=list(speaker.aliases) or None,
        role=speaker.role,
        role_basis=speaker.role_basis,
        fiction=speaker.fiction or None,
        credits=[given(name=one.name, text=one.text, place=one.place, since=one.since) for one in speaker.credits]
        or None,
    )
    append(home.speakers, "speakers", entry, speakers_in)


def remove_speaker(home: Home, speaker: SpeakerId) -> bool:
    """Take a person out of `speakers.toml`; False where they do not stand there. Raises as `add_feed`."""

    def theirs(top: Table) -> list[int]:
        return [position for position, one in enumerate(speakers_in(top)) if one.id == speaker]

    return remove(home.speakers, "speakers", theirs)


def given(**fields: object) -> Entry:
    """An entry of the fields that have a value."""
    return {key: value for key, value in fields.items() if value is not None}
