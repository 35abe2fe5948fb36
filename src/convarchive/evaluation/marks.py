"""
Measures what the marks on words are worth: how many words went to a wrong voice, with a mark and without one.

A heard word's true voice is that of the reference word it is laid against; words that the ear
got otherwise, or heard where nothing was written down, are not counted. Labels are matched
with people one to one, by the words they share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from convarchive.alignment.words import align, units
from convarchive.domain.speech import SpeakerLabel
from convarchive.evaluation.asr import Hear
from convarchive.evaluation.speakers import Tell
from convarchive.evaluation.speech import Reference
from convarchive.evaluation.voiceprints import upper_bound
from convarchive.ingest import utterances
from convarchive.ingest.sharing import Mark, shares

BINS = (0.0, 0.25, 0.5, 0.75, 0.95, 1.0)
"""Borders of how sure a word's voice was said to be, between which words are counted together."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A heard word whose true voice is known: how surely it was given to its voice, its mark, and whether rightly."""

    sure: float
    mark: Mark | None
    right: bool


def judge(recordings: Sequence[Reference], tell: Tell, hear: Hear) -> Iterator[Judged]:
    """Every word of the recordings whose words were written down. Raises what `tell` and `hear` raise."""
    for recording in recordings:
        if recording.said:
            yield from _in_recording(recording, tell, hear)


def _in_recording(recording: Reference, tell: Tell, hear: Hear) -> Iterator[Judged]:
    words, turns = hear(recording.audio).words, tell(recording.audio)
    spoken = utterances.join(words, turns)
    sure = shares(spoken, turns)
    labels = {one.first + n: one.label for one in spoken for n in range(len(one.words))}
    true, keys = _written(recording)
    heard = units([word.text for word in words])
    pairs = [
        (true[i], heard[j].at) for i, j in align(keys, [unit.key for unit in heard])
        if i is not None and j is not None and keys[i] == heard[j].key
    ]  # fmt: skip
    whose = _matched(Counter((labels[at], who) for who, at in pairs if labels.get(at)))
    told: set[int] = set()
    for who, at in pairs:
        label = labels.get(at)
        # A token may give several words, and counts once.
        if label is not None and at in sure and at not in told:
            told.add(at)
            yield Judged(sure[at].sure, sure[at].mark, whose.get(label) == who)


def _written(recording: Reference) -> tuple[list[str], list[str]]:
    """Who says each word of the reference, and the word, as near to their order in time as stretches tell."""
    rows: list[tuple[float, str, str]] = []
    for stretch in recording.said:
        own = units((stretch.text or "").split())
        for n, unit in enumerate(own):
            rows.append((stretch.span.start + stretch.span.duration * (n + 0.5) / len(own), stretch.speaker, unit.key))
    rows.sort(key=lambda row: row[0])
    return [who for _, who, _ in rows], [key for _, _, key in rows]


def _matched(counts: Counter[tuple[SpeakerLabel | None, str]]) -> dict[SpeakerLabel | None, str]:
    found: dict[SpeakerLabel | None, str] = {}
    for (label, who), _ in counts.most_common():
        if label not in found and who not in found.values():
            found[label] = who
    return found


def brief(judged: Sequence[Judged]) -> str:
    """Words in a wrong voice without a mark and with one."""
    plain = [one.right for one in judged if one.mark is None]
    marked = [one.right for one in judged if one.mark is not None]
    return (
        f"given to a wrong voice {plain.count(False)} of {len(plain)} words without a mark, "
        f"{marked.count(False)} of {len(marked)} with one"
    )


def table(judged: Iterable[Judged]) -> str:
    """The counts as Markdown: by mark, and by how sure a word was said to be."""
    every = list(judged)
    unmarked = [one for one in every if one.mark is None]
    rows = [("no mark", unmarked)]
    rows += [(mark, [one for one in every if one.mark == mark]) for mark in ("overlap", "boundary")]
    rows.append(("all", every))
    lines = ["| words with | words | given to a wrong voice | share | at most (95 %) |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {_told(some)} |" for name, some in rows]
    lines += [
        "",
        "| said to be sure | words | given to a wrong voice | share | at most (95 %) |",
        "|---|---|---|---|---|",
    ]
    for low, high in pairwise(BINS):
        some = [one for one in every if low <= one.sure < high]
        lines.append(f"| {low:.2f} to {high:.2f} | {_told(some)} |")
    lines.append(f"| {BINS[-1]:.2f} | {_told([one for one in every if one.sure >= BINS[-1]])} |")
    return "\n".join(lines)


def _told(some: Sequence[Judged]) -> str:
    wrong = sum(not one.right for one in some)
    if not some:
        return "0 | 0 | – | –"
    return f"{len(some)} | {wrong} | {wrong / len(some):.2%} | {upper_bound(wrong, len(some)):.2%}"
