"""What an editor weighs before deciding: how surely each word was heard, what was said around it, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from convarchive.domain.quote import Clearance
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView
from convarchive.web import words
from convarchive.web.cards import Player

UNSURE = 0.6
"""Words heard with a lower probability are marked: listen to these first."""

AROUND_MS = 10_000
"""How much of what was said before and after is played with a quote, in milliseconds."""


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word as it was heard; `chance` in whole per cent, None where the recogniser gave none."""

    text: str
    chance: int | None

    @property
    def unsure(self) -> bool:
        """Whether to listen to this one first."""
        return self.chance is not None and self.chance < round(100 * UNSURE)


def shown_words(read: Reader, view: QuoteView) -> tuple[ShownWord, ...]:
    """The words of a quote's excerpts as the recogniser heard them; none for print and for words handed in."""
    found = [
        ShownWord(word.text, None if word.probability is None else round(100 * word.probability))
        for excerpt in view.excerpts
        if excerpt.span is not None and excerpt.recording is not None
        for word in read.heard(excerpt.recording, excerpt.span)
    ]
    return tuple(found) if any(word.chance is not None for word in found) else ()


def with_surroundings(players: Sequence[Player]) -> Player | None:
    """How to hear a quote with what was said around it, where its recording may be heard whole."""
    if not players or not players[0].whole:
        return None
    first, last = players[0], players[-1]
    start, end = max(0, first.start - AROUND_MS), last.end + AROUND_MS
    return replace(first, start=start, end=end, at=words.clock(start), lasts=words.length(end - start))


def possible(clearance: Clearance, decided: bool) -> tuple[str, ...]:
    """
    What can be done with a quote that stands like this; what was decided about it can be taken back.

    >>> possible("withheld", True), possible("unreviewed", False)
    (('withdraw', 'undo'), ('clear', 'withhold', 'withdraw'))
    """
    acts = {
        "unreviewed": ("clear", "withhold", "withdraw"),
        "cleared": ("withhold", "withdraw"),
        "withheld": ("withdraw",),
        "withdrawn": (),
    }[clearance]
    return (*acts, "undo") if decided else acts
