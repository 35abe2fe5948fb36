"""Reads a folder of recordings as if it were a feed: every audio file an episode, texts beside it its transcripts."""

from __future__ import annotations

import datetime as dt
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from convarchive.domain.desk import FeedEntry
from convarchive.domain.episode import Enclosure, Feed, FeedId, Item, TranscriptLink
from convarchive.domain.run import digest
from convarchive.errors import FeedUnreadable, SourceUnavailable
from convarchive.ingest.media import SUFFIXES, TRANSCRIPTS
from convarchive.ingest.podcast_namespace import MOST_ITEMS

_DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ _.-]+|$)")


def items_in(folder: Path, entry: FeedEntry) -> tuple[tuple[Item, ...], str]:
    """
    The audio files of a folder and its subfolders as items, by path, and a tag that changes when they do.

    An item's guid is its path within the folder, so a file may be replaced and stays the same
    episode. Hidden files and folders are left out. Raises SourceUnavailable where the folder
    cannot be read, FeedUnreadable where it holds no audio.
    """
    if not folder.is_dir():
        raise SourceUnavailable(f"{folder} is no folder; check `folder` in feeds.toml")
    files = sorted(_files(folder))
    transcripts: dict[Path, list[Path]] = {}
    for path in files:
        if path.suffix.lower() in TRANSCRIPTS:
            transcripts.setdefault(path.with_suffix(""), []).append(path)
    audio = [path for path in files if path.suffix.lower() in SUFFIXES and path.is_file()][:MOST_ITEMS]
    if not audio:
        raise FeedUnreadable(
            f"{folder} holds no audio files ({', '.join(sorted(SUFFIXES))}); put some in, or name another folder"
        )
    try:
        items = tuple(_item(path, folder, entry, transcripts.get(path.with_suffix(""), [])) for path in audio)
    except OSError as fault:
        raise SourceUnavailable(
            f"{folder} cannot be read ({fault.strerror or fault}); check its permissions"
        ) from fault
    return items, digest(entry, items)[:32]


def feed_of(folder: Path, entry: FeedEntry, identity: FeedId, url: str) -> Feed:
    """The show that a folder is, by its own name unless the entry gives one."""
    title = entry.title or titled(folder.name) or "Recordings"
    return Feed(identity, url, title, language=entry.language, persons=entry.persons, fiction=entry.fiction)


def titled(stem: str) -> str:
    """
    A title made of a file's name: without the date it begins with, underscores read as spaces.

    >>> titled("2031-01-06_Bread_and_roses"), titled("bread-and-roses")
    ('Bread and roses', 'bread and roses')
    """
    found = _DATED.match(stem)
    rest = stem[found.end() :] if found and date_of(stem) else stem
    words = rest if " " in rest else re.sub("[_-]+", " ", rest)
    return " ".join("".join(ch if ch.isprintable() else " " for ch in words).split())[:500]


def date_of(stem: str) -> str | None:
    """
    The ISO date that a file's name begins with, if any.

    >>> date_of("2031-01-06 Bread"), date_of("2031-13-45 Bread")
    ('2031-01-06', None)
    """
    found = _DATED.match(stem)
    if found is None:
        return None
    try:
        return dt.date.fromisoformat(found[1]).isoformat()
    except ValueError:
        return None


def _files(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(at) / name for name in names if not name.startswith("."))


def _item(path: Path, folder: Path, entry: FeedEntry, transcripts: list[Path]) -> Item:
    facts = path.stat()
    # The time of writing tells versions apart that have the same name and size.
    version = f"#{facts.st_mtime_ns // 1_000_000}"
    order = list(TRANSCRIPTS)
    return Item(
        guid=_text(path.relative_to(folder).as_posix()),
        title=titled(_text(path.stem)) or date_of(path.stem) or _text(path.name),
        enclosure=Enclosure(path.absolute().as_uri() + version, SUFFIXES[path.suffix.lower()], facts.st_size),
        published=date_of(path.stem),
        persons=entry.persons,
        transcripts=tuple(
            TranscriptLink(
                f"{one.absolute().as_uri()}#{one.stat().st_mtime_ns // 1_000_000}",
                TRANSCRIPTS[one.suffix.lower()],
                entry.language,
            )
            for one in sorted(transcripts, key=lambda one: order.index(one.suffix.lower()))
        ),
        language=entry.language,
        fiction=entry.fiction,
    )


def _text(name: str) -> str:
    """A file's name as text that any file of ours can hold, whatever bytes the disk has."""
    whole = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    # One system writes é as one character, another as two; the episode is the same.
    return unicodedata.normalize("NFC", whole)
