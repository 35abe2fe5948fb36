"""Makes held recordings playable: whole in a kind that browsers seek exactly, or just a clip."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from convarchive.domain.span import Span
from convarchive.errors import NotFound
from convarchive.home import Home
from convarchive.ingest.engines.audio import probe
from convarchive.ingest.engines.clips import cut, derive, seeks_exactly
from convarchive.store.holdings import path_of
from convarchive.store.views import RecordingView

COPY = "audio/mp4"
"""Media type of the derived copies and clips: AAC in M4A."""


class Playing:
    """The recordings of one home. Threads may share one; a copy is made once, whoever asks."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._making = threading.Lock()

    def whole(self, recording: RecordingView) -> tuple[Path, str]:
        """The file to send, and its media type. Raises NotFound, AudioUnreadable, HomeNotWritable."""
        held = self._held(recording)
        sound = probe(held)
        if seeks_exactly(sound):
            return held, sound.media_type
        copy = self._home.holdings / "derived" / f"{recording.sha256}.m4a"
        with self._making:
            if not copy.is_file():
                copy.parent.mkdir(parents=True, exist_ok=True)
                derive(held, copy)
        return copy, COPY

    def clip(self, recording: RecordingView, span: Span) -> bytes:
        """The bytes of just this span (ms), as M4A. Raises NotFound, AudioUnreadable."""
        held = self._held(recording)
        with tempfile.TemporaryDirectory() as folder:
            return cut(held, span, Path(folder) / "clip.m4a").read_bytes()

    def _held(self, recording: RecordingView) -> Path:
        path = path_of(self._home, recording.sha256, recording.suffix)
        if not path.is_file():
            raise NotFound(f"the sound of recording {recording.sha256[:16]} is not held any more")
        return path
