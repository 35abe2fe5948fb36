"""Commands on the archive as a whole: lay one out, and see whether all is well."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli import laying_out
from convarchive.cli.advice import fitted
from convarchive.cli.examining import examine
from convarchive.cli.options import HomeOption, JsonOption, home_of
from convarchive.cli.output import as_json, note, say
from convarchive.home import Home
from convarchive.ingest.elsewhere import look_elsewhere
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("init")(init)
    app.command("doctor")(doctor)


def init(path: Annotated[Path, typer.Argument(help="An empty or new folder.")]) -> None:
    """
    Lay out the desks of a new archive.

    Example: convarchive init my-archive
    """
    laying_out.init(path)
    Home.find(path)
    say(f"laid out an archive in {path}")
    say(f"next: convarchive add feed ADDRESS --home {path}")


def doctor(
    home: HomeOption = None,
    json: JsonOption = False,
    enclosures: Annotated[
        bool, typer.Option("--enclosures", help="Ask publishers whether they still serve recordings not held here.")
    ] = False,
) -> None:
    """
    Look whether desks, catalogue, models, index and disk are well; exit 2 if something is broken.

    With --enclosures, recordings that are not held are fetched once more and compared, and not kept. Where a publisher
    serves the same bytes, clips lead there for 30 days.

    Example: convarchive doctor --home my-archive
    """
    place = home_of(home)
    if enclosures:
        with Catalogue.for_writing(place) as catalogue:
            for looked in look_elsewhere(place, catalogue, wiring.fetcher(load(place))):
                said = f"is served by its publisher: {looked.url}" if looked.url else f"is nowhere: {looked.why}"
                note(f"{looked.recording[:16]} {said}")
    findings = examine(place)
    if json:
        as_json([{"part": f.part, "state": f.state, "found": f.found, "remedy": f.remedy} for f in findings])
    else:
        for finding in findings:
            say(f"{finding.state:>5}  {finding.part}: {finding.found}")
            if finding.remedy:
                say(f"       {fitted(finding.remedy)}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(2)
