"""The command that prints what a website pastes to embed the archive."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive.cli.options import HomeOption, home_of
from convarchive.cli.output import note, say
from convarchive.domain.quote import QuoteId
from convarchive.errors import SettingsError
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.widget import script


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("widget")(widget)


def widget(
    theme: Annotated[str | None, typer.Option(help="Only this theme's quotes.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Only this person's quotes.")] = None,
    quote: Annotated[str | None, typer.Option(help="One quote.")] = None,
    pin: Annotated[
        bool, typer.Option("--pin", help="Load exactly this release's script, checked by its hash.")
    ] = False,
    frame: Annotated[
        bool, typer.Option("--frame", help="An iframe instead, for pages that may run no scripts.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """
    Print the lines that put the archive into another website's page; docs/widget.md says more.

    Example: convarchive widget --theme leadership --pin
    """
    place = home_of(home)
    settings = load(place)
    if settings.public_url is None:
        raise SettingsError(
            f"{place.settings}: public_url is not set, so no website could reach the archive; set it to its address"
        )
    chosen = {name: value for name, value in (("theme", theme), ("speaker", speaker), ("quote", quote)) if value}
    with Catalogue.for_reading(place) as catalogue, catalogue.reading("public") as read:
        _demand(read, **chosen)
    if frame:
        say(script.frame(settings.public_url, settings.title, chosen))
    else:
        say(script.snippet(settings.public_url, chosen, pin=pin))
    if not settings.allowed_origins and not frame:
        note('no website may ask this archive yet: name it in allowed_origins, or write allowed_origins = ["*"]')


def _demand(read: Reader, theme: str | None = None, speaker: str | None = None, quote: str | None = None) -> None:
    """Raises NotFound where the public sees nothing of what is to be shown."""
    if theme:
        read.theme(theme)
    if speaker:
        read.speaker(speaker)
    if quote:
        read.quote(QuoteId(quote))
