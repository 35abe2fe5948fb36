"""The command that shows what is nearest in meaning to a quote."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import AudienceOption, HomeOption, JsonOption, LimitOption, audience_of, home_of, limit_of
from convarchive.cli.output import as_json, counted, note, say
from convarchive.cli.searching import show_quote
from convarchive.domain.passage import Hit
from convarchive.domain.quote import QuoteId
from convarchive.publish.record import likes
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.views import QuoteView


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
    Show what somebody else said that is nearest in meaning. Repeats of the same words are folded into one.

    The figure is nearness, from 0 to 1. Below 0.3, where most speak of another matter, nothing is shown. It is no
    chance that both say the same; they may say the opposite.

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
    others, hers = ([(hit, views[hit.passage.quote]) for hit in part] for part in found.parts)
    if quote.speaker is None:
        _section("near it in meaning", "nothing here is near it in meaning", others)
        if own:
            say("its speaker is not identified, so it cannot be told what else they say")
        return
    who = quote.speaker.name
    _section(f"near it in meaning, said by others than {who}", "nobody else says anything near it in meaning", others)
    if own:
        _section(f"near it in meaning, said by {who} elsewhere", f"{who} says nothing near it elsewhere", hers)


def _section(heading: str, nothing: str, hits: list[tuple[Hit, QuoteView]]) -> None:
    say(f"{heading}: {len(hits)}" if hits else nothing)
    say()
    for hit, view in hits:
        say(f"{hit.relevance:.2f} near" + (f", said also in {', '.join(hit.also)}" if hit.also else ""))
        show_quote(view)
        say()
