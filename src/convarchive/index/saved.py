"""
Searches that somebody saved on the index's desk: read, written and removed by name.

A saved search holds what was asked with every filter that was set, so that whoever has the file
can ask the same. The keys are the fields of `Query`.
"""

from __future__ import annotations

import shlex
import unicodedata
from dataclasses import dataclass, fields
from datetime import date

from convarchive.domain.passage import Query
from convarchive.errors import BadInput, NotFound
from convarchive.home import Home
from convarchive.tomlfile import Entry, Once, Table, append, block, read, remove

_FILTERS = tuple(one.name for one in fields(Query) if one.name not in ("text", "limit"))
_DATES = ("since", "until")
MOST = 1000
LONGEST = 60
"""Characters of a search's name."""
_UNNAMEABLE = ("Cc", "Cs", "Zl", "Zp")
"""What no name holds, by Unicode's categories: it would break a line, or move a terminal's cursor."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search with its name and, where somebody wrote one, a note."""

    name: str
    query: Query
    note: str | None = None

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The filters that are set, each with its value."""
        return tuple((key, getattr(self.query, key)) for key in _FILTERS if getattr(self.query, key) is not None)


def name_of(typed: str) -> str:
    """A search's name as it is kept, without blanks at its ends. Raises BadInput for what cannot be one."""
    if any(unicodedata.category(one) in _UNNAMEABLE for one in typed):
        raise BadInput("the name of a search holds a line break or another control character; leave it out")
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST:
        raise BadInput(f"give the search a name of 1 to {LONGEST} characters")
    return name


def read_searches(home: Home) -> tuple[SavedSearch, ...]:
    """The searches of `searches.toml`, in order. Raises SettingsError naming file, line and entry."""
    return searches_in(read(home.searches)) if home.searches.exists() else ()


def searches_in(top: Table) -> tuple[SavedSearch, ...]:
    """What a parsed `searches.toml` says; see `read_searches`."""
    top.only("searches")
    names = Once()
    return tuple(_search(entry, names) for entry in top.tables("searches"))


def saved(home: Home, name: str) -> SavedSearch:
    """One of them. Raises NotFound naming those there are, SettingsError."""
    every = read_searches(home)
    for one in every:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in every) or "none yet"
    raise NotFound(f"no saved search {name[:60]!r}; there are: {known}")


def save(home: Home, name: str, query: Query) -> None:
    """
    Add a search to the file, whose comments stay.

    Raises BadInput for a name that is taken or is none, or where the last day lies before the first; SettingsError.
    """
    name = demand_free(home, name)
    query.demand_days_in_order()
    append(home.searches, "searches", _entry(name, query), searches_in)


def demand_free(home: Home, typed: str) -> str:
    """The name as it is kept. Raises BadInput for one that is taken or is none, SettingsError."""
    name = name_of(typed)
    if any(one.name == name for one in read_searches(home)):
        way = f"convarchive searches remove {shlex.quote(name)}"
        raise BadInput(f"a search {name!r} is saved already: take another name; remove that one with: {way}")
    return name


def as_toml(name: str, query: Query) -> str:
    """The lines that save a search, for somebody else's `searches.toml`."""
    return block("searches", _entry(name, query))


def _entry(name: str, query: Query) -> Entry:
    filters = {key: getattr(query, key) for key in _FILTERS if getattr(query, key) is not None}
    return {"name": name, "text": query.text, **filters, "limit": query.limit}


def forget(home: Home, name: str) -> None:
    """Take a search off the file. Raises NotFound, SettingsError."""
    saved(home, name)
    remove(
        home.searches,
        "searches",
        lambda top: [at for at, one in enumerate(searches_in(top)) if one.name == name],
    )


def _search(entry: Table, names: Once) -> SavedSearch:
    entry.only("name", "text", *_FILTERS, "limit", "note")
    name = entry.text("name")
    names.add(name, entry, "name")
    given = {key: entry.text_or(key, None) for key in _FILTERS if key not in _DATES}
    dates = {key: _day(entry, key) for key in _DATES}
    limit = entry.whole("limit", least=1, most=MOST) if "limit" in entry else 10
    query = Query(entry.text("text"), **given, **dates, limit=limit)  # type: ignore[arg-type]
    try:
        query.demand_days_in_order()
    except BadInput as exc:
        entry.fail(str(exc), "until")
    return SavedSearch(name, query, entry.text_or("note", None))


def _day(entry: Table, key: str) -> str | None:
    written = entry.text_or(key, None)
    try:
        return None if written is None else date.fromisoformat(written).isoformat()
    except ValueError:
        entry.fail(f'{key} is {written!r}; write a date such as "2031-01-15"', key)
