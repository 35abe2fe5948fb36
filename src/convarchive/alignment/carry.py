"""
Carries the ids of quotes over to what is cut after transcribing, or cutting, again.

Each old quote ends in exactly one way: a new draft goes on under its id, or the id leads
to the drafts that hold its words now, in order, or it is told why nothing does. A draft
never has two ids, nor two drafts one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from convarchive.alignment.words import shared, units
from convarchive.domain.episode import Sha256
from convarchive.domain.ids import heard_quote_id
from convarchive.domain.quote import Draft, QuoteId, Selector
from convarchive.domain.span import Span

NEAR = 3000
"""Milliseconds by which two hearings of the same words may lie apart."""
WHOLE = 0.75
"""Share of an old quote's words in one draft from which that draft goes on under its id, wherever the rest is."""
MOSTLY = 0.5
"""The same, where no other draft holds a part of the rest."""
PLACED = 0.3
"""The same, where the draft also covers the same stretch of time: the ear heard other words in the same speech."""
PART = 0.2
"""Share of an old quote's words, two at least, that makes a draft a part of what it became."""

LOST = "its words are in no quote of the newer transcript"


class Held(Protocol):
    """A quote that has an id already."""

    @property
    def id(self) -> QuoteId: ...
    @property
    def selector(self) -> Selector: ...


@dataclass(frozen=True, slots=True)
class Retired:
    """An id that no draft goes on under; `targets` are the positions of the drafts it leads to, in order of time."""

    id: QuoteId
    reason: str
    targets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """
    What becomes of every held quote and of every draft.

    `ids` has one place for each draft: the id it goes on under, or None where it is new
    (see `minted`). `retired` are the held quotes that no draft goes on from.
    """

    ids: tuple[QuoteId | None, ...]
    retired: tuple[Retired, ...]


@dataclass(frozen=True, slots=True)
class _Tie:
    """A held quote and a draft with words in common."""

    held: int
    draft: int
    words: int
    likeness: float
    """Twice the shared words by the words of both, from 0 to 1."""
    cover: float
    """Share of the held quote's words that are in the draft."""
    together: float
    """Milliseconds both cover by the milliseconds either covers, from 0 to 1; 0 where times are unknown."""
    around: int
    """Words of context, before and after, that are the same."""


def carry(held: Sequence[Held], drafts: Sequence[Draft]) -> Carried:
    """
    Decide which draft goes on under which held id.

    `held` and `drafts` belong to one recording. Quotes are compared where their times lie
    within `NEAR` ms of each other, or anywhere where either has no time.
    """
    ties = _ties(held, drafts)
    by_held: dict[int, list[_Tie]] = defaultdict(list)
    for tie in ties:
        by_held[tie.held].append(tie)
    ids: list[QuoteId | None] = [None] * len(drafts)
    done: set[int] = set()
    for tie in sorted(ties, key=_closest_first):
        if ids[tie.draft] is None and tie.held not in done and _goes_on(tie, by_held[tie.held]):
            ids[tie.draft] = held[tie.held].id
            done.add(tie.held)
    retired = tuple(_retired(old, by_held[n], drafts) for n, old in enumerate(held) if n not in done)
    return Carried(tuple(ids), retired)


def minted(
    carried: Carried, drafts: Sequence[Draft], recording: Sha256, taken: Collection[QuoteId] = ()
) -> tuple[QuoteId, ...]:
    """
    An id for every draft: the one carried to it, or a new one from its first word's start.

    A new id that any quote bears or ever bore (`taken`, and all that `carried` speaks of)
    is avoided by minting from the next free millisecond: an old id never answers with
    words that are said elsewhere.
    """
    used = set(taken) | {old.id for old in carried.retired} | {kept for kept in carried.ids if kept is not None}
    found: list[QuoteId] = []
    for kept, draft in zip(carried.ids, drafts, strict=True):
        start = draft.span.start
        new = kept
        while new is None or (kept is None and new in used):
            new = heard_quote_id(recording, start)
            start += 1
        used.add(new)
        found.append(new)
    return tuple(found)


def _ties(held: Sequence[Held], drafts: Sequence[Draft]) -> list[_Tie]:
    old = [tuple(unit.key for unit in units(quote.selector.exact.split())) for quote in held]
    new = [tuple(unit.key for unit in units(draft.text.split())) for draft in drafts]
    ties = []
    for n, m in _candidates(held, old, drafts, new):
        count = shared(old[n], new[m])
        if count:
            span = held[n].selector.span
            ties.append(
                _Tie(
                    held=n,
                    draft=m,
                    words=count,
                    likeness=2 * count / (len(old[n]) + len(new[m])),
                    cover=count / len(old[n]),
                    together=_together(span, drafts[m].span) if span else 0.0,
                    around=_around(held[n].selector, drafts[m].selector),
                )
            )
    return ties


def _candidates(
    held: Sequence[Held], old: Sequence[tuple[str, ...]], drafts: Sequence[Draft], new: Sequence[tuple[str, ...]]
) -> list[tuple[int, int]]:
    """Pairs worth comparing: near in time or, where times are unknown, with two words in a row in common."""
    where: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for m, words in enumerate(new):
        for pair in _pairs(words):
            where[pair].add(m)
    timed = [m for m, draft in enumerate(drafts) if draft.span.duration]
    untimed = set(range(len(drafts))) - set(timed)
    found: list[tuple[int, int]] = []
    for n, quote in enumerate(held):
        span = quote.selector.span
        alike = {m for pair in _pairs(old[n]) for m in where[pair]} if old[n] else set()
        if span is not None and span.duration:
            alike = (alike & untimed) | {m for m in timed if drafts[m].span.gap(span) <= NEAR}
        found.extend((n, m) for m in sorted(alike))
    return found


def _pairs(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[k : k + 2] for k in range(max(1, len(words) - 1))]


def _together(one: Span, other: Span) -> float:
    either = (one | other).duration
    return one.overlap(other) / either if either else 0.0


def _around(one: Selector, other: Selector) -> int:
    return sum(
        shared([u.key for u in units(a.split())], [u.key for u in units(b.split())])
        for a, b in ((one.prefix, other.prefix), (one.suffix, other.suffix))
    )


def _closest_first(tie: _Tie) -> tuple[float, float, int, int, int]:
    # Of equal strangers the first goes with the first: identical words cut again keep their order.
    return (-round(tie.likeness, 2), -tie.together, -tie.around, tie.held, tie.draft)


def _goes_on(tie: _Tie, all_of_held: Sequence[_Tie]) -> bool:
    if tie.cover >= WHOLE:
        return True
    if any(other.draft != tie.draft and _part(other) for other in all_of_held):
        return False
    return tie.cover >= MOSTLY or (tie.cover >= PLACED and tie.together >= MOSTLY)


def _part(tie: _Tie) -> bool:
    return tie.words >= 2 and tie.cover >= PART


def _retired(old: Held, ties: Sequence[_Tie], drafts: Sequence[Draft]) -> Retired:
    parts = sorted((tie.draft for tie in ties if _part(tie)), key=lambda m: (drafts[m].span.start, drafts[m].first))
    if not parts:
        return Retired(old.id, LOST)
    where = "another quote" if len(parts) == 1 else f"{len(parts)} other quotes"
    return Retired(old.id, f"its words stand in {where} of the newer transcript", tuple(parts))
