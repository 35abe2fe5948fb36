"""
What people closed in a catalogue that is about to be replaced by an older one, and closing it there too.

A backup knows nothing of what was withdrawn, withheld or taken back since. What was closed in
between stays closed; the log of reviews says who decided it and that it was carried over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, update

from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import Act, QuoteId, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.store import schema as s
from convarchive.store.standing import binding
from convarchive.store.write_reviews import Hold, ReviewWrites
from convarchive.store.write_voiceprints import erase_prints

NOTE = "carried over when a backup was restored"


@dataclass(frozen=True, slots=True)
class Closing:
    """One decision: its holds, and the review they came with (`review` None: from a desk file)."""

    review: int | None
    by: str
    why: str
    quote: QuoteId | None
    person: SpeakerId | None
    episode: EpisodeId | None
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """
    All that is closed in a catalogue now.

    `unclear` maps versions whose clearing was taken back to by and why, `revoked` prefixes of
    keys that were ended to when and by whom; `unprinted` says whose voiceprints were
    forgotten: (person, by, why, when).
    """

    closings: tuple[Closing, ...] = ()
    unclear: tuple[tuple[VersionId, str, str], ...] = ()
    revoked: tuple[tuple[str, str, str], ...] = ()
    unprinted: tuple[tuple[SpeakerId, str, str, str], ...] = ()


def closed(connection: Connection, now: str) -> Closed:
    """What holds, and taken-back clearings, are in force in a catalogue at this instant."""
    rows = connection.execute(
        select(s.hold, s.review.c.by, s.review.c.why, s.review.c.quote.label("about"), s.review.c.person.label("whose"),
               s.review.c.episode.label("of_episode"))
        .outerjoin(s.review, s.review.c.number == s.hold.c.review)
        .where(binding(now))
        .order_by(s.hold.c.id)
    ).mappings()  # fmt: skip
    found: dict[tuple[int | None, int], Closing] = {}
    for row in rows:
        hold = Hold(**{field: row[field] for field in Hold.__slots__})
        key = (row["review"], 0 if row["review"] is not None else row["id"])
        one = found.get(key) or Closing(
            row["review"], row["by"] or "", row["why"] or "", row["about"], row["whose"], row["of_episode"], ()
        )
        found[key] = replace(one, holds=(*one.holds, hold))
    open_still = select(s.clearing.c.version).where(s.clearing.c.undone_by.is_(None))
    unclear = connection.execute(
        select(s.clearing.c.version, s.review.c.by, s.review.c.why)
        .join(s.review, s.review.c.number == s.clearing.c.undone_by)
        .where(s.clearing.c.version.not_in(open_still))
        .order_by(s.clearing.c.undone_by)
    )
    last = {version: (VersionId(version), by, why) for version, by, why in unclear}
    k = s.access_key.c
    ended = connection.execute(select(k.prefix, k.revoked_at, k.revoked_by).where(k.revoked_at.is_not(None)))
    revoked = tuple((prefix, at, by or "") for prefix, at, by in ended)
    return Closed(tuple(found.values()), tuple(last.values()), revoked, _forgotten(connection))


def close(connection: Connection, now: str, since: Closed) -> int:
    """
    In the caller's transaction: close in an older catalogue what was `closed` since; how many decisions that were.

    Holds that came from a desk file are left to that file.
    """
    reviews = ReviewWrites(connection, now)
    standing = {hold for one in closed(connection, now).closings if one.review is not None for hold in one.holds}
    known = set(connection.execute(select(s.quote.c.id)).scalars())
    episodes = set(connection.execute(select(s.episode.c.id)).scalars())
    carried = 0
    for one in since.closings:
        fresh = [hold for hold in one.holds if hold not in standing]
        if one.review is None or not fresh:
            continue
        carried += 1
        act: Act = "withdraw" if any(hold.state == "withdrawn" for hold in fresh) else "withhold"
        number = reviews.add(
            act,
            one.by,
            f"{one.why} ({NOTE})",
            quote=one.quote if one.quote in known else None,
            person=one.person,
            episode=one.episode if one.episode in episodes else None,
            until=fresh[0].until,
        )
        for hold in fresh:
            reviews.hold(hold, number)
    carried += sum(1 for _ in _unclear(connection, reviews, since)) + _revoke(connection, since)
    return carried + _forget_again(connection, reviews, since)


def _unclear(connection: Connection, reviews: ReviewWrites, since: Closed) -> Iterator[int]:
    cleared = connection.execute(
        select(s.clearing.c.version, s.version.c.quote)
        .join(s.version, s.version.c.id == s.clearing.c.version)
        .where(s.clearing.c.undone_by.is_(None))
    )
    quotes: dict[str, str] = {version: quote for version, quote in cleared}
    for version, by, why in since.unclear:
        if version in quotes:
            number = reviews.add("undo", by, f"{why} ({NOTE})", quote=QuoteId(quotes[version]), version=version)
            connection.execute(
                update(s.clearing)
                .where(s.clearing.c.version == version, s.clearing.c.undone_by.is_(None))
                .values(undone_by=number)
            )
            yield number


def _revoke(connection: Connection, since: Closed) -> int:
    """End the keys that were ended since; how many those were."""
    k = s.access_key.c
    return sum(
        connection.execute(
            update(s.access_key).where(k.prefix == prefix, k.revoked_at.is_(None)).values(revoked_at=at, revoked_by=by)
        ).rowcount
        for prefix, at, by in since.revoked
    )


def _forgotten(connection: Connection) -> tuple[tuple[SpeakerId, str, str, str], ...]:
    """Whose voiceprints were forgotten while the person stayed: (person, by, why, when), oldest first."""
    r = s.review.c
    rows = connection.execute(
        select(r.person, r.by, r.why, r.at)
        .join(s.speaker, s.speaker.c.id == r.person)
        .where(r.act == "forget_voiceprints")
        .order_by(r.number)
    )
    return tuple((SpeakerId(person), by, why, at) for person, by, why, at in rows)


def _forget_again(connection: Connection, reviews: ReviewWrites, since: Closed) -> int:
    """Forget voiceprints that were agreed to before they were forgotten elsewhere; of how many people."""
    again = 0
    for person, by, why, at in since.unprinted:
        consented = select(s.voice_consent.c.recorded_at).where(s.voice_consent.c.speaker == person)
        agreed = connection.execute(consented).scalar()
        if agreed is not None and agreed <= at:
            reviews.add("forget_voiceprints", by, f"{why} ({NOTE})", person=person)
            erase_prints(connection, [person])
            again += 1
    return again
