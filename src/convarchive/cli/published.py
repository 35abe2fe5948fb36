"""Commands on what is already in print."""

from __future__ import annotations

import typer

from convarchive.cli.options import AudienceOption, HomeOption, JsonOption, audience_of, home_of
from convarchive.cli.output import as_json, say, table
from convarchive.domain.passage import Query
from convarchive.domain.quote import DocumentSource
from convarchive.publish.record import record
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.views import QuoteView


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Quotes that are already in print.", no_args_is_help=True)
    group.command("list")(listing)
    group.command("status")(status)
    app.add_typer(group, name="published")


def _printed(home: HomeOption, audience: str) -> tuple[tuple[QuoteView, ...], str | None]:
    place = home_of(home)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(audience_of(audience)) as read:
        quotes = read.listed(Query(""))
    return tuple(q for q in quotes if any(isinstance(s, DocumentSource) for s in q.sources)), load(place).public_url


def listing(home: HomeOption = None, json: JsonOption = False, audience: AudienceOption = "researcher") -> None:
    """
    List the printed quotes with their places in print.

    Example: convarchive published list
    """
    quotes, public_url = _printed(home, audience)
    if json:
        as_json([record(quote, public_url=public_url) for quote in quotes])
        return
    rows = []
    for quote in quotes:
        place = next(s for s in quote.sources if isinstance(s, DocumentSource))
        name = quote.speaker.name if quote.speaker else ""
        rows.append((quote.id, quote.clearance, name, place.place, quote.text[:60]))
    if rows:
        table(("id", "clearance", "speaker", "place", "text"), rows)
    else:
        say("no printed quotes yet; write them down in ingest/published/")


def status(home: HomeOption = None, json: JsonOption = False, audience: AudienceOption = "researcher") -> None:
    """
    Say how many printed quotes there are, how many are cleared, and how many have their sound.

    Example: convarchive published status
    """
    quotes, _ = _printed(home, audience)
    cleared = sum(quote.clearance == "cleared" for quote in quotes)
    heard = sum(any(not isinstance(s, DocumentSource) for s in quote.sources) for quote in quotes)
    if json:
        as_json({"printed": len(quotes), "cleared": cleared, "found_in_audio": heard})
    else:
        say(f"{len(quotes)} printed quotes: {cleared} cleared for the public, {heard} found in a recording")
