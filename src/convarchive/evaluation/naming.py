"""
Hides the names in transcripts of real talk, lets the product name the voices again, and keeps what it answered.

The talk is The Changelog's transcripts (CC BY-SA 4.0); `transcripts/naming.jsonl.xz` says
what may be known beforehand in each of five conditions, to which `none` is added here. The
reference was typed by people. The labels are perfect and so are most spellings: figures of
sound come out lower. `naming_report` counts.
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from convarchive.domain.episode import Person
from convarchive.domain.speaker import Status
from convarchive.domain.speech import SpeakerLabel
from convarchive.errors import BadInput
from convarchive.evaluation.ear import misheard
from convarchive.evaluation.quoting import Talk, read, transcripts_in, utterances
from convarchive.naming.attribution import Heard, conclude, listen
from convarchive.naming.matching import fold, parts, same_name

CONDITIONS = ("full", "extra", "missing", "swapped", "hosts", "none")
FEWEST = 100
"""Words that a person says at least to stand in the lists, and for their talk to count as talk that needs a name."""


@dataclass(frozen=True, slots=True)
class Case:
    """An episode, and whom each condition lists beforehand."""

    talk: Talk
    hosts: tuple[str, ...]
    lists: Mapping[str, tuple[Person, ...]]

    @property
    def fitted(self) -> bool:
        """Whether the strengths of evidence were counted on it: half of all episodes, by a digest of their names."""
        named = f"naming {self.talk.episode} {self.talk.show}"
        return int(hashlib.sha256(named.encode()).hexdigest(), 16) % 2 == 0


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What was said of one voice, and whose it truly is: it first speaks in turn `first` and says `words` words.

    `fitted` tells that the strengths of evidence were counted on this episode too; `within`
    that the whole name was listed or said by anybody, without which nobody can give it.
    """

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
    fitted: bool = False
    within: bool = True

    @property
    def right(self) -> bool:
        """Whether a name was given and means the true person (another form of the name is the same person)."""
        return self.name is not None and (self.name == self.truth or same_name(parts(self.name), parts(self.truth)) > 0)


def has_transcripts(folder: Path) -> bool:
    """Whether a folder of references holds what this measurement needs."""
    return (transcripts_in(folder) / "naming.jsonl.xz").is_file()


def cases(folder: Path) -> tuple[Case, ...]:
    """The episodes of `transcripts/naming.jsonl.xz` with their turns. Raises BadInput."""
    path = transcripts_in(folder) / "naming.jsonl.xz"
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


def answers(case: Case, conditions: Sequence[str] = CONDITIONS, *, as_heard: bool = False) -> tuple[Answer, ...]:
    """
    Name an episode's voices under each condition, the true names hidden behind labels.

    The talk is read once for all conditions; with `as_heard` in small letters, without
    punctuation and with names spelt by their sound, once for each, since then only the
    names known beforehand can be looked for.
    """
    labels: dict[str, SpeakerLabel] = {}
    first: dict[str, int] = {}
    words: dict[str, int] = {}
    for number, (who, text) in enumerate(case.talk.turns):
        labels.setdefault(who, SpeakerLabel(f"S{len(labels) + 1}"))
        first.setdefault(who, number)
        words[who] = words.get(who, 0) + len(text.split())
    truth = {label: who for who, label in labels.items()}
    told = said(case.talk.turns)
    found: list[Answer] = []
    turns = misheard(case.talk.turns) if as_heard else case.talk.turns
    spoken = utterances(turns)
    heard: Heard | None = None
    for condition in conditions:
        persons = case.lists.get(condition, ())
        if heard is None or as_heard:
            heard = listen(spoken, names=[person.name for person in persons])
        for given in conclude(heard, persons=persons, typed=not as_heard).attributions:
            who = truth[given.label]
            found.append(Answer(
                condition, case.talk.episode, given.label, first[who], who, "host" if who in case.hosts else "guest",
                words[who], given.name, given.status, given.confidence, case.fitted,
                who in told or any(person.name == who for person in persons),
            ))  # fmt: skip
    return tuple(found)


def said(turns: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Those of the speakers whose whole name, or another form of it, is said by anybody."""
    found: set[str] = set()
    wanted = {who: parts(who) for who in dict.fromkeys(who for who, _ in turns)}
    for _, text in turns:
        heard = [fold(word) for word in re.split(r"[\s\-–]+", text)]
        for who, name in wanted.items():
            if who not in found and any(_says(heard, at, name) for at in range(len(heard) - 1)):
                found.add(who)
    return frozenset(found)


def _says(heard: Sequence[str], at: int, name: tuple[str, ...]) -> bool:
    if not name or heard[at][:1] != name[0][:1]:
        return False
    runs = (tuple(heard[at : at + size]) for size in (2, 3))
    return any(all(run) and same_name(run, name) > 0 for run in runs)


def measure(
    folder: Path,
    conditions: Sequence[str] = CONDITIONS,
    *,
    every: int = 1,
    as_heard: bool = False,
    processes: int = 2,
) -> tuple[Answer, ...]:
    """Every answer over all episodes (or each `every`-th) and conditions, in the file's order. Raises BadInput."""
    chosen = cases(folder)[::every]
    ask = partial(answers, conditions=conditions, as_heard=as_heard)
    if processes < 2 or len(chosen) < 8:
        return tuple(answer for case in chosen for answer in ask(case))
    with ProcessPoolExecutor(processes) as pool:
        return tuple(answer for part in pool.map(ask, chosen, chunksize=4) for answer in part)


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


def by_condition(given: Sequence[Answer]) -> Iterator[tuple[str, tuple[Answer, ...]]]:
    """The answers of each condition."""
    for condition in dict.fromkeys(answer.condition for answer in given):
        yield condition, tuple(answer for answer in given if answer.condition == condition)
