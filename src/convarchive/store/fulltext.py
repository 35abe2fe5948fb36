"""
Full text, in SQLite's FTS5: the one module that knows its dialect.

`passage_words` indexes the stems of the passages' text under their numbers, keeping no
text of its own. It is derived: `rebuild` makes it anew.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from convarchive.domain.passage import PassageNumber

TOKENIZE = "porter unicode61 remove_diacritics 2"
"""How text is cut into words and stemmed; every index of words cuts it so."""

CREATE = f"""
CREATE VIRTUAL TABLE passage_words USING fts5 (
    text, content='passage', content_rowid='number', tokenize="{TOKENIZE}"
)
"""

_WORD = re.compile(r"\w+", re.UNICODE)

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being between both but by can could did do
    does down during each every for from had has have having he her herself him himself his how i if in into is it its
    itself just like may me might more must my myself no not of off on only or other our ourselves out over own same
    shall she should so some such than that the their them themselves then there these they this those through to too
    under until up upon us very was we were what when where which while who whom why will with without would you your
    yourself
    """.split()
)
"""Too common to say anything; a query made only of these is ranked by meaning alone."""

MOST_TERMS = 64
"""A query's first so many different words take part; a pasted page must not stall the archive."""


def words_of(query: str) -> tuple[str, ...]:
    """All words of a query, the common ones too, in order; none where there are too many to be a phrase."""
    found = tuple(_WORD.findall(query))
    return found if len(found) <= MOST_TERMS else ()


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


def rarities(connection: Connection, wanted: Iterable[str]) -> dict[str, float]:
    """
    How rare each of these words is: BM25's own logarithm, near 0 for a word of every
    second passage, highest for one that no passage holds.
    """
    count = text("SELECT count(*) FROM passage_words WHERE passage_words MATCH :match")
    total = connection.execute(text("SELECT count(*) FROM passage_words_docsize")).scalar_one()
    held = {word: connection.execute(count, {"match": f'"{word}"'}).scalar_one() for word in wanted}
    return {word: max(math.log((total - n + 0.5) / (n + 0.5)), 1e-6) for word, n in held.items()}


def scored(connection: Connection, word: str) -> tuple[Sequence[int], Sequence[float]]:
    """The passages that hold one word (or several written as one, in this order), and their BM25."""
    inner = "SELECT rowid AS n, -bm25(passage_words) AS score FROM passage_words WHERE passage_words MATCH :match"
    # As one value: handing over tens of thousands of rows takes longer than finding them.
    listed = text(f"SELECT json_group_array(n), json_group_array(score) FROM ({inner} ORDER BY rowid)")
    numbers, values = connection.execute(listed, {"match": f'"{word}"'}).one()
    return json.loads(numbers), json.loads(values)


def vocabulary(connection: Connection) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Every stem of the archive, in order, and how many passages hold it."""
    rows = connection.execute(text("SELECT term, doc FROM passage_words_met ORDER BY term")).all()
    return tuple(row[0] for row in rows), tuple(row[1] for row in rows)


def with_phrase(connection: Connection, query: str) -> frozenset[PassageNumber]:
    """The passages that hold all the query's words, the common ones too, one right after another."""
    words = _WORD.findall(query)
    if not words or len(words) > MOST_TERMS:
        return frozenset()
    rows = connection.execute(
        text("SELECT rowid FROM passage_words WHERE passage_words MATCH :match"), {"match": f'"{" ".join(words)}"'}
    )
    return frozenset(PassageNumber(row[0]) for row in rows)


def create(connection: Connection) -> None:
    """Make the empty table."""
    connection.execute(text(CREATE))


def rebuild(connection: Connection) -> None:
    """Make the full text anew from the passages, leaving no trace of what is gone."""
    connection.execute(text("DROP TABLE IF EXISTS passage_words"))
    create(connection)
    connection.execute(text("INSERT INTO passage_words (passage_words) VALUES ('rebuild')"))
