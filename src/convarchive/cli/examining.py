"""Looks at every part of an archive and says what is wrong and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Literal

from convarchive import wiring
from convarchive.cli.output import counted
from convarchive.cli.sampling import told
from convarchive.domain.checking import measured
from convarchive.domain.episode import Recording, Sha256
from convarchive.domain.quote import Review
from convarchive.domain.speaker import SpeakerId
from convarchive.errors import ArchiveError, CatalogueCorrupt
from convarchive.home import Home
from convarchive.index.checking import status
from convarchive.index.desks import read_judgements, read_themes
from convarchive.ingest.desks import (
    quote_references,
    read_feeds,
    read_lexicon,
    read_published,
    read_speakers,
)
from convarchive.ingest.withdrawals import read_withdrawals
from convarchive.models import shelf
from convarchive.settings import load
from convarchive.store import holdings
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holder
from convarchive.store.releases import release_file

LEAST_FREE = 2 << 30
"""Bytes of disk below which a long ingest is likely to stop."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` says what to do where something is to be done."""

    part: str
    state: Literal["ok", "note", "bad"]
    found: str
    remedy: str = ""


def examine(home: Home) -> tuple[Finding, ...]:
    """All findings, in the order in which they build on one another; nothing is changed."""
    return tuple([*_desks(home), *_models(home), *_catalogue(home), *_disk(home)])


def _desks(home: Home) -> Iterator[Finding]:
    def read() -> str:
        speakers = read_speakers(home)
        themes = read_themes(home)
        documents = read_published(home, speakers, [theme.id for theme in themes])
        known = quote_references(documents)
        read_themes(home, known)
        read_judgements(home, known)
        read_withdrawals(home)
        read_lexicon(home)
        printed = sum(len(document.quotes) for document in documents)
        return ", ".join(
            (
                counted(len(read_feeds(home)), "feed"),
                counted(len(speakers), "person", "people"),
                counted(printed, "printed quote"),
                counted(len(themes), "theme"),
            )
        )

    yield _tried("desks", read, "correct the line it names; docs/desks.md explains every key")
    try:
        settings = load(home)
    except ArchiveError as error:
        yield Finding("settings", "bad", str(error), "correct the line it names")
        return
    if settings.public_url is None:
        yield Finding(
            "settings", "note", "no public_url, so no permalink is printed", "set public_url in convarchive.toml"
        )
    else:
        yield Finding("settings", "ok", f"public at {settings.public_url}")
    if settings.contact is None:
        yield Finding(
            "settings", "note" if settings.public_url is None else "bad",
            "no contact: nobody can be asked to correct or withdraw a quote", "set contact in convarchive.toml",
        )  # fmt: skip


def _models(home: Home) -> Iterator[Finding]:
    names = (wiring.ENCODER, wiring.SEGMENTATION, wiring.VOICEPRINT)
    folder = shelf.default_folder()
    wanted: list[tuple[str, Callable[[], object]]] = [(name, partial(shelf.require, folder, name)) for name in names]
    wanted.append(("Whisper", lambda: shelf.require_whisper(folder, load(home).whisper_model)))
    for name, look in wanted:
        try:
            look()
        except ArchiveError as error:
            yield Finding("models", "bad", str(error), "convarchive models pull")
        else:
            yield Finding("models", "ok", f"{name} is there")
    missing = [name for name in ("faster_whisper", "av", "feedparser") if find_spec(name) is None]
    if missing:
        yield Finding(
            "engines", "note", f"{', '.join(missing)} not installed: this machine can search, not ingest",
            "pip install 'convarchive[ingest]'",
        )  # fmt: skip


def _catalogue(home: Home) -> Iterator[Finding]:
    if not home.catalogue.is_file():
        remedy = "convarchive add feed URL, or: convarchive add audio FILE"
        yield Finding("catalogue", "note", "nothing was taken in yet", remedy)
        return
    try:
        with Catalogue.for_reading(home) as catalogue:
            troubles = catalogue.check()
            if troubles:
                yield Finding("catalogue", "bad", f"damaged: {troubles[0]}", CatalogueCorrupt.way)
                return
            with catalogue.reading("editor") as read:
                episodes, recordings, questions = read.episodes(), read.recordings(), read.questions()
                reviews = read.reviews()
                prints = read.voiceprints_held()
                checks, confirmed = measured(read.checks()), read.to_check()
            quotes = counted(sum(one.quotes for one in episodes), "quote")
            yield Finding("catalogue", "ok", f"{counted(len(episodes), 'episode')}, {quotes} in them")
            failed = [one for one in episodes if one.failure]
            for one in failed[:5]:
                yield Finding("episodes", "note", f"{one.title}: {one.failure}", "convarchive ingest (tries again)")
            if questions:
                wait = "1 question waits" if len(questions) == 1 else f"{len(questions)} questions wait"
                yield Finding("review", "note", f"{wait} for a person", "convarchive review list")
            yield from _voiceprints(home, prints)
            if confirmed:
                remedy = "" if checks.names.total else "convarchive review sample -n 50 --by WHO"
                yield Finding("accuracy", "ok" if checks.names.total else "note", told(checks)[0], remedy)
            with catalogue.reading("editor") as read:
                served = {one.sha256: read.heard_at_publisher(one.sha256) for one in recordings}
            yield from _holdings(home, recordings, served)
            yield from _releases(home, reviews)
            standing = status(home, catalogue)
            if standing.state == "ready":
                yield Finding("index", "ok", counted(standing.passages, "passage"))
            else:
                yield Finding("index", "note", standing.detail or standing.state, "convarchive index build")
    except ArchiveError as error:
        yield Finding("catalogue", "bad", str(error), error.way or "see the message")


def _voiceprints(home: Home, held: Mapping[SpeakerId, int]) -> Iterator[Finding]:
    """How many are held and, where they are not to be, how they go."""
    on = load(home).voiceprints
    count = f"{sum(held.values())}, of {len(held)} people,"
    if held and not on:
        yield Finding(
            "voiceprints", "note", f"off, so none is used, but {count} are held",
            f"erase them with: convarchive speakers forget {next(iter(held))} --voiceprints",
        )  # fmt: skip
    elif on:
        yield Finding("voiceprints", "ok", f"on; {count} are held" if held else "on; nobody is enrolled")


def _holdings(home: Home, recordings: tuple[Recording, ...], served: Mapping[Sha256, str | None]) -> Iterator[Finding]:
    for one in holdings.missing(home, recordings)[:5]:
        at = served.get(one.sha256)
        if at:
            yield Finding("recordings", "note", f"{one.sha256[:16]} is not held; clips lead to {at}")
        else:
            yield Finding("recordings", "bad", f"{one.sha256[:16]} is not held", "convarchive ingest --again fetch")
    strays = holdings.stray(home, recordings)
    if strays:
        found = f"{counted(len(strays), 'file')} that no episode needs"
        yield Finding("recordings", "note", found, f"look at {home.audio}")


def _releases(home: Home, reviews: tuple[Review, ...]) -> Iterator[Finding]:
    forms = dict.fromkeys(one.release_sha256 for one in reviews if one.release_sha256)
    for form in [one for one in forms if release_file(home, one) is None][:5]:
        yield Finding("releases", "bad", f"form {form[:16]} is not held as it was", f"put it back into {home.releases}")


def _disk(home: Home) -> Iterator[Finding]:
    free = shutil.disk_usage(home.root).free
    text = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE:
        yield Finding("disk", "bad", text, "free some space before the next ingest")
    else:
        yield Finding("disk", "ok", text)
    busy = holder(home)
    if busy:
        yield Finding("lock", "note", f"held by {busy}")


def _tried(part: str, look: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(part, "ok", look())
    except ArchiveError as error:
        return Finding(part, "bad", str(error), remedy)
