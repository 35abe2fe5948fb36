"""The command that shows who else says what a quote says."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import AudienceOption, HomeOption, JsonOption, LimitOption, audience_of, home_of, limit_of
from convarchive.cli.output import as_json, counted, note, say
from convarchive.cli.searching import show_quote
from convarchive.domain.quote import QuoteId
from convarchive.publish.record import likes
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue


def register(app: typer.Typer) -> None:
    """Add this command."""
    group = typer.Typer(help="Quotes beside one another.", no_args_is_help=True)
    group.callback()(_beside)
    group.command("similar")(similar)
    app.add_typer(group, name="quotes")


def _beside() -> None:
    # With one command alone Typer would drop its name.
    return None


def similar(
    quote_id: Annotated[str, typer.Argument(help="A quote's id.", metavar="ID")],
    own: Annotated[bool, typer.Option("--own", help="After the others, what its own speaker says elsewhere.")] = False,
    limit: LimitOption = 10,
    audience: AudienceOption = "researcher",
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Show quotes near in meaning that somebody else said. Repeats of the same words are folded into one.

    Example: convarchive quotes similar ID
    """
    place, viewer = home_of(home), audience_of(audience)
    find = wiring.likener(place)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(viewer) as read:
        quote = read.current(QuoteId(quote_id))[0]
        found = find(read, quote, limit_of(limit), own)
        views = {view.id: view for view in read.quotes([hit.passage.quote for hit in found.hits])}
    hits = [(hit, views[hit.passage.quote]) for hit in found.hits]
    if json:
        as_json(
            likes(
                quote.id,
                viewer,
                hits,
                also=found.also,
                generation=found.generation,
                pending=found.pending,
                public_url=load(place).public_url,
            )
        )
        return
    if found.pending:
        behind = counted(found.pending, "passage")
        note(f"the index is behind by {behind}; bring it up to date with: convarchive index build")
    if found.also:
        say(f"said also in {', '.join(found.also)}")
    if not hits:
        say("nobody else here says this")
    for hit, view in hits:
        say(f"{hit.relevance:.2f}" + (f", said also in {', '.join(hit.also)}" if hit.also else ""))
        show_quote(view)
        say()
