"""The command that measures how well themes are told, and how far the model agrees with editors."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, data_in
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say, table
from convarchive.errors import EngineMissing
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from convarchive.store.read_base import MEMBER

if TYPE_CHECKING:
    from convarchive.evaluation.judged import JudgedSet


def register(app: typer.Typer) -> None:
    """Add this command to the others that measure."""
    group = next(one.typer_instance for one in app.registered_groups if one.name == "evaluate")
    if group is not None:
        group.command("themes")(themes)


def themes(
    data: DataOption = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Just this set; repeat for more.")] = None,
    draws: Annotated[int, typer.Option(help="How often examples are drawn.", min=1, max=100)] = 5,
    home: Annotated[
        Path | None, typer.Option("--home", help="Also the agreement with this archive's editors.", show_default=False)
    ] = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Instead: proposals beside BERTopic's, if that is installed.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """
    How well themes are told with 0, 3, 10 and 30 examples, beside the nearest description and logistic regressions.

    Example: convarchive evaluate themes --data references --only quotable --only argkp
    """
    try:
        from convarchive.evaluation.judged import judged_sets
        from convarchive.evaluation.themes import agreement, measure
    except ImportError as error:
        raise EngineMissing(
            f"{error.name or 'a library'} is not installed; get it with: pip install 'convarchive[evaluate]'"
        ) from error
    sets = judged_sets(data_in(data), only or ())
    if discover:
        _discover(sets, json)
        return
    note(f"learning the themes of {', '.join(one.name for one in sets)}; this takes minutes")
    found = measure(sets, wiring.encoder(), draws=draws)
    kappa = agreement(_decided(home)) if home is not None else {}
    if json:
        as_json({
            "rows": [{"set": r.set, "examples": r.examples, "system": r.system, "themes": r.themes,
                      "average_precision": r.precision.mean, "average_precision_interval": r.precision.interval,
                      "macro_f1": r.f1.mean, "macro_f1_interval": r.f1.interval} for r in found.rows],
            "calibration": [{name: getattr(c, name) for name in type(c).__slots__} for c in found.calibration],
            "agreement": {who: {"decisions": n, "kappa": k} for who, (n, k) in kappa.items()} or None,
        })  # fmt: skip
        return
    table(
        ("set", "themes", "examples", "AP", "95 %", "macro-F1", "95 %", "system"),
        [
            (r.set, r.themes, r.examples, f"{r.precision.mean:.3f}", _range(r.precision.interval),
             f"{r.f1.mean:.3f}", _range(r.f1.interval), r.system)
            for r in found.rows
        ],
    )  # fmt: skip
    say()
    table(
        ("set", "examples", "pairs", "belong", "ECE", "Brier", "of base rate", "members", "said", "belong"),
        [
            (c.set, c.examples, c.pairs, f"{c.base:.4f}", f"{c.error:.4f}", f"{c.brier:.4f}", f"{c.brier_base:.4f}",
             c.members, f"{c.said:.2f}", f"{c.found:.2f}")
            for c in found.calibration
        ],
    )  # fmt: skip
    say()
    for who, (count, one) in kappa.items():
        worth = "not to be told, for both always said the same" if one is None else f"{one:.2f}"
        say(f"agreement with {who} over {count} decisions: kappa {worth}")
    if not kappa:
        say("agreement with editors: not measured")


def _discover(sets: tuple[JudgedSet, ...], json: bool) -> None:
    from convarchive.evaluation.discovery import compare
    from convarchive.evaluation.peers.bertopic_plain import topics

    there = find_spec("bertopic") is not None
    if not there:
        note("BERTopic is not installed, so ours stands alone; get it with: pip install bertopic")
    rows = compare(sets, wiring.encoder(), {"BERTopic": topics} if there else {})
    if json:
        as_json([{field: getattr(row, field) for field in type(row).__slots__} for row in rows])
        return
    table(
        ("set", "groups", "NPMI", "diversity", "NPMI unseen", "system"),
        [
            (row.set, row.groups, f"{row.coherence:.3f}", f"{row.diversity:.3f}", f"{row.unseen:.3f}", row.system)
            for row in rows
        ],
    )


def _range(interval: tuple[float, float] | None) -> str:
    return f"{interval[0]:.3f}-{interval[1]:.3f}" if interval else ""


def _decided(home: Path) -> dict[str, list[tuple[bool, bool]]]:
    """What each named person said of a quote and a theme, and what the model says without being told so."""
    with Catalogue.for_reading(Home.find(home)) as catalogue, catalogue.reading("editor") as read:
        decisions = read.index.theme_decisions()
        views = {view.id: view for view in read.quotes([one.quote for one in decisions])}
    found: dict[str, list[tuple[bool, bool]]] = {}
    for one in decisions:
        if one.quote in views:
            scores = views[one.quote].themes
            likely = max((s.score for s in scores if s.theme == one.theme and s.by == "model"), default=0.0)
            found.setdefault(one.by, []).append((one.belongs, likely >= MEMBER))
    return found
