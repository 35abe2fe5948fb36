"""Makes held recordings playable: whole in a kind that browsers seek exactly, or just a clip."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
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

KEPT = 32 << 20
"""Bytes of clips that are kept in memory: about an hour of speech."""


class Playing:
    """
    The recordings of one home. Threads may share one; a copy or clip is made once, whoever asks.

    Clips are kept in this process's memory alone, the last ones asked for: an MP3 is decoded
    from its beginning to find a place exactly, and players ask several times. Whoever asks must
    have been let through before.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._making = threading.Lock()
        self._guard = threading.Lock()
        self._cutting: dict[tuple[str, Span], threading.Lock] = {}
        self._clips: OrderedDict[tuple[str, Span], bytes] = OrderedDict()

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
        held, key = self._held(recording), (recording.sha256, span)
        with self._guard:
            cutting = self._cutting.setdefault(key, threading.Lock())
        with cutting:
            made = self._kept(key)
            if made is None:
                with tempfile.TemporaryDirectory() as folder:
                    made = cut(held, span, Path(folder) / "clip.m4a").read_bytes()
                self._keep(key, made)
        return made

    def _kept(self, key: tuple[str, Span]) -> bytes | None:
        with self._guard:
            if key in self._clips:
                self._clips.move_to_end(key)
            return self._clips.get(key)

    def _keep(self, key: tuple[str, Span], clip: bytes) -> None:
        with self._guard:
            self._clips[key] = clip
            while len(self._clips) > 1 and sum(map(len, self._clips.values())) > KEPT:
                self._clips.popitem(last=False)
            self._cutting.pop(key, None)

    def _held(self, recording: RecordingView) -> Path:
        path = path_of(self._home, recording.sha256, recording.suffix)
        if not path.is_file():
            raise NotFound(f"the sound of recording {recording.sha256[:16]} is not held any more")
        return path
