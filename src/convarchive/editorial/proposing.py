"""Making a proposal a theme: it is written on the desk, where its owner can put it in better words."""

from __future__ import annotations

import re

from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.index.desks import read_themes, themes_in
from convarchive.tomlfile import append

_SLUG = re.compile(r"[^a-z0-9]+")


def add_theme(
    home: Home, title: str, description: str, examples: tuple[QuoteId, ...], identity: str | None = None
) -> str:
    """
    Add a theme to `themes.toml`, whose comments stay; return its id, made from the title where none is given.

    Raises BadInput where the desk would refuse it (an id or title that is there already), SettingsError.
    """
    the_id = identity or _SLUG.sub("-", title.casefold()).strip("-")
    if not the_id:
        raise BadInput(f"title {title[:40]!r} makes no id; give one with --id")
    if any(one.id == the_id for one in read_themes(home)):
        raise BadInput(f"theme {the_id!r} is there already; choose another with --id")
    entry = {"id": the_id, "title": title, "description": description}
    append(home.themes, "themes", entry | ({"examples": list(examples)} if examples else {}), themes_in)
    return the_id
