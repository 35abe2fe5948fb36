"""Writes the few seconds that a person is to hear as files, which any player opens."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from convarchive import wiring
from convarchive.cli.output import note
from convarchive.domain.span import Span
from convarchive.errors import ArchiveError, HomeNotWritable
from convarchive.home import Home
from convarchive.store.holdings import path_of
from convarchive.store.views import RecordingView

KIND = ".mp3"


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of a recording and the file it was written to."""

    span: Span
    path: Path


class Clips:
    """
    Clips of one home's recordings, in one folder.

    A place in an MP3 is found by decoding from its beginning, so the recording in hand is
    decoded once, to a file beside (115 MB an hour) that goes when the next one comes.
    """

    def __init__(self, place: Home, folder: Path, beside: Path) -> None:
        self._place = place
        self._folder = folder
        self._beside = beside
        self._decoded: Path | None = None

    def of(self, recording: RecordingView, spans: Sequence[Span], name: str) -> tuple[Clip, ...]:
        """
        Write stretches of a recording, as `NAME-1.mp3` and so on.

        Where the sound is not held, or cannot be read, it says so and gives none. Raises HomeNotWritable.
        """
        held = path_of(self._place, recording.sha256, recording.suffix)
        if not spans:
            return ()
        if not held.is_file():
            note(f"the sound of recording {recording.sha256[:16]} is not held here, so no clips are written")
            return ()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeNotWritable(f"{self._folder} cannot be written: {error.strerror}; name another folder") from error
        places = [(span, self._folder / f"{name}-{number}{KIND}") for number, span in enumerate(spans, 1)]
        try:
            whole = self._whole(held, recording)
            return tuple(Clip(span, wiring.clip(whole, span, path)) for span, path in places)
        except ArchiveError as error:
            note(f"no clips are written: {error}")
            return ()

    def _whole(self, held: Path, recording: RecordingView) -> Path:
        wanted = self._beside / f"{recording.sha256}.wav"
        if self._decoded != wanted:
            if self._decoded is not None:
                self._decoded.unlink(missing_ok=True)
            self._decoded = None
            wiring.clip(held, Span(0, max(1, recording.duration_ms)), wanted)
            self._decoded = wanted
        return wanted


@contextmanager
def clipping(place: Home, chosen: Path | None) -> Iterator[Clips]:
    """Clips in a chosen folder, or in one that is gone afterwards: voices are nobody's to find later."""
    with tempfile.TemporaryDirectory(prefix="convarchive-clips-") as made:
        yield Clips(place, chosen or Path(made), Path(made))
