"""
Every passage in columns: who may see it and what it is filtered by, for answers over a million of them.

A `Ledger` says what the catalogue's own rule (`store.standing`) says at one state of the
catalogue and one instant, and is never changed; `store.ledgers` makes the next one from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.audience import PERMISSIONS, Audience
from convarchive.domain.passage import Facet, Facets, Query, SourceKind
from convarchive.domain.quote import Clearance
from convarchive.domain.speaker import Role, Status

Numbers = NDArray[np.int64]
"""Passage numbers, in order: shape [n]."""
Mask = NDArray[np.bool_]

STATUSES: tuple[Status, ...] = get_args(Status)
ROLES: tuple[Role, ...] = get_args(Role)
CLEARANCES: tuple[Clearance, ...] = get_args(Clearance)
KINDS: tuple[SourceKind, ...] = get_args(SourceKind)
NONE = -1
"""The code of what is not there."""
_REACH = 12
"""Passages looked at on each side of one, some of which may not be shown."""
MOST_LISTED = 100
"""Values of each kind that facets list at most."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many quotes an audience may see: of each episode, under each person's name, and of each theme, by id."""

    episodes: Mapping[str, int]
    speakers: Mapping[str, int]
    themes: Mapping[str, int]


class Names:
    """Small numbers for texts, given as they come and never given anew."""

    def __init__(self) -> None:
        self.known: list[str] = []
        self._codes: dict[str, int] = {}

    def code(self, name: str | None) -> int:
        """The number of a text, `NONE` for none."""
        if name is None:
            return NONE
        code = self._codes.setdefault(name, len(self.known))
        if code == len(self.known):
            self.known.append(name)
        return code

    def find(self, name: str) -> int | None:
        """The number of a text, None where it was never met."""
        return self._codes.get(name)


@dataclass(frozen=True, slots=True)
class Books:
    """What the codes of one process stand for; `published` is the date of each episode, by its code."""

    episodes: Names = field(default_factory=Names)
    speakers: Names = field(default_factory=Names)
    themes: Names = field(default_factory=Names)
    sounds: Names = field(default_factory=Names)
    published: dict[int, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """
    One row a passage, sorted by number, each column an array [n]; about 52 bytes a passage.

    `quote` is a hash of the quote's id; `shown` has a bit for each way of seeing
    (`ways`), `kinds` one for each kind of source, `themes` [n, m] one for each theme; `start` is
    where in the recording `sound` the words begin, in milliseconds.
    """

    number: NDArray[np.int64]
    quote: NDArray[np.int64]
    episode: NDArray[np.int32]
    speaker: NDArray[np.int32]
    status: NDArray[np.int8]
    role: NDArray[np.int8]
    kinds: NDArray[np.uint8]
    clearance: NDArray[np.int8]
    shown: NDArray[np.uint8]
    sound: NDArray[np.int32]
    start: NDArray[np.int64]
    themes: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.number)


def ways() -> tuple[frozenset[Clearance], ...]:
    """The different rules of seeing that the audience table makes, in its order."""
    return tuple(dict.fromkeys(one.clearances for one in PERMISSIONS.values()))


def changed(columns: Columns, touched: NDArray[np.int64], fresh: Columns) -> Columns:
    """These columns with all rows of the `touched` quotes (hashes) taken out and the `fresh` rows put in."""
    width = max(columns.themes.shape[1], fresh.themes.shape[1])
    gone = np.isin(columns.quote, touched)
    same = np.array_equal(columns.number[gone], fresh.number)
    places = np.flatnonzero(gone) if same else np.searchsorted(columns.number[~gone], fresh.number)
    made: dict[str, Any] = {}
    for one in fields(Columns):
        old, new = getattr(columns, one.name), getattr(fresh, one.name)
        if one.name == "themes":
            old, new = _widened(old, width), _widened(new, width)
        if not same:
            made[one.name] = np.insert(old[~gone], places, new, axis=0)
        elif np.array_equal(old[places], new):
            made[one.name] = old
        else:
            made[one.name] = old.copy()
            made[one.name][places] = new
    return Columns(**made)


def _widened(themes: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
    return np.pad(themes, ((0, 0), (0, width - themes.shape[1])))


@dataclass(frozen=True, slots=True)
class Ledger:
    """
    The columns at one state of one catalogue.

    `head` is the newest note of what was stirred, `at` the instant that was read, `until` the
    next at which an embargo or a hold ends (ISO 8601), if any.
    """

    catalogue: str
    head: tuple[int, int]
    at: str
    until: str | None
    columns: Columns
    books: Books

    def holds(self, catalogue: str, head: tuple[int, int], now: str) -> bool:
        """Whether this is what that catalogue says now."""
        same = (self.catalogue, self.head) == (catalogue, head)
        return same and self.at <= now and (self.until is None or now < self.until)

    def numbers(self, query: Query, audience: Audience) -> Numbers:
        """The passages that this audience may be shown and that pass the query's filters, in order."""
        found: Numbers = self.columns.number[self._mask(query, audience)]
        return found

    def facets(self, query: Query, audience: Audience) -> Facets:
        """What the same passages could be filtered by further, with how many would be left."""
        c = self.columns
        places = np.flatnonzero(self._mask(query, audience))
        sure = self._named(audience)[places]
        roles, episodes = c.role[places], c.episode[places]
        themes = c.themes[places]
        years: Counter[str] = Counter()
        for day, count in self._days(episodes).items():
            years[day[:4]] += count
        return Facets(
            len(places),
            _listed(self.books.themes.known, _bits(themes, len(self.books.themes.known))),
            _listed(self.books.speakers.known, _counted(c.speaker[places][sure])),
            _listed(ROLES, _counted(roles[sure])),
            _listed(self.books.episodes.known, _counted(episodes)),
            tuple(Facet(year, year, count) for year, count in sorted(years.items(), reverse=True)[:MOST_LISTED]),
            _listed(KINDS, _bits(c.kinds[places, None], len(KINDS))),
            _listed(CLEARANCES, _counted(c.clearance[places])),
        )

    def counts(self, query: Query, audience: Audience) -> Counts:
        """The same passages, counted."""
        c, books = self.columns, self.books
        places = np.flatnonzero(self._mask(query, audience))
        sure = self._named(audience)[places]
        return Counts(
            _by_name(books.episodes.known, _counted(c.episode[places])),
            _by_name(books.speakers.known, _counted(c.speaker[places][sure])),
            _by_name(books.themes.known, _bits(c.themes[places], len(books.themes.known))),
        )

    def days(self, query: Query, audience: Audience) -> Counter[str]:
        """How many of the passages that pass were published on each day (ISO 8601), where that is known."""
        return self._days(self.columns.episode[self._mask(query, audience)])

    def _days(self, episodes: NDArray[np.int32]) -> Counter[str]:
        found: Counter[str] = Counter()
        for code, count in _counted(episodes):
            day = self.books.published.get(code)
            if day:
                found[day[:10]] += count
        return found

    def around(self, numbers: Numbers, audience: Audience, within: int, each: int, order: Order) -> Numbers:
        """
        What this audience may be shown of what begins at most `within` ms before or after these passages.

        [n, 2 x each] passage numbers: `each` before, nearest first, then as many after; `NONE` where there are fewer.
        """
        c = self.columns
        rows = np.searchsorted(c.number, numbers)
        here = order.place[rows][:, None]
        found = np.full((len(numbers), 2 * each), NONE, np.int64)
        for side, step in enumerate((-1, 1)):
            places = here + step * np.arange(1, _REACH + 1)[None]
            others = order.rows[np.clip(places, 0, len(c) - 1)]
            fits = (places >= 0) & (places < len(c)) & (c.sound[others] == c.sound[rows][:, None])
            fits &= (c.sound[others] != NONE) & (np.abs(c.start[others] - c.start[rows][:, None]) <= within)
            fits &= (c.quote[others] != c.quote[rows][:, None]) & ((c.shown[others] & _bit(audience)) != 0)
            rank = np.cumsum(fits, axis=1) - 1
            at, which = np.nonzero(fits & (rank < each))
            found[at, side * each + rank[at, which]] = c.number[others[at, which]]
        return found

    def _named(self, audience: Audience) -> Mask:
        """Where the name may be seen."""
        may = np.zeros(len(STATUSES), bool)
        may[[STATUSES.index(status) for status in PERMISSIONS[audience].names]] = True
        mask: Mask = may[self.columns.status]
        return mask

    def _mask(self, query: Query, audience: Audience) -> Mask:
        c = self.columns
        mask: Mask = (c.shown & _bit(audience)) != 0
        if query.speaker is not None:
            mask &= self._is(c.speaker, self.books.speakers.find(query.speaker)) & self._named(audience)
        if query.role is not None:
            mask &= self._is(c.role, ROLES.index(query.role)) & self._named(audience)
        if query.episode is not None:
            mask &= self._is(c.episode, self.books.episodes.find(query.episode))
        if query.source is not None:
            mask &= (c.kinds & np.uint8(1 << KINDS.index(query.source))) != 0
        if query.clearance is not None:
            mask &= self._is(c.clearance, CLEARANCES.index(query.clearance))
        if query.theme is not None:
            mask &= self._of_theme(self.books.themes.find(query.theme))
        since, until = query.since, query.until
        if since is not None:
            mask &= self._published(lambda day: day >= since)
        if until is not None:
            mask &= self._published(lambda day: day <= until)
        return mask

    def _is(self, column: NDArray[Any], code: int | None) -> Mask:
        return column == code if code is not None else np.zeros(len(column), bool)

    def _of_theme(self, code: int | None) -> Mask:
        if code is None or code // 64 >= self.columns.themes.shape[1]:
            return np.zeros(len(self.columns), bool)
        mask: Mask = (self.columns.themes[:, code // 64] >> np.uint64(code % 64)) & np.uint64(1) != 0
        return mask

    def _published(self, fits: Callable[[str], bool]) -> Mask:
        # The last place is for passages of no episode, whose code is -1.
        may = np.zeros(len(self.books.episodes.known) + 1, bool)
        for code, day in tuple(self.books.published.items()):
            may[code] = day is not None and fits(day[:10])
        may[NONE] = False
        mask: Mask = may[self.columns.episode]
        return mask


@dataclass(frozen=True, slots=True)
class Order:
    """Rows of columns as they were said, recording by recording, and each row's `place` among these."""

    rows: NDArray[np.int64]
    place: NDArray[np.int64]


def said_in(columns: Columns) -> Order:
    """Put the passages into the order in which they were said."""
    rows = np.lexsort((columns.number, columns.start, columns.sound))
    place = np.empty_like(rows)
    place[rows] = np.arange(len(rows))
    return Order(rows, place)


def _bit(audience: Audience) -> np.uint8:
    return np.uint8(1 << ways().index(PERMISSIONS[audience].clearances))


def _counted(codes: NDArray[Any]) -> list[tuple[int, int]]:
    counts = np.bincount(codes[codes >= 0])
    return [(int(code), int(counts[code])) for code in np.flatnonzero(counts)]


def _bits(words: NDArray[Any], known: int) -> list[tuple[int, int]]:
    size = words.dtype.itemsize * 8
    found = []
    for code in range(min(known, size * words.shape[1])):
        held = (words[:, code // size] >> words.dtype.type(code % size)) & words.dtype.type(1)
        found.append((code, int(held.sum())))
    return [(code, count) for code, count in found if count]


def _by_name(names: Sequence[str], counts: list[tuple[int, int]]) -> dict[str, int]:
    return {names[code]: count for code, count in counts}


def _listed(names: Sequence[str], counts: list[tuple[int, int]]) -> tuple[Facet, ...]:
    ordered = sorted((-count, names[code]) for code, count in counts)
    return tuple(Facet(name, name, -count) for count, name in ordered[:MOST_LISTED])
