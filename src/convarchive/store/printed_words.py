"""Reads what documents print as people's spoken words, by which their voices may be known."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from convarchive.domain.quote import PrintedWords, QuoteId
from convarchive.domain.speaker import SpeakerId
from convarchive.store import schema as s
from convarchive.store.standing import bearing, is_newest


def printed_words(connection: Connection, now: str, *, fiction: bool) -> tuple[PrintedWords, ...]:
    """
    The living quotes that published documents print as said by a known person, by id.

    Left out are words somebody wrote, which others may read aloud; a recording's own
    transcript, whose names are evidence of another family; and whatever is withheld or
    withdrawn.
    """
    v, d = s.version.c, s.document.c
    rows = connection.execute(
        select(v.quote, v.text, v.speaker, v.name, d.title, s.source.c.place)
        .join(s.quote, and_(s.quote.c.id == v.quote, s.quote.c.retired.is_(None)))
        .join(s.source, s.source.c.quote == v.quote)
        .join(s.document, d.id == s.source.c.document)
        .where(d.kind == "published", d.fiction.is_(fiction), v.role == "guest", v.speaker.is_not(None))
        .where(is_newest(v.id, ()), v.id.not_in(select(bearing(now).c.version)))
        .order_by(v.quote, d.id)
    ).all()
    found: dict[str, PrintedWords] = {}
    for quote, text, speaker, name, title, place in rows:
        where = f"“{title}”, {place}," if place else f"“{title}”"
        found.setdefault(quote, PrintedWords(QuoteId(quote), text, SpeakerId(speaker), name or speaker, where))
    return tuple(found.values())
