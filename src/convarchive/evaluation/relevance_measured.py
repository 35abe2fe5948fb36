"""Measures relevance on every judged set: whether it is a chance, and whether it tells own queries from others'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convarchive.evaluation import out_of_archive, relevance_told
from convarchive.evaluation.asking import Engines, archive_of
from convarchive.evaluation.judged import JudgedSet


@dataclass(frozen=True, slots=True)
class Measured:
    """
    `told` has a row for each set, and one for all, those whose queries name their meeting as asked there.

    `elsewhere` has a row for each archive that was asked others' queries, and one for all; none
    where there is but one set.
    """

    told: tuple[relevance_told.Row, ...]
    elsewhere: tuple[out_of_archive.Row, ...]


def measure(
    judged: Sequence[JudgedSet], engines: Engines, *, report: Callable[[str, int, int], None] | None = None
) -> Measured:
    """Ask every set's archive its own queries, and those of all other sets."""
    rows: list[relevance_told.Row] = []
    counted: list[relevance_told.Sample] = []
    elsewhere: list[out_of_archive.Row] = []
    for one in judged:
        with archive_of(one.documents, engines) as archive:
            everywhere = relevance_told.sampled(one, archive, within=False, report=report)
            samples = [everywhere]
            if all(query.meeting for query in one.queries):
                samples.append(relevance_told.sampled(one, archive, within=True, report=report))
            others = [query.query for other in judged if other.name != one.name for query in other.queries]
            if others:
                inside = list(zip(everywhere.words, everywhere.best, strict=True))
                elsewhere.append(out_of_archive.asked_elsewhere(one.name, archive, inside, others, report))
        rows += [relevance_told.row(sample.name, [sample]) for sample in samples]
        counted.append(samples[-1])
    rows.append(relevance_told.row("all, where they were judged", counted))
    if elsewhere:
        elsewhere.append(out_of_archive.together(elsewhere))
    return Measured(tuple(rows), tuple(elsewhere))
