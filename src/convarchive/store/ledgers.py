"""
Keeps a process's ledger in step with the catalogue: loaded once, then brought up to date by what was stirred.

SQLite's triggers note every quote whose standing may have changed (`stirred`). An answer reads
the newest note in its own transaction; where the ledger is behind, the rule of `store.standing`
is asked again of the quotes noted since, and of those whose hold or embargo ended since.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
    union_all,
)

from convarchive.domain.audience import PERMISSIONS, Audience
from convarchive.store import ledger_copy
from convarchive.store import schema as s
from convarchive.store.ledger import (
    CLEARANCES,
    NONE,
    ROLES,
    STATUSES,
    Books,
    Columns,
    Ledger,
    Order,
    changed,
    said_in,
    ways,
)
from convarchive.store.read_base import belongs, status_of_version
from convarchive.store.standing import Among, Instant, bearing, clearance, is_shown
from convarchive.store.stating import NOW, given, kept, some

AT_ONCE = 20_000
"""Passages that are loaded at a process's first question; of more, the first is left to SQL, for it may be the last."""
MANY = 20_000
"""Quotes stirred from which on everything is loaded anew."""
PATIENCE_S = 1.0
"""How long an answer waits for another thread that reads everything."""
_NOTES = 4 * MANY
_CHUNK = 500
_SAID = ("number", "sound", "start")
T = TypeVar("T")


class Ledgers:
    """One catalogue file's ledger. Safe to use from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._newest: Ledger | None = None
        self._ordered: tuple[Columns, Order] | None = None
        self._odd: tuple[int, int] | None = None
        self._asked = False

    def ready(self, connection: Connection, now: str) -> Ledger | None:
        """The ledger for this transaction; None where asking SQL is quicker or this reader began before the newest."""
        return self._current(connection, now, wait=False)

    def current(self, connection: Connection, now: str) -> Ledger:
        """The ledger for this transaction, whatever it takes."""
        found = self._current(connection, now, wait=True)
        return found or _loaded(connection, now, *_state(connection), Books())

    def order_of(self, ledger: Ledger) -> Order:
        """The ledger's passages as they were said; worked out anew only where they, or their places, are others."""
        columns, held = ledger.columns, self._ordered
        if held is None or any(getattr(held[0], name) is not getattr(columns, name) for name in _SAID):
            held = self._ordered = (columns, said_in(columns))
        return held[1]

    def _current(self, connection: Connection, now: str, *, wait: bool) -> Ledger | None:
        catalogue, head = _state(connection)
        held = self._newest
        if held is not None and held.holds(catalogue, head, now):
            return held
        if not self._guard.acquire(timeout=-1 if wait else PATIENCE_S):
            # Another thread works everything out; until it is done SQL answers.
            return None
        try:
            return self._brought_up_to_date(connection, now, catalogue, head, wait=wait)
        finally:
            self._guard.release()

    def _brought_up_to_date(
        self, connection: Connection, now: str, catalogue: str, head: tuple[int, int], *, wait: bool
    ) -> Ledger | None:
        held = self._newest
        if held is None or held.catalogue != catalogue:
            kept = ledger_copy.get(connection, catalogue)
            if kept is None and not wait and not self._asked and _size(connection) > AT_ONCE:
                self._asked = True
                return None
            self._newest = _advanced(connection, kept, now, head) if kept is not None else None
            self._newest = self._newest or _loaded(connection, now, catalogue, head, Books())
        elif not held.holds(catalogue, head, now):
            if not _goes_on(connection, held) and self._odd != head:
                # An answer that began earlier, or a copy that was put back: then it will be asked of again.
                self._odd = head
                return None
            self._newest = _advanced(connection, held, now, head)
        return self._newest


def _state(connection: Connection) -> tuple[str, tuple[int, int]]:
    row = connection.execute(_newest_note()).first()
    return ("", (0, 0)) if row is None else (str(row[0]), (row[1], row[2]))


@kept
def _newest_note() -> Select[Any]:
    the_id = select(s.fact.c.value).where(s.fact.c.name == "catalogue").scalar_subquery()
    return select(the_id, s.stirred.c.seq, s.stirred.c.nonce).order_by(s.stirred.c.seq.desc()).limit(1)


def _size(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(s.passage.c.number), 0))).scalar_one())


def _goes_on(connection: Connection, held: Ledger) -> bool:
    """Whether this transaction's history holds the state that the ledger was made at."""
    nonce = connection.execute(select(s.stirred.c.nonce).where(s.stirred.c.seq == held.head[0])).scalar()
    return bool(nonce == held.head[1])


def _advanced(connection: Connection, held: Ledger, now: str, head: tuple[int, int]) -> Ledger:
    touched = _touched(connection, held, now) if _goes_on(connection, held) else None
    if touched is None:
        return _loaded(connection, now, held.catalogue, head, Books())
    columns = held.columns
    if touched:
        rows: list[Row[Any]] = []
        themes: list[Row[Any]] = []
        for piece in _pieces(touched):
            rows += connection.execute(_rows_of_some(), given(piece, now))
            themes += connection.execute(_memberships_of_some(), given(piece, now))
        hashes = np.array([_hash(quote) for quote in touched], np.int64)
        fresh = _columns(rows, themes, held.books)
        if _still_there(connection, np.setdiff1d(columns.number[np.isin(columns.quote, hashes)], fresh.number)):
            # Of a quote that was not touched: two quotes' hashes are the same.
            return _loaded(connection, now, held.catalogue, head, Books())
        columns = changed(columns, hashes, fresh)
    return Ledger(held.catalogue, head, now, _next_moment(connection, now), columns, held.books)


def _still_there(connection: Connection, numbers: NDArray[np.int64]) -> bool:
    return connection.execute(_there(), given(numbers.tolist())).first() is not None


@kept
def _there() -> Select[Any]:
    return select(s.passage.c.number).where(s.passage.c.number.in_(some())).limit(1)


def _touched(connection: Connection, held: Ledger, now: str) -> list[str] | None:
    """Quotes stirred since the ledger was made, and those that a passing moment opened or closed; None for too many."""
    rows = connection.execute(_noted(), {"since": held.head[0]}).scalars().all()
    found = dict.fromkeys(rows)
    if len(rows) == _NOTES or len(found) > MANY:
        return None
    first, last = sorted((held.at, now))
    if first != last:
        for query in _ended_or_opened():
            found |= dict.fromkeys(connection.execute(query, {"now": first, "last": last}).scalars())
    return list(found)


@kept
def _noted() -> Select[Any]:
    since: ColumnElement[int] = bindparam("since", type_=Integer)
    return select(s.stirred.c.quote).where(s.stirred.c.seq > since).limit(_NOTES)


@kept
def _ended_or_opened() -> tuple[Select[Any], Select[Any]]:
    """Quotes whose hold, or embargo, ends after `now` and no later than `last`."""
    last: ColumnElement[str] = bindparam("last", type_=String)
    closed, until, opens = bearing(NOW), s.hold.c.until, s.clearing.c.not_before
    ended = (
        select(s.version.c.quote)
        .join(closed, closed.c.version == s.version.c.id)
        .join(s.hold, s.hold.c.id == closed.c.hold)
        .where(until > NOW, until <= last)
    )
    opened = (
        select(s.version.c.quote)
        .join(s.clearing, s.clearing.c.version == s.version.c.id)
        .where(opens > NOW, opens <= last)
    )
    return ended, opened


def _pieces(many: Sequence[T]) -> Iterator[Sequence[T]]:
    for i in range(0, len(many), _CHUNK):
        yield many[i : i + _CHUNK]


def _next_moment(connection: Connection, now: str) -> str | None:
    found: str | None = connection.execute(_next_after_now(), {"now": now}).scalar()
    return found


@kept
def _next_after_now() -> Select[Any]:
    h, c = s.hold.c, s.clearing.c
    ends = select(func.min(h.until).label("at")).where(h.until > NOW, h.undone_by.is_(None))
    opens = select(func.min(c.not_before)).where(c.not_before > NOW, c.undone_by.is_(None))
    moments: Subquery = union_all(ends, opens).subquery()
    return select(func.min(moments.c.at))


def _loaded(connection: Connection, now: str, catalogue: str, head: tuple[int, int], books: Books) -> Ledger:
    columns = _columns(connection.execute(_rows(now, None)), connection.execute(_memberships(None)), books)
    return Ledger(catalogue, head, now, _next_moment(connection, now), columns, books)


def _audience_of(way: frozenset[Any]) -> Audience:
    return next(one for one in get_args(Audience) if PERMISSIONS[one].clearances == way)


def _rows(now: Instant, among: Among) -> Select[Any]:
    p, v = s.passage.c, s.version.c
    shown = [
        case((is_shown(_audience_of(way), now, p.version, p.quote, among), 1 << i), else_=0)
        for i, way in enumerate(ways())
    ]
    its = s.source.c.quote == p.quote
    at, other = s.source.alias("at"), s.source.alias("other")
    first = select(func.min(other.c.position)).where(other.c.quote == p.quote, other.c.recording.is_not(None))
    heard = case((exists().where(its, s.source.c.recording.is_not(None)), 1), else_=0)
    in_print = case((exists().where(its, s.source.c.document.is_not(None)), 2), else_=0)
    found = (
        select(
            p.number, p.quote, s.quote.c.episode, v.speaker, status_of_version(), case((v.name.is_not(None), v.role)),
            heard + in_print, clearance(now, p.version, among), sum(shown[1:], start=shown[0]), s.episode.c.published,
            at.c.recording, at.c.start_ms,
        )
        .join(s.version, v.id == p.version)
        .join(s.quote, s.quote.c.id == p.quote)
        .outerjoin(s.attribution, s.attribution.c.id == v.attribution)
        .outerjoin(s.episode, s.episode.c.id == s.quote.c.episode)
        .outerjoin(at, and_(at.c.quote == p.quote, at.c.position == first.scalar_subquery()))
        .order_by(p.number)
    )  # fmt: skip
    return found if among is None else found.where(p.quote.in_(among))


def _memberships(among: Among) -> Select[Any]:
    p, t = s.passage.c, s.theme_score.c
    found = select(p.number, t.theme).join(s.theme_score, t.version == p.version).where(belongs())
    return found if among is None else found.where(p.quote.in_(among))


@kept
def _rows_of_some() -> Select[Any]:
    return _rows(NOW, some())


@kept
def _memberships_of_some() -> Select[Any]:
    return _memberships(some())


def _hash(quote: str) -> int:
    """The same in every process, for ledgers are kept."""
    return int.from_bytes(hashlib.blake2b(quote.encode(), digest_size=8).digest(), "little", signed=True)


def _columns(rows: Iterable[Any], memberships: Iterable[Any], books: Books) -> Columns:
    status = {one: i for i, one in enumerate(STATUSES)}
    role = {one: i for i, one in enumerate(ROLES)}
    state = {one: i for i, one in enumerate(CLEARANCES)}
    episode_code, speaker_code, published = books.episodes.code, books.speakers.code, books.published
    made = []
    for number, quote, episode, speaker, sure, its_role, kinds, cleared, shown, day, sound, start in rows:
        code = episode_code(episode)
        if code != NONE:
            published[code] = day
        made.append(
            (
                number, _hash(quote), code, speaker_code(speaker), status[sure], role.get(its_role, NONE), kinds,
                state[cleared], shown, books.sounds.code(sound), NONE if start is None else start,
            )
        )  # fmt: skip
    made.sort()
    table = np.array(made, np.int64).reshape(len(made), 11)
    numbers = np.ascontiguousarray(table[:, 0])
    return Columns(
        number=numbers,
        quote=np.ascontiguousarray(table[:, 1]),
        episode=table[:, 2].astype(np.int32),
        speaker=table[:, 3].astype(np.int32),
        status=table[:, 4].astype(np.int8),
        role=table[:, 5].astype(np.int8),
        kinds=table[:, 6].astype(np.uint8),
        clearance=table[:, 7].astype(np.int8),
        shown=table[:, 8].astype(np.uint8),
        sound=table[:, 9].astype(np.int32),
        start=np.ascontiguousarray(table[:, 10]),
        themes=_theme_bits(numbers, memberships, books),
    )


def _theme_bits(numbers: NDArray[np.int64], memberships: Iterable[Any], books: Books) -> NDArray[np.uint64]:
    pairs = [(number, books.themes.code(theme)) for number, theme in memberships]
    width = 1 + max((code for _, code in pairs), default=0) // 64
    bits = np.zeros((len(numbers), width), np.uint64)
    held = np.array(pairs, np.int64).reshape(len(pairs), 2)
    places, codes = np.searchsorted(numbers, held[:, 0]), held[:, 1]
    np.bitwise_or.at(bits, (places, codes // 64), np.uint64(1) << (codes % 64).astype(np.uint64))
    return bits
