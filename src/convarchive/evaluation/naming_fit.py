"""
Counts, on one half of the transcripts of real talk, what `naming/measured.json` holds.

Two steps, each in a process of its own, since the second reads what the first wrote:
`counts` (how often each kind of saying was right) and `calibration` (how often a chance
came true). Nothing in the file names anybody.
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

from convarchive.domain.speech import SpeakerLabel
from convarchive.evaluation.naming import CONDITIONS, Case, cases
from convarchive.evaluation.quoting import utterances
from convarchive.naming.attribution import Heard, chances_of, listen
from convarchive.naming.candidates import gather, names_newcomer, resolve
from convarchive.naming.introductions import Mention
from convarchive.naming.kinds import kind, place
from convarchive.naming.matching import TITLES, parts, same_name
from convarchive.naming.strengths import counted_as

_EDGES = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)

Counts = dict[str, dict[str, int]]
Here = dict[str, list[int]]


def count(case: Case, heard: Heard, meant: Counts, here: Here) -> None:
    """Add one episode: whom each saying of a listed name meant, and whether those named in full spoke at all."""
    people, labels = gather(case.lists["full"], "", "", ()), labelled(case)
    named: dict[tuple[str, ...], list[Mention]] = {}
    for mention in heard.said:
        who = resolve(mention.words, people)
        if len(who) == 1 and who[0].name in labels:
            row = meant.setdefault(counted_as(mention), {})
            where = place(mention, labels[who[0].name])
            row[where] = row.get(where, 0) + 1
        bare = tuple(word for word in mention.words if word not in TITLES)
        if 2 <= len(bare) <= 4:
            named.setdefault(bare, []).append(mention)
    for bare, sayings in named.items():
        if any(names_newcomer(mention) for mention in sayings):
            spoke = any(same_name(bare, parts(who)) > 0 for who in labels)
            for mention in sayings:
                here.setdefault(kind(mention), [0, 0])[0 if spoke else 1] += 1


def outcomes(case: Case, heard: Heard) -> Iterator[tuple[str, float, bool]]:
    """The basis, chance and truth of each voice's likeliest person, under every condition."""
    truth = {label: who for who, label in labelled(case).items()}
    for condition in CONDITIONS:
        for label, person, basis, chance in chances_of(heard, case.lists.get(condition, ())):
            who = truth[label]
            yield basis, chance, person.name == who or same_name(parts(person.name), parts(who)) > 0


def labelled(case: Case) -> dict[str, SpeakerLabel]:
    """The label of each person, in order of appearance."""
    labels: dict[str, SpeakerLabel] = {}
    for who, _ in case.talk.turns:
        labels.setdefault(who, SpeakerLabel(f"S{len(labels) + 1}"))
    return labels


def rising(seen: Sequence[tuple[float, bool]]) -> list[list[float]]:
    """
    Pairs of a chance and the share that was right there, both rising.

    Isotonic regression over bins by pooling adjacent violators (Ayer et al., 1955); a bin's
    share counts one right and one wrong more than were seen, so that none is certain.
    """
    bins: list[list[float]] = [[0.0, 0.0, 0.0] for _ in range(len(_EDGES) + 1)]
    for chance, right in seen:
        row = bins[bisect_right(_EDGES, chance)]
        row[0], row[1], row[2] = row[0] + chance, row[1] + right, row[2] + 1
    pooled: list[list[float]] = []
    for row in (row for row in bins if row[2]):
        pooled.append(row)
        while len(pooled) > 1 and _share(pooled[-2]) >= _share(pooled[-1]):
            last = pooled.pop()
            pooled[-1] = [a + b for a, b in zip(pooled[-1], last, strict=True)]
    return [[round(row[0] / row[2], 5), round(_share(row), 5)] for row in pooled]


def _share(row: Sequence[float]) -> float:
    return (row[1] + 1) / (row[2] + 2)


def main(data: Path, step: str, target: Path) -> None:
    """Do one step over the fitted half and write `target`."""
    held = json.loads(target.read_text(encoding="utf-8"))
    meant: Counts = {}
    here: Here = {}
    seen: dict[str, list[tuple[float, bool]]] = {}
    for case in cases(data):
        if case.fitted:
            heard = listen(utterances(case.talk.turns))
            if step == "counts":
                count(case, heard, meant, here)
            else:
                for basis, chance, right in outcomes(case, heard):
                    seen.setdefault(basis, []).append((chance, right))
    if step == "counts":
        held = {"meant": dict(sorted(meant.items())), "here": dict(sorted(here.items())), "calibration": {}}
    else:
        held["calibration"] = {basis: rising(rows) for basis, rows in sorted(seen.items())}
    target.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
