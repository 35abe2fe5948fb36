"""Scores rankings of judged texts by ir-measures, and says how far one leads, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import AP, RR, P, R, nDCG

from convarchive.evaluation import resampling
from convarchive.evaluation.asking import PEERS, Ranking
from convarchive.evaluation.judged import Asked

OURS = "convarchive"
MEASURES = (nDCG @ 10, P @ 10, R @ 100, AP @ 100, RR @ 10)
SHOWN = tuple(str(one) for one in MEASURES[:3])
"""The measures that are printed; the others are for machines."""
CHIEF = SHOWN[0]
USUAL = PEERS[:3]
"""The peers whose best is the mark to be led by a tenth."""

Values = Mapping[str, tuple[float, ...]]
"""Each measure's values, one a query, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Lead:
    """How far ours is ahead of the best peer at a measure, and the middle 95 % of that over drawn queries."""

    measure: str
    peer: str
    by: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Row:
    """
    One group of queries of a set, with each system's values.

    `within` says that only the texts of each query's own meeting were ranked; `kind` is empty
    for the queries of all kinds together.
    """

    set: str
    kind: str
    queries: int
    documents: int
    within: bool
    values: Mapping[str, Values]

    @property
    def name(self) -> str:
        """The set, where was looked, and the kind of query."""
        return f"{self.set}{' within the meeting' if self.within else ''}{f', {self.kind}' if self.kind else ''}"

    @property
    def scores(self) -> dict[str, dict[str, float]]:
        """Each system's mean of each measure."""
        return {
            system: {measure: sum(per) / len(per) for measure, per in values.items()}
            for system, values in self.values.items()
        }

    def best(self, measure: str, peers: Sequence[str] = PEERS) -> str:
        """The peer with the highest mean."""
        scores = self.scores
        return max(peers, key=lambda peer: scores[peer][measure])

    def lead(self, measure: str) -> Lead:
        """How far ours is ahead of the best of all peers; below 0 where it is behind."""
        peer = self.best(measure)
        ours, theirs = self.values[OURS][measure], self.values[peer][measure]
        interval = resampling.difference(ours, theirs, [1.0] * self.queries)
        return Lead(measure, peer, (sum(ours) - sum(theirs)) / self.queries, interval)


@dataclass(frozen=True, slots=True)
class Overall:
    """
    nDCG@10 over sets: ours, the best of cosine, BM25 and their ranks joined, each set's own best, on average.

    `mean_of_ratios` and `ratio_of_means` compare them; `behind` names rows and peers that ours is not above.
    """

    sets: int
    ours: float
    best: float
    mean_of_ratios: float
    ratio_of_means: float
    behind: tuple[str, ...]


def overall(rows: Sequence[Row], *, within: bool = False) -> Overall | None:
    """
    The mean over sets. With `within`, a set whose queries name their meeting counts as ranked there.

    `behind` looks at the rows of each kind as well. None where there are no rows, or a best of 0.
    """
    narrow = {row.set for row in rows if row.within} if within else set()
    counted = [row for row in rows if row.within == (row.set in narrow)]
    whole = [row for row in counted if not row.kind]
    pairs = [(row.scores[OURS][CHIEF], row.scores[row.best(CHIEF, USUAL)][CHIEF]) for row in whole]
    if not pairs or not all(best > 0 for _, best in pairs):
        return None
    ours, best = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
    behind = tuple(
        f"{row.name}: {peer}" for row in counted for peer in PEERS if row.scores[peer][CHIEF] >= row.scores[OURS][CHIEF]
    )
    return Overall(len(pairs), ours, best, sum(a / b for a, b in pairs) / len(pairs), ours / best, behind)


def measured(queries: Sequence[Asked], found: Mapping[str, Ranking]) -> dict[str, tuple[float, ...]]:
    """Each measure's value for each query, in order, by ir-measures; every relevant text has grade 1."""
    qrels = {query.id: dict.fromkeys(query.relevant, 1) for query in queries}
    # Scored by place, so that equal scores keep the order the system gave them.
    run = {
        query.id: {text: float(-place) for place, (text, _) in enumerate(found.get(query.id, []))} for query in queries
    }
    values = {(one.query_id, str(one.measure)): float(one.value) for one in ir_measures.iter_calc(MEASURES, qrels, run)}
    return {str(one): tuple(values.get((query.id, str(one)), 0.0) for query in queries) for one in MEASURES}
