"""The command that opens the archive's doors on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import HomeOption, home_of
from convarchive.cli.output import note, say
from convarchive.settings import environment, load


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else the setting, else loopback.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 for a free one.", min=0, max=65535)] = None,
    rate_limit: Annotated[
        int, typer.Option(help="What a visitor may ask in a minute: reading 1, searching 5; 0: all.", min=0)
    ] = wiring.RATE_LIMIT,
    home: HomeOption = None,
) -> None:
    """
    Serve the pages and the API until Ctrl-C. The public's view needs no key; a researcher's is behind a link.

    Example: convarchive serve --port 8000
    """
    place = home_of(home)
    settings = load(place)
    doors = wiring.doors(place, settings, host or settings.host, settings.port if port is None else port, rate_limit)
    say(f"{settings.title}")
    say(f"  public:     {doors.bound.address}/")
    say(f"  researcher: {doors.invitation}")
    note("the second link works once; Ctrl-C stops the server")
    wiring.serve([doors], log_level=environment().log)
