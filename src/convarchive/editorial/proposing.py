"""Making a proposal a theme: it is written on the desk, where its owner can put it in better words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from convarchive.domain.quote import QuoteId
from convarchive.domain.theme import ThemeId
from convarchive.editorial.clearing import living
from convarchive.editorial.desks import load_desks, read_desks
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.index.build import teach
from convarchive.index.desks import QUOTE_ID, themes_in
from convarchive.index.ports import Encoder
from convarchive.store.catalogue import Catalogue
from convarchive.tomlfile import append

_SLUG = re.compile(r"[^a-z0-9]+")


def add_theme(
    home: Home,
    catalogue: Catalogue,
    encoder: Encoder,
    title: str,
    description: str,
    examples: Sequence[str],
    identity: str | None = None,
) -> tuple[ThemeId, int]:
    """
    Add a theme to `themes.toml`, whose comments stay, and find its quotes.

    Returns its id, made from the title where none is given, and how many quotes belong to it.
    Examples are quotes' ids or the keys of printed ones. Everything is checked before anything
    is written: raises BadInput where the desk would refuse the theme (an id or title that is there
    already, an example that nobody knows), NotFound or Gone for a quote's id that is none,
    SettingsError where a desk is unusable as it is.
    """
    the_id = identity or _SLUG.sub("-", title.casefold()).strip("-")
    if not the_id:
        raise BadInput(f"title {title[:40]!r} makes no id; give one with --id")
    _, _, themes, known = read_desks(home)
    if any(one.id == the_id for one in themes):
        raise BadInput(f"theme {the_id!r} is there already; choose another with --id")
    listed = list(dict.fromkeys(examples))
    entry = {"id": the_id, "title": title, "description": description} | ({"examples": listed} if listed else {})
    with catalogue.writing() as write:
        for one in listed:
            if one not in known and QUOTE_ID.fullmatch(one):
                living(write, QuoteId(one))
    append(home.themes, "themes", entry, lambda top: themes_in(top, known))
    load_desks(home, catalogue)
    with catalogue.writing() as write:
        teach(write, encoder, ThemeId(the_id))
        write.count_up("content")
        return ThemeId(the_id), write.index.members(ThemeId(the_id))
