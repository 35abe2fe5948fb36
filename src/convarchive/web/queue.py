"""The editors' queue: which quotes wait, narrowed as asked, and which one comes after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.domain.speaker import SpeakerId
from convarchive.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Queue:
    """To which episode and speaker the queue is narrowed; empty where it is not."""

    episode: str = ""
    speaker: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Queue:
        """As an address says it; fields it does not know are not looked at."""
        return cls(given.get("episode", "").strip()[:100], given.get("speaker", "").strip()[:100])

    @property
    def narrowed(self) -> bool:
        """Whether it is less than everything."""
        return bool(self.episode or self.speaker)

    def waiting(self, read: Reader) -> tuple[QuoteId, ...]:
        """The quotes that wait, in the order they were said. Raises NotAllowed for all but editors."""
        episode = EpisodeId(self.episode) if self.episode else None
        speaker = SpeakerId(self.speaker) if self.speaker else None
        return read.waiting(Query("", episode=episode, speaker=speaker))

    def address(self, path: str = "/desk", **more: str) -> str:
        """The address of a page of the desk within this queue."""
        said = {"episode": self.episode, "speaker": self.speaker, **more}
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"{path}?{asked}" if asked else path


def after(waiting: tuple[QuoteId, ...], quote: QuoteId) -> QuoteId | None:
    """
    What is looked at next: what follows in the queue, from its end its beginning; None where nothing else waits.

    >>> after(("a", "b", "c"), "b"), after(("a", "b", "c"), "c"), after(("a",), "a"), after(("a",), "x")
    ('c', 'a', None, 'a')
    """
    if quote not in waiting:
        return waiting[0] if waiting else None
    following = waiting[(waiting.index(quote) + 1) % len(waiting)]
    return None if following == quote else following
