"""Chooses which of several quotes that say the same stands for all of them, and hears it from the best place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

from convarchive.domain.passage import PassageNumber
from convarchive.domain.quote import AudioSource, Clearance, DocumentSource
from convarchive.index.folding import HELD, Group
from convarchive.store.views import QuoteView

_STANDING: tuple[Clearance, ...] = ("cleared", "unreviewed", "withheld", "withdrawn")
assert set(_STANDING) == set(get_args(Clearance))


def led(
    groups: Sequence[Group[PassageNumber]], views: Mapping[PassageNumber, QuoteView]
) -> tuple[Group[PassageNumber], ...]:
    """
    The same groups, each led by the quote of it that stands best for publication.

    What is cleared leads what is not; of equals a recording leads print, the earlier print a reprint,
    and the whole quote a piece of it, as trailers play; else whoever led. Passages without a view never lead.
    """
    return tuple(_led(group, views) if group.others else group for group in groups)


def _led(group: Group[PassageNumber], views: Mapping[PassageNumber, QuoteView]) -> Group[PassageNumber]:
    everybody = (group.first, *group.others)
    seen = [number for number in everybody if number in views]
    longest = max((len(views[number].text) for number in seen), default=0)
    best = min(seen, key=lambda number: _place(views[number], longest), default=group.first)
    return replace(group, first=best, others=tuple(number for number in everybody if number != best))


def _place(view: QuoteView, longest: int) -> tuple[int, bool, str, bool]:
    heard = any(isinstance(one, AudioSource) for one in view.sources)
    printed = min((one.published or "9" for one in view.sources if isinstance(one, DocumentSource)), default="9")
    piece = heard and len(view.text) < HELD * longest
    return _STANDING.index(view.clearance), not heard, "" if heard else printed, piece
