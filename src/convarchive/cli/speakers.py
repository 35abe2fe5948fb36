"""Commands on people and voices."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli import sampling, voice_queue, voices
from convarchive.cli.options import (
    AudienceOption,
    ByOption,
    HomeOption,
    JsonOption,
    WhyOption,
    audience_of,
    home_of,
)
from convarchive.cli.output import as_json, note, say, table, wrapped
from convarchive.domain.speaker import SpeakerId
from convarchive.editorial import forgetting
from convarchive.editorial.desks import load_desks
from convarchive.errors import BadInput
from convarchive.publish.lists import person_record
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Who speaks, and why we believe it.", no_args_is_help=True)
    group.command("list")(listing)
    voices.register(group)
    voice_queue.register(group)
    group.command("accuracy")(sampling.accuracy)
    group.command("report")(report)
    group.command("forget")(forget)
    app.add_typer(group, name="speakers")


def listing(home: HomeOption = None, json: JsonOption = False, audience: AudienceOption = "researcher") -> None:
    """
    List the people whose words are here.

    Example: convarchive speakers list
    """
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading(audience_of(audience)) as read:
        people = read.speakers()
    if json:
        as_json([person_record(one) for one in people])
    elif not people:
        say("no speakers yet; name them in ingest/speakers.toml, or ingest an episode")
    else:
        rows = [(p.id, p.quotes, p.role, p.name + (" [fiction]" if p.fiction else "")) for p in people]
        table(("id", "quotes", "role", "name"), rows)


SpeakerArgument = Annotated[str, typer.Argument(help="A person's id, as speakers list prints it.", metavar="SPEAKER")]


def report(speaker: SpeakerArgument, home: HomeOption = None, json: JsonOption = False) -> None:
    """
    Print everything that is held about a person, to be given to them when they ask.

    Example: convarchive speakers report ada-example
    """
    place = home_of(home)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading("editor") as read:
        held = read.held_about(SpeakerId(speaker))
    if json:
        as_json(held)
        return
    for what, rows in held.items():
        say(f"{what}: {len(rows) or 'none'}")
        for row in rows:
            told = "; ".join(f"{field} {value}" for field, value in row.items() if value not in (None, "", "[]"))
            say(wrapped(told, "  "))
    note("desks may name the person too; the sound of the recordings, transcripts and this report are held as files")


def forget(
    speaker: SpeakerArgument,
    by: ByOption = None,
    why: WhyOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    home: HomeOption = None,
) -> None:
    """
    Erase a person: their record, name, words and quotes, here and in what is taken in again. There is no way back.

    The sound stays in its files, closed to everybody but editors.

    Example: convarchive speakers forget ada-example --by "B. Editor" --why "asked for it by letter"
    """
    place = home_of(home)
    if not yes and not typer.confirm(f"Erase everything about {speaker}? This cannot be undone", err=True):
        raise BadInput("nothing was erased")
    with holding(place, "convarchive speakers forget"), Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        done = forgetting.forget(catalogue, place, SpeakerId(speaker), by=by or "", why=why or "")
        say(
            f"erased: {done.went.quotes} quotes, {done.went.words} words of transcripts, {done.forms} release forms; "
            f"the name was taken out of {done.went.mentions} quotes of others, which wait for review"
        )
        built = wiring.index_anew(place, catalogue)
    say(
        "the search index was made anew"
        if built
        else "there is no search index now; make it with: convarchive index build"
    )
    if not done.erased:
        say("traces in the catalogue's file are pending: the next command that writes wipes them")
    for recording in done.recordings:
        note(f"their voice is still in recording {recording}, closed to all but editors")
    note("copies that left the archive before (exports, backups, version control) cannot be called back")
