"""The command that searches."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Annotated, TypeVar, get_args

import typer

from convarchive import wiring
from convarchive.cli.options import (
    AudienceOption,
    HomeOption,
    JsonOption,
    LimitOption,
    audience_of,
    day_of,
    home_of,
    limit_of,
    one_of,
)
from convarchive.cli.output import as_json, aside, counted, note, say, wrapped
from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Facets, Hit, Query, SourceKind
from convarchive.domain.quote import Clearance
from convarchive.domain.speaker import Role, SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.editorial.desks import fault_of_themes
from convarchive.home import Home
from convarchive.index.saved import demand_free
from convarchive.index.saved import save as keep
from convarchive.publish.record import answer, record
from convarchive.publish.text import as_text
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView
from convarchive.web.whys import marks_words, why

T = TypeVar("T")
FACETS_SHOWN = 10
"""Values of each kind that are printed for people; --json has more."""


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("search")(search)


def search(
    query: Annotated[str, typer.Argument(help="What to look for: a theme in plain words, a name, a phrase.")],
    theme: Annotated[str | None, typer.Option(help="Only quotes of this theme.", metavar="ID")] = None,
    speaker: Annotated[str | None, typer.Option(help="Only this person's quotes.", metavar="ID")] = None,
    episode: Annotated[str | None, typer.Option(help="Only this episode's quotes.", metavar="ID")] = None,
    since: Annotated[str | None, typer.Option(help="Only episodes from this day on.", metavar="DATE")] = None,
    until: Annotated[str | None, typer.Option(help="Only episodes up to this day.", metavar="DATE")] = None,
    role: Annotated[str | None, typer.Option(help="Only hosts', guests' or others' quotes.", metavar="ROLE")] = None,
    source: Annotated[str | None, typer.Option(help="Only quotes with an audio or a document source.")] = None,
    clearance: Annotated[str | None, typer.Option(help="Only quotes that stand so, such as cleared.")] = None,
    facets: Annotated[bool, typer.Option("--facets", help="Say too what the filters leave to choose from.")] = False,
    limit: LimitOption = 10,
    audience: AudienceOption = "researcher",
    json: JsonOption = False,
    save: Annotated[
        str | None, typer.Option("--save", help="Also save this search under a name.", metavar="NAME")
    ] = None,
    home: HomeOption = None,
) -> None:
    """
    Search quotes by what they mean.

    Example: convarchive search "giving power away" --since 2030-01-01 --role guest --facets
    """
    place = home_of(home)
    asked = Query(
        query,
        theme=ThemeId(theme) if theme else None,
        speaker=SpeakerId(speaker) if speaker else None,
        episode=EpisodeId(episode) if episode else None,
        since=day_of("--since", since),
        until=day_of("--until", until),
        limit=limit_of(limit),
        role=_one_of("--role", role, _ROLES),
        source=_one_of("--source", source, _KINDS),
        clearance=_one_of("--clearance", clearance, _STATES),
    )
    name = None if save is None else demand_free(place, save)
    answer_to(place, asked, audience, json, facets)
    if name is not None:
        keep(place, name, asked)
        note(f"saved; run it again with: convarchive searches run {shlex.quote(name)}")


def answer_to(place: Home, asked: Query, audience: str, json: bool, facets: bool = False) -> None:
    """Print what an archive answers. Raises NotFound for a filter that names nothing, BadInput for days in no order."""
    asked.demand_days_in_order()
    viewer = audience_of(audience)
    find = wiring.searcher(place)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading(viewer) as read:
        tell_of_themes(place, read)
        _known(read, asked)
        found = find(read, asked)
        quotes = {quote.id: quote for quote in read.quotes([hit.passage.quote for hit in found.hits])}
        told = read.facets(asked) if facets else None
        undated = read.undated(asked)
    if undated:
        left = counted(undated, "quote")
        note(f"left out for having no date, as print has none: {left}; search without dates for them")
    hits = [(hit, quotes[hit.passage.quote]) for hit in found.hits]
    if json:
        public_url = load(place).public_url
        as_json(
            answer(
                asked.text,
                viewer,
                hits,
                generation=found.generation,
                pending=found.pending,
                read_as=found.read_as,
                next_page=None,
                public_url=public_url,
                facets=told,
            )
        )
        return
    if found.pending:
        behind = counted(found.pending, "passage")
        note(f"the index is behind by {behind}; bring it up to date with: convarchive index build")
    if found.read_as:
        note(f"read as: {found.read_as}")
    if not found.hits:
        say("nothing in the archive speaks to this")
    for hit, quote in hits:
        say(f"{hit.relevance:.2f}" + (f", said also in {', '.join(hit.also)}" if hit.also else ""))
        aside(_why(hit))
        show_quote(quote)
        say()
    if told is not None:
        _show_facets(told)


def _why(hit: Hit) -> str:
    """What spoke for a hit, as the pages say it, without a part that is marked there only."""
    return why(hit if marks_words(hit) else replace(hit, highlights=()))


_ROLES: dict[str, Role] = {one: one for one in get_args(Role)}
_KINDS: dict[str, SourceKind] = {one: one for one in get_args(SourceKind)}
_STATES: dict[str, Clearance] = {one: one for one in get_args(Clearance)}


def _one_of(option: str, word: str | None, known: Mapping[str, T]) -> T | None:
    return None if word is None else known[one_of(option, word, tuple(known))]


def _show_facets(facets: Facets) -> None:
    passing = f"{counted(facets.quotes, 'quote')} {'passes' if facets.quotes == 1 else 'pass'} the filters"
    say(f"{passing}, whether or not {'it answers' if facets.quotes == 1 else 'they answer'}")
    for kind in fields(Facets)[1:]:
        for one in getattr(facets, kind.name)[:FACETS_SHOWN]:
            name = one.label if one.label == one.value else f"{one.label} ({one.value})"
            say(f"  {kind.name:<11}  {one.count:>7}  {name}")


def _known(read: Reader, asked: Query) -> None:
    """Raise NotFound where a filter names nothing that this audience may know of."""
    # Whoever is quoted is known, and that is found out at once.
    if asked.theme is not None and not read.finds(Query("", theme=asked.theme)):
        read.theme(asked.theme)
    if asked.speaker is not None and not read.finds(Query("", speaker=asked.speaker)):
        read.speaker(asked.speaker)
    if asked.episode is not None and not read.finds(Query("", episode=asked.episode)):
        read.episode(asked.episode)


def tell_of_themes(place: Home, read: Reader) -> None:
    """Say on stderr what is wrong in `themes.toml`, where what the catalogue took in before is answered from."""
    fault = fault_of_themes(place, read)
    if fault:
        note(f"convarchive: {fault}; until then themes are as they were last read")


def show_quote(quote: QuoteView) -> None:
    """A quote with its name, place and status, as it may be passed on."""
    for line in as_text(record(quote, public_url=None)).splitlines():
        say(wrapped(line))
    say(f"  {quote.id}")
