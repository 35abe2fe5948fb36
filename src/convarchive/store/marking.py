"""
Marks a query's words in texts, in any inflection, as the catalogue's full text understands them.

By SQLite itself, in memory: of a few texts that takes as long in an archive of millions as in a small one.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Sequence

from convarchive.store.fulltext import TOKENIZE, terms

Spans = tuple[tuple[int, int], ...]
"""[start, end) character offsets."""

_OPEN, _CLOSE = "\x02", "\x03"
"""Never part of a quote's text: nobody says or prints them."""
_MARKED = "SELECT rowid, highlight(held, 0, ?, ?) FROM held WHERE held MATCH ?"
_own = threading.local()


def marked(query: str, texts: Sequence[str]) -> list[Spans]:
    """Where words of the query that say something stand in each of the texts."""
    found: list[Spans] = [()] * len(texts)
    wanted = terms(query)
    if wanted and texts:
        match = " OR ".join(f'"{word}"' for word in wanted)
        held = _held()
        try:
            held.executemany("INSERT INTO held (rowid, text) VALUES (?, ?)", enumerate(texts))
            for row, text in held.execute(_MARKED, (_OPEN, _CLOSE, match)):
                found[row] = _offsets(text)
        finally:
            held.rollback()
    return found


def _held() -> sqlite3.Connection:
    """This thread's own table, which is empty."""
    connection: sqlite3.Connection | None = getattr(_own, "connection", None)
    if connection is None:
        connection = _own.connection = sqlite3.connect(":memory:")
        connection.execute(f'CREATE VIRTUAL TABLE held USING fts5 (text, tokenize="{TOKENIZE}")')
        connection.commit()
    return connection


def _offsets(marked: str) -> Spans:
    spans, at = [], 0
    for piece in re.split(f"({_OPEN}[^{_CLOSE}]*{_CLOSE})", marked):
        if piece.startswith(_OPEN):
            spans.append((at, at + len(piece) - 2))
            at -= 2
        at += len(piece)
    return tuple(spans)
