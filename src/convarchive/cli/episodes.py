"""Commands on episodes."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive.cli.options import AudienceOption, HomeOption, JsonOption, audience_of, home_of
from convarchive.cli.output import as_json, clock, say, table, wrapped
from convarchive.publish.lists import episode_record
from convarchive.store.catalogue import Catalogue

EpisodeArgument = Annotated[str, typer.Argument(help="An episode's id.", metavar="EPISODE")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="What episodes there are.", no_args_is_help=True)
    group.command("list")(listing)
    group.command("show")(show)
    app.add_typer(group, name="episodes")


def listing(home: HomeOption = None, json: JsonOption = False, audience: AudienceOption = "researcher") -> None:
    """
    List the episodes, newest first, with what was done to each.

    Example: convarchive episodes list --json
    """
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading(audience_of(audience)) as read:
        episodes = read.episodes()
    if json:
        as_json([episode_record(one) for one in episodes])
    elif not episodes:
        say("no episodes yet; add some with: convarchive add feed ADDRESS, or: convarchive add audio FILE")
    else:
        rows = [
            (
                one.id,
                (one.published or "")[:10],
                clock(one.duration_ms) if one.duration_ms else "",
                one.quotes,
                _state(one.stages, one.failure, one.duplicate_of),
                one.title + (" [fiction]" if one.fiction else ""),
            )
            for one in episodes
        ]
        table(("id", "published", "length", "quotes", "state", "title"), rows)


def _state(stages: tuple[str, ...], failure: str | None, duplicate_of: str | None) -> str:
    if duplicate_of:
        return f"same as {duplicate_of}"
    if failure:
        return "failed"
    return "done" if "quote" in stages else f"{stages[-1]} done" if stages else "waiting"


def show(
    episode: EpisodeArgument, home: HomeOption = None, json: JsonOption = False, audience: AudienceOption = "researcher"
) -> None:
    """
    Show one episode: what it is, and how far it has come.

    Example: convarchive episodes show EPISODE
    """
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading(audience_of(audience)) as read:
        one = read.episode(episode)
        voices = read.voices(episode)
    if json:
        as_json(episode_record(one))
        return
    say(one.title + (" [fiction]" if one.fiction else ""))
    for name, value in (
        ("show", one.show),
        ("published", one.published),
        ("address", one.link),
        ("recording", one.recording),
        ("length", clock(one.duration_ms) if one.duration_ms else None),
        ("stages done", ", ".join(one.stages) or "none"),
        ("quotes", str(one.quotes)),
        ("same sound as", one.duplicate_of),
        ("failed at", one.failure),
    ):
        if value:
            say(f"  {name}: {value}")
    for voice in voices:
        say(f"  voice {voice.label}, {clock(voice.speech_ms)}: {voice.name or 'not named'} ({voice.status})")
    if one.notes:
        say(wrapped(one.notes[:1000]))
