"""Commands on searches that somebody saved."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive.cli.options import AudienceOption, HomeOption, JsonOption, home_of
from convarchive.cli.output import as_json, say, table
from convarchive.cli.searching import answer_to
from convarchive.errors import NotFound, SettingsError
from convarchive.index.saved import forget, read_searches, saved

NameArgument = Annotated[str, typer.Argument(help="A saved search's name.", metavar="NAME")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Searches that were saved, to run again and to share.", no_args_is_help=True)
    group.command("list")(listing)
    group.command("run")(again)
    group.command("remove")(drop)
    app.add_typer(group, name="searches")


def listing(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    List the saved searches.

    Example: convarchive searches list
    """
    found = read_searches(home_of(home))
    if json:
        as_json([
            {"name": one.name, "note": one.note, **{f: getattr(one.query, f) for f in type(one.query).__slots__}}
            for one in found
        ])  # fmt: skip
    elif not found:
        say("no saved searches yet; save one with: convarchive search QUERY --save NAME")
    else:
        rows = [(one.name, one.query.text, ", ".join(" ".join(filter) for filter in one.filters)) for one in found]
        table(("name", "looks for", "only"), rows)


def again(
    name: NameArgument, audience: AudienceOption = "researcher", json: JsonOption = False, home: HomeOption = None
) -> None:
    """
    Ask what was saved, with all its filters.

    Example: convarchive searches run power --json
    """
    place = home_of(home)
    asked = saved(place, name).query
    try:
        answer_to(place, asked, audience, json)
    except NotFound as error:
        # What is not there was named in the file, not by whoever gave this command.
        raise SettingsError(f"{place.searches}: in the search {name!r}: {error}") from error


def drop(name: NameArgument, home: HomeOption = None) -> None:
    """
    Take a saved search off the file.

    Example: convarchive searches remove power
    """
    forget(home_of(home), name)
    say(f"{name} is no longer saved")
