"""Tells who is known by name: a name that was only heard, and that nothing is under any more, is nobody's."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select

from convarchive.store import schema as s
from convarchive.store.standing import is_newest


def known() -> ColumnElement[bool]:
    """
    Holds for people of `speaker` whom a desk or a feed names, or under whom something stands.

    That is a voice, an editor's word, or a quote as it is now or as it was cleared. Misheard
    names stay in the table, for what was said under them once is kept.
    """
    p, a, d, v, c = s.speaker.c, s.attribution.c, s.voice_decision.c, s.version.c, s.clearing.c
    cleared = exists().where(c.version == v.id, c.undone_by.is_(None))
    # Asked of each by itself, and only where nothing else makes them known: there may be very many quotes.
    quoted = exists().where(
        v.speaker == p.id, s.quote.c.id == v.quote, s.quote.c.retired.is_(None), or_(is_newest(v.id, ()), cleared)
    )
    return or_(
        p.origin != "heard",
        p.id.in_(select(a.speaker).where(a.current, a.speaker.is_not(None))),
        p.id.in_(select(d.speaker).where(d.undone_by.is_(None), d.speaker.is_not(None))),
        quoted,
    )
