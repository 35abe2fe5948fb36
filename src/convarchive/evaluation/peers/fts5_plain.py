"""Words as SQLite's manual begins: one FTS5 table, a query of its words joined by OR, ordered by rank."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Fts5:
    """`CREATE VIRTUAL TABLE … USING fts5(text, tokenize='porter')`."""

    name = "SQLite FTS5"
    by = "words"

    def hold(self, folder: Path, texts: Sequence[str], _vectors: NDArray[np.float32]) -> None:
        """Search these from now on, out of a file in the folder."""
        self._database = sqlite3.connect(folder / "fts5.db")
        self._database.execute("CREATE VIRTUAL TABLE said USING fts5(text, tokenize='porter unicode61')")
        self._database.executemany("INSERT INTO said(rowid, text) VALUES (?, ?)", enumerate(texts))
        self._database.execute("INSERT INTO said(said) VALUES ('optimize')")
        self._database.commit()

    def nearest(self, text: str, _vector: NDArray[np.float32], k: int) -> list[int]:
        """Rows of the `k` best, best first."""
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        found = self._database.execute("SELECT rowid FROM said WHERE said MATCH ? ORDER BY rank LIMIT ?", (words, k))
        return [int(row) for (row,) in found]
