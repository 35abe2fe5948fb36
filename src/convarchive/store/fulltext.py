"""
Full text, in SQLite's FTS5: the one module that knows its dialect.

`passage_words` indexes the stems of the passages' text under their numbers, keeping no
text of its own. It is derived: `rebuild` makes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Connection, text

from convarchive.domain.passage import PassageNumber

CREATE = """
CREATE VIRTUAL TABLE passage_words USING fts5 (
    text, content='passage', content_rowid='number', tokenize="porter unicode61 remove_diacritics 2"
)
"""

_WORD = re.compile(r"\w+", re.UNICODE)

STOP_WORDS = frozenset(
    """
    a about all an and are as at be been but by can could did do does for from had has have he her his how i if in
    into is it its just me more my no not of on or our out she should so some than that the their them then there
    these they this those to too up us was we were what when where which who why will with would you your
    """.split()
)
"""Too common to say anything; a query made only of these is ranked by meaning alone."""

MOST_TERMS = 64
"""A query's first so many different words take part; a pasted page must not stall the archive."""


def terms(query: str) -> tuple[str, ...]:
    """The words of a query that say something, each once, in order."""
    words = (word.casefold() for word in _WORD.findall(query))
    return tuple(dict.fromkeys(word for word in words if word not in STOP_WORDS and len(word) < 60))[:MOST_TERMS]


def put(connection: Connection, number: PassageNumber, words: str) -> None:
    """Make a passage findable by its words."""
    connection.execute(text("INSERT INTO passage_words (rowid, text) VALUES (:n, :t)"), {"n": number, "t": words})


def drop(connection: Connection, held: Iterable[tuple[PassageNumber, str]]) -> None:
    """Forget these passages' words; the text must be the one they were put with."""
    rows = [{"n": number, "t": words} for number, words in held]
    if rows:
        connection.execute(
            text("INSERT INTO passage_words (passage_words, rowid, text) VALUES ('delete', :n, :t)"), rows
        )


def scores(connection: Connection, query: str, limit: int) -> dict[PassageNumber, float]:
    """
    BM25 of the passages that hold any of the query's words; higher is better.

    Empty where the query has no word that says something.
    """
    wanted = terms(query)
    if not wanted:
        return {}
    match = " OR ".join(f'"{word}"' for word in wanted)
    rows = connection.execute(
        text(
            "SELECT rowid, -bm25(passage_words) AS score FROM passage_words "
            "WHERE passage_words MATCH :match ORDER BY score DESC, rowid LIMIT :limit"
        ),
        {"match": match, "limit": limit},
    )
    return {PassageNumber(row[0]): float(row[1]) for row in rows}


def create(connection: Connection) -> None:
    """Make the empty table."""
    connection.execute(text(CREATE))


def rebuild(connection: Connection) -> None:
    """Make the full text anew from the passages, leaving no trace of what is gone."""
    connection.execute(text("DROP TABLE IF EXISTS passage_words"))
    create(connection)
    connection.execute(text("INSERT INTO passage_words (passage_words) VALUES ('rebuild')"))


def consistent(connection: Connection) -> bool:
    """Whether the full text covers exactly the catalogue's passages."""
    stray = connection.execute(
        text(
            "SELECT (SELECT count(*) FROM passage_words_docsize WHERE id NOT IN (SELECT number FROM passage)) + "
            "(SELECT count(*) FROM passage WHERE number NOT IN (SELECT id FROM passage_words_docsize))"
        )
    ).scalar()
    return stray == 0
