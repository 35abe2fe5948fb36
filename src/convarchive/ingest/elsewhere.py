"""Asks publishers whether they still serve the very bytes of recordings that are not held here any more."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from convarchive.domain.episode import Recording, Sha256
from convarchive.errors import AddressRefused, SourceUnavailable
from convarchive.home import Home
from convarchive.ingest.ports import Fetcher
from convarchive.store import holdings
from convarchive.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of asking for one recording: `url` serves it, or nobody does, for a reason in words."""

    recording: Sha256
    url: str | None
    why: str = ""


def look_elsewhere(home: Home, catalogue: Catalogue, fetcher: Fetcher) -> Iterator[Looked]:
    """
    Fetch each missing recording whole, compare its digest, write down the outcome and keep nothing.

    As costly as fetching them: for the owner to order, never for a server that answers.
    """
    with catalogue.reading("editor") as read:
        missing = holdings.missing(home, read.recordings())
        wanted = [(one, read.enclosures(one.sha256)) for one in missing]
    for recording, urls in wanted:
        looked = _looked(home, fetcher, recording, urls)
        with catalogue.writing() as write:
            write.note_enclosure(recording.sha256, looked.url)
        yield looked


def _looked(home: Home, fetcher: Fetcher, recording: Recording, urls: tuple[str, ...]) -> Looked:
    why = "it came from no address on the web"
    home.incoming.mkdir(parents=True, exist_ok=True)
    for url in urls:
        with tempfile.TemporaryDirectory(dir=home.incoming) as folder:
            try:
                brought = fetcher.download(url, Path(folder), length=recording.bytes)
            except (SourceUnavailable, AddressRefused) as error:
                why = str(error)
                continue
        if brought.sha256 == recording.sha256:
            return Looked(recording.sha256, url)
        why = f"{url} serves other bytes now"
    return Looked(recording.sha256, None, why)
