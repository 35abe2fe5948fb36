"""
Naming an episode's voices again after an editor's word, behind the back of whoever gave it.

It takes from a second to a minute, which is too long to keep a page waiting. One episode
is done after another. What is still to be done when the server ends is not lost: the
decision makes the episode's stages stale, and the next `convarchive ingest` does them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from convarchive.domain.episode import EpisodeId
from convarchive.errors import ArchiveError, HomeBusy

_log = logging.getLogger(__name__)

PAUSE_S = 5.0
"""How long to wait for an ingest that has the home, before trying again, in seconds."""


class Renaming:
    """A queue of episodes, and one thread that works it off while there is anything in it."""

    def __init__(self, rename: Callable[[EpisodeId], None], pause_s: float = PAUSE_S) -> None:
        self._rename = rename
        self._pause_s = pause_s
        self._guard = threading.Lock()
        self._waiting: dict[EpisodeId, None] = {}
        self._doing: EpisodeId | None = None
        self._worker: threading.Thread | None = None

    def order(self, episode: EpisodeId) -> None:
        """Have the episode's voices named again. Returns at once."""
        with self._guard:
            # One that is being named just now began without knowing of this decision, and is done once more.
            self._waiting[episode] = None
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="naming voices again", daemon=True)
                self._worker.start()

    def under_way(self) -> frozenset[EpisodeId]:
        """The episodes whose names do not follow every decision yet."""
        with self._guard:
            return frozenset(self._waiting) | ({self._doing} if self._doing else set())

    def settled(self, patience_s: float = 60.0) -> None:
        """Wait until nothing is under way, at most so many seconds."""
        with self._guard:
            worker = self._worker
        if worker is not None:
            worker.join(patience_s)

    def _work(self) -> None:
        try:
            while (episode := self._next()) is not None:
                try:
                    self._rename(episode)
                except HomeBusy as error:
                    _log.info("names of episode %s wait: %s", episode, error)
                    time.sleep(self._pause_s)
                    with self._guard:
                        self._waiting.setdefault(episode)
                except ArchiveError as error:
                    _log.warning("names of episode %s wait for the next ingest: %s", episode, error)
        finally:
            with self._guard:
                if self._worker is threading.current_thread():
                    self._worker, self._doing = None, None

    def _next(self) -> EpisodeId | None:
        with self._guard:
            self._doing = next(iter(self._waiting), None)
            if self._doing is None:
                self._worker = None
            else:
                del self._waiting[self._doing]
            return self._doing
