"""Measures how well search ranks texts that people judged, beside plain peers and without one of its parts each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from convarchive.evaluation.asking import PEERS, Archive, Engines, Ranking, archive_of
from convarchive.evaluation.judged import Asked, JudgedSet
from convarchive.evaluation.search_scores import OURS, Row, measured
from convarchive.index.relevance import WEIGHTS

SYSTEMS = (OURS, *PEERS)
PARTS = {
    "no context": replace(WEIGHTS, around=0),
    "no closeness": replace(WEIGHTS, close=0),
    "no words": replace(WEIGHTS, words=0, verbatim=0),
    "no meaning": replace(WEIGHTS, meaning=0),
}
"""Ours without one of its parts each: neighbours, words held against each other, BM25, and cosine."""

Told = Callable[[str, int, int], None]
"""Told how many queries of a set, of how many, are ranked."""


def score(
    judged: Sequence[JudgedSet],
    engines: Engines,
    *,
    ablation: bool = False,
    runs: Path | None = None,
    report: Told | None = None,
) -> tuple[Row, ...]:
    """
    Rank every set with every system; with `ablation` also with ours less one part each.

    With `runs`, the raw rankings are also written there in TREC's format, as
    `SET.SYSTEM.run`, for others to score.
    """
    rows: list[Row] = []
    for one in judged:
        with archive_of(one.documents, engines) as archive:
            rows += _measured(one, archive, ablation, runs, report)
    return tuple(rows)


def _measured(judged: JudgedSet, archive: Archive, ablation: bool, runs: Path | None, report: Told | None) -> list[Row]:
    rows = []
    for within in (False, True) if all(query.meeting for query in judged.queries) else (False,):
        found: dict[str, dict[str, Ranking]] = {}
        for done, asked in enumerate(judged.queries, start=1):
            for system, ranking in _ranked(archive, asked, within, ablation).items():
                found.setdefault(system, {})[asked.id] = ranking
            if report is not None:
                report(judged.name, done, len(judged.queries))
        kinds = sorted({query.kind or "" for query in judged.queries})
        for kind in ["", *kinds] if kinds != [""] else [""]:
            queries = [query for query in judged.queries if not kind or query.kind == kind]
            values = {system: measured(queries, rankings) for system, rankings in found.items()}
            rows.append(Row(judged.name, kind, len(queries), len(judged.documents), within, values))
        if runs is not None:
            _write(runs, f"{judged.name} within the meeting" if within else judged.name, found)
    return rows


def _ranked(archive: Archive, asked: Asked, within: bool, ablation: bool) -> dict[str, Ranking]:
    """The same query, ranked by every system."""
    meeting = asked.meeting if within else None
    found = {OURS: archive.hits(asked.query, meeting), **archive.plain(asked.query, meeting)}
    if ablation:
        found |= {part: archive.hits(asked.query, meeting, weights=weights) for part, weights in PARTS.items()}
    return found


def _write(runs: Path, name: str, found: Mapping[str, Mapping[str, Ranking]]) -> None:
    runs.mkdir(parents=True, exist_ok=True)
    for system, rankings in found.items():
        stem, tag = (re.sub(r"\W+", "-", one) for one in (name, system))
        # Ours is ordered by more than its relevance, so that runs are scored by place.
        lines = [
            f"{query} Q0 {text} {rank} {len(ranking) - rank + 1} {tag}"
            for query, ranking in rankings.items()
            for rank, (text, _) in enumerate(ranking, start=1)
        ]
        (runs / f"{stem}.{tag}.run").write_text("\n".join(lines) + "\n", encoding="utf-8")
