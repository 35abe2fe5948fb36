"""Commands with which a person decides what may be public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from convarchive.cli.options import ByOption, HomeOption, JsonOption, WhyOption, home_of
from convarchive.cli.output import as_json, note, say, table
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.editorial import clearing
from convarchive.editorial.clearing import Decided
from convarchive.errors import BadInput
from convarchive.publish.lists import question_record, review_record
from convarchive.store.catalogue import Catalogue

SHOWN = 20
"""Waiting quotes that are listed for reading; a show's hundreds would bury the rest."""

QuotesArgument = Annotated[list[str], typer.Argument(help="Quotes' ids.", metavar="QUOTE…")]
Decide = Callable[..., Decided]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="What was decided, and what waits for a person.", no_args_is_help=True)
    group.command("list")(listing)
    group.command("clear")(clear)
    group.command("withhold")(withhold)
    group.command("withdraw")(withdraw)
    group.command("undo")(undo)
    app.add_typer(group, name="review")


def listing(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    List what waits for a person, then what was decided.

    Example: convarchive review list
    """
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading("editor") as read:
        questions, reviews = read.questions(), read.reviews()
        waiting = [quote for quote in read.listed(Query("")) if quote.clearance == "unreviewed"]
    if json:
        as_json({
            "waiting": [quote.id for quote in waiting],
            "questions": [question_record(q) for q in questions],
            "reviews": [review_record(r) for r in reviews],
        })  # fmt: skip
        return
    if waiting:
        quotes = [(q.id, q.speaker.name if q.speaker else "", shortened(q.text)) for q in waiting[:SHOWN]]
        table(("waits for review", "speaker", "words"), quotes)
        if len(waiting) > SHOWN:
            say(f"and {len(waiting) - SHOWN} more; all of them with: convarchive review list --json")
        note("read one with: convarchive quote ID; then decide with: convarchive review clear ID --by WHO --why TEXT")
    if waiting and (questions or reviews):
        say()
    if questions:
        table(("episode", "stage", "question"), [(q.episode, q.stage, q.detail) for q in questions])
    if questions and reviews:
        say()
    if reviews:
        rows = [(r.number, r.at[:10], r.act, r.quote or r.person or r.episode or "", r.by, r.why) for r in reviews]
        table(("no.", "day", "act", "on", "by", "why"), rows)
    if not waiting and not questions and not reviews:
        say("nothing waits, and nothing was decided yet")


def clear(quotes: QuotesArgument, by: ByOption = None, why: WhyOption = None, home: HomeOption = None) -> None:
    """
    Open quotes to the public. For words that were only heard this is your statement that you listened to them.

    Example: convarchive review clear ID --by "B. Editor" --why "listened: words and name are right"
    """
    _decide(clearing.clear, quotes, by, why, home)


def withhold(quotes: QuotesArgument, by: ByOption = None, why: WhyOption = None, home: HomeOption = None) -> None:
    """
    Close quotes to the public for now; researchers still see them, so marked.

    Example: convarchive review withhold ID --by "B. Editor" --why "asked to check with the speaker"
    """
    _decide(clearing.withhold, quotes, by, why, home)


def withdraw(quotes: QuotesArgument, by: ByOption = None, why: WhyOption = None, home: HomeOption = None) -> None:
    """
    Take quotes out of the archive's sight for good, with whatever else is cut from the same words.

    What left the archive before (copies, printed matter) cannot be called back.

    Example: convarchive review withdraw ID --by "B. Editor" --why "the speaker asked for it"
    """
    _decide(clearing.withdraw, quotes, by, why, home)


def undo(quotes: QuotesArgument, by: ByOption = None, why: WhyOption = None, home: HomeOption = None) -> None:
    """
    Take back the last decision about quotes: a withdrawal, else a withholding, else a clearing.

    Example: convarchive review undo ID --by "B. Editor" --why "withdrawn by mistake"
    """
    _decide(clearing.undo, quotes, by, why, home)


def _decide(act: Decide, quotes: list[str], by: str | None, why: str | None, home: HomeOption) -> None:
    if not (by and by.strip()) or not (why and why.strip()):
        raise BadInput("a decision needs --by WHO and --why TEXT")
    place = home_of(home)
    with Catalogue.for_writing(place) as catalogue:
        for quote in quotes:
            decided = act(catalogue, place, QuoteId(quote), by=by, why=why)
            say(f"{quote} is {decided.clearance}")
            if decided.clearance == "cleared" and not _named_in_public(catalogue, decided.quote):
                note("the public sees no name with it, for none is confirmed; see: convarchive speakers assign --help")
            if not decided.erased:
                say("traces of it in the catalogue's file are pending: the next command that writes wipes them")


def _named_in_public(catalogue: Catalogue, quote: QuoteId) -> bool:
    with catalogue.reading("public") as read:
        return read.quote(quote).speaker is not None


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, on one line."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
