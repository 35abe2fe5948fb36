"""
Which version of a quote each audience sees, worked out in SQL at the moment of reading.

Nothing is stored about it, so that a decision counts in every process from the very
transaction that records it, and an embargo ends by itself.

A quote's holds (withheld, withdrawn) come from its own id, from any of its sources'
spans or keys, from its speaker and from its episode; the most restrictive wins. Only a
quote without a hold can show a cleared version to the public.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select, union

from convarchive.domain.audience import PERMISSIONS, Audience
from convarchive.store.schema import clearing, episode_recording, hold, quote, review, source, version
from convarchive.store.stating import kept, some

VOICE_ACTS = ("assign", "merge", "split", "not-a-person")
"""Reviews about whose a voice is. One of them may let a clearing stand again that another undid."""


def binding(now: Instant) -> ColumnElement[bool]:
    """Holds that are in force now."""
    return and_(hold.c.undone_by.is_(None), or_(hold.c.until.is_(None), hold.c.until > now))


Instant = str | ColumnElement[str]
"""ISO 8601, or `stating.NOW`."""


@kept
def closed_episodes(now: Instant) -> Subquery:
    """
    Which holds close whole episodes now: columns `hold`, `state`, `episode`.

    One does that was put on the episode, and one on words in a recording that is not the
    episode's newest any more: nobody knows where in the newest they stand.
    """
    newest, later = episode_recording.alias(), episode_recording.alias()
    outdated = exists().where(
        newest.c.episode == hold.c.episode,
        newest.c.recording != hold.c.recording,
        ~exists().where(later.c.episode == newest.c.episode, later.c.position > newest.c.position),
    )
    return (
        select(hold.c.id.label("hold"), hold.c.state, hold.c.episode)
        .where(binding(now), hold.c.episode.is_not(None), or_(hold.c.recording.is_(None), outdated))
        .subquery()
    )


@kept
def bearing(now: Instant) -> Subquery:
    """Which holds close which versions now: columns `hold`, `state`, `version`. Read from the few holds outwards."""
    closed = closed_episodes(now)
    what = (hold.c.id.label("hold"), hold.c.state)
    # A hold on a whole recording has no span.
    overlap = or_(hold.c.start_ms.is_(None), and_(hold.c.start_ms < source.c.end_ms, hold.c.end_ms > source.c.start_ms))
    # Not the bare columns (`concat`), or SQLite reads all quotes and versions and looks each up among the few.
    on_quotes = union(
        select(*what, hold.c.quote.label("quote")).where(binding(now), hold.c.quote.is_not(None)),
        select(closed.c.hold, closed.c.state, quote.c.id).join(quote, quote.c.episode == closed.c.episode.concat("")),
        select(*what, source.c.quote)
        .join(source, and_(source.c.recording == hold.c.recording, overlap))
        .where(binding(now)),
        select(*what, source.c.quote)
        .join(source, source.c.document == hold.c.document)
        .where(binding(now), or_(hold.c.key.is_(None), hold.c.key == source.c.key)),
    ).subquery()
    every = union(
        select(on_quotes.c.hold, on_quotes.c.state, version.c.id.label("version")).join(
            version,
            version.c.quote == on_quotes.c.quote.concat(""),
        ),
        select(*what, version.c.id).join(version, version.c.speaker == hold.c.person).where(binding(now)),
    )
    return every.subquery()


Among = Sequence[str] | Select[Any] | None
"""Quotes that a question is narrowed to, which spares working out all the others; None for every one."""


_OLDER, _NEWER = version.alias("older"), version.alias("newer")
_CLEARING, _LIVING = clearing.alias("open_by"), quote.alias("living")
"""The rule's own names, so that it can be stated beside any other question; made once, for making them takes long."""

# Each part of the rule has two spellings with one meaning. Of every quote at once it is asked
# as a set, which SQLite makes once; of a few, of each by its key, which a million others do not slow.


def _is_superseded(the_version: ColumnElement[str], cleared_by: Instant | None, among: Among) -> ColumnElement[bool]:
    """Whether a version is not the newest of its quote, or (at that instant) not the newest cleared one."""
    # A first version, which most are, supersedes nothing: it need not be looked at any further.
    newer = and_(_NEWER.c.quote == _OLDER.c.quote, _NEWER.c.seq > _OLDER.c.seq, _NEWER.c.seq > 1)
    if cleared_by is not None:
        newer = and_(newer, _is_cleared(cleared_by, _NEWER.c.id, ()))
    if among is None:
        return the_version.in_(select(_OLDER.c.id).join(_NEWER, newer))
    return exists().where(_OLDER.c.id == the_version, newer)


def _is_retired(the_quote: ColumnElement[str], among: Among) -> ColumnElement[bool]:
    if among is None:
        return the_quote.in_(select(_LIVING.c.id).where(_LIVING.c.retired.is_not(None)))
    return exists().where(_LIVING.c.id == the_quote, _LIVING.c.retired.is_not(None))


def _is_cleared(now: Instant, the_version: ColumnElement[str], among: Among) -> ColumnElement[bool]:
    c = _CLEARING.c
    counts = and_(c.undone_by.is_(None), or_(c.not_before.is_(None), c.not_before <= now))
    if among is None:
        return the_version.in_(select(c.version).where(counts))
    return exists().where(c.version == the_version, counts)


def cleared_by() -> ColumnElement[int]:
    """Of a clearing: the number of the review in which somebody stated it, also where a name's return renewed it."""
    given, said = clearing.alias("given"), review.alias("said")
    stated = (
        select(func.max(given.c.review))
        .join(said, said.c.number == given.c.review)
        .where(
            given.c.version == clearing.c.version, given.c.review <= clearing.c.review, said.c.act.not_in(VOICE_ACTS)
        )
    )
    return func.coalesce(stated.scalar_subquery(), clearing.c.review)


@kept
def cleared_at() -> Select[tuple[str, str, str]]:
    """When `some()` versions were cleared, or their embargo ends, and by whom, oldest first: `version`, `day`, `by`."""
    day = func.coalesce(clearing.c.not_before, review.c.at).label("day")
    return (
        select(clearing.c.version, day, review.c.by)
        .select_from(clearing)
        .join(review, review.c.number == cleared_by())
        .where(clearing.c.version.in_(some()), clearing.c.undone_by.is_(None))
        .order_by(clearing.c.review)
    )


def is_newest(the_version: ColumnElement[str], among: Among = None) -> ColumnElement[bool]:
    """Whether a version is its quote's newest."""
    return ~_is_superseded(the_version, None, among)


def clearance(now: Instant, the_version: ColumnElement[str], among: Among = None) -> ColumnElement[str]:
    """What was decided about a version, as far as it counts now."""
    closed = bearing(now)
    withdrawn = the_version.in_(select(closed.c.version).where(closed.c.state == "withdrawn"))
    withheld = the_version.in_(select(closed.c.version))
    cleared = _is_cleared(now, the_version, among)
    return case((withdrawn, "withdrawn"), (withheld, "withheld"), (cleared, "cleared"), else_="unreviewed")


def is_shown(
    audience: Audience,
    now: Instant,
    the_version: ColumnElement[str],
    the_quote: ColumnElement[str],
    among: Among = None,
) -> ColumnElement[bool]:
    """
    Whether this audience may see a version, which is one of the quote: the rule itself.

    Who may see what nobody cleared sees a quote's newest version, everybody else its newest
    cleared one; holds close it to those whose row of the audience table does not list them.
    Nobody sees a retired quote.
    """
    may = PERMISSIONS[audience].clearances
    closed = bearing(now)
    shut = sorted({"withheld", "withdrawn"} - may)
    open_ = the_version.not_in(select(closed.c.version).where(closed.c.state.in_(shut)))
    living = ~_is_retired(the_quote, among)
    if "unreviewed" in may:
        return and_(living, is_newest(the_version, among), open_)
    return and_(_is_cleared(now, the_version, among), living, open_, ~_is_superseded(the_version, now, among))


def shown(audience: Audience, now: Instant, among: Among = None) -> Select[tuple[str, str, str]]:
    """The versions this audience may see: columns `version`, `quote`, `clearance`."""
    listed = select(
        version.c.id.label("version"), version.c.quote, clearance(now, version.c.id, among).label("clearance")
    ).where(is_shown(audience, now, version.c.id, version.c.quote, among))
    return listed if among is None else listed.where(version.c.quote.in_(among))


def wanted_passages(now: Instant, among: Among = None) -> Select[tuple[str]]:
    """
    Versions (of these quotes) that somebody may be shown: the newest of each, the newest cleared one, and
    those that an embargo's end will open, for then nobody comes to make room for them.
    """
    newest_cleared = and_(_is_cleared(now, version.c.id, among), ~_is_superseded(version.c.id, now, among))
    living = ~_is_retired(version.c.quote, among)
    c = _CLEARING.c
    soon = version.c.id.in_(select(c.version).where(c.undone_by.is_(None), c.not_before > now))
    found = select(version.c.id).where(living, or_(is_newest(version.c.id, among), newest_cleared, soon))
    return found if among is None else found.where(version.c.quote.in_(among))
