"""Commands that write transcripts and quotes for use elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from convarchive.cli.episodes import EpisodeArgument
from convarchive.cli.options import AudienceOption, HomeOption, audience_of, home_of, one_of
from convarchive.cli.output import note, say
from convarchive.domain.passage import Query
from convarchive.domain.theme import ThemeId
from convarchive.errors import BadInput
from convarchive.publish import export as publishing
from convarchive.publish.record import record
from convarchive.publish.transcript import as_json, as_srt, as_txt, as_vtt
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.views import Line
from convarchive.tomlfile import write_whole

WRITERS: Mapping[str, Callable[[tuple[Line, ...]], str]] = {
    "vtt": as_vtt,
    "srt": as_srt,
    "json": as_json,
    "txt": as_txt,
}
OutOption = Annotated[Path | None, typer.Option("-o", "--output", help="Write here instead of to stdout.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("transcript")(transcript)
    app.command("export")(export)


def transcript(
    episode: EpisodeArgument,
    form: Annotated[str, typer.Option("--as", help=f"One of: {', '.join(WRITERS)}.", metavar="FORM")] = "txt",
    output: OutOption = None,
    audience: AudienceOption = "researcher",
    home: HomeOption = None,
) -> None:
    """
    Print an episode's transcript. Voices without a name appear as "Speaker 1" and so on.

    Example: convarchive transcript EPISODE --as vtt
    """
    one_of("--as", form, tuple(WRITERS))
    _demand_place(output)
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading(audience_of(audience)) as read:
        lines = read.lines(episode)
    _out([WRITERS[form](lines)], output)


def export(
    form: Annotated[
        str, typer.Option("--as", help=f"One of: {', '.join(publishing.FORMATS)}.", metavar="FORM")
    ] = "jsonl",
    theme: Annotated[str | None, typer.Option(help="Only quotes of this theme.", metavar="ID")] = None,
    output: OutOption = None,
    audience: AudienceOption = "researcher",
    home: HomeOption = None,
) -> None:
    """
    Write all quotes that this audience may have, each with its status.

    The last four forms are made for publication: comms and the public get only what is cleared and surely named.

    Example: convarchive export --as csv --audience public -o quotes.csv
    """
    one_of("--as", form, tuple(publishing.FORMATS))
    _demand_place(output)
    place = home_of(home)
    public_url = load(place).public_url
    viewer = audience_of(audience)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(viewer) as read:
        if theme:
            read.theme(theme)
        quotes = read.listed(Query("", theme=ThemeId(theme) if theme else None))
    records = [record(quote, public_url=public_url) for quote in quotes]
    _out(publishing.export(records, form, viewer), output)
    missing = publishing.kept_back(records, form, viewer)
    if missing:
        note(f"left out {missing} quotes that are not cleared or not surely named; list them with --as csv")
    if output:
        note(f"wrote {len(records) - missing} quotes to {output}")


def _demand_place(output: Path | None) -> None:
    """Raise BadInput, before any work is done, where no file can be written."""
    if output is None:
        return
    if output.exists() and not output.is_file():
        raise BadInput(f"{output} is no regular file; name another with -o, or leave -o out and redirect")
    if not output.parent.is_dir():
        raise BadInput(f"{output}: there is no folder {output.parent}; make it, or name another file with -o")


def _out(pieces: Iterable[str], output: Path | None) -> None:
    text = "".join(pieces)
    if output is None:
        if text:
            say(text.removesuffix("\n").removesuffix("\r"))
        return
    write_whole(output, text)
