"""Commands with which an editor says what belongs to a theme."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import ByOption, HomeOption, JsonOption, WhyOption, home_of
from convarchive.cli.output import as_json, counted, say
from convarchive.domain.quote import QuoteId
from convarchive.domain.theme import ThemeId
from convarchive.editorial import tagging
from convarchive.editorial.desks import load_desks
from convarchive.editorial.tagging import Tagged
from convarchive.store.catalogue import Catalogue

QuoteArgument = Annotated[str, typer.Argument(help="A quote's id.", metavar="QUOTE")]
ThemeArgument = Annotated[str, typer.Argument(help="A theme's id.", metavar="THEME")]


def tag(
    quote: QuoteArgument,
    theme: ThemeArgument,
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """
    Say that a quote belongs to a theme. It counts at once, and the theme's other quotes are found by it too.

    Example: convarchive themes tag ID leadership --by "B. Editor" --why "says how she leads"
    """
    _decide(quote, theme, True, by, why, home, json)


def untag(
    quote: QuoteArgument,
    theme: ThemeArgument,
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """
    Say that a quote does not belong to a theme, whatever model or print say. Quotes like it drop out too.

    Example: convarchive themes untag ID leadership --by "B. Editor" --why "leading a dance, not people"
    """
    _decide(quote, theme, False, by, why, home, json)


def undo(
    quote: QuoteArgument,
    theme: ThemeArgument,
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """
    Take back what was last said about a quote and a theme. What is printed under it, or an example of it, belongs to
    it still; of all else the model judges again.

    Example: convarchive themes undo ID leadership --by "B. Editor" --why "tagged by mistake"
    """
    place = home_of(home)
    encoder = wiring.encoder()
    with Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        done = tagging.take_back(catalogue, encoder, QuoteId(quote), ThemeId(theme), by=by or "", why=why or "")
    _tell(quote, theme, done, json)


def _decide(
    quote: str, theme: str, belongs: bool, by: str | None, why: str | None, home: HomeOption, json: bool
) -> None:
    place = home_of(home)
    encoder = wiring.encoder()
    with Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        done = tagging.tag(
            catalogue, encoder, QuoteId(quote), ThemeId(theme), belongs=belongs, by=by or "", why=why or ""
        )
    _tell(quote, theme, done, json)


def _tell(quote: str, theme: str, done: Tagged, json: bool) -> None:
    before, after = done.members
    if json:
        as_json({"review": done.review, "quote": quote, "theme": theme, "belongs": done.belongs,
                 "score": done.stands.score if done.stands else None, "by": done.stands.by if done.stands else None,
                 "quotes_before": before, "quotes": after})  # fmt: skip
        return
    say(f"{quote} {told_of(done, theme)}; {belonging(after)} to it now, {before} before")


def belonging(quotes: int) -> str:
    """
    How many quotes belong.

    >>> belonging(1), belonging(2)
    ('1 quote belongs', '2 quotes belong')
    """
    return f"{counted(quotes, 'quote')} {'belongs' if quotes == 1 else 'belong'}"


def told_of(done: Tagged, theme: str) -> str:
    """What holds of the quote and the theme after a decision, and by whose word."""
    if done.belongs is not None:
        return f"belongs to {theme}" if done.belongs else f"does not belong to {theme}"
    if done.stands and done.stands.by == "print":
        return f"is printed under {theme} and belongs to it by that"
    if done.stands and done.stands.by == "editor":
        if done.stands.score:
            return f"stands among the examples of {theme} in index/themes.toml and belongs to it by that"
        return f"stands among the counter-examples of {theme} in index/themes.toml and does not belong to it by that"
    return f"is the model's to judge for {theme}"
