"""The command that shows one quote."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive.cli.options import AudienceOption, HomeOption, audience_of, home_of, one_of
from convarchive.cli.output import note, say
from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput
from convarchive.publish.formatted import STYLES
from convarchive.publish.packet import FORMS, quote_as, reference
from convarchive.publish.record import record
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("quote")(quote)


def quote(
    quote_id: Annotated[str, typer.Argument(help="A quote's id.", metavar="ID")],
    form: Annotated[str, typer.Option("--as", help=f"One of: {', '.join(FORMS)}.", metavar="FORM")] = "text",
    style: Annotated[
        str | None,
        typer.Option(help=f"A reference in this style instead: {', '.join(STYLES)}.", metavar="STYLE"),
    ] = None,
    audience: AudienceOption = "researcher",
    home: HomeOption = None,
) -> None:
    """
    Print one quote, with how sure its words and its name are.

    As text and json everybody reads what they may see. All other forms are made for publication: comms and the public
    get them of quotes only that are cleared and surely named, researchers and editors with the status marked.

    Example: convarchive quote ID --as markdown
    """
    one_of("--as", form, tuple(FORMS))
    if style is not None:
        one_of("--style", style, STYLES)
        if form not in ("text", "html"):
            raise BadInput(f"--style {style} is written --as text or html, not {form}; leave one of the two out")
    place = home_of(home)
    public_url = load(place).public_url
    viewer = audience_of(audience)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(viewer) as read:
        found = _follow(read, QuoteId(quote_id))
    for one in found:
        made = record(one, public_url=public_url)
        say(reference(made, style, viewer, html=form == "html") if style else quote_as(made, form, viewer))


def _follow(read: Reader, quote: QuoteId) -> tuple[QuoteView, ...]:
    """The quote, or those that its id leads to now. Raises Gone, NotFound."""
    found = read.current(quote)
    if found[0].id != quote:
        note(f"{quote} is now {', '.join(view.id for view in found)}")
    return found
