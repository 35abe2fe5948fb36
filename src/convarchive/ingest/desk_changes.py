"""Adding to ingest's desk from a command: a show, a person, a withdrawal; comments stay as they are."""

from __future__ import annotations

import datetime as dt

from convarchive.domain.desk import FeedEntry, Withdrawal
from convarchive.domain.speaker import Speaker
from convarchive.home import Home
from convarchive.ingest.desks import (
    feeds_in,
    read_feeds,
    read_withdrawals,
    speakers_in,
    withdrawals_in,
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
    entry = _given(
        url=feed.url,
        apple_id=feed.apple_id,
        folder=feed.folder,
        title=feed.title,
        language=feed.language,
        fiction=feed.fiction or None,
        persons=[_given(name=one.name, role=one.role, href=one.href) for one in feed.persons] or None,
    )
    append(home.feeds, "feeds", entry, feeds_in)
    return True


def add_speaker(home: Home, speaker: Speaker) -> None:
    """
    Add a person to `speakers.toml`.

    Raises BadInput where the id, the name or an alias is another's already; otherwise as
    `add_feed` does.
    """
    entry = _given(
        id=speaker.id,
        name=speaker.name,
        aliases=list(speaker.aliases) or None,
        role=speaker.role,
        role_basis=speaker.role_basis,
        fiction=speaker.fiction or None,
        credits=[_given(name=one.name, text=one.text, place=one.place, since=one.since) for one in speaker.credits]
        or None,
    )
    append(home.speakers, "speakers", entry, speakers_in)


def add_withdrawal(home: Home, withdrawal: Withdrawal) -> bool:
    """Add what may not come back to `withdrawals.toml`; False where it already stands there. Raises as `add_feed`."""
    if withdrawal in read_withdrawals(home):
        return False
    append(home.withdrawals, "withdrawals", _withdrawal_entry(withdrawal), withdrawals_in)
    return True


def remove_withdrawal(home: Home, withdrawal: Withdrawal) -> bool:
    """Take an undone withdrawal out of `withdrawals.toml`; False where it is not there. Raises as `add_feed`."""

    def same(top: Table) -> list[int]:
        return [position for position, one in enumerate(withdrawals_in(top)) if one == withdrawal]

    return remove(home.withdrawals, "withdrawals", same)


def _withdrawal_entry(withdrawal: Withdrawal) -> Entry:
    return _given(
        state=withdrawal.state,
        recording=withdrawal.recording,
        start_ms=withdrawal.span.start if withdrawal.span else None,
        end_ms=withdrawal.span.end if withdrawal.span else None,
        document=withdrawal.document,
        key=withdrawal.key,
        person=withdrawal.person,
        since=_date(withdrawal.since),
        until=_date(withdrawal.until),
    )


def _date(text: str | None) -> dt.date | dt.datetime | str | None:
    """A date as TOML writes it, without quotation marks; a year or month alone stays a text."""
    if text is None or len(text) < len("2031-01-15"):
        return text
    return dt.date.fromisoformat(text) if len(text) == len("2031-01-15") else dt.datetime.fromisoformat(text)


def _given(**fields: object) -> Entry:
    return {key: value for key, value in fields.items() if value is not None}
