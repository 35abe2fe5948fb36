"""Counts for the accuracy card how often voices got their right name from typed talk, with what so many can show."""

from __future__ import annotations

from collections.abc import Sequence

from convarchive.domain.share import Share
from convarchive.evaluation.naming import CONDITIONS, FEWEST, Answer, by_condition
from convarchive.evaluation.naming_report import Wrong, calibration_error, coverage, curve, errors
from convarchive.evaluation.reference_sets import TALK, described
from convarchive.evaluation.resampling import DRAWS, SEED, interval

Record = dict[str, object]

KNOWN = {
    "full": "everyone who speaks",
    "extra": "everyone who speaks and one who does not",
    "missing": "all but the guest who talks most",
    "swapped": "everyone, host and guest exchanged",
    "hosts": "the show's regular hosts, present or not",
    "none": "nobody",
}
"""What each condition lists beforehand."""


def names(given: Sequence[Answer], *, every: int = 1) -> Record:
    """
    Wrong names among confirmed ones, talk that got its right name, and calibration, for each condition.

    Counted over all episodes, and over those alone on which no strength of evidence was counted.
    """
    return {
        "material": TALK.material,
        "measure": "wrong names among confirmed ones; the share of talk that got its right name; how far confidence "
        "and share of right names are apart (expected calibration error, ECE)",
        "interval": "names: Clopper and Pearson's upper bound, one-sided at 95 %, and Wilson's interval of the share "
        f"that is wrong; talk: bootstrap over episodes, {DRAWS} draws, seed {SEED}",
        "references": described([TALK]),
        "conditions": {one: KNOWN[one] for one in CONDITIONS},
        "fewest_words": FEWEST,
        "every": every,
        "episodes": len({answer.episode for answer in given}),
        "all": _conditions(given),
        "held_out": _conditions([answer for answer in given if not answer.fitted]),
    }


def _conditions(given: Sequence[Answer]) -> Record:
    return {
        "episodes": len({answer.episode for answer in given}),
        "conditions": [{"condition": condition, **_condition(here)} for condition, here in by_condition(given)],
        "curve": [
            {"low": one.low, "high": one.high, "names": one.total, "confidence": one.confidence, "right": one.right}
            for one in curve(given)
        ],
        "calibration_error": calibration_error(given),
    }


def _condition(here: Sequence[Answer]) -> Record:
    likely = errors(here, "probable")
    return {
        "together": _role(here),
        "hosts": _role([answer for answer in here if answer.role == "host"]),
        "guests": _role([answer for answer in here if answer.role == "guest"]),
        "probable": likely.total,
        "probable_wrong": likely.wrong,
        "talk_named": coverage(here, "confirmed", "probable"),
        "calibration_error": calibration_error(here),
    }


def _role(part: Sequence[Answer]) -> Record:
    sure = errors(part, "confirmed")
    return {
        "voices": len(part), "confirmed": sure.total, "wrong": sure.wrong, **_bounds(sure),
        "talk_confirmed": coverage(part, "confirmed"), "talk_interval_95": _talk(part),
    }  # fmt: skip


def _bounds(sure: Wrong) -> Record:
    """The share that is wrong, with its bounds; all None where nothing was confirmed."""
    if not sure.total:
        return {"share_wrong": None, "upper_bound_95": None, "interval_95": None}
    return {
        "share_wrong": sure.wrong / sure.total, "upper_bound_95": sure.bound,
        "interval_95": Share(sure.wrong, sure.total).interval,
    }  # fmt: skip


def _talk(part: Sequence[Answer]) -> tuple[float, float] | None:
    right: dict[str, int] = {}
    whole: dict[str, int] = {}
    for answer in part:
        if answer.words >= FEWEST:
            whole[answer.episode] = whole.get(answer.episode, 0) + answer.words
            named = answer.words if answer.right and answer.status == "confirmed" else 0
            right[answer.episode] = right.get(answer.episode, 0) + named
    return interval(list(right.values()), list(whole.values()))
