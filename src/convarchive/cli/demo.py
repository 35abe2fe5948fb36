"""The command that shows everything once: the collection's printed quotes, and a made-up show the whole way."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from convarchive import wiring
from convarchive.cli import laying_out
from convarchive.cli.options import HomeOption
from convarchive.cli.output import counted, note, say, watching, wrapped
from convarchive.cli.searching import show_quote
from convarchive.domain.desk import FeedEntry
from convarchive.domain.passage import Query
from convarchive.editorial.desks import load_desks
from convarchive.errors import BadInput, NotAHome
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.ingest.desk_changes import add_feed
from convarchive.ingest.desks import read_feeds
from convarchive.ingest.gathering import gather
from convarchive.ingest.run import run
from convarchive.settings import environment, load
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding
from convarchive.tomlfile import write_whole

COLLECTION_QUERIES = (
    "letting go of control",
    "kindness and listening in leaders",
    "communities that do things themselves",
)
SAMPLE_QUERIES = ("giving power away", "learning from mistakes", "money that stays in the town")
FEED = "/feed.xml"
PORT = 8000
OPTION = "another with --port"
SETTINGS = """\
# A throw-away archive for the made-up sample show. Delete the folder whenever you like.
title = "Sample show (fiction)"
language = "en"
# Its feed is served from this machine, which an archive refuses unless told otherwise.
allow_private_addresses = true
"""


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("demo")(demo)


def demo(
    port: Annotated[
        int | None,
        typer.Option(
            help=f"Port of the first server; the second takes the next one. Left out: {PORT}, or free ones where "
            "that is taken.",
            min=0,
            max=65534,
            show_default=False,
        ),
    ] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Leave after the searches; for scripts.")] = False,
    home: HomeOption = None,
) -> None:
    """
    Walk a made-up show the whole way, from feed to search, beside the collection's printed quotes.

    Example: convarchive demo --no-serve
    """
    environment()  # What is wrong there is told before the work, not after it.
    collection = _collection(home)
    if not no_serve:
        port = _ports(port, 2 if collection else 1)
    if collection:
        say(f"1. The collection: quotes already in print, from the desks in {collection.root}")
        _index(collection)
        _search(collection, COLLECTION_QUERIES)
    sample = Home(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "convarchive" / "sample-show")
    say("2. The sample show: FICTION, synthetic voices, through every stage")
    say(wrapped(f"in a throw-away home: {sample.root}", "   "))
    _walk(sample)
    _search(sample, SAMPLE_QUERIES)
    if not no_serve:
        _serve([one for one in (collection, sample) if one], port or 0)


def _ports(wanted: int | None, count: int) -> int:
    """
    The first of as many ports as are served at; 0 for any that are free.

    Raises BadInput where one was wanted, and it or the next is taken.
    """
    first = PORT if wanted is None else wanted
    taken = [one for one in range(first, first + count) if first and not _free(one)]
    if taken and wanted is not None:
        raise BadInput(f"127.0.0.1 port {taken[0]} is taken; choose {OPTION}")
    if taken:
        note(f"port {taken[0]} is taken, so free ones are served at; choose others with --port")
    return 0 if taken else first


def _free(port: int) -> bool:
    try:
        with wiring.loopback({}, port):
            return True
    except OSError:
        return False


def _collection(given: Path | None) -> Home | None:
    try:
        return Home.find(given)
    except NotAHome:
        if given:
            raise
        note("no collection in this folder: only the sample show is shown")
        return None


def _index(home: Home) -> None:
    begun = time.monotonic()
    encoder = wiring.encoder()
    with Catalogue.for_writing(home) as catalogue:
        load_desks(home, catalogue)
        done = build(home, catalogue, encoder, wiring.empty_index)
    quotes, themes = counted(done.passages, "quote"), counted(done.themes, "theme")
    say(f"   {quotes} in the index, scored for {themes}, {time.monotonic() - begun:.1f} s")


def _search(home: Home, queries: Sequence[str]) -> None:
    find = wiring.searcher(home)
    with Catalogue.for_reading(home) as catalogue, catalogue.reading("researcher") as read:
        for text in queries:
            begun = time.monotonic()
            answer = find(read, Query(text, limit=1))
            took = (time.monotonic() - begun) * 1000
            say(f"   search “{text}”: {counted(answer.total, 'hit')}, {took:.0f} ms")
            if answer.hits:
                show_quote(read.quotes([answer.hits[0].passage.quote])[0])
    say()


def _walk(sample: Home) -> None:
    # Two demos share this home, and one lays it out anew: the lock comes before anything there is read.
    with holding(sample, "convarchive demo"):
        known = _port_of(sample)
        with _publisher(known) as port:
            if port != known:
                # Its feed's address is what a show is known by; another address means a fresh start.
                _lay_out(sample, port)
            _ingest(sample)
        _index(sample)


def _port_of(sample: Home) -> int | None:
    """The port from which an earlier demo served its feed; None where there was none, or it stopped half-way."""
    if not sample.settings.is_file():
        return None
    addresses = [entry.url for entry in read_feeds(sample) if entry.url]
    return urlsplit(addresses[0]).port if addresses else None


@contextmanager
def _publisher(port: int | None) -> Iterator[int]:
    """The sample show's feed and sound on loopback, at its earlier port where that is free."""
    show = files("convarchive.cli") / "sample_show"
    served: dict[str, tuple[str, bytes]] = {
        f"/{one.name}": ("audio/mpeg", one.read_bytes()) for one in show.iterdir() if one.name.endswith(".mp3")
    }
    try:
        server = wiring.loopback(served, port or 0)
        taken = server.__enter__()
    except OSError:
        server = wiring.loopback(served)
        taken = server.__enter__()
    try:
        feed = (show / "feed.xml").read_text(encoding="utf-8")
        served[FEED] = ("application/rss+xml", feed.replace("{base}", f"http://127.0.0.1:{taken}").encode())
        yield taken
    finally:
        server.__exit__(None, None, None)


def _lay_out(sample: Home, port: int) -> None:
    if sample.settings.is_file() and sample.settings.read_text(encoding="utf-8") == SETTINGS:
        _empty(sample)
    laying_out.init(sample.root)
    themes = files("convarchive.cli") / "sample_show" / "themes.toml"
    write_whole(sample.themes, themes.read_text(encoding="utf-8"))
    write_whole(sample.settings, SETTINGS)
    add_feed(sample, FeedEntry(url=f"http://127.0.0.1:{port}{FEED}", fiction=True))


def _empty(sample: Home) -> None:
    """Remove what the sample's home holds, save the lock, which this process has."""
    for folder, _, names in os.walk(sample.root, topdown=False):
        for name in names:
            if (one := Path(folder) / name) != sample.lock:
                one.unlink()
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()


def _ingest(sample: Home) -> None:
    begun = time.monotonic()
    settings = load(sample)
    tools = wiring.tools(settings)
    with Catalogue.for_writing(sample) as catalogue, watching(quiet=False) as tell:
        load_desks(sample, catalogue)
        for one in gather(sample, catalogue, tools.fetcher):
            if one.trouble:
                raise BadInput(one.trouble)
        summary = run(catalogue, wiring.stages(sample, settings, tools), tell=tell)
        for _, _, trouble in summary.failed:
            raise BadInput(trouble)
        with catalogue.reading("researcher") as read:
            episodes = read.episodes()
            voices = [voice for one in episodes for voice in read.voices(one.id)]
    sound = sum(one.duration_ms or 0 for one in episodes) / 1000
    took = time.monotonic() - begun
    quotes = counted(sum(one.quotes for one in episodes), "quote")
    say(f"   {counted(len(episodes), 'episode')}, {sound:.0f} s of sound, {quotes}; this run took {took:.1f} s")
    for voice in voices:
        say(f"   voice {voice.label}, {voice.speech_ms / 1000:.0f} s: {voice.name or 'not named'} ({voice.status})")


def _serve(homes: Sequence[Home], port: int) -> None:
    opened = []
    for place, home in enumerate(homes):
        settings = load(home)
        doors = wiring.doors(home, settings, "127.0.0.1", port + place if port else 0, options=OPTION)
        opened.append(doors)
        say(settings.title)
        say(f"  public:     {doors.bound.address}/")
        say(f"  researcher: {doors.invitation}")
    note("nothing of the sample show is cleared, so its public page is empty; its researcher's link shows it")
    note("each researcher's link works once; Ctrl-C stops both servers")
    wiring.serve(opened, log_level=environment().log)
