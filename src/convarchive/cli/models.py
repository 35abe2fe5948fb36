"""Commands on model weights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import JsonOption, QuietOption
from convarchive.cli.output import as_json, counting, note, say, table
from convarchive.models import shelf
from convarchive.models.table import TABLE

NamesArgument = Annotated[
    list[str] | None, typer.Argument(help="Names, Whisper sizes or hub ids; all that the archive uses if none.")
]
FolderOption = Annotated[
    Path | None, typer.Option("--models", help="Where weights lie; else CONVARCHIVE_MODELS, else the user's cache.")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The weights that listening and searching need.", no_args_is_help=True)
    group.command("pull")(pull)
    group.command("list")(listing)
    group.command("check")(check)
    app.add_typer(group, name="models")


def pull(
    names: NamesArgument = None,
    folder: Annotated[Path | None, typer.Option("--from", help="A folder that holds the models' files.")] = None,
    again: Annotated[bool, typer.Option(help="Also what is there already.")] = False,
    models: FolderOption = None,
    quiet: QuietOption = False,
) -> None:
    """
    Bring model weights here, each file checked by its SHA-256; carries on where it was stopped.

    Example: convarchive models pull
    """
    wanted = names or [model.name for model in TABLE]
    with counting(quiet) as report:
        for done in wiring.pull(wanted, models, local=folder, again=again, report=report):
            size = f"{done.bytes / 1e6:.0f} MB"
            note(f"{done.name}: {'there already' if done.already else f'from {done.origin}'}, {size}")
    say(str(models or shelf.default_folder()))


def listing(models: FolderOption = None, json: JsonOption = False) -> None:
    """
    List the models, where they came from and under which licence.

    Example: convarchive models list
    """
    _show(shelf.listing(models or shelf.default_folder()), json)


def check(names: NamesArgument = None, models: FolderOption = None, json: JsonOption = False) -> None:
    """
    Read every byte of the models that were pulled and compare with what was recorded; exit 1 if any differ.

    Example: convarchive models check
    """
    found = shelf.check(models or shelf.default_folder(), names or [])
    _show(found, json)
    if any(one.state != "whole" for one in found):
        raise typer.Exit(1)


def _show(found: tuple[shelf.Listing, ...], json: bool) -> None:
    if json:
        as_json(
            [
                {
                    field: str(getattr(one, field)) if field == "path" else getattr(one, field)
                    for field in shelf.Listing.__slots__
                }
                for one in found
            ]
        )
    else:
        rows = [(one.name, one.state, one.purpose, one.licence) for one in found]
        table(("name", "state", "purpose", "licence"), rows)
