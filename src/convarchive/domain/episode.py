"""What was published, and the sound we hold of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from convarchive.domain.speaker import Role

FeedId = NewType("FeedId", str)
EpisodeId = NewType("EpisodeId", str)
Sha256 = NewType("Sha256", str)
"""Lower-case hex digest of a file's bytes."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a publisher says takes part. `role` is the publisher's word, `host` by default."""

    name: str
    role: str = "host"
    href: str | None = None

    @property
    def plays(self) -> Role:
        """The role as one of ours: a publisher may write `co-host`, `Guest` or `narrator`."""
        word = self.role.casefold()
        if "host" in word and "guest" not in word:
            return "host"
        return "guest" if "guest" in word or "interviewee" in word else "other"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The sound a feed points at: address, declared media type, promised bytes."""

    url: str
    media_type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """A transcript that the publisher offers for an episode."""

    url: str
    media_type: str
    language: str | None = None
    rel: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A show: where its recordings come from."""

    id: FeedId
    url: str
    title: str
    language: str | None = None
    guid: str | None = None
    link: str | None = None
    persons: tuple[Person, ...] = ()
    fiction: bool = False
    rights: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """
    An episode as a feed lists it. `guid` identifies it within the feed.

    `published` is ISO 8601 (a date or a date-time with offset); `duration` is what the
    publisher promises, in milliseconds; `persons` and `rights` are the show's where the
    item names none. `rights` is the publisher's word: a licence's short name or address.
    """

    guid: str
    title: str
    enclosure: Enclosure | None
    published: str | None = None
    link: str | None = None
    notes: str = ""
    duration: int | None = None
    persons: tuple[Person, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    language: str | None = None
    rights: str | None = None
    fiction: bool = False


@dataclass(frozen=True, slots=True)
class Episode:
    """An item of a feed, or a file somebody added, as the archive keeps it."""

    id: EpisodeId
    feed: FeedId | None
    guid: str
    title: str
    published: str | None = None
    link: str | None = None
    notes: str = ""
    duration: int | None = None
    enclosure: Enclosure | None = None
    persons: tuple[Person, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    language: str | None = None
    rights: str | None = None
    fiction: bool = False
    show: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound we hold, known by the digest of its bytes; `duration` in milliseconds."""

    sha256: Sha256
    bytes: int
    duration: int
    media_type: str
    suffix: str
    origin: str


Progress = Literal["fetched", "transcribed", "diarized", "named", "quoted"]
