"""Commands with which a person decides what may be public."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convarchive.cli import review_log, sampling
from convarchive.cli.options import ByOption, HomeOption, WhyOption, home_of
from convarchive.cli.output import note, say
from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.domain.speaker import SpeakerId
from convarchive.editorial import clearing, doors, editing, whole
from convarchive.editorial.clearing import Closed
from convarchive.editorial.whole import Whole
from convarchive.errors import BadInput
from convarchive.store.catalogue import Catalogue

QuotesArgument = Annotated[list[str] | None, typer.Argument(help="Quotes' ids.", metavar="QUOTE…")]
PersonOption = Annotated[str | None, typer.Option("--person", help="Everything this person said.", metavar="ID")]
EpisodeOption = Annotated[str | None, typer.Option("--episode", help="All of this episode.", metavar="ID")]
NotBeforeOption = Annotated[str | None, typer.Option("--not-before", help="Not before this day.", metavar="DATE")]
ReleaseOption = Annotated[
    Path | None, typer.Option("--release", help="The release form this rests on; a copy is kept.", metavar="FILE")
]
UntilOption = Annotated[str | None, typer.Option("--until", help="Until this day.", metavar="DATE")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="What was decided, and what waits for a person.", no_args_is_help=True)
    group.command("list")(review_log.listing)
    group.command("clear")(clear)
    group.command("withhold")(withhold)
    group.command("withdraw")(withdraw)
    group.command("edit")(edit)
    group.command("undo")(undo)
    group.command("history")(review_log.history)
    group.command("sample")(sampling.take_sample)
    app.add_typer(group, name="review")


def clear(
    quotes: QuotesArgument = None,
    person: PersonOption = None,
    episode: EpisodeOption = None,
    not_before: NotBeforeOption = None,
    release: ReleaseOption = None,
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
) -> None:
    """
    Open quotes to the public. For words that were only heard this is your statement that you listened to them.

    With --person or --episode: all of theirs that wait for review.

    Example: convarchive review clear ID --by "B. Editor" --why "listened: words and name are right"
    """
    what = _meant(quotes, person, episode, by, why)
    place = home_of(home)
    with Catalogue.for_writing(place) as catalogue:
        chosen = _waiting(catalogue, what) if what else _all_here(catalogue, quotes)
        for quote in chosen:
            decided = clearing.clear(
                catalogue, place, quote, by=by or "", why=why or "", not_before=not_before, release=release
            )
            if not_before:
                say(f"{quote} will be public from {not_before} on")
            else:
                say(f"{quote} is {decided.clearance}")
            if decided.clearance == "cleared" and not _named_in_public(catalogue, quote):
                note("the public sees no name with it, for none is confirmed; see: convarchive speakers assign --help")
        if what and not chosen:
            say(f"no quote of {what} waits for review")


def withhold(
    quotes: QuotesArgument = None,
    person: PersonOption = None,
    episode: EpisodeOption = None,
    until: UntilOption = None,
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
) -> None:
    """
    Close quotes to the public for now; researchers still see them, so marked.

    With --person or --episode: everything of theirs, also what is taken in later.

    Example: convarchive review withhold ID --by "B. Editor" --why "asked to check with the speaker"
    """
    _close("withheld", quotes, person, episode, by, why, home, until)


def withdraw(
    quotes: QuotesArgument = None,
    person: PersonOption = None,
    episode: EpisodeOption = None,
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
) -> None:
    """
    Take quotes out of the archive's sight for good, with whatever else is cut from the same words.

    With --person or --episode: everything of theirs, also what is taken in later. What left the archive before
    (copies, printed matter) cannot be called back.

    Example: convarchive review withdraw ID --by "B. Editor" --why "the speaker asked for it"
    """
    _close("withdrawn", quotes, person, episode, by, why, home, None)


def edit(
    quote: Annotated[str, typer.Argument(help="A quote's id.", metavar="QUOTE")],
    text: Annotated[str, typer.Option("--text", help="How it is to be printed, every change marked.", metavar="TEXT")],
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
) -> None:
    """
    Change how a quote is printed. The words as said stay beside it; the new form waits for somebody to clear it.

    Write [...] for words left out, and brackets around words put in or in the place of others: [the council], [W]e.
    The public keeps what was cleared before. To take an edit back, give the words as said.

    Example: convarchive review edit ID --text "[The council] gave [...] away." --by "B. Editor" --why "shorter"
    """
    with Catalogue.for_writing(home_of(home)) as catalogue:
        done = editing.edit(catalogue, QuoteId(quote), text, by=by or "", why=why or "")
    say(f"{quote} is now printed: {done.text}")
    for one in done.edits:
        say(f"  {one}")
    if done.cleared:
        note("this form was cleared before, so it is public again")
    else:
        note(f"it waits to be cleared, with: convarchive review clear {quote} --by WHO --why TEXT")


def undo(
    quotes: QuotesArgument = None,
    person: PersonOption = None,
    episode: EpisodeOption = None,
    by: ByOption = None,
    why: WhyOption = None,
    home: HomeOption = None,
) -> None:
    """
    Take back the last decision: a withdrawal, else a withholding, else (of single quotes) a clearing.

    Example: convarchive review undo ID --by "B. Editor" --why "withdrawn by mistake"
    """
    what = _meant(quotes, person, episode, by, why)
    place = home_of(home)
    with Catalogue.for_writing(place) as catalogue:
        if what:
            done = whole.reopen(catalogue, place, what, by=by or "", why=why or "")
            say(f"{what} is closed as a whole no longer; {len(done.quotes)} quotes stand as was decided about each")
        for quote in _all_here(catalogue, quotes):
            decided = clearing.undo(catalogue, place, quote, by=by or "", why=why or "")
            number, taken_back = decided.undone or (0, "decision")
            say(f"{quote}: its {taken_back} (no. {number}) is taken back; it is {decided.clearance} now")


def _close(
    state: Closed,
    quotes: list[str] | None,
    person: str | None,
    episode: str | None,
    by: str | None,
    why: str | None,
    home: HomeOption,
    until: str | None,
) -> None:
    what = _meant(quotes, person, episode, by, why)
    place = home_of(home)
    with Catalogue.for_writing(place) as catalogue:
        erased, closed = True, _all_here(catalogue, quotes)
        if what:
            done = whole.close(catalogue, place, what, state, by=by or "", why=why or "", until=until)
            say(f"{what} is {state}: {len(done.quotes)} quotes, and whatever is taken in later")
            erased, closed = done.erased, list(done.quotes)
        for one in [] if what else closed:
            if state == "withdrawn":
                decided = clearing.withdraw(catalogue, place, one, by=by or "", why=why or "")
            else:
                decided = clearing.withhold(catalogue, place, one, by=by or "", why=why or "", until=until)
            say(f"{one} is {decided.clearance}")
            erased = erased and decided.erased
        if not erased:
            say("traces of it in the catalogue's file are pending: the next command that writes wipes them")
        if state == "withdrawn":
            _knock(catalogue, closed)


def _knock(catalogue: Catalogue, quotes: list[QuoteId]) -> None:
    tried, still_open = doors.still_open(catalogue, quotes)
    say(f"checked as {', '.join(doors.SHUT_OUT)}: {', '.join(door for door in tried if door not in still_open)}")
    if still_open:
        note(f"still to be met at: {', '.join(still_open)}; stop serving this archive and report it")
        raise typer.Exit(1)


def _all_here(catalogue: Catalogue, quotes: list[str] | None) -> list[QuoteId]:
    """The quotes of these ids. Raises NotFound or Gone for any of them before anything is decided about the others."""
    chosen = [QuoteId(one) for one in quotes or []]
    clearing.demand_all(catalogue, chosen)
    return chosen


def _meant(
    quotes: list[str] | None, person: str | None, episode: str | None, by: str | None, why: str | None
) -> Whole | None:
    """Whose or which whole is meant; None for single quotes. Raises BadInput unless exactly one kind is given."""
    if sum(map(bool, (quotes, person, episode))) != 1:
        raise BadInput("say what is meant: quotes' ids, or --person ID, or --episode ID; one of them")
    if not (by and by.strip()) or not (why and why.strip()):
        raise BadInput("a decision needs --by WHO and --why TEXT")
    if quotes:
        return None
    return Whole(SpeakerId(person) if person else None, EpisodeId(episode) if episode else None)


def _waiting(catalogue: Catalogue, what: Whole) -> list[QuoteId]:
    with catalogue.reading("editor") as read:
        if what.person is not None:
            read.speaker(what.person)
        if what.episode is not None:
            read.episode(what.episode)
        return list(read.waiting(Query("", speaker=what.person, episode=what.episode)))


def _named_in_public(catalogue: Catalogue, quote: QuoteId) -> bool:
    with catalogue.reading("public") as read:
        return read.quote(quote).speaker is not None
