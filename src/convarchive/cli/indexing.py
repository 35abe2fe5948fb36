"""Commands on the search index."""

from __future__ import annotations

import typer

from convarchive import wiring
from convarchive.cli.options import HomeOption, JsonOption, QuietOption, home_of
from convarchive.cli.output import as_json, counted, counting, say
from convarchive.editorial.desks import load_desks
from convarchive.index.build import build as build_index
from convarchive.index.checking import Standing
from convarchive.index.checking import check as check_index
from convarchive.index.checking import status as index_status
from convarchive.store.catalogue import Catalogue


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="What search is made from.", no_args_is_help=True)
    group.command("build")(build)
    group.command("status")(status)
    group.command("check")(check)
    app.add_typer(group, name="index")


def build(home: HomeOption = None, json: JsonOption = False, quiet: QuietOption = False) -> None:
    """
    Bring the index in line with the catalogue; only new words are embedded, and a running server takes it up at once.

    Example: convarchive index build
    """
    place = home_of(home)
    encoder = wiring.encoder()
    with Catalogue.for_writing(place) as catalogue, counting(quiet) as report:
        load_desks(place, catalogue)
        done = build_index(
            place, catalogue, encoder, wiring.empty_index, lambda step, n, of: report(step)(n, of),
            words=wiring.words_engine(), reopen=wiring.reopen_index,
        )  # fmt: skip
    if json:
        as_json({field: getattr(done, field) for field in type(done).__slots__})
    else:
        changed = "" if done.changed else "; nothing had changed"
        say(f"{counted(done.passages, 'passage')} in the index, {done.embedded} newly embedded, "
            f"{counted(done.scored, 'quote')} scored for {counted(done.themes, 'theme')}{changed}")  # fmt: skip


def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    Say what the index covers, and what waits for the next build.

    Example: convarchive index status
    """
    place = home_of(home)
    with Catalogue.for_reading(place) as catalogue:
        _show(index_status(place, catalogue), json)


def check(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    Read every byte of the index and compare it with the catalogue; exit 2 if it cannot be used.

    Example: convarchive index check
    """
    place = home_of(home)
    with Catalogue.for_reading(place) as catalogue:
        _show(check_index(place, catalogue, wiring.load_index, wiring.words_engine().load), json)


def _show(standing: Standing, json: bool) -> None:
    if json:
        as_json({field: getattr(standing, field) for field in Standing.__slots__})
    else:
        say(f"{standing.state}: {standing.detail}")
    if not standing.usable:
        raise typer.Exit(2)
