"""
Proposes themes that nobody has named yet: groups of quotes that speak of one matter.

A proposal has distinguishing words, quotes of different speakers to judge it by, how far themes
there are cover it already, and how stable it is under resampling. Repeats of the same words
count once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from convarchive.domain.quote import QuoteId
from convarchive.domain.theme import ThemeId
from convarchive.errors import BadInput
from convarchive.index.clusters import clusters
from convarchive.index.distinguishing import distinguishing
from convarchive.index.ports import Vectors

FEWEST = 30
"""Quotes below which nothing is proposed."""
SAMPLE = 20_000
"""Quotes that are grouped at most; of more, so many evenly over the archive."""
COVERED = 0.5
"""From this share on a theme there is covers a group, which is then no news."""
SHOWN = 5
"""Quotes of a proposal to judge it by."""
EXAMPLES = 100
"""Quotes of a proposal that become examples of the theme made of it, at most: those nearest to its middle."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """A quote as it is grouped: its words, and who says them (None: not known)."""

    id: QuoteId
    text: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    A theme that might be: its quotes, nearest to its middle first, and those to judge it by.

    `overlap` is the theme there is that holds the largest share of its quotes, with that share.
    """

    number: int
    words: tuple[str, ...]
    quotes: tuple[QuoteId, ...]
    representative: tuple[QuoteId, ...]
    speakers: int
    overlap: tuple[ThemeId, float] | None
    stability: float


def discover(
    quotes: Sequence[Voiced],
    vectors: Vectors,
    members: Mapping[ThemeId, frozenset[QuoteId]],
    *,
    seed: int = 0,
    covered: bool = False,
) -> tuple[Proposal, ...]:
    """
    Proposals, the most stable first; with `covered`, also those that a theme there is holds most of.

    `vectors` [n, d] are the quotes'; `members` the quotes of each theme there is. Raises
    BadInput for fewer than thirty quotes.
    """
    if len(quotes) < FEWEST:
        raise BadInput(f"{len(quotes)} quotes are too few to find themes in; take in {FEWEST} or more first")
    kept = _once(quotes)[:: max(1, -(-len(quotes) // SAMPLE))]
    groups = clusters(vectors[kept], seed)
    texts = [[quotes[kept[row]].text for row in group.rows] for group in groups]
    found = []
    for group, words in zip(groups, distinguishing(texts), strict=True):
        held = [quotes[kept[row]] for row in group.rows]
        overlap = _overlap([one.id for one in held], members)
        if words and (covered or overlap is None or overlap[1] < COVERED):
            found.append((held, words, overlap, group.stability))
    return tuple(
        Proposal(
            number,
            words,
            tuple(one.id for one in held),
            _representative(held),
            len({one.speaker for one in held if one.speaker is not None}),
            overlap,
            round(stability, 4),
        )
        for number, (held, words, overlap, stability) in enumerate(found, start=1)
    )


def _once(quotes: Sequence[Voiced]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The places of quotes whose words were not said before, but for case and signs."""
    seen: dict[str, int] = {}
    for place, one in enumerate(quotes):
        seen.setdefault("".join(char for char in one.text.casefold() if char.isalnum()), place)
    return np.array(list(seen.values()), np.int64)


def _representative(held: Sequence[Voiced]) -> tuple[QuoteId, ...]:
    """The nearest to the middle, each by another speaker as long as there are any."""
    first: dict[str, Voiced] = {}
    for one in held:
        first.setdefault(one.speaker or one.id, one)
    chosen = list(first.values())[:SHOWN]
    chosen += [one for one in held if one not in chosen][: SHOWN - len(chosen)]
    return tuple(one.id for one in chosen)


def _overlap(quotes: Sequence[QuoteId], members: Mapping[ThemeId, frozenset[QuoteId]]) -> tuple[ThemeId, float] | None:
    shares = {theme: sum(one in theirs for one in quotes) / len(quotes) for theme, theirs in members.items()}
    best = min(shares, key=lambda theme: (-shares[theme], theme), default=None)
    return None if best is None or not shares[best] else (best, round(shares[best], 4))
