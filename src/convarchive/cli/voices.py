"""Commands on the voices of an episode: showing them, and an editor's word on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from convarchive.cli.episodes import EpisodeArgument
from convarchive.cli.options import AudienceOption, ByOption, HomeOption, JsonOption, WhyOption, audience_of, home_of
from convarchive.cli.output import as_json, clock, note, say, shortened, wrapped
from convarchive.cli.voice_deciding import Outcome, decide, tell, tell_json
from convarchive.cli.voice_parts import part_of
from convarchive.cli.voice_people import known_person, new_person, warnings_of
from convarchive.domain.episode import EpisodeId
from convarchive.domain.speaker import Evidence
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial import voices
from convarchive.editorial.assigning import Assigned
from convarchive.editorial.assigning import assign as assign_voice
from convarchive.editorial.queueing import Turned, turned
from convarchive.editorial.saying import said
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.publish.lists import voice_record
from convarchive.publish.record import listen_at
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.views import VoiceView

LabelArgument = Annotated[str, typer.Argument(help="A voice's label, such as S1.", metavar="LABEL")]
SeenOption = Annotated[
    str | None,
    typer.Option(
        "--seen",
        help="What `speakers review --json` said under `seen`: refuse if anything changed since.",
        metavar="STATE",
    ),
]
ServerOption = Annotated[
    str | None,
    typer.Option("--server", help="Where the archive is served, for links; else public_url.", metavar="ADDRESS"),
]


def register(group: typer.Typer) -> None:
    """Add these commands to `speakers`."""
    group.command("show")(show)
    group.command("assign")(assign)
    group.command("merge")(merge)
    group.command("split")(split)
    group.command("not-a-person")(not_a_person)
    group.command("undo")(undo)


def show(
    episode: EpisodeArgument,
    home: HomeOption = None,
    json: JsonOption = False,
    turns: Annotated[bool, typer.Option("--turns", help="List each voice's turns, numbered.")] = False,
    server: ServerOption = None,
    audience: AudienceOption = "researcher",
) -> None:
    """
    Show an episode's voices: whose each is thought to be, how surely, on what evidence, and where that is heard.

    Example: convarchive speakers show EPISODE --server http://127.0.0.1:8000
    """
    place = home_of(home)
    base = base_of(place, server)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(audience_of(audience)) as read:
        found = read.voices(episode)
        own = {one.label: turned(read, episode, one.label) for one in found} if turns else {}
    if json:
        listed = ([{"start_ms": t.span.start, "end_ms": t.span.end} for t in own.get(v.label, ())] for v in found)
        extra = [{"turns": one} if turns else {} for one in listed]
        as_json([{**voice_record(v, episode, base), **more} for v, more in zip(found, extra, strict=True)])
        return
    for voice in found:
        say(headed(voice))
        say_reasons(voice.evidence or (), episode, base)
        say_turns(own.get(voice.label, ()))
    if not found:
        say("no voices told apart yet; run: convarchive ingest")
    elif base is None and any(voice.evidence for voice in found):
        note("set public_url, or name the server with --server, and each reason gets a link that plays it")


def headed(voice: VoiceView) -> str:
    """A voice in one line."""
    if voice.nobody:
        return f"{voice.label}  {clock(voice.speech_ms)}  not a person"
    sure = f"{voice.status}, {voice.confidence:.2f}" if voice.confidence is not None else voice.status
    role = f", {voice.role}" if voice.name and voice.role else ""
    return f"{voice.label}  {clock(voice.speech_ms)}  {voice.name or 'not named'}{role}  ({sure})"


def say_reasons(evidence: Sequence[Evidence], episode: str, base: str | None) -> None:
    """Each reason with the time at which it is heard, and a link that plays it."""
    for one in evidence:
        at = f" at {clock(one.span.start)}–{clock(one.span.end)}" if one.span else ""
        against = "against: " if one.weight < 0 else ""
        say(wrapped(f"[{one.family}] {against}{one.kind}{at}: {one.detail}", "     "))
        if one.span and (link := listen_at(episode, one.span.start, base)):
            say(f"       {link}")


def say_turns(turns: Sequence[Turned]) -> None:
    """Turns with their numbers, as `speakers split --turns` takes them."""
    for number, turn in enumerate(turns, 1):
        say(f"     {number:4}  {clock(turn.span.start)}–{clock(turn.span.end)}  {shortened(turn.words)}")


def base_of(place: Home, server: str | None) -> str | None:
    """The address that links begin with: as asked for, else the owner's, else none. Raises BadInput."""
    if server is not None and not re.fullmatch(r"https?://[^\s?#]+", server):
        raise BadInput(f"--server {server[:60]!r} is no address; write one such as http://127.0.0.1:8000")
    return server or load(place).public_url


def assign(
    episode: EpisodeArgument,
    label: LabelArgument,
    speaker: Annotated[str, typer.Argument(help="A person's id or whole name.", metavar="SPEAKER")],
    new: Annotated[bool, typer.Option("--new", help="Somebody new of this name, to be put on the desk.")] = False,
    distinct: Annotated[
        bool, typer.Option("--distinct", help="With --new: not the person here whose name is nearly that.")
    ] = False,
    also: Annotated[
        bool, typer.Option("--also", help="Though an editor gave them another voice of the episode.")
    ] = False,
    by: ByOption = None,
    why: WhyOption = None,
    seen: SeenOption = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Say whose a voice is. An editor's word is final and survives a new diarization.

    Example: convarchive speakers assign EPISODE S1 ada-example --by "B. Editor" --why "her voice, and she says so"
    """
    place = home_of(home)
    if distinct and not new:
        raise BadInput("--distinct goes with --new")
    said(by or "", why or "")
    who = (
        new_person(place, episode, label, speaker, distinct=distinct) if new else known_person(place, episode, speaker)
    )
    warnings = warnings_of(place, episode, label, who)

    def do(catalogue: Catalogue) -> Assigned:
        which = (EpisodeId(episode), SpeakerLabel(label))
        return assign_voice(catalogue, *which, who, by=by or "", why=why or "", seen=seen, alone=not also)

    _do(place, "assign", episode, do, f"voice {label} of {episode} is {who}", json, lambda outcome: warnings)


def merge(
    episode: EpisodeArgument,
    label: LabelArgument,
    into: Annotated[str, typer.Argument(help="The voice it is one with.", metavar="LABEL")],
    by: ByOption = None,
    why: WhyOption = None,
    seen: SeenOption = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Say that two labels are one voice. It survives a new diarization, as all these decisions do.

    Example: convarchive speakers merge EPISODE S3 S1 --by "B. Editor" --why "the same voice, on the telephone"
    """

    def do(catalogue: Catalogue) -> Assigned:
        labels = (SpeakerLabel(label), SpeakerLabel(into))
        return voices.merge(catalogue, EpisodeId(episode), *labels, by=by or "", why=why or "", seen=seen)

    _do(home_of(home), "merge", episode, do, f"{label} and {into} of {episode} are one voice", json)


def split(
    episode: EpisodeArgument,
    label: LabelArgument,
    at: Annotated[str | None, typer.Option("--at", help="From here on it is somebody else.", metavar="TIME")] = None,
    turns: Annotated[
        str | None,
        typer.Option("--turns", help="These turns are, as `speakers show --turns` numbers them.", metavar="2,4-6"),
    ] = None,
    speaker: Annotated[str | None, typer.Option("--speaker", help="Whose voice that part is.", metavar="ID")] = None,
    by: ByOption = None,
    why: WhyOption = None,
    seen: SeenOption = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Say that a part of a voice is somebody else's. The part gets a new label; the rest keeps its own, and its name.

    A confirmed name of the rest is your word from then on; one that is probable is weighed again without the part.

    Example: convarchive speakers split EPISODE S1 --at 12:30 --by "B. Editor" --why "another woman from there on"
    """
    place = home_of(home)
    if (at is None) == (turns is None):
        raise BadInput("say which part is somebody else's: --at TIME, or --turns NUMBERS; one of them")
    who = known_person(place, episode, speaker) if speaker is not None else None
    with Catalogue.for_reading(place) as catalogue, catalogue.reading("editor") as read:
        part = part_of(turned(read, episode, label), at, turns)

    def warn(outcome: Outcome) -> Sequence[str]:
        return warnings_of(place, episode, outcome.decided.label or label, who) if who else ()

    def do(catalogue: Catalogue) -> Assigned:
        return voices.split(
            catalogue, EpisodeId(episode), SpeakerLabel(label), part, by=by or "", why=why or "", speaker=who, seen=seen
        )

    _do(place, "split", episode, do, f"a part of {label} of {episode} is another voice", json, warn)


def not_a_person(
    episode: EpisodeArgument,
    label: LabelArgument,
    by: ByOption = None,
    why: WhyOption = None,
    seen: SeenOption = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Say that a label is nobody's voice: a jingle, music, noise. It gets no name, and no quote is cut from it.

    Example: convarchive speakers not-a-person EPISODE S4 --by "B. Editor" --why "the opening jingle"
    """

    def do(catalogue: Catalogue) -> Assigned:
        which = (EpisodeId(episode), SpeakerLabel(label))
        return voices.not_a_person(catalogue, *which, by=by or "", why=why or "", seen=seen)

    _do(home_of(home), "not-a-person", episode, do, f"{label} of {episode} is nobody's voice", json)


def undo(
    episode: EpisodeArgument,
    review: Annotated[int | None, typer.Option("--review", help="Only if it is this one.", metavar="NUMBER")] = None,
    by: ByOption = None,
    why: WhyOption = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Take back the newest decision about the voices of an episode; again, the one before it.

    Example: convarchive speakers undo EPISODE --by "B. Editor" --why "I had the wrong episode"
    """

    def do(catalogue: Catalogue) -> Assigned:
        return voices.undo(catalogue, EpisodeId(episode), by=by or "", why=why or "", review=review)

    _do(home_of(home), "undo", episode, do, f"the newest decision about {episode} is taken back", json)


def _do(
    place: Home,
    command: str,
    episode: str,
    do: Callable[[Catalogue], Assigned],
    done: str,
    as_record: bool,
    warn: Callable[[Outcome], Sequence[str]] = lambda outcome: (),
) -> None:
    outcome: Outcome = decide(place, f"convarchive speakers {command}", EpisodeId(episode), do)
    warnings = warn(outcome)
    if as_record:
        tell_json(episode, outcome, warnings)
        return
    label = outcome.decided.label
    say(f"{done} (review {outcome.decided.review}{f', {label}' if label and command == 'merge' else ''})")
    tell(outcome)
    for one in warnings:
        note(f"mind: {one}")
