"""The machines that ingest works with, each built only when a stage first needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from convarchive.ingest.ports import Diarizer, Fetcher, Grader, Transcriber


@dataclass(frozen=True, slots=True)
class Tools:
    """
    `measure` gives a file's length in
    milliseconds as far as it decodes, raising AudioUnreadable where nothing does.
    """

    fetcher: Fetcher
    transcriber: Callable[[], Transcriber]
    diarizer: Callable[[], Diarizer]
    grader: Callable[[], Grader]
    measure: Callable[[Path], int]
