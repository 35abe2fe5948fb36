"""What ingest asks of machines it does not own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from convarchive.domain.episode import Sha256
from convarchive.domain.speech import Turn
from convarchive.domain.transcript import Transcript

Report = Callable[[int, int], None]
"""Told how far a piece of work is: (done, total) in milliseconds of sound, or in bytes (total 0 if unknown)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a conditional request for a small text (feed, transcript) brought.

    `body` is None when nothing changed since `etag`/`last_modified`; `url` is where
    the answer finally came from; `permanent` says that only permanent redirects led there.
    """

    body: bytes | None
    url: str
    media_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """
    A file fetched whole: where it lies, its digest, its size, what it says it is.

    `note` says in words where the source kept its own word but not the feed's.
    """

    path: Path
    sha256: Sha256
    bytes: int
    media_type: str | None
    url: str
    note: str | None = None


class Fetcher(Protocol):
    """Brings bytes from outside: over HTTP, or from a local folder."""

    def read(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """
        Return a feed's or transcript's bytes, or say that they did not change.

        Raises SourceUnavailable, AddressRefused.
        """

    def download(self, url: str, into: Path, *, length: int | None = None, report: Report | None = None) -> Download:
        """
        Fetch a recording into the folder `into`, resuming what an earlier try left there.

        `length` is the number of bytes the feed promises. The file is named by its digest and
        stands there whole or not at all. Raises SourceUnavailable, AddressRefused, HomeNotWritable.
        """


class Transcriber(Protocol):
    """Turns sound into words."""

    @property
    def fingerprint(self) -> str:
        """Names the tool, its version, its settings and its weights; a new one makes transcripts stale."""

    def transcribe(
        self,
        audio: Path,
        *,
        hints: tuple[str, ...] = (),
        language: str | None = None,
        report: Report | None = None,
    ) -> Transcript:
        """Return every word spoken in `audio`, helped by names (`hints`) it is likely to mishear."""


class Diarizer(Protocol):
    """Tells voices apart."""

    @property
    def fingerprint(self) -> str:
        """Names the tool, its version, its settings and its weights."""

    def diarize(self, audio: Path, *, most_voices: int | None = None, report: Report | None = None) -> tuple[Turn, ...]:
        """
        Return who held the floor when, sorted, with labels `S1`, `S2`, … by first appearance.

        `most_voices` is a hint from the feed: there may be fewer voices, and more where
        the sound clearly says so.
        """


class Grader(Protocol):
    """Says of a few sentences whether they can be understood alone."""

    @property
    def fingerprint(self) -> str:
        """Names the tool and its weights; a new one has every episode cut again."""

    def grade(self, texts: Sequence[str]) -> Sequence[float]:
        """Return, for each text, how likely somebody who sees nothing else understands it: 0 to 1."""
