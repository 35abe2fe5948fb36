"""
Which version of a quote each audience sees, worked out in SQL at the moment of reading.

Nothing is stored about it, so that a decision counts in every process from the very
transaction that records it, and an embargo ends by itself.

A quote's holds (withheld, withdrawn) come from its own id, from any of its sources'
spans or keys, from its speaker and from its episode; the most restrictive wins. Only a
quote without a hold can show a cleared version to the public.
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from convarchive.domain.audience import Audience
from convarchive.store.schema import clearing, hold, quote, source, version


def binding(now: str) -> ColumnElement[bool]:
    """Holds that are in force now."""
    return and_(hold.c.undone_by.is_(None), or_(hold.c.until.is_(None), hold.c.until > now))


def bears_on(now: str, the_version: Subquery) -> ColumnElement[bool]:
    """Whether a row of `hold` closes a row of `newest_versions`, now."""
    by_source = (
        exists()
        .where(
            source.c.quote == the_version.c.quote,
            or_(
                and_(
                    source.c.recording == hold.c.recording,
                    # A hold on a whole recording has no span.
                    or_(
                        hold.c.start_ms.is_(None),
                        and_(hold.c.start_ms < source.c.end_ms, hold.c.end_ms > source.c.start_ms),
                    ),
                ),
                and_(source.c.document == hold.c.document, or_(hold.c.key.is_(None), hold.c.key == source.c.key)),
            ),
        )
        .correlate(hold, the_version)
    )
    return and_(
        binding(now),
        or_(
            hold.c.quote == the_version.c.quote,
            and_(hold.c.person.is_not(None), hold.c.person == the_version.c.speaker),
            and_(hold.c.episode.is_not(None), hold.c.episode == the_version.c.episode),
            by_source,
        ),
    )


def newest_versions(*only: ColumnElement[bool]) -> Subquery:
    """Versions with their quote's episode, the newest that fulfils `only` of every living quote."""
    newest = (
        select(version.c.quote, func.max(version.c.seq).label("seq")).where(*only).group_by(version.c.quote).subquery()
    )
    return (
        select(version.c.id, version.c.quote, version.c.speaker, quote.c.episode, quote.c.retired)
        .join(newest, and_(newest.c.quote == version.c.quote, newest.c.seq == version.c.seq))
        .join(quote, quote.c.id == version.c.quote)
        .subquery()
    )


def _is_cleared(now: str) -> ColumnElement[bool]:
    return exists().where(
        clearing.c.version == version.c.id,
        clearing.c.undone_by.is_(None),
        or_(clearing.c.not_before.is_(None), clearing.c.not_before <= now),
    )


def shown(audience: Audience, now: str) -> Select[tuple[str, str, str]]:
    """
    The versions this audience may see: columns `version`, `quote`, `clearance`.

    The public sees a quote's newest cleared version; everybody else its newest version.
    """
    if audience == "public":
        newest = newest_versions(_is_cleared(now))
        return select(newest.c.id.label("version"), newest.c.quote, literal("cleared").label("clearance")).where(
            newest.c.retired.is_(None), ~exists().where(bears_on(now, newest)).correlate(newest)
        )
    newest = newest_versions()
    held = (
        select(func.max(case((hold.c.state == "withdrawn", 2), else_=1)))
        .where(bears_on(now, newest))
        .correlate(newest)
        .scalar_subquery()
    )
    cleared = exists().where(
        clearing.c.version == newest.c.id,
        clearing.c.undone_by.is_(None),
        or_(clearing.c.not_before.is_(None), clearing.c.not_before <= now),
    )
    state = case((held == 2, "withdrawn"), (held == 1, "withheld"), (cleared, "cleared"), else_="unreviewed")
    listed = select(newest.c.id.label("version"), newest.c.quote, state.label("clearance")).where(
        newest.c.retired.is_(None)
    )
    if audience == "editor":
        return listed
    inner = listed.subquery()
    return select(inner.c.version, inner.c.quote, inner.c.clearance).where(inner.c.clearance != "withdrawn")


def wanted_passages(now: str) -> Select[tuple[str]]:
    """Versions that somebody may be shown: the newest of every quote, and the newest cleared one."""
    newest, cleared = newest_versions(), newest_versions(_is_cleared(now))
    living = [select(some.c.id).where(some.c.retired.is_(None)) for some in (newest, cleared)]
    return select(version.c.id).where(or_(*(version.c.id.in_(some) for some in living)))
