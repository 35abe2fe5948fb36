"""
Counts how often names were right, with the bounds that so many answers allow, and how well confidence told it.

Bounds of wrong names are Clopper and Pearson's (1934): exact, and on the safe side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from convarchive.domain.speaker import Status
from convarchive.evaluation.naming import FEWEST, Answer, by_condition

_EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)


@dataclass(frozen=True, slots=True)
class Wrong:
    """How many of `total` names were wrong."""

    wrong: int
    total: int

    @property
    def bound(self) -> float:
        """
        What the share of wrong names does not exceed, with a confidence of 95 % (one-sided).

        Clopper and Pearson (1934): the share at which so few wrong ones or fewer would
        occur in one of twenty samples. 1 where there is nothing.
        """
        if self.wrong >= self.total:
            return 1.0
        low, high = self.wrong / self.total, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if _at_most(self.wrong, self.total, middle) > 0.05 else (low, middle)
        return high


def _at_most(wrong: int, total: int, share: float) -> float:
    """The chance of `wrong` or fewer in `total`, each with this chance."""
    terms = (
        math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
        + k * math.log(share) + (total - k) * math.log1p(-share)
        for k in range(wrong + 1)
    )  # fmt: skip
    return sum(map(math.exp, terms)) if 0 < share < 1 else float(share == 0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Names whose confidence lies between two values: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    total: int
    confidence: float
    right: float


def errors(given: Sequence[Answer], status: Status) -> Wrong:
    """How many of the names given with this status are wrong."""
    named = [answer for answer in given if answer.status == status]
    return Wrong(sum(not answer.right for answer in named), len(named))


def coverage(given: Sequence[Answer], *statuses: Status) -> float:
    """The share of all talk (words, of people who say enough) that got its right name with one of these statuses."""
    counted = [answer for answer in given if answer.words >= FEWEST]
    named = sum(answer.words for answer in counted if answer.right and answer.status in statuses)
    return named / max(1, sum(answer.words for answer in counted))


def within(given: Sequence[Answer]) -> float:
    """The share of talk (words, of people who say enough) whose whole name was listed or said: the most there is."""
    counted = [answer for answer in given if answer.words >= FEWEST]
    return sum(answer.words for answer in counted if answer.within) / max(1, sum(answer.words for answer in counted))


def curve(given: Sequence[Answer]) -> tuple[Bin, ...]:
    """The calibration curve: names by their confidence, empty bins left out."""
    named = [answer for answer in given if answer.name is not None]
    found = []
    for low, high in pairwise(_EDGES):
        here = [a for a in named if low <= a.confidence < high or (high == 1.0 and a.confidence == 1.0)]
        if here:
            mean, right = sum(a.confidence for a in here) / len(here), sum(a.right for a in here) / len(here)
            found.append(Bin(low, high, len(here), mean, right))
    return tuple(found)


def calibration_error(given: Sequence[Answer]) -> float:
    """Expected calibration error: how far confidence and share of right names are apart, in the mean over names."""
    bins = curve(given)
    return sum(one.total * abs(one.confidence - one.right) for one in bins) / max(1, sum(one.total for one in bins))


def summary(given: Sequence[Answer]) -> dict[str, dict[str, object]]:
    """All figures by condition, for machines: shares are 0 to 1, bounds one-sided at 95 %."""
    found: dict[str, dict[str, object]] = {}
    for condition, here in by_condition(given):
        row: dict[str, object] = {"talk_named": coverage(here, "confirmed", "probable")}
        for who in ("host", "guest"):
            part = [answer for answer in here if answer.role == who]
            sure = errors(part, "confirmed")
            row[who] = {
                "talk_confirmed": coverage(part, "confirmed"), "talk_within": within(part), "confirmed": sure.total,
                "wrong": sure.wrong, "bound": sure.bound,
            }  # fmt: skip
        likely = errors(here, "probable")
        row["probable"], row["probable_wrong"] = likely.total, likely.wrong
        row["calibration_error"] = calibration_error(here)
        row["calibration"] = [[b.low, b.high, b.total, round(b.confidence, 4), round(b.right, 4)] for b in curve(here)]
        found[condition] = row
    return found


def report(given: Sequence[Answer]) -> str:
    """Markdown: all episodes, then each half; below them the calibration curve and every wrong confirmed name."""
    lines = ["### All episodes", "", *_table(given)]
    for title, fitted in (("fitted", True), ("held out", False)):
        half = [answer for answer in given if answer.fitted == fitted]
        if half and len(half) < len(given):
            lines += ["", f"### The half that was {title}", "", *_table(half)]
    lines += ["", "Guests' talk whose whole name was listed or said by anybody: " + ", ".join(
        f"{condition} {within([answer for answer in here if answer.role == 'guest']):.1%}"
        for condition, here in by_condition(given)
    ) + "."]  # fmt: skip
    held = [answer for answer in given if not answer.fitted] or given
    lines += ["", "### Confidence and right names, held out", "", *_curves(held)]
    wrong = [answer for answer in given if answer.status == "confirmed" and not answer.right]
    lines += ["", f"{len(wrong)} wrong names confirmed{':' if wrong else '.'}"]
    lines += [f"- {a.condition}, {a.episode}, {a.label}: {a.name} for {a.truth} ({a.words} words)" for a in wrong]
    return "\n".join(lines)


def _table(given: Sequence[Answer]) -> list[str]:
    lines = [
        "| known beforehand | hosts: wrong of confirmed | at most (95 %) | guests: wrong of confirmed | at most (95 %) "
        "| probable: wrong of given | guests' talk confirmed | hosts' talk confirmed | talk named |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for condition, here in by_condition(given):
        hosts = [answer for answer in here if answer.role == "host"]
        guests = [answer for answer in here if answer.role == "guest"]
        likely = errors(here, "probable")
        lines.append(
            f"| {condition} | {_wrong(errors(hosts, 'confirmed'))} | {_wrong(errors(guests, 'confirmed'))} "
            f"| {likely.wrong} of {likely.total} | {coverage(guests, 'confirmed'):.1%} "
            f"| {coverage(hosts, 'confirmed'):.1%} | {coverage(here, 'confirmed', 'probable'):.1%} |"
        )
    return lines


def _wrong(found: Wrong) -> str:
    return f"{found.wrong} of {found.total} | {found.bound:.2%}" if found.total else "none confirmed | –"


def _curves(given: Sequence[Answer]) -> list[str]:
    lines = ["| confidence | names | mean confidence | right |", "|---|---|---|---|"]
    lines += [f"| {b.low}–{b.high} | {b.total} | {b.confidence:.1%} | {b.right:.1%} |" for b in curve(given)]
    parts = [f"{condition} {calibration_error(here):.2%}" for condition, here in by_condition(given)]
    return [*lines, "", f"Expected calibration error: {', '.join(parts)}; together {calibration_error(given):.2%}."]
