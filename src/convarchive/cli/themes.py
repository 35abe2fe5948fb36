"""Commands on themes."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli import discovering, tagging
from convarchive.cli.options import (
    AudienceOption,
    HomeOption,
    JsonOption,
    LimitOption,
    audience_of,
    home_of,
    limit_of,
)
from convarchive.cli.output import as_json, say, table, wrapped
from convarchive.cli.searching import show_quote
from convarchive.index.portraits import Portrait, portrait
from convarchive.publish.lists import theme_record
from convarchive.publish.theme_record import portrait_record
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The archive's themes, and the quotes that belong to each.", no_args_is_help=True)
    group.command("list")(listing)
    group.command("show")(show)
    group.command("discover")(discovering.propose)
    group.command("add")(discovering.add)
    group.command("tag")(tagging.tag)
    group.command("untag")(tagging.untag)
    group.command("undo")(tagging.undo)
    app.add_typer(group, name="themes")


def listing(home: HomeOption = None, json: JsonOption = False, audience: AudienceOption = "researcher") -> None:
    """
    List the themes with how many quotes belong to each.

    Example: convarchive themes list
    """
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading(audience_of(audience)) as read:
        themes = read.themes()
    if json:
        as_json([theme_record(one) for one in themes])
    elif not themes:
        say("no themes yet; describe some in index/themes.toml")
    else:
        table(("id", "quotes", "title"), [(one.id, one.quotes, one.title) for one in themes])


def show(
    theme: Annotated[str, typer.Argument(help="A theme's id.", metavar="THEME")],
    home: HomeOption = None,
    json: JsonOption = False,
    audience: AudienceOption = "researcher",
    limit: LimitOption = 10,
) -> None:
    """
    Show a theme: its strongest quotes by many voices, who speaks to it, when, and which themes are near it.

    No speaker has more than two quotes in ten, and repeats of the same words are folded into one.

    Example: convarchive themes show leadership
    """
    place = home_of(home)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(audience_of(audience)) as read:
        found = portrait(read, theme, wiring.encoder_of(place), limit_of(limit))
    if json:
        members = [(one.quote, one.score, one.also) for one in found.quotes]
        url = load(place).public_url
        as_json(portrait_record(found.theme, members, found.voices, found.periods, found.neighbours, public_url=url))
        return
    say(found.theme.title)
    say(wrapped(found.theme.description))
    if found.theme.note:
        say(wrapped(found.theme.note))
    for one in found.quotes:
        say()
        by = f"{one.score.score:.2f} by the model" if one.score.by == "model" else "an editor says so"
        say(by + (f", said also in {', '.join(one.also)}" if one.also else ""))
        show_quote(one.quote)
    _around(found)


def _around(found: Portrait) -> None:
    if found.voices:
        say()
        table(("quotes", "of theirs", "speaker"), [(one.quotes, one.of, one.name) for one in found.voices])
    if found.periods:
        say()
        table(("period", "quotes", "of all"), [(one.period, one.quotes, one.of) for one in found.periods])
    if found.neighbours:
        say()
        table(
            ("shared", "overlap", "near it"),
            [(one.shared, f"{one.overlap:.2f}", one.id) for one in found.neighbours],
        )
