"""Commands with which a person decides what may be public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from convarchive.cli.options import ByOption, HomeOption, JsonOption, WhyOption, home_of
from convarchive.cli.output import as_json, say, table
from convarchive.domain.quote import QuoteId
from convarchive.editorial import clearing
from convarchive.editorial.clearing import Decided
from convarchive.errors import BadInput
from convarchive.publish.lists import question_record, review_record
from convarchive.store.catalogue import Catalogue

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
    if json:
        as_json({"questions": [question_record(q) for q in questions], "reviews": [review_record(r) for r in reviews]})
        return
    if questions:
        table(("episode", "stage", "question"), [(q.episode, q.stage, q.detail) for q in questions])
    if questions and reviews:
        say()
    if reviews:
        rows = [(r.number, r.at[:10], r.act, r.quote or r.person or r.episode or "", r.by, r.why) for r in reviews]
        table(("no.", "day", "act", "on", "by", "why"), rows)
    if not questions and not reviews:
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
            if not decided.erased:
                say("traces of it in the catalogue's file are pending: the next command that writes wipes them")
