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
from convarchive.cli.output import as_json, counted, say, table, wrapped
from convarchive.cli.searching import show_quote, tell_of_themes
from convarchive.cli.tagging import belonging
from convarchive.domain.theme import ThemeScore
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
    place = home_of(home)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(audience_of(audience)) as read:
        tell_of_themes(place, read)
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
        tell_of_themes(place, read)
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
    say(_how_many(found))
    for one in found.quotes:
        say()
        say(_by(one.score) + (f", said also in {', '.join(one.also)}" if one.also else ""))
        show_quote(one.quote)
    _around(found)


def _by(score: ThemeScore) -> str:
    said = {"print": "belongs: it is printed under this theme", "editor": "belongs: an editor says so"}
    return said.get(score.by) or f"belongs with a chance of {score.score:.2f}, by the model"


def _how_many(found: Portrait) -> str:
    shown = len(found.quotes)
    repeats = f"; {counted(found.folded, 'repeat')} of the same words folded into them" if found.folded else ""
    return f"{belonging(found.theme.quotes)} to it; {shown} {'is' if shown == 1 else 'are'} shown here{repeats}"


def _around(found: Portrait) -> None:
    if found.voices:
        say()
        say("Who speaks to it, of all their quotes (repeats counted)")
        table(("on this theme", "speaker"), [(f"{one.quotes} of {one.of}", one.name) for one in found.voices])
    if found.periods:
        say()
        say("When it was spoken of, of all quotes of that time (repeats counted)")
        table(("on this theme", "time"), [(f"{one.quotes} of {one.of}", _time(one.period)) for one in found.periods])
    if found.neighbours:
        say()
        say("Themes near it, by how many of the quotes of either belong to both")
        table(
            ("in both", "share", "theme"),
            [(one.shared, f"{one.overlap:.0%}", f"{one.title} ({one.id})") for one in found.neighbours],
        )


def _time(period: str) -> str:
    """
    A year or a quarter in words.

    >>> _time("2031-Q2"), _time("2031")
    ('April to June 2031', '2031')
    """
    year, _, quarter = period.partition("-Q")
    return f"{_QUARTERS[int(quarter) - 1]} {year}" if quarter else year


_QUARTERS = ("January to March", "April to June", "July to September", "October to December")
