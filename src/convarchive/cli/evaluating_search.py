"""Commands that measure search: how well it ranks, what its relevance means, and whether it finds what is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, RunsOption, data_in
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say, table
from convarchive.errors import EngineMissing

if TYPE_CHECKING:
    from convarchive.evaluation.asking import Engines
    from convarchive.evaluation.search_scores import Lead, Overall, Row

SetOption = Annotated[list[str] | None, typer.Option("--only", help="Just this set; repeat for more.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the others that measure."""
    group = next(one.typer_instance for one in app.registered_groups if one.name == "evaluate")
    if group is not None:
        group.command("search")(search)


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
