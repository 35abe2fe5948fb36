"""Understands what a person names as a show: an address, an Apple Podcasts link or id, or a folder."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from convarchive.domain.desk import FeedEntry
from convarchive.errors import AddressRefused, BadInput
from convarchive.ingest import apple
from convarchive.ingest.media import SUFFIXES

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_BARE_ADDRESS = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?::[0-9]+)?/.*")


def source(text: str) -> FeedEntry:
    """
    The entry for `feeds.toml` that a word on the command line means; a folder is made absolute.

    Nothing is fetched. Raises BadInput where it means nothing, AddressRefused for addresses
    that are not of the web.
    """
    said = text.strip()
    if not said:
        raise BadInput("nothing was named; give a feed's address, an Apple Podcasts link or id, or a folder")
    folder = _existing(said)
    if folder is not None and folder.is_dir():
        return FeedEntry(folder=str(folder.absolute()))
    if folder is not None:
        kind = "audio" if folder.suffix.lower() in SUFFIXES else None
        way = f"add it with: convarchive add audio {said}" if kind else "give the feed's address, or a folder of audio"
        raise BadInput(f"{said[:200]} is a file, not a show; {way}")
    apple_id = apple.id_in(said)
    if apple_id is not None:
        return FeedEntry(apple_id=apple_id)
    return FeedEntry(url=_web_address(said))


def _existing(said: str) -> Path | None:
    try:
        path = Path(said).expanduser()
        return path if path.exists() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _web_address(said: str) -> str:
    shown = "".join(ch for ch in said if ch.isprintable())[:200]
    scheme = _SCHEME.match(said)
    if scheme is None or _BARE_ADDRESS.fullmatch(said):
        if _BARE_ADDRESS.fullmatch(said):
            raise BadInput(f"{shown} is no whole address; if it is one of the web, write https://{shown}")
        raise BadInput(
            f"{shown!r} is no folder, no address and no Apple Podcasts id; give a feed's address "
            "(https://…), an Apple Podcasts link or id, or the path of a folder"
        )
    if scheme[1].lower() not in ("http", "https"):
        raise AddressRefused(
            f"{shown} is not fetched: only http:// and https:// addresses are; for a folder give its path alone"
        )
    try:
        parts = urlsplit(said)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or any(ch.isspace() or not ch.isprintable() for ch in said):
        raise BadInput(f"{shown} cannot be an address; check how it is spelt")
    return said
