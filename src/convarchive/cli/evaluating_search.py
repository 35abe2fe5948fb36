"""Commands that measure search: how well it ranks, what its relevance means, and whether it finds what is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, RunsOption, data_in
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say, table
from convarchive.errors import EngineMissing

if TYPE_CHECKING:
    from convarchive.evaluation.asking import Engines
    from convarchive.evaluation.relevance_told import Row as Chances
    from convarchive.evaluation.search_scores import Lead, Overall, Row

SetOption = Annotated[list[str] | None, typer.Option("--only", help="Just this set; repeat for more.")]

AMONG = 300
"""Sentences of real talk that the invented pairs stand among."""


def register(app: typer.Typer) -> None:
    """Add these commands to the others that measure."""
    group = next(one.typer_instance for one in app.registered_groups if one.name == "evaluate")
    if group is not None:
        group.command("search")(search)
        group.command("relevance")(relevance)
        group.command("known")(known)


def search(
    data: DataOption = None,
    runs: RunsOption = None,
    only: SetOption = None,
    ablation: Annotated[bool, typer.Option("--ablation", help="Also without one of its parts each.")] = False,
    json: JsonOption = False,
) -> None:
    """
    How well search ranks texts that people judged, beside plain ways to rank the same.

    Its peers are vectors alone, BM25 alone, both joined by rank, and both summed in standard deviations. Beside the
    best of them stands how far search leads, with the middle 95 % of that lead over drawn queries.

    Example: convarchive evaluate search --data references --only quotable
    """
    try:
        from convarchive.evaluation.judged import judged_sets
        from convarchive.evaluation.search import score
        from convarchive.evaluation.search_scores import SHOWN, overall
    except ImportError as error:
        raise _missing(error) from error
    sets = judged_sets(data_in(data), only or ())
    note(f"ranking {', '.join(one.name for one in sets)}; this takes minutes")
    rows = score(sets, _engines(), ablation=ablation, runs=runs)
    found = {"everywhere": overall(rows)}
    if any(row.within for row in rows):
        found["where it was judged"] = overall(rows, within=True)
    if json:
        as_json({
            "rows": [
                {"name": row.name, "queries": row.queries, "documents": row.documents, "within": row.within,
                 "scores": row.scores, "leads": [_fields(row.lead(measure)) for measure in SHOWN]}
                for row in rows
            ],
            "overall": {looked: _fields(one) if one else None for looked, one in found.items()},
        })  # fmt: skip
        return
    for row in rows:
        _told(row, SHOWN)
    for looked, one in found.items():
        if one is not None:
            say(_summed_up(looked, one))


def relevance(
    data: DataOption = None,
    only: SetOption = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", help="Also draw the calibration curves into this SVG file.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """
    Whether relevance is the chance that a person would call a hit relevant, and what nobody spoke about is told so.

    Each set's texts are also asked the queries of every other set, those of one word left out.

    Example: convarchive evaluate relevance --data references --picture calibration.svg
    """
    try:
        from convarchive.evaluation.calibration_curve import drawn
        from convarchive.evaluation.judged import judged_sets
        from convarchive.evaluation.relevance_measured import measure
    except ImportError as error:
        raise _missing(error) from error
    sets = judged_sets(data_in(data), only or ())
    note(f"asking {', '.join(one.name for one in sets)}; this takes minutes")
    found = measure(sets, _engines())
    if picture is not None:
        shown = [found.told[-1], *found.told[:-1]]
        curves = [(row.name, row.hits.bins) for row in shown]
        picture.write_text(drawn("Hits down to the hundredth: told and true", curves), encoding="utf-8")
    if json:
        as_json({"told": [dataclasses.asdict(row) for row in found.told],
                 "elsewhere": [{**dataclasses.asdict(one), "auroc": one.auroc} for one in found.elsewhere],
        })  # fmt: skip
        return
    _told_of_chances(found.told)
    heads = ("archive", "own queries", "answered", "others'", "silent", "AUROC")
    table(heads, [(row.name, len(row.inside), row.answered, len(row.outside), row.silent, f"{row.auroc:.3f}")
                  for row in found.elsewhere])  # fmt: skip


def _told_of_chances(rows: Sequence[Chances]) -> None:
    heads = ("set", "texts", "answered", "calibration error", "Brier", "base rate's", "AUROC")
    lines = []
    for row in rows:
        answered = f"{row.answered} of {row.queries}"
        for texts, told in (("hits", row.hits), ("and random ones", row.with_random)):
            figures = (told.error, told.brier, told.base, told.auroc)
            lines.append((row.name, texts, answered, *(f"{figure:.3f}" for figure in figures)))
    table(heads, lines)
    say(f"hits of {rows[-1].name}:")
    bins = [(f"{one.low:.1f} to {one.high:.1f}", f"{one.share:.1%}", f"{one.told:.3f}", f"{one.relevant:.3f}")
            for one in rows[-1].hits.bins]  # fmt: skip
    table(("told", "of all", "told on average", "relevant"), bins)


def known(
    data: DataOption = None,
    sentences: Annotated[int, typer.Option(help="Sentences of real talk in the archive.", min=300)] = 3000,
    targets: Annotated[int, typer.Option(help="How many of them are asked for in each way.", min=1)] = 150,
    json: JsonOption = False,
) -> None:
    """
    Whether search finds sentences that are known: remembered badly, or differing by a negation or number only.

    Example: convarchive evaluate known --data references
    """
    try:
        from convarchive.evaluation import known_items, pairs
        from convarchive.evaluation.sentences import sentences as read
    except ImportError as error:
        raise _missing(error) from error
    talk, engines = read(data_in(data), sentences), _engines()
    note(f"asking for {targets} of {len(talk)} sentences in {len(known_items.WAYS)} ways; this takes minutes")
    told = pairs.measure(pairs.pairs(), talk[:AMONG], engines)
    items = known_items.measure(talk, engines, targets=min(targets, len(talk)))
    if json:
        as_json({"pairs": [dataclasses.asdict(row) for row in told],
                 "items": [dataclasses.asdict(row) for row in items]})  # fmt: skip
        return
    table(
        ("differing by a", "asked for", "system", "pairs", "right one first", "before the other"),
        [(row.kind, row.way, row.system, row.pairs, row.first, row.before) for row in told],
    )
    table(
        ("phrase", "system", "asked for", "success@1", "success@10"),
        [(row.way, row.system, row.asked, f"{row.first / max(1, row.asked):.3f}",
          f"{row.among_ten / max(1, row.asked):.3f}") for row in items],
    )  # fmt: skip


def _told(row: Row, measures: Sequence[str]) -> None:
    say(f"{row.name}: {row.queries} queries over {row.documents} texts")
    lines = [(system, *(f"{found[one]:.3f}" for one in measures)) for system, found in row.scores.items()]
    leads = [row.lead(measure) for measure in measures]
    lines.append(("lead on the best peer", *(f"{lead.by:+.3f} on {lead.peer}" for lead in leads)))
    lines.append(("  middle 95 %", *(_between(lead.interval) for lead in leads)))
    table(("system", *measures), lines)


def _summed_up(looked: str, one: Overall) -> str:
    behind = f"not above {'; '.join(one.behind)}" if one.behind else "above every peer in every row"
    return (
        f"nDCG@10 over {one.sets} sets, looking {looked}: {one.ours:.3f}, best of dense, bm25 and rrf {one.best:.3f}; "
        f"mean of ratios {one.mean_of_ratios:.3f}, ratio of means {one.ratio_of_means:.3f}; {behind}"
    )


def _between(interval: tuple[float, float] | None) -> str:
    return "too few queries" if interval is None else f"{interval[0]:+.3f} to {interval[1]:+.3f}"


def _fields(one: Lead | Overall) -> dict[str, object]:
    return {field: getattr(one, field) for field in type(one).__slots__}


def _engines() -> Engines:
    from convarchive.evaluation.asking import Engines

    return Engines(wiring.encoder(), wiring.empty_index, wiring.load_index, wiring.words_engine())


def _missing(error: ImportError) -> EngineMissing:
    return EngineMissing(f"{error.name} is not installed; get it with: pip install 'convarchive[evaluate]'")
