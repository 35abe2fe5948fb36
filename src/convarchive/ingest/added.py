"""Makes an episode of an audio file that somebody hands in."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from convarchive.domain.episode import Enclosure, Episode, Item, Person
from convarchive.errors import AudioUnreadable, BadInput
from convarchive.ingest.feed_values import one_line
from convarchive.ingest.folder_feed import date_of, titled
from convarchive.ingest.media import SNIFFED, SUFFIXES, is_page, suffix


def audio_item(
    path: Path,
    title: str | None = None,
    published: str | None = None,
    persons: tuple[Person, ...] = (),
    *,
    language: str | None = None,
    fiction: bool = False,
) -> Item:
    """
    An episode of the file at `path`; its guid is the sha256 of its bytes, so adding it twice adds it once.

    Title and date are taken from the file's name where none is given; the enclosure is the
    file itself, as a `file:` address. Raises AudioUnreadable where the file cannot be sound,
    BadInput for a date that is none.
    """
    try:
        # A pipe or device would keep us waiting for ever.
        if path.exists() and not path.is_file():
            raise AudioUnreadable(f"{path} is no file; give an audio file")
        with path.open("rb") as file:
            head = file.read(SNIFFED)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise AudioUnreadable(f"{path} cannot be read ({reason}); give an audio file") from fault
    if not head:
        raise AudioUnreadable(f"{path} is empty; give an audio file")
    if is_page(head, "text/plain"):
        raise AudioUnreadable(f"{path} holds text, not sound; give an audio file")
    kind = SUFFIXES.get(suffix(head, None, path.name))
    return Item(
        guid=digest,
        title=one_line(title) or titled(path.stem) or path.name,
        enclosure=Enclosure(path.absolute().as_uri(), kind, size),
        published=_date(published) if published else date_of(path.stem),
        persons=persons,
        language=language,
        fiction=fiction,
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What of an episode somebody said themselves, rather than its file's name."""

    title: bool = False
    published: bool = False
    persons: bool = False
    fiction: bool = False


def again(item: Item, known: Episode, given: Given) -> Item:
    """A file that is handed in again: what is known of its episode stays, save what is said anew."""
    return replace(
        item,
        title=item.title if given.title else known.title,
        published=item.published if given.published else known.published,
        persons=item.persons if given.persons else known.persons,
        fiction=given.fiction or known.fiction,
    )


def transcript_item(
    path: Path,
    body: bytes,
    title: str | None = None,
    published: str | None = None,
    persons: tuple[Person, ...] = (),
    *,
    fiction: bool = False,
) -> Item:
    """
    An episode of a transcript that came without its sound; its guid is the sha256 of the `body`.

    Raises BadInput for a date that is none.
    """
    return Item(
        guid=hashlib.sha256(body).hexdigest(),
        title=one_line(title) or titled(path.stem) or path.name,
        enclosure=None,
        published=_date(published) if published else date_of(path.stem),
        persons=persons,
        fiction=fiction,
    )


def person(text: str) -> Person:
    """
    A person as the command line takes one: `NAME` or `NAME:role`, a guest unless said otherwise.

    Raises BadInput where there is no name.

    >>> person("Ada Example:host"), person("Ben Sample").role
    (Person(name='Ada Example', role='host', href=None), 'guest')
    """
    name, _, role = text.rpartition(":") if ":" in text else (text, "", "")
    clean = one_line(name, 128)
    if not clean:
        raise BadInput(f"--person {text[:80]!r} has no name; write it as 'Ada Example:guest'")
    return Person(clean, one_line(role, 64).lower() or "guest")


def _date(text: str) -> str:
    said = text.strip()
    try:
        if len(said) == 10:
            return dt.date.fromisoformat(said).isoformat()
        moment = dt.datetime.fromisoformat(said)
    except ValueError as fault:
        raise BadInput(f"--published {text[:60]!r} is no date; write it as 2031-01-31") from fault
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.replace(microsecond=0).isoformat()
