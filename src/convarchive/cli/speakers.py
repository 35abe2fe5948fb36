"""Commands on people and voices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli import sampling, voice_queue, voices
from convarchive.cli.elsewhere import Elsewhere, tell_elsewhere, weigh_again, with_sound
from convarchive.cli.options import (
    AudienceOption,
    ByOption,
    HomeOption,
    JsonOption,
    QuietOption,
    WhyOption,
    audience_of,
    home_of,
)
from convarchive.cli.output import as_json, counting, note, say, table, wrapped
from convarchive.cli.voice_deciding import lines, waiting
from convarchive.domain.speaker import SpeakerId
from convarchive.editorial import enrolling, forgetting
from convarchive.editorial.desks import load_desks
from convarchive.editorial.saying import said
from convarchive.errors import BadInput, EngineMissing, ModelMissing, NotAllowed
from convarchive.home import Home
from convarchive.index.checking import status
from convarchive.publish.lists import person_record
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Who speaks, and why we believe it.", no_args_is_help=True)
    group.command("list")(listing)
    voices.register(group)
    voice_queue.register(group)
    group.command("accuracy")(sampling.accuracy)
    group.command("enrol")(enrol)
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


def enrol(
    speaker: SpeakerArgument,
    consent_by: Annotated[str, typer.Option(help="Who agreed.", show_default=False)] = "",
    consent_on: Annotated[str, typer.Option(help="On which day.", metavar="DATE", show_default=False)] = "",
    consent_how: Annotated[str, typer.Option(help="How, and where that is kept.", show_default=False)] = "",
    by: ByOption = None,
    later: Annotated[bool, typer.Option("--later", help="Leave other recordings to the next ingest.")] = False,
    quiet: QuietOption = False,
    home: HomeOption = None,
) -> None:
    """
    Keep how a person sounds, by their consent, so that their voice is known in other recordings.

    Made of the voices that an editor gave to the person. Only where the owner has turned voiceprints on. All other
    recordings are listened to again at once, which takes a while in a large archive; it may be stopped, and the next
    ingest does the rest.

    Example: convarchive speakers enrol ada-example --consent-by "Ada Example" --consent-on 2031-01-31
    --consent-how "signed form, in the office's files" --by "B. Editor"
    """
    place = home_of(home)
    turned_on = load(place).voiceprints
    if not turned_on:
        raise NotAllowed(enrolling.OFF)
    agreed = enrolling.consent(consent_by, consent_on, consent_how, datetime.now(UTC).date())
    with holding(place, "convarchive speakers enrol"), Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        done = enrolling.enrol(
            catalogue,
            place,
            SpeakerId(speaker),
            agreed,
            by=by or "",
            turned_on=turned_on,
            tool=wiring.voiceprinting,
        )
        say(f"enrolled {speaker}: {_prints(len(done.recordings))} of {done.speech_ms / 1000:.0f} s of speech")
        episodes = with_sound(catalogue)
        if later:
            found = Elsewhere(waiting=len(episodes))
        else:
            with counting(quiet) as report:
                found = weigh_again(place, catalogue, episodes, report("episodes weighed again"))
        pending = status(place, catalogue).pending
    tell_elsewhere(found, lines)
    if pending:
        note(f"{waiting(pending)} for the search index: convarchive index build")


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
    voiceprints: Annotated[
        bool, typer.Option("--voiceprints", help="Only how they sound, and what was concluded from it.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """
    Erase a person: their record, name, words and quotes, here and in what is taken in again. There is no way back.

    The sound stays in its files, closed to everybody but editors. With --voiceprints only biometric data goes: the
    voiceprints, the consent to them, and the evidence that came from them.

    Example: convarchive speakers forget ada-example --by "B. Editor" --why "asked for it by letter"
    """
    place = home_of(home)
    if voiceprints:
        _forget_voiceprints(place, speaker, by or "", why or "", yes=yes)
        return
    said(by or "", why or "")
    if not yes and not _sure(f"Erase everything about {speaker}? This cannot be undone"):
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


def _sure(question: str) -> bool:
    """Whether a person says so. Raises BadInput where there is nobody to ask."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as stopped:
        # Typer tells Ctrl-C and the end of the input by the same error.
        if isinstance(stopped.__context__, KeyboardInterrupt):
            raise
        note()
        raise BadInput("nothing was erased, for nobody is here to answer; add --yes to erase unasked") from None


def _forget_voiceprints(place: Home, speaker: str, by: str, why: str, *, yes: bool) -> None:
    said(by, why)
    if not yes and not _sure(f"Erase the voiceprints of {speaker}? This cannot be undone"):
        raise BadInput("nothing was erased")
    with holding(place, "convarchive speakers forget"), Catalogue.for_writing(place) as catalogue:
        done = enrolling.forget_voiceprints(catalogue, SpeakerId(speaker), by=by, why=why)
        say(f"erased: {_prints(done.prints)} of {speaker}, and the evidence that came from them")
        if not done.erased:
            say("traces in the catalogue's file are pending: the next command that writes wipes them")
        try:
            for episode in done.episodes:
                wiring.rename(place, catalogue, episode)
        except (ModelMissing, EngineMissing) as error:
            note(f"the voices they had named wait to be weighed again, by the next convarchive ingest: {error}")
        else:
            if done.episodes:
                say(f"the voices of {len(done.episodes)} episodes were weighed again without them")
    note("backups made with --with-voiceprints hold them still; those cannot be called back")


def _prints(count: int) -> str:
    return "1 voiceprint" if count == 1 else f"{count} voiceprints"
