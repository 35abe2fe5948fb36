"""The command that turns what was added into quotes."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import HomeOption, QuietOption, home_of, one_of
from convarchive.cli.output import note, say, watching
from convarchive.domain.run import STAGES
from convarchive.editorial.desks import load_desks
from convarchive.errors import BadInput
from convarchive.ingest.gathering import Gathered, gather
from convarchive.ingest.run import Summary, run
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("ingest")(ingest)


def ingest(
    episode: Annotated[str | None, typer.Option("--episode", help="Only this episode.", metavar="ID")] = None,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", help="Episodes worked on at once; 0 for as many as fit; else the setting.", show_default=False
        ),
    ] = -1,
    again: Annotated[
        str | None, typer.Option("--again", help=f"Do this stage anew: {', '.join(STAGES)}.", metavar="STAGE")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not look at the feeds.")] = False,
    home: HomeOption = None,
    quiet: QuietOption = False,
) -> None:
    """
    Read the desks and the feeds, and do for every episode what is still to be done.

    Interrupt it whenever you like; the same command goes on where it was.

    Example: convarchive ingest --home my-archive
    """
    place = home_of(home)
    settings = load(place)
    redo = next((stage for stage in STAGES if stage == one_of("--again", again, STAGES)), None) if again else None
    if jobs > 64:
        raise BadInput(f"--jobs {jobs} is more than 64; this machine would only wait for itself")
    with holding(place, "convarchive ingest"), Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        tools = wiring.tools(settings)
        gathered = () if offline or episode else gather(place, catalogue, tools.fetcher)
        _told_of_feeds(gathered, quiet)
        with watching(quiet) as tell:
            summary = run(
                catalogue,
                wiring.stages(place, settings, tools),
                only=episode,
                again=redo,
                jobs=wiring.at_once(settings.jobs if jobs < 0 else jobs),
                tell=tell,
            )
    _told(summary, quiet)
    if summary.failed or any(one.trouble and not one.episodes and not one.unchanged for one in gathered):
        raise typer.Exit(2)


def _told_of_feeds(gathered: tuple[Gathered, ...], quiet: bool) -> None:
    for one in gathered:
        if one.trouble:
            note(f"  {one.title}: {one.trouble}")
        elif not quiet:
            note(f"  {one.title}: {'unchanged' if one.unchanged else f'{len(one.episodes)} episodes'}")


def _told(summary: Summary, quiet: bool) -> None:
    quoted = [episode for episode, stage, _ in summary.done if stage == "quote"]
    if summary.failed:
        note(f"{len(summary.failed)} episodes could not be finished; see: convarchive episodes list")
    if not summary.done and not summary.failed:
        say("nothing to do: everything is up to date")
    elif quoted and not quiet:
        say(f"{len(quoted)} episodes are now quotes; next: convarchive index build")
