"""
Cuts texts into stems exactly as the catalogue's full text does: by SQLite itself, in memory, without an archive.

What is plain ASCII, nearly every word of English talk, is cut here and each different word
stemmed by SQLite once; any other text is handed to SQLite whole.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.store.fulltext import TOKENIZE

_WORD = re.compile(r"[0-9A-Za-z]+")
_PLAIN = str.maketrans(dict.fromkeys("’‘“”„‚«»‹›–—…\u00a0", " "))
"""Signs of print that are neither letters nor digits to SQLite."""
LAST = 0xFFFF
"""Places in a text are counted up to here."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every word of some texts: which of `stems`, in which text, at which place; arrays [n], text by text."""

    stems: tuple[str, ...]
    stem: NDArray[np.int64]
    text: NDArray[np.int64]
    place: NDArray[np.uint16]


class Stemmer:
    """SQLite's FTS5 tokenizer. Safe to use from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(f'CREATE VIRTUAL TABLE held USING fts5 (text, tokenize="{TOKENIZE}")')
        self._connection.execute("CREATE VIRTUAL TABLE met USING fts5vocab('held', 'instance')")
        self._known: dict[str, tuple[str, ...]] = {}

    def stems(self, text: str) -> tuple[str, ...]:
        """The stems of a text, in order."""
        with self._guard:
            found = self._known.get(text)
            if found is None:
                (found,) = self._by_sqlite([text])
                if len(self._known) > _KEPT:
                    self._known.clear()
                self._known[text] = found
            return found

    def occurrences(self, texts: Sequence[str]) -> Occurrences:
        """Every word of these texts."""
        code = _Codes()
        stems: list[int] = []
        lengths = np.zeros(len(texts), np.int64)
        with self._guard:
            for number, text in enumerate(texts):
                plain = text.translate(_PLAIN)
                if plain.isascii():
                    found = _WORD.findall(plain.lower())
                    news = [word for word in found if word not in code.words]
                    if news:
                        distinct = list(dict.fromkeys(news))
                        for word, its in zip(distinct, self._by_sqlite(distinct), strict=True):
                            code.words[word] = code.of(its[0])
                    these = [code.words[word] for word in found]
                else:
                    these = [code.of(stem) for stem in self._by_sqlite([text])[0]]
                stems += these
                lengths[number] = len(these)
        starts = np.cumsum(lengths) - lengths
        places = np.arange(len(stems)) - np.repeat(starts, lengths)
        return Occurrences(
            tuple(code.stems),
            np.array(stems, np.int64),
            np.repeat(np.arange(len(texts)), lengths),
            np.minimum(places, LAST).astype(np.uint16),
        )

    def _by_sqlite(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        self._connection.executemany("INSERT INTO held (rowid, text) VALUES (?, ?)", enumerate(texts))
        found: list[dict[int, str]] = [{} for _ in texts]
        for term, doc, offset in self._connection.execute("SELECT term, doc, offset FROM met"):
            found[doc][offset] = term
        self._connection.execute("DELETE FROM held")
        self._connection.commit()
        return [tuple(places[offset] for offset in sorted(places)) for places in found]


_KEPT = 50_000


class _Codes:
    """Numbers for stems, and for the words that were stemmed before."""

    def __init__(self) -> None:
        self.stems: dict[str, int] = {}
        self.words: dict[str, int] = {}

    def of(self, stem: str) -> int:
        return self.stems.setdefault(stem, len(self.stems))
