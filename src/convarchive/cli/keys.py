"""Commands on keys: who may come in, and as whom."""

from __future__ import annotations

from typing import Annotated

import typer

from convarchive.cli.options import ByOption, HomeOption, JsonOption, audience_of, home_of
from convarchive.cli.output import as_json, note, say, table
from convarchive.domain.audience import AUDIENCES
from convarchive.domain.key import Key
from convarchive.editorial import keys
from convarchive.store import read_keys
from convarchive.store.catalogue import Catalogue, now


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Who may see more than the public, and decide.", no_args_is_help=True)
    group.command("create")(create)
    group.command("list")(listing)
    group.command("revoke")(revoke)
    app.add_typer(group, name="keys")


def create(
    name: Annotated[str, typer.Option("--name", help="Whom it is for; stands beside what they decide.")],
    audience: Annotated[
        str, typer.Option("--audience", help=f"As whom it lets in: {', '.join(AUDIENCES)}.", metavar="AUDIENCE")
    ],
    origin: Annotated[
        list[str] | None, typer.Option("--origin", help="A website whose pages may use it; may be repeated.")
    ] = None,
    expires: Annotated[str | None, typer.Option("--expires", help="The day on which it ends.", metavar="DATE")] = None,
    by: ByOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """
    Make a key and print it, this once.

    Example: convarchive keys create --name "B. Editor" --audience editor --by "A. Owner"
    """
    place = home_of(home)
    with Catalogue.for_writing(place) as catalogue:
        key, text = keys.create(
            catalogue, name, audience_of(audience), by=by or "", origins=origin or (), expires=expires
        )
    if json:
        as_json({"key": text, **record(key, now())})
    else:
        say(text)
        note("keep it safe: it is shown this once; only a digest of it stays here")


def listing(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    List the keys there are and were, without their secret halves.

    Example: convarchive keys list
    """
    with Catalogue.for_reading(home_of(home)) as catalogue:
        found, instant = read_keys.every(catalogue), now()
    if json:
        as_json([record(key, instant) for key in found])
    elif not found:
        say("no keys yet; make one with: convarchive keys create --help")
    else:
        heads = ("key", "audience", "state", "ends", "last used", "made", "sites", "name")
        rows = [
            (
                f"cva_{key.prefix}", key.audience, key.state(instant), (key.expires_at or "")[:10],
                key.last_used or "never", key.created_at[:10], ", ".join(key.origins), key.name,
            )
            for key in found
        ]  # fmt: skip
        table(heads, rows)


def revoke(
    key: Annotated[str, typer.Argument(help="A key's prefix, or the name it was made for.")],
    by: ByOption = None,
    home: HomeOption = None,
) -> None:
    """
    End a key, at once and in servers that run, with every session it opened.

    Example: convarchive keys revoke "B. Editor" --by "A. Owner"
    """
    with Catalogue.for_writing(home_of(home)) as catalogue:
        ended = keys.revoke(catalogue, key, by=by or "")
    say(f"cva_{ended.prefix} ({ended.name}) opens nothing any more")


def record(key: Key, instant: str) -> dict[str, object]:
    """A key as a JSON record, with its state at this instant."""
    fields = {field: getattr(key, field) for field in Key.__slots__}
    return fields | {"origins": list(key.origins), "state": key.state(instant)}
