"""
Measures whether search tells what nobody in an archive spoke about from what somebody did.

Each set's texts are asked its own queries, and those of every other set. A query of one word is left
out: there is always somebody who spoke of love, whatever the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from convarchive.evaluation.asking import Archive
from convarchive.evaluation.relevance_told import auroc
from convarchive.index.relevance import CUT_OFF

LIMIT = 10
"""Hits looked at for the most relevant of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One archive, or all of them: the best hit's relevance for its own queries and for other archives'."""

    name: str
    inside: tuple[float, ...]
    outside: tuple[float, ...]

    @property
    def auroc(self) -> float:
        """The chance that a query of its own is told more than one of another's; not-a-number where it has none."""
        sure = np.array([*self.inside, *self.outside])
        own = np.array([1.0] * len(self.inside) + [0.0] * len(self.outside))
        return auroc(sure, own, np.ones(len(own)))

    @property
    def answered(self) -> int:
        """How many of its own queries got an answer at the cut-off."""
        return sum(value >= CUT_OFF for value in self.inside)

    @property
    def silent(self) -> int:
        """How many of the others' queries were rightly answered by nothing."""
        return sum(value < CUT_OFF for value in self.outside)


def asked_elsewhere(
    name: str,
    archive: Archive,
    inside: Sequence[tuple[str, float]],
    others: Sequence[str],
    report: Callable[[str, int, int], None] | None = None,
) -> Row:
    """Ask other archives' queries of this one; `inside` are its own, with their best hit's relevance."""
    own = tuple(best for words, best in inside if _says_enough(words))
    asked = [words for words in others if _says_enough(words)]
    best = []
    for done, words in enumerate(asked, start=1):
        best.append(max((sure for _, sure in archive.hits(words, limit=LIMIT)), default=0.0))
        if report is not None:
            report(name, done, len(asked))
    return Row(name, own, tuple(best))


def together(rows: Sequence[Row]) -> Row:
    """All archives in one."""
    inside = tuple(value for row in rows for value in row.inside)
    return Row("all", inside, tuple(value for row in rows for value in row.outside))


def _says_enough(words: str) -> bool:
    return len(words.split()) > 1
