"""The machines that ingest works with, each built only when a stage first needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from convarchive.ingest.ports import Diarizer, Fetcher, Grader, Transcriber
from convarchive.ingest.voiceprinting import Voiceprinting


@dataclass(frozen=True, slots=True)
class Tools:
    """
    `measure` gives a file's length in
    milliseconds as far as it decodes, raising AudioUnreadable where nothing does;
    `voiceprinting` is None where the archive's owner has not turned voiceprints on.
    """

    fetcher: Fetcher
    transcriber: Callable[[], Transcriber]
    diarizer: Callable[[], Diarizer]
    grader: Callable[[], Grader]
    measure: Callable[[Path], int]
    voiceprinting: Callable[[], Voiceprinting] | None = None
