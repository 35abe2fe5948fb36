"""The command that opens the archive's doors on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import HomeOption, home_of, one_of
from convarchive.cli.output import note, say
from convarchive.errors import BadInput
from convarchive.settings import environment, load

MOST_PORTS = 65_535


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else the setting, else loopback.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 for a free one.", min=0, max=65535)] = None,
    rate_limit: Annotated[
        int, typer.Option(help="What a visitor may ask in a minute: reading 1, searching 5; 0: all.", min=0)
    ] = wiring.RATE_LIMIT,
    metrics: Annotated[
        str | None,
        typer.Option(
            "--metrics", metavar="HOST:PORT", help="Tell the server's numbers there, to whoever can reach it."
        ),
    ] = None,
    log_format: Annotated[
        str, typer.Option("--log-format", metavar="FORM", help="What the log looks like: text or json.")
    ] = "text",
    home: HomeOption = None,
) -> None:
    """
    Serve the pages and the API until Ctrl-C. The public's view needs no key; a researcher's is behind a link.

    Example: convarchive serve --port 8000
    """
    place = home_of(home)
    settings = load(place)
    log = environment().log
    one_of("--log-format", log_format, ("text", "json"))
    doors = wiring.doors(
        place,
        settings,
        host or settings.host,
        settings.port if port is None else port,
        rate_limit=rate_limit,
        metrics=_address(metrics),
    )
    say(f"{settings.title}")
    say(f"  public:     {doors.bound.address}/")
    say(f"  researcher: {doors.invitation}")
    if settings.public_url:
        say("behind the proxy, the same:")
        say(f"  public:     {settings.public_url}/")
        say(f"  researcher: {settings.public_url}{doors.entrance}")
    if doors.watching:
        say(f"  metrics:    {doors.watching[1].address}/metrics")
    sys.stdout.flush()
    note("the researcher's link works once; Ctrl-C stops the server")
    wiring.serve([doors], log_level=log, log_format=log_format)


def _address(given: str | None) -> tuple[str, int] | None:
    if given is None:
        return None
    host, colon, port = given.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > MOST_PORTS:
        raise BadInput(f"--metrics {given[:60]!r} is no address; write one such as 127.0.0.1:9464")
    return host.strip("[]"), int(port)
