"""Commands on the archive as a whole: lay one out, and see whether all is well."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convarchive.cli import laying_out
from convarchive.cli.examining import examine
from convarchive.cli.options import HomeOption, JsonOption, home_of
from convarchive.cli.output import as_json, say
from convarchive.home import Home


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


def doctor(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    Look whether desks, catalogue, models, index and disk are well; exit 2 if something is broken.

    Example: convarchive doctor --home my-archive
    """
    findings = examine(home_of(home))
    if json:
        as_json([{"part": f.part, "state": f.state, "found": f.found, "remedy": f.remedy} for f in findings])
    else:
        for finding in findings:
            say(f"{finding.state:>5}  {finding.part}: {finding.found}")
            if finding.remedy:
                say(f"       {finding.remedy}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(2)
