"""Whether the archive can answer: a search really goes through catalogue, index and encoder, once a second at most."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from convarchive.api.problems import TABLE
from convarchive.domain.passage import Query
from convarchive.errors import ArchiveError, CatalogueError, EngineMissing, IndexError_, ModelMissing
from convarchive.index.search import Answer
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader

BELIEVED_S = 1.0
"""Seconds for which a look is believed, so that asking often costs nothing."""

PARTS = ("catalogue", "index", "encoder")
NOT_ASKED = "not asked, for want of what comes before it"
_LOG = logging.getLogger("convarchive.api")


@dataclass(frozen=True, slots=True)
class State:
    """
    How each part stands: nothing, or in words what is wrong with it; and what the index covers.

    The words name no file: they are for everybody. The log has the rest.
    """

    parts: tuple[tuple[str, str], ...]
    generation: int | None = None
    pending: int = 0

    @property
    def ready(self) -> bool:
        """Whether searches are answered."""
        return not any(trouble for _, trouble in self.parts)

    @property
    def trouble(self) -> str:
        """Which part is down and why, in one line."""
        return "; ".join(f"{part}: {trouble}" for part, trouble in self.parts if trouble and trouble != NOT_ASKED)


class Readiness:
    """Looks at one archive's parts. Safe to use from several threads, of which one at a time looks."""

    def __init__(self, catalogue: Catalogue, search: Callable[[Reader, Query], Answer]) -> None:
        self._catalogue, self._search = catalogue, search
        self._guard = Lock()
        self._state: State | None = None
        self._seen_at = 0.0

    def look(self) -> State:
        """How the parts stand, as of a second ago at most."""
        with self._guard:
            if self._state is None or time.monotonic() - self._seen_at >= BELIEVED_S:
                before, self._state = self._state, self._really()
                self._seen_at = time.monotonic()
                if self._state.ready and before is not None and not before.ready:
                    _LOG.warning("ready again")
            return self._state

    def _really(self) -> State:
        try:
            self._catalogue.demand_current()
            # As somebody who may see all: a public without quotes would leave half of it unasked.
            with self._catalogue.reading("editor") as read:
                answer = self._search(read, Query("is anybody ready", limit=1))
        except ArchiveError as error:
            return self._down(error)
        return State(tuple((part, "") for part in PARTS), answer.generation, answer.pending)

    def _down(self, error: ArchiveError) -> State:
        if isinstance(error, CatalogueError):
            which = 0
        elif isinstance(error, IndexError_):
            which = 1
        elif isinstance(error, ModelMissing | EngineMissing):
            which = 2
        else:
            raise error
        told = TABLE[type(error)].title
        state = State(
            tuple(
                (part, told if place == which else NOT_ASKED if place > which else "")
                for place, part in enumerate(PARTS)
            )
        )
        if self._state is None or self._state.trouble != state.trouble:
            _LOG.warning("not ready: %s: %s", PARTS[which], error)
        return state
