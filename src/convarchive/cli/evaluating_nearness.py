"""The command that measures what it means that two quotes are near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, data_in
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say, table

if TYPE_CHECKING:
    from convarchive.evaluation.nearness import Row


def register(app: typer.Typer) -> None:
    """Add this command to the others that measure."""
    group = next(one.typer_instance for one in app.registered_groups if one.name == "evaluate")
    if group is not None:
        group.command("nearness")(nearness)


def nearness(
    data: DataOption = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Just this set; repeat for more.")] = None,
    json: JsonOption = False,
) -> None:
    """
    How often people put two texts under one point, or one matter, by how near they are in meaning.

    Example: convarchive evaluate nearness --data references --only argkp
    """
    from convarchive.evaluation.judged import judged_sets
    from convarchive.evaluation.nearness import LIST, measure

    sets = judged_sets(data_in(data), only or ())
    note(f"comparing the texts of {', '.join(one.name for one in sets)}; this takes minutes")
    found = measure(sets, wiring.encoder())
    if json:
        as_json({"pairs": [_fields(row) for row in found.every], "nearest": [_fields(row) for row in found.nearest]})
        return
    for title, rows in (("every pair", found.every), (f"the {LIST} nearest of each", found.nearest)):
        say(title)
        table(
            ("set", "nearness", "pairs", "same matter", "same point"),
            [
                (row.set, f"{row.low:.2f}-{row.high:.2f}", row.pairs, f"{row.matter:.3f}", f"{row.point:.3f}")
                for row in rows
            ],
        )
        say()


def _fields(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in type(row).__slots__}
