"""Stage: an enclosure's address to a recording that is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from convarchive.domain.episode import Enclosure, Episode, Recording, TranscriptLink
from convarchive.domain.run import Stage, digest
from convarchive.domain.transcript import Transcript
from convarchive.errors import AudioUnreadable, BadInput, SourceUnavailable
from convarchive.home import Home
from convarchive.ingest import media
from convarchive.ingest.ports import Download, Fetcher, Report
from convarchive.ingest.promises import shortfall
from convarchive.ingest.stages.stage import Plan
from convarchive.ingest.transcripts import read_transcript
from convarchive.store.holdings import keep
from convarchive.store.writer import Writer

EXCESS = 1.25


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a feed points at, and how long it says it lasts (ms)."""

    enclosure: Enclosure
    promised: int | None
    links: tuple[TranscriptLink, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """A recording held under its digest, and the publisher's own transcript where one could be had."""

    recording: Recording
    transcript: Transcript | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Brings the sound in, and looks at it before anything else does."""

    home: Home
    fetcher: Fetcher
    measure: Callable[[Path], int]
    name: ClassVar[Stage] = "fetch"

    def plan(self, write: Writer, episode: Episode) -> Plan[Wanted] | None:
        if episode.enclosure is None:
            return None
        links = tuple(sorted(episode.transcripts, key=_preference))
        inputs = Wanted(episode.enclosure, episode.duration, links)
        covered = digest(episode.enclosure.url, episode.enclosure.length, [link.url for link in links])
        return Plan(covered, "fetch 1", inputs)

    def work(self, inputs: Wanted, report: Report) -> Brought:
        url = inputs.enclosure.url
        download = self.fetcher.download(url, self.home.incoming, length=inputs.enclosure.length, report=report)
        notes = [download.note] if download.note else []
        try:
            length = self.measure(download.path)
            notes += _as_promised(inputs, length, download.bytes)
        except (AudioUnreadable, SourceUnavailable):
            # What cannot be used must not be resumed from, nor lie about.
            download.path.unlink(missing_ok=True)
            raise
        suffix = _suffix(download).removeprefix(".")
        keep(self.home, download.path, download.sha256, suffix)
        media_type = media.SUFFIXES.get(f".{suffix}") or download.media_type or "application/octet-stream"
        recording = Recording(download.sha256, download.bytes, length, media_type, suffix, url)
        transcript, told = self._transcript(inputs.links)
        return Brought(recording, transcript, (*notes, *told))

    def _transcript(self, links: tuple[TranscriptLink, ...]) -> tuple[Transcript | None, tuple[str, ...]]:
        """The first of the publisher's transcripts that can be had and read; what was wrong with those before it."""
        told: list[str] = []
        for link in links:
            try:
                answer = self.fetcher.read(link.url)
                body = answer.body or b""
                found = read_transcript(body, name=link.url, media_type=link.media_type, origin="publisher")
                return found, tuple(told)
            except BadInput as error:
                told.append(f"publisher's transcript: {error}")
        return None, tuple(told)

    def keep(self, write: Writer, episode: Episode, inputs: Wanted, made: Brought) -> str:
        write.episodes.put_recording(episode.id, made.recording, inputs.enclosure.url)
        if made.transcript:
            write.speech.put_transcript(episode.id, made.recording.sha256, made.transcript)
        write.episodes.ask(episode.id, "fetch", [("recording", note) for note in made.notes])
        return "; ".join(made.notes)


def _as_promised(inputs: Wanted, length: int, size: int) -> list[str]:
    """Raises SourceUnavailable for a recording that was cut off; notes one that is longer than promised."""
    promised, enclosure = inputs.promised, inputs.enclosure
    short = shortfall(
        seconds=length / 1000,
        promised_seconds=promised / 1000 if promised else None,
        size=size,
        promised_size=enclosure.length,
    )
    if short:
        raise SourceUnavailable(f"{enclosure.url} was cut off: {short}; run again later, or ask its publisher")
    if promised and length > promised * EXCESS and length - promised > 30_000:
        return [f"lasts {length / 1000:.0f} s where the feed promises {promised / 1000:.0f} s: adverts put in?"]
    return []


def _preference(link: TranscriptLink) -> int:
    """WebVTT says who speaks and is recommended; JSON and SRT come next, plain text after them."""
    order = ("text/vtt", "application/json", "application/x-subrip", "application/srt", "text/plain")
    kind = link.media_type.split(";")[0].strip().lower()
    return order.index(kind) if kind in order else len(order)


def _suffix(download: Download) -> str:
    with download.path.open("rb") as file:
        return media.suffix(file.read(media.SNIFFED), download.media_type, download.url)
