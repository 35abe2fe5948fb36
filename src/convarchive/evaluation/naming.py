"""
Hides the names in transcripts of real talk, lets the product name the voices again, and counts how often it was right.

The talk is The Changelog's transcripts (CC BY-SA 4.0); `transcripts/naming.jsonl.xz` says
what may be known beforehand in each of five conditions, to which `none` is added here. The
reference was typed by people. The labels are perfect and so are most spellings: figures of
sound come out lower.
"""

from __future__ import annotations

import csv
import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from convarchive.domain.episode import Person
from convarchive.domain.share import Share
from convarchive.domain.speaker import Status
from convarchive.domain.speech import SpeakerLabel
from convarchive.errors import BadInput
from convarchive.evaluation.quoting import Talk, read, utterances
from convarchive.naming.attribution import conclude, listen
from convarchive.naming.matching import parts, same_name

CONDITIONS = ("full", "extra", "missing", "swapped", "hosts", "none")
FEWEST = 100
"""Words that a person says at least to stand in the lists, and for their talk to count as talk that needs a name."""


@dataclass(frozen=True, slots=True)
class Case:
    """An episode, and whom each condition lists beforehand."""

    talk: Talk
    hosts: tuple[str, ...]
    lists: Mapping[str, tuple[Person, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one voice, and whose it truly is: it first speaks in turn `first` and says `words` words."""

    condition: str
    episode: str
    label: SpeakerLabel
    first: int
    truth: str
    role: Literal["host", "guest"]
    words: int
    name: str | None
    status: Status
    confidence: float

    @property
    def right(self) -> bool:
        """Whether a name was given and means the true person (another form of the name is the same person)."""
        return self.name is not None and (self.name == self.truth or same_name(parts(self.name), parts(self.truth)) > 0)


def cases(folder: Path) -> tuple[Case, ...]:
    """The episodes of `transcripts/naming.jsonl.xz` with their turns. Raises BadInput."""
    path = folder / "transcripts" / "naming.jsonl.xz"
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
    except (OSError, ValueError, lzma.LZMAError) as exc:
        raise BadInput(f"{path}: cannot be read as xz-packed JSON lines ({exc}); name the evaluation folder") from exc
    wanted = {(row["episode"], row["show"]): row for row in rows}
    found = []
    for talk in read(folder):
        row = wanted.get((talk.episode, talk.show))
        if row is not None:
            lists = {
                condition: tuple(Person(person["name"], person["role"]) for person in people)
                for condition, people in row["conditions"].items()
            }
            found.append(Case(talk, tuple(row["hosts"]), lists))
    return tuple(found)


def answers(case: Case, conditions: Sequence[str] = CONDITIONS) -> Iterator[Answer]:
    """Name an episode's voices under each condition, the true names hidden behind labels."""
    labels: dict[str, SpeakerLabel] = {}
    first: dict[str, int] = {}
    words: dict[str, int] = {}
    for number, (who, text) in enumerate(case.talk.turns):
        labels.setdefault(who, SpeakerLabel(f"S{len(labels) + 1}"))
        first.setdefault(who, number)
        words[who] = words.get(who, 0) + len(text.split())
    truth = {label: who for who, label in labels.items()}
    heard = listen(utterances(case.talk.turns))
    for condition in conditions:
        for given in conclude(heard, persons=case.lists.get(condition, ())).attributions:
            who = truth[given.label]
            yield Answer(
                condition, case.talk.episode, given.label, first[who], who,
                "host" if who in case.hosts else "guest", words[who], given.name, given.status, given.confidence,
            )  # fmt: skip


def measure(folder: Path) -> tuple[Answer, ...]:
    """Every answer over all episodes and conditions. Raises BadInput."""
    return tuple(answer for case in cases(folder) for answer in answers(case))


def precision(given: Sequence[Answer], status: Status) -> Share:
    """How many of the names given with this status are right."""
    named = [answer for answer in given if answer.status == status]
    return Share(sum(answer.right for answer in named), len(named))


def coverage(given: Sequence[Answer], *statuses: Status) -> float:
    """The share of all talk (words, of people who say enough) that got its right name with one of these statuses."""
    counted = [answer for answer in given if answer.words >= FEWEST]
    named = sum(answer.words for answer in counted if answer.right and answer.status in statuses)
    return named / max(1, sum(answer.words for answer in counted))


def write(given: Sequence[Answer], folder: Path) -> None:
    """Write each condition's answers as `naming.CONDITION.csv`, so that anybody can score them again."""
    folder.mkdir(parents=True, exist_ok=True)
    for condition in dict.fromkeys(answer.condition for answer in given):
        with (folder / f"naming.{condition}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["episode", "label", "first_turn", "name", "status", "confidence"])
            for a in given:
                if a.condition == condition:
                    rows.writerow([a.episode, a.label, a.first, a.name or "", a.status, a.confidence])


def report(given: Sequence[Answer]) -> str:
    """A Markdown table, a line per condition, and below it every wrong name that was confirmed."""
    lines = [
        "| known beforehand | confirmed: right of given | 95 % interval | probable: right of given | 95 % interval "
        "| talk confirmed | guests' talk confirmed | talk confirmed or probable |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for condition in dict.fromkeys(answer.condition for answer in given):
        here = [answer for answer in given if answer.condition == condition]
        guests = [answer for answer in here if answer.role == "guest"]
        sure, likely = precision(here, "confirmed"), precision(here, "probable")
        lines.append(
            f"| {condition} | {_share(sure)} | {_share(likely)} | {coverage(here, 'confirmed'):.1%} "
            f"| {coverage(guests, 'confirmed'):.1%} | {coverage(here, 'confirmed', 'probable'):.1%} |"
        )
    wrong = [answer for answer in given if answer.status == "confirmed" and not answer.right]
    lines += ["", f"{len(wrong)} wrong names confirmed{':' if wrong else '.'}"]
    lines += [f"- {a.condition}, {a.episode}, {a.label}: {a.name} for {a.truth} ({a.words} words)" for a in wrong]
    return "\n".join(lines)


def _share(share: Share) -> str:
    low, high = share.interval
    return f"{share.right} of {share.total} | {low:.2%}–{high:.2%}"
