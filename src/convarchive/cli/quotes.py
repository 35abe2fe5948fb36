"""The command that shows one quote."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive.cli.options import AudienceOption, HomeOption, audience_of, home_of, one_of
from convarchive.cli.output import note, say
from convarchive.domain.quote import QuoteId
from convarchive.publish.record import record
from convarchive.publish.text import FORMATS, quote_as
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("quote")(quote)


def quote(
    quote_id: Annotated[str, typer.Argument(help="A quote's id.", metavar="ID")],
    form: Annotated[str, typer.Option("--as", help=f"One of: {', '.join(FORMATS)}.", metavar="FORM")] = "text",
    audience: AudienceOption = "researcher",
    home: HomeOption = None,
) -> None:
    """
    Print one quote, with how sure its words and its name are.

    Example: convarchive quote ID --as markdown
    """
    one_of("--as", form, FORMATS)
    place = home_of(home)
    public_url = load(place).public_url
    viewer = audience_of(audience)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(viewer) as read:
        found = _follow(read, QuoteId(quote_id))
    for one in found:
        say(quote_as(record(one, public_url=public_url), form, viewer))


def _follow(read: Reader, quote: QuoteId) -> tuple[QuoteView, ...]:
    """The quote, or those that its id leads to now. Raises Gone, NotFound."""
    elsewhere = read.elsewhere(quote)
    if elsewhere is not None and elsewhere.targets:
        note(f"{quote} is now {', '.join(elsewhere.targets)}")
        return read.quotes(elsewhere.targets)
    return (read.quote(quote),)
