"""Reading the index's desk: the collection's themes, and queries with the quotes a person judged relevant."""

from __future__ import annotations

import re
from collections.abc import Collection

from convarchive.domain.passage import JudgedQuery, Judgement
from convarchive.domain.theme import Theme, ThemeId
from convarchive.home import Home
from convarchive.tomlfile import Once, Table, read, suggestion

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
QUOTE_ID = re.compile(r"q[a-z2-7]{26}")
HIGHEST_GRADE = 2


def read_themes(home: Home, known: Collection[str] | None = None) -> tuple[Theme, ...]:
    """
    The themes of `themes.toml`, in order.

    `known` are the names that printed quotes go by (`key` or `document/key`); where it is
    given, an example must be one of them or look like a quote's id. Raises SettingsError.
    """
    return themes_in(read(home.themes), known) if home.themes.exists() else ()


def themes_in(top: Table, known: Collection[str] | None = None) -> tuple[Theme, ...]:
    """What a parsed `themes.toml` says; see `read_themes`."""
    top.only("themes")
    ids, titles = Once(), Once()
    return tuple(_theme(entry, ids, titles, known) for entry in top.tables("themes"))


def _theme(entry: Table, ids: Once, titles: Once, known: Collection[str] | None) -> Theme:
    entry.only("id", "title", "description", "examples", "counter_examples", "note")
    identity = entry.matching("id", _SLUG, "lower-case letters and digits with single hyphens, such as 'leadership'")
    ids.add(identity, entry, "id")
    title = entry.text("title")
    titles.add(title.casefold(), entry, "title")
    examples, counters = entry.texts("examples"), entry.texts("counter_examples")
    for key, listed in (("examples", examples), ("counter_examples", counters)):
        for position, example in enumerate(listed):
            _known_quote(entry, example, known, key, position)
    for position, example in enumerate(counters):
        if example in examples:
            entry.fail(f"{example!r} is an example too; leave it in one of the two", "counter_examples", position)
    return Theme(
        id=ThemeId(identity),
        title=title,
        description=entry.text("description"),
        examples=examples,
        note=entry.text_or("note", None),
        counter_examples=counters,
    )


def read_judgements(home: Home, known: Collection[str] | None = None) -> tuple[JudgedQuery, ...]:
    """
    The queries of `judgements.toml` with their graded quotes, in order.

    A query that lists none says that nothing in the archive answers it. `known` is as for
    `read_themes`. Raises SettingsError.
    """
    return judgements_in(read(home.judgements), known) if home.judgements.exists() else ()


def judgements_in(top: Table, known: Collection[str] | None = None) -> tuple[JudgedQuery, ...]:
    """What a parsed `judgements.toml` says; see `read_judgements`."""
    top.only("judged_by", "judged_on", "queries")
    entries = top.tables("queries")
    if not entries:
        return ()
    by, on = top.text("judged_by"), top.date_or("judged_on", None)
    if on is None:
        top.fail("judged_on is missing; add a line judged_on = with the date, such as 2031-01-15")
    once = Once()
    return tuple(_query(entry, by, on, once, known) for entry in entries)


def _query(entry: Table, by: str, on: str, once: Once, known: Collection[str] | None) -> JudgedQuery:
    entry.only("text", "grades", "note")
    text = entry.text("text")
    once.add(text.casefold(), entry, "text", what="the query")
    grades = entry.table_or("grades", None)
    if grades is None:
        entry.fail("grades is missing; list quotes as key = 2 or 1, or write grades = {} where nothing answers")
    found = []
    for quote in grades.keys:
        _known_quote(grades, quote, known, quote)
        grade = grades.whole(quote, least=0, most=HIGHEST_GRADE)
        found.append(Judgement(text, quote, grade))
    return JudgedQuery(text, tuple(found), by, on, entry.text_or("note", None))


def _known_quote(table: Table, name: str, known: Collection[str] | None, *within: str | int) -> None:
    if known is None or name in known or QUOTE_ID.fullmatch(name):
        return
    keys = [one for one in known if "/" not in one]
    table.fail(f"unknown quote {name!r}; {suggestion(name, keys or known)}", *within)
