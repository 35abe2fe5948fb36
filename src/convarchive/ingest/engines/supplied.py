"""Hears nothing: gives the words that somebody else wrote down, once it is plain that they fit the recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from convarchive.domain.transcript import Transcript
from convarchive.errors import TranscriptUnreadable
from convarchive.ingest.engines.audio import probe
from convarchive.ingest.guards import in_order
from convarchive.ingest.ports import Report

BEYOND = 30_000
"""Milliseconds a transcript may run on after the recording's end: the last cue often stays on the screen."""


class SuppliedTranscriber:
    """A Transcriber over one supplied or publisher's transcript; its words and times stay as they are."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    @property
    def fingerprint(self) -> str:
        """Names the transcript's form and the digest of its bytes."""
        return self._transcript.fingerprint

    def transcribe(
        self,
        audio: Path,
        *,
        hints: tuple[str, ...] = (),
        language: str | None = None,
        report: Report | None = None,
    ) -> Transcript:
        """
        Return the transcript; what `hints` and `language` would say, its author knew better.

        Raises AudioUnreadable, and TranscriptUnreadable where the times run so far beyond
        the recording's end that they must be another recording's.
        """
        duration = probe(audio).duration_ms
        words = self._transcript.words
        if self._transcript.timed and words:
            last = max(word.span.end for word in words)
            if last > duration + BEYOND:
                raise TranscriptUnreadable(
                    f"the transcript runs to {last / 1000:.0f} s but {audio.name} ends after {duration / 1000:.0f} s; "
                    "it belongs to another recording"
                )
            words = in_order(words, duration)
        if report is not None:
            report(duration, duration)
        return replace(self._transcript, words=words)
