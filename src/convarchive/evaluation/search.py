"""
Measures how well search ranks, on texts and queries that people judged, beside plain peers.

Ours goes the whole way: texts are put into an archive as quotes, indexed, and asked for
through the same `search` that every door uses. The peers rank the same texts with the same
vectors and the same full text: by cosine alone, by BM25 alone, and by joining the two by rank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import ir_measures
import numpy as np
from ir_measures import AP, RR, R, nDCG
from numpy.typing import NDArray

from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.evaluation.filling import fill
from convarchive.evaluation.judged import Asked, JudgedSet
from convarchive.evaluation.peers.ranking import best_of, by_rank, dense
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.live import Load, opened
from convarchive.index.ports import Encoder, VectorIndex
from convarchive.index.search import search
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader

DEPTH = 100
"""How many documents are ranked for each query."""
MEASURES = (nDCG @ 10, AP @ 100, R @ 100, RR @ 10)
OURS = "convarchive"
SYSTEMS = (OURS, "dense", "bm25", "rrf")

Ranking = list[tuple[str, float]]
"""Document ids with scores, best first."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One group of queries of a set: each system's mean of each measure (0 to 1), by system and measure.

    `within` says that only the documents of each query's own meeting were ranked.
    """

    name: str
    queries: int
    documents: int
    within: bool
    scores: Mapping[str, Mapping[str, float]]


def score(
    judged: Sequence[JudgedSet],
    encoder: Encoder,
    make_index: Callable[[int], VectorIndex],
    load_index: Load,
    *,
    runs: Path | None = None,
    report: Callable[[str, int, int], None] | None = None,
) -> tuple[Row, ...]:
    """
    Rank every set with every system.

    With `runs`, the raw rankings are also written there in TREC's format, as
    `SET.SYSTEM.run`, for others to score. `report(set, done, total)` counts queries.
    """
    rows: list[Row] = []
    for one in judged:
        with TemporaryDirectory(prefix="convarchive-evaluate-") as folder:
            home = Home(Path(folder))
            with Catalogue.for_writing(home) as catalogue:
                ranker = _Ranker(home, catalogue, one, encoder, make_index, load_index)
                rows += _measured(one, ranker, runs, report)
    return tuple(rows)


class _Ranker:
    """One set in an archive of its own, ready to be asked in every way."""

    def __init__(
        self,
        home: Home,
        catalogue: Catalogue,
        judged: JudgedSet,
        encoder: Encoder,
        make_index: Callable[[int], VectorIndex],
        load_index: Load,
    ) -> None:
        self._catalogue = catalogue
        self._encoder = encoder
        self._document, self._episodes = fill(catalogue, judged.documents)
        build(home, catalogue, encoder, make_index)
        self._opened = opened(home, load_index)
        with catalogue.reading("researcher") as read:
            held = read.index.embedded(encoder.fingerprint)
            self._quotes: dict[int, QuoteId] = {int(n): q for n, q in zip(held.numbers, held.quotes, strict=True)}
        self._numbers = list(self._quotes)
        vectors = np.frombuffer(held.vectors, "<f4").astype(np.float32)
        self._vectors: NDArray[np.float32] = vectors.reshape(len(self._numbers), encoder.dimensions)

    def rank(self, asked: Asked, *, within: bool) -> dict[str, Ranking]:
        """The same query, ranked by every system."""
        episode = self._episodes[asked.meeting] if within and asked.meeting else None
        query = Query(asked.query, episode=episode, limit=DEPTH)
        with self._catalogue.reading("researcher") as read:
            answer = search(read, self._opened, self._encoder, query, least=0.0)
            allowed = {int(passage.number) for passage in read.passages(query)}
            words = self._words(read, asked.query, allowed)
        ours = [(int(hit.passage.number), float(DEPTH - rank)) for rank, hit in enumerate(answer.hits)]
        meaning = self._meaning(asked.query, allowed)
        joined = by_rank([[n for n, _ in meaning], [n for n, _ in words]], DEPTH)
        found = {OURS: ours, "dense": meaning, "bm25": words, "rrf": joined}
        return {
            system: [(self._document[self._quotes[number]], value) for number, value in ranking]
            for system, ranking in found.items()
        }

    def _meaning(self, query: str, allowed: set[int]) -> list[tuple[int, float]]:
        rows = [row for row, number in enumerate(self._numbers) if number in allowed]
        found = dense(self._encoder.encode([query])[0], self._vectors[rows], DEPTH)
        return [(self._numbers[rows[place]], value) for place, value in found]

    def _words(self, read: Reader, query: str, allowed: set[int]) -> list[tuple[int, float]]:
        scores = read.lexical_scores(query, len(self._numbers))
        return best_of({int(n): value for n, value in scores.items() if int(n) in allowed}, DEPTH)


def _measured(
    judged: JudgedSet, ranker: _Ranker, runs: Path | None, report: Callable[[str, int, int], None] | None
) -> list[Row]:
    rows = []
    ways = (False, True) if all(query.meeting for query in judged.queries) else (False,)
    for within in ways:
        found: dict[str, dict[str, Ranking]] = {system: {} for system in SYSTEMS}
        for done, asked in enumerate(judged.queries, start=1):
            for system, ranking in ranker.rank(asked, within=within).items():
                found[system][asked.id] = ranking
            if report is not None:
                report(judged.name, done, len(judged.queries))
        name = f"{judged.name} within the meeting" if within else judged.name
        for kind in sorted({query.kind or "" for query in judged.queries}):
            queries = [query for query in judged.queries if (query.kind or "") == kind]
            scores = {system: measure(queries, found[system]) for system in SYSTEMS}
            rows.append(Row(f"{name}, {kind}" if kind else name, len(queries), len(judged.documents), within, scores))
        if runs is not None:
            _write(runs, name, found)
    return rows


def measure(queries: Sequence[Asked], found: Mapping[str, Ranking]) -> dict[str, float]:
    """The mean of each measure over these queries, by ir-measures; every relevant document has grade 1."""
    qrels = {query.id: dict.fromkeys(query.relevant, 1) for query in queries}
    # Scored by place, so that equal scores keep the order the system gave them.
    run = {
        query.id: {document: float(-place) for place, (document, _) in enumerate(found.get(query.id, []))}
        for query in queries
    }
    return {str(one): float(value) for one, value in ir_measures.calc_aggregate(MEASURES, qrels, run).items()}


def _write(runs: Path, name: str, found: Mapping[str, Mapping[str, Ranking]]) -> None:
    runs.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"\W+", "-", name)
    for system, rankings in found.items():
        lines = [
            f"{query} Q0 {document} {rank} {value:.6f} {system}"
            for query, ranking in rankings.items()
            for rank, (document, value) in enumerate(ranking, start=1)
        ]
        (runs / f"{stem}.{system}.run").write_text("\n".join(lines) + "\n", encoding="utf-8")
