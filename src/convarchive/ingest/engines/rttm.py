"""Tells no voices apart by itself: gives the turns that somebody else wrote down, once it is plain that they fit."""

from __future__ import annotations

from pathlib import Path

from convarchive.domain.run import digest
from convarchive.domain.span import Span
from convarchive.domain.speech import Turn
from convarchive.errors import BadInput
from convarchive.ingest import rttm
from convarchive.ingest.engines.audio import probe
from convarchive.ingest.ports import Report

BEYOND = 5_000
"""Milliseconds a table may run on after the recording's end: people round."""


class SuppliedDiarizer:
    """A Diarizer over one RTTM file."""

    def __init__(self, table: Path) -> None:
        """Raises BadInput where `table` cannot be read as RTTM."""
        self._path = table
        try:
            text = table.read_text(encoding="utf-8")
        except OSError as exc:
            raise BadInput(f"{table} cannot be read: {exc.strerror}") from exc
        except UnicodeDecodeError as exc:
            raise BadInput(f"{table} is no RTTM: it is not text in UTF-8") from exc
        self._recordings = rttm.voices(text, str(table))
        self._digest = digest(text)

    @property
    def fingerprint(self) -> str:
        """Names the table's form and the digest of what it says."""
        return f"supplied RTTM {self._digest[:12]}"

    def diarize(self, audio: Path, *, most_voices: int | None = None, report: Report | None = None) -> tuple[Turn, ...]:
        """
        Return the table's turns, sorted, with labels `S1`, `S2`, … by first appearance, cut at the recording's end.

        Where the table holds several recordings, the one named as the audio file is
        meant. The hint `most_voices` changes nothing. Raises AudioUnreadable, and
        BadInput where the table is about another recording.
        """
        duration = probe(audio).duration_ms
        voices = self._voices(audio.stem)
        last = max((span.end for own in voices.values() for span in own), default=0)
        if last > duration + BEYOND:
            raise BadInput(
                f"{self._path} has turns up to {last / 1000:.0f} s, but {audio.name} lasts {duration / 1000:.0f} s; "
                "is it about another recording?"
            )
        if report is not None:
            report(duration, duration)
        turns = rttm.turns(voices)
        return tuple(
            Turn(Span(t.span.start, min(t.span.end, duration)), t.label) for t in turns if t.span.start < duration
        )

    def _voices(self, name: str) -> rttm.Voices:
        if len(self._recordings) > 1:
            if name not in self._recordings:
                raise BadInput(
                    f"{self._path} holds {len(self._recordings)} recordings and none of them is named {name}"
                )
            return self._recordings[name]
        return next(iter(self._recordings.values()), {})
