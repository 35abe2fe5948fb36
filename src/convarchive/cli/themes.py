"""Commands on themes."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive.cli import tagging
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
from convarchive.domain.passage import Query
from convarchive.domain.theme import ThemeId
from convarchive.publish.lists import theme_record
from convarchive.publish.record import record
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The archive's themes, and the quotes that belong to each.", no_args_is_help=True)
    group.command("list")(listing)
    group.command("show")(show)
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
    limit: LimitOption = 20,
) -> None:
    """
    Show a theme and its quotes, those that belong to it most first.

    Example: convarchive themes show leadership
    """
    place = home_of(home)
    public_url = load(place).public_url
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(audience_of(audience)) as read:
        one = read.theme(theme)
        quotes = read.listed(Query("", theme=ThemeId(theme)))
    ranked = sorted(quotes, key=lambda q: -max((t.score for t in q.themes if t.theme == theme), default=0.0))
    ranked = ranked[: limit_of(limit)]
    if json:
        as_json(theme_record(one) | {"items": [record(quote, public_url=public_url) for quote in ranked]})
        return
    say(one.title)
    say(wrapped(one.description))
    if one.note:
        say(wrapped(one.note))
    for quote in ranked:
        say()
        show_quote(quote)
