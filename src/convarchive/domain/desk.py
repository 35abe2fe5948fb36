"""What owners write on their desks, beside people, documents and themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convarchive.domain.episode import EpisodeId, Person, Sha256
from convarchive.domain.quote import DocumentId
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """
    Where a show's recordings come from: exactly one of a feed's address (`url`), an Apple
    Podcasts id (`apple_id`) or a `folder`, relative to the home or absolute.

    `title`, `language` and `persons` stand in for what the feed itself does not say.
    """

    url: str | None = None
    apple_id: int | None = None
    folder: str | None = None
    title: str | None = None
    language: str | None = None
    persons: tuple[Person, ...] = ()
    fiction: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """
    What may not come back, without its words: a recording (whole, or some `spans` of it), a
    document's quote by its `key`, everything a `person` said, or a whole `episode`.

    Beside a recording, `episode` says whose newest one it was. While that episode's sound is
    another one, nobody knows where in it the words stand, and all of it is closed. `since`
    is the ISO date of the decision; a withholding may end at `until`. What is `erased` in a
    recording is not even kept when it is heard again.
    """

    state: Literal["withheld", "withdrawn"]
    recording: Sha256 | None = None
    spans: tuple[Span, ...] = ()
    episode: EpisodeId | None = None
    document: DocumentId | None = None
    key: str | None = None
    person: SpeakerId | None = None
    since: str | None = None
    until: str | None = None
    erased: bool = False
