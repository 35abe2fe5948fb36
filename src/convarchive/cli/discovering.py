"""Commands that propose themes and take them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import typer

from convarchive import wiring
from convarchive.cli.options import HomeOption, JsonOption, LimitOption, home_of, limit_of
from convarchive.cli.output import as_json, counted, note, say, shortened
from convarchive.cli.searching import tell_of_themes
from convarchive.cli.tagging import belonging
from convarchive.domain.passage import Query
from convarchive.domain.theme import ThemeId
from convarchive.editorial.proposing import add_theme
from convarchive.errors import BadInput, IndexMissing, NotFound
from convarchive.home import Home
from convarchive.index.discovery import EXAMPLES, Proposal, Voiced, discover
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader

IdOption = Annotated[str | None, typer.Option("--id", help="The new theme's id; else made from its title.")]


def propose(
    home: HomeOption = None,
    json: JsonOption = False,
    limit: LimitOption = 10,
    seed: Annotated[int, typer.Option(help="Which groups are tried; the same seed, the same proposals.", min=0)] = 0,
    every: Annotated[bool, typer.Option("--all", help="Also those that a theme holds most of already.")] = False,
    accept: Annotated[
        int | None, typer.Option("--accept", help="Make this proposal a theme.", metavar="NUMBER", show_default=False)
    ] = None,
    identity: IdOption = None,
    title: Annotated[str | None, typer.Option(help="The new theme's title.", show_default=False)] = None,
) -> None:
    """
    Propose themes that nobody has named yet: groups of quotes, with the words that tell them from others.

    Stability is how far a group comes out again when quotes are drawn anew, from 0 to 1. With --accept a proposal is
    written to index/themes.toml with its quotes as examples (of more than 100 those nearest to its middle), which
    belong to it by that; put its description into your own words there. The index must hold 30 quotes or more.

    Example: convarchive themes discover --accept 2 --title "Slow work"
    """
    place = home_of(home)
    if accept is not None and not title:
        raise BadInput("--accept makes a theme, which needs a --title")
    with Catalogue.for_reading(place) as catalogue, catalogue.reading("editor") as read:
        if accept is None:
            tell_of_themes(place, read)
        found = _found(read, place, seed, every)
        texts = {view.id: view for view in read.quotes({q for one in found for q in one.representative})}
    if accept is not None and title:
        _accept(place, found, accept, title, identity)
        return
    shown = found[: limit_of(limit)]
    if json:
        as_json([
            {"number": one.number, "words": list(one.words), "quotes": list(one.quotes), "speakers": one.speakers,
             "representative": [{"id": q, "text": texts[q].text} for q in one.representative if q in texts],
             "overlap": {"theme": one.overlap[0], "share": one.overlap[1]} if one.overlap else None,
             "stability": one.stability}
            for one in shown
        ])  # fmt: skip
        return
    if not shown:
        say("nothing that the themes do not hold already")
    for one in shown:
        overlap = f", {one.overlap[1]:.0%} of them in {one.overlap[0]}" if one.overlap else ""
        say(f"{one.number}. {', '.join(one.words)}")
        who = f"{counted(len(one.quotes), 'quote')} by {counted(one.speakers, 'speaker')}"
        say(f"   {who}{overlap}; stability {one.stability:.2f}")
        for quote in one.representative:
            view = texts[quote]
            say(f"   {shortened(view.text, 90)} ({view.speaker.name if view.speaker else 'no name'})")


def add(
    title: Annotated[str, typer.Argument(help="The theme's title.", metavar="TITLE")],
    description: Annotated[str, typer.Option(help="What people talk about when they talk about it.")],
    example: Annotated[
        list[str] | None,
        typer.Option(help="A quote that belongs, by its id or printed key; repeat for more.", metavar="QUOTE"),
    ] = None,
    identity: IdOption = None,
    home: HomeOption = None,
) -> None:
    """
    Add a theme to index/themes.toml and find its quotes. Its examples belong to it by an editor's word.

    Example: convarchive themes add "Slow work" --description "taking time; trust that grows slowly"
    """
    place = home_of(home)
    _added(place, title, description, tuple(example or ()), identity)


def _accept(place: Home, found: tuple[Proposal, ...], number: int, title: str, identity: str | None) -> None:
    chosen = next((one for one in found if one.number == number), None)
    if chosen is None:
        raise NotFound(f"no proposal {number}; there are {len(found)}: convarchive themes discover")
    _added(place, title, f"{title}: {', '.join(chosen.words)}.", chosen.quotes[:EXAMPLES], identity)
    note(f"its description is made of the proposal's words; write it anew in {place.themes}")


def _added(place: Home, title: str, description: str, examples: Sequence[str], identity: str | None) -> None:
    encoder = wiring.encoder()
    with Catalogue.for_writing(place) as catalogue:
        the_id, members = add_theme(place, catalogue, encoder, title, description, examples, identity)
    told = f" ({counted(len(set(examples)), 'example')})" if examples else ""
    say(f"{the_id} is a theme now; {belonging(members)} to it{told}")


def _found(read: Reader, place: Home, seed: int, every: bool) -> tuple[Proposal, ...]:
    fingerprint = wiring.encoder_of(place)
    if fingerprint is None:
        raise IndexMissing("there is no index to find themes in; make it with: convarchive index build")
    views = read.quotes()
    numbered = {p.version: p.number for p in read.passages(Query(""))}
    held = read.index.vectors_by_number(list(numbered.values()), fingerprint)
    known = [(v, held[numbered[v.version]]) for v in views if v.version in numbered and numbered[v.version] in held]
    quotes = [Voiced(v.id, v.text, (v.speaker.id or v.speaker.name) if v.speaker else None) for v, _ in known]
    vectors = np.stack([np.frombuffer(blob, "<f4") for _, blob in known]) if known else np.empty((0, 1), np.float32)
    members = {
        ThemeId(theme.id): frozenset(passage.quote for passage, _ in read.members(ThemeId(theme.id)))
        for theme in read.themes()
    }
    return discover(quotes, vectors, members, seed=seed, covered=every)
