"""What people heard when they checked quotes against the sound, and how often the archive was right by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.share import Share

Verdict = Literal["right", "wrong", "unsure"]
"""What somebody who listened says of a name, or of words."""

VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "unsure")

Standing = Literal["stands", "corrected", "stale"]
"""
Whether a verdict is still about what the archive says. One that led to a correction counts:
a mistake that was found is no less a mistake. One on words or a name that a machine changed
since is stale.
"""


@dataclass(frozen=True, slots=True)
class Check:
    """
    One person's verdict on one version of a confirmed quote; `edited` where its name was an editor's word already.
    """

    quote: QuoteId
    version: VersionId
    name: Verdict
    words: Verdict
    by: str
    at: str
    review: int
    standing: Standing
    edited: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """
    How often confirmed quotes were right, by people who listened.

    `names` and `words` leave out what they were unsure of (`unsure_names`, `unsure_words`)
    and what is stale (`stale`); `by_evidence` are the names that no editor had given.
    """

    names: Share
    words: Share
    by_evidence: Share
    unsure_names: int
    unsure_words: int
    stale: int
    people: int


def measured(checks: Sequence[Check]) -> Measured:
    """Count verdicts, the newest on each version."""
    counted = [one for one in checks if one.standing != "stale"]
    return Measured(
        _share([one.name for one in counted]),
        _share([one.words for one in counted]),
        _share([one.name for one in counted if not one.edited]),
        sum(one.name == "unsure" for one in counted),
        sum(one.words == "unsure" for one in counted),
        len(checks) - len(counted),
        len({one.by for one in counted}),
    )


def _share(verdicts: Sequence[Verdict]) -> Share:
    return Share(verdicts.count("right"), len(verdicts) - verdicts.count("unsure"))
