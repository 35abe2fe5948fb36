"""
What editors said about quotes and themes, as it stands now: read off the log of reviews and the desk's examples.

An act `tag` says that a quote belongs to the theme its scope names, `untag` that it does not;
the newest that nobody took back counts. What stands among a theme's examples or counter-examples
is an editor's word too, as long as it stands there and the log says nothing else. A quote that
others took the place of hands them its themes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, select
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.quote import QuoteId
from convarchive.domain.theme import ThemeDecision, ThemeId
from convarchive.store import schema as s

_ACTS = ("tag", "untag")


def decisions(connection: Connection, theme: ThemeId | None = None) -> tuple[ThemeDecision, ...]:
    """Editors' words in force, of all themes or one, oldest first; one for each quote and theme."""
    only = [] if theme is None else [s.review.c.scope == theme]
    return _newest(connection, *only)


def decision(connection: Connection, quote: QuoteId, theme: ThemeId) -> ThemeDecision | None:
    """An editor's word in force about this very quote and theme; None where there is none."""
    found = _newest(connection, s.review.c.quote == quote, s.review.c.scope == theme)
    return found[0] if found else None


def project(connection: Connection) -> None:
    """
    Make the editors' scores (1 or 0) of every version of a quote say what was decided about it.

    An example that is printed under its theme is left to print, which says so already.
    """
    t = s.theme_score.c
    known = set(connection.execute(select(s.theme.c.id)).scalars())
    said: dict[str, dict[str, bool]] = {}
    for quote, theme, yes in _on_the_desk(connection):
        said.setdefault(quote, {})[theme] = yes
    shown = {(quote, theme) for quote, themes in said.items() for theme, yes in themes.items() if yes}
    for one in decisions(connection):
        if one.theme in known:
            said.setdefault(one.quote, {})[one.theme] = one.belongs
            shown.discard((one.quote, one.theme))
    held = connection.execute(select(t.version, t.theme, t.score).where(t.by == "editor")).all()
    if not said and not held:
        return
    rows = connection.execute(select(t.version, t.theme).where(t.by == "print", t.score > 0))
    printed = {(row.version, row.theme) for row in rows} if shown else set()
    wanted = {
        (version, theme): float(yes)
        for quote, version in _versions(connection, sorted(said))
        for theme, yes in said[quote].items()
        if not ((quote, theme) in shown and (version, theme) in printed)
    }
    if wanted == {(row.version, row.theme): row.score for row in held}:
        return
    connection.execute(delete(s.theme_score).where(t.by == "editor"))
    if wanted:
        fresh = [
            {"version": version, "theme": theme, "score": score, "by": "editor"}
            for (version, theme), score in wanted.items()
        ]
        connection.execute(insert(s.theme_score), fresh)


def _on_the_desk(connection: Connection) -> Iterator[tuple[str, str, bool]]:
    """(quote, theme, whether it belongs) of the examples and counter-examples in `themes.toml`."""
    t = s.theme.c
    for row in connection.execute(select(t.id, t.examples, t.counter_examples).order_by(t.position)):
        for listed, yes in ((row.examples, True), (row.counter_examples, False)):
            for quote in json.loads(listed):
                yield quote, row.id, yes


def _newest(connection: Connection, *only: ColumnElement[bool]) -> tuple[ThemeDecision, ...]:
    r = s.review.c
    undone = select(r.undoes).where(r.act == "undo", r.undoes.is_not(None))
    rows = connection.execute(
        select(r.number, r.quote, r.scope, r.act, r.by)
        .where(r.act.in_(_ACTS), r.number.not_in(undone), *only)
        .order_by(r.number)
    )
    found: dict[tuple[str, str], ThemeDecision] = {}
    for row in rows:
        found.pop((row.quote, row.scope), None)
        found[row.quote, row.scope] = ThemeDecision(
            row.number, QuoteId(row.quote), ThemeId(row.scope), row.act == "tag", row.by
        )
    return tuple(found.values())


def _versions(connection: Connection, quotes: Sequence[str]) -> list[tuple[str, str]]:
    """(quote, version) of these quotes and of those that took their place; a quote's own come last."""
    own, heirs = [], []
    for start in range(0, len(quotes), 400):
        some = quotes[start : start + 400]
        theirs = select(s.version.c.quote, s.version.c.id).where(s.version.c.quote.in_(some))
        after = select(s.redirect.c.quote, s.version.c.id).join(
            s.version, and_(s.version.c.quote == s.redirect.c.target, s.redirect.c.quote.in_(some))
        )
        own += [(row[0], row[1]) for row in connection.execute(theirs)]
        heirs += [(row[0], row[1]) for row in connection.execute(after)]
    return heirs + own
