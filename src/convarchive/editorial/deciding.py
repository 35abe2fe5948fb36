"""
Decisions that reach the archive through its doors while it is being served.

Servers hold the catalogue open for reading only; each decision opens it for writing for as
long as it takes, waits its turn where an ingest writes, and leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial import clearing
from convarchive.editorial.assigning import Assigned, assign
from convarchive.editorial.clearing import Decided
from convarchive.editorial.renaming import Renaming
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue

Deed = Literal["clear", "withhold", "withdraw", "undo"]
"""What can be decided about one quote."""


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What somebody wants done with a quote, and what they were looking at when they decided.

    `seen` is the number of the newest decision they saw (0 for none), None where they do not
    say. `not_before` belongs to clearing, `until` to withholding; both are days or instants.
    """

    act: Deed
    by: str
    why: str
    version: VersionId
    seen: int | None = None
    not_before: str | None = None
    until: str | None = None


class Decisions:
    """Takes decisions about one archive."""

    def __init__(self, home: Home, renaming: Renaming) -> None:
        self.home = home
        self.renaming = renaming

    def decide(self, quote: QuoteId, asked: Decision) -> Decided:
        """
        Do what was asked; it counts before this returns.

        Raises BadInput, NotFound, Gone, NotAllowed, Changed, and HomeBusy where something else
        writes for too long.
        """
        if asked.not_before is not None and asked.act != "clear":
            raise BadInput(f"not_before: only clearing can wait for a day, and this is {asked.act}")
        if asked.until is not None and asked.act != "withhold":
            raise BadInput(f"until: only withholding ends by itself, and this is {asked.act}")
        by, why, version, seen = asked.by, asked.why, asked.version, asked.seen
        with Catalogue.for_writing(self.home) as catalogue:
            place = (catalogue, self.home, quote)
            if asked.act == "clear":
                return clearing.clear(*place, by=by, why=why, version=version, seen=seen, not_before=asked.not_before)
            if asked.act == "withhold":
                return clearing.withhold(*place, by=by, why=why, version=version, seen=seen, until=asked.until)
            act = clearing.withdraw if asked.act == "withdraw" else clearing.undo
            return act(*place, by=by, why=why, version=version, seen=seen)

    def assign(self, episode: EpisodeId, label: SpeakerLabel, speaker: SpeakerId, *, by: str, why: str) -> Assigned:
        """
        Decide whose a voice is. What was public under another name closes now; names follow in a while.

        Raises BadInput, NotFound, HomeBusy.
        """
        with Catalogue.for_writing(self.home) as catalogue:
            assigned = assign(catalogue, episode, label, speaker, by=by, why=why)
        for one in (episode, *assigned.elsewhere):
            self.renaming.order(one)
        return assigned
