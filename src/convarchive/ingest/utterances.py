"""
Says which voice spoke each word, and lays the words of one voice together.

Every word is given to a voice by itself, by the turns that cover it. Words that the turns
leave open (two voices at once, or a word on the border of two turns) go with their
neighbours: a voice rarely changes in the middle of a sentence. The dearest way to be
wrong is to cut inside a sentence, so the cheapest labelling of the whole row of words is
sought (Viterbi's algorithm over words and labels).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.transcript import Word

NEAR = 1000
"""Milliseconds from a turn within which a word that no turn covers still belongs to it."""
PAUSE = 2000
"""Milliseconds of silence that end an utterance though the voice stays the same."""
BREATH = 300
"""Milliseconds of silence after which a change of voice is as likely as after a full stop."""
SHORTEST = 200
"""Milliseconds a word is taken to last at least: its measured edges are no surer than that."""

# What a change of voice costs, where a word costs 0 with a voice whose turns cover it, 1
# with one whose turns are near but miss it, and 2 with one that is not near. Two changes
# inside a sentence cost just less than one word, so that a single word that only another
# voice covers stays with that voice.
_CHANGE_INSIDE = 0.45
_CHANGE_BETWEEN = 0.05
_FAR = 2.0

_ENDED = re.compile(r"""[.!?…。！？]["'”’)\]]*$""")

Costs = Mapping[SpeakerLabel, float]


@dataclass(frozen=True, slots=True)
class Printed:
    """
    What a supplied transcript says about voices: utterances and turns under the labels
    `S1`, `S2`, …, and `names`, what stood beside each label's words.
    """

    utterances: tuple[Utterance, ...]
    turns: tuple[Turn, ...]
    names: Mapping[SpeakerLabel, str]


def join(words: Sequence[Word], turns: Sequence[Turn]) -> tuple[Utterance, ...]:
    """
    Give every word to a voice and return the utterances in the order of the words.

    Turns may overlap and need not be sorted. A word further than `NEAR` ms from every
    turn has no label. No word is lost and none stands in two utterances.
    """
    return _cut(words, _labels(words, turns))


def by_voice(words: Sequence[Word]) -> Printed:
    """
    Take the voices that a supplied transcript printed beside its words, labelled by first appearance.

    Words without a voice have no label. Words without measured times give no turns.
    """
    labels: dict[str, SpeakerLabel] = {}
    for word in words:
        if word.voice is not None and word.voice not in labels:
            labels[word.voice] = SpeakerLabel(f"S{len(labels) + 1}")
    utterances = _cut(words, [None if word.voice is None else labels[word.voice] for word in words])
    turns = [Turn(u.span, u.label) for u in utterances if u.label is not None and u.span.duration]
    return Printed(utterances, tuple(sorted(turns)), {label: voice for voice, label in labels.items()})


def _cut(words: Sequence[Word], labels: Sequence[SpeakerLabel | None]) -> tuple[Utterance, ...]:
    """Lay consecutive words of one label together, cut where the voice falls silent for long."""
    utterances: list[Utterance] = []
    first = 0
    for at in range(1, len(words) + 1):
        if at < len(words) and labels[at] == labels[first] and _silence(words, at) <= PAUSE:
            continue
        utterances.append(Utterance(labels[first], first, tuple(words[first:at])))
        first = at
    return tuple(utterances)


def _silence(words: Sequence[Word], at: int) -> int:
    """Milliseconds between a word and the one before it."""
    return words[at].span.start - words[at - 1].span.end


def _labels(words: Sequence[Word], turns: Sequence[Turn]) -> list[SpeakerLabel | None]:
    """The cheapest labelling; words that no turn is near have none and part the rest into rows of their own."""
    heard = _Turns(turns)
    labels: list[SpeakerLabel | None] = [None] * len(words)
    row: list[Costs] = []
    for at, word in enumerate(words):
        costs = heard.costs(widened(word.span))
        if costs:
            row.append(costs)
        else:
            labels[at - len(row) : at] = _cheapest(row, words[at - len(row) : at])
            row = []
    labels[len(words) - len(row) :] = _cheapest(row, words[len(words) - len(row) :])
    return labels


def widened(span: Span) -> Span:
    """The span, or one of `SHORTEST` ms around its middle where it is shorter."""
    if span.duration >= SHORTEST:
        return span
    start = max(0, span.middle - SHORTEST // 2)
    return Span(start, start + SHORTEST)


class _Turns:
    """Turns in order of time, asked about one word after another."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = sorted(turn for turn in turns if turn.span.duration)
        # How far the turns up to each one reach at most: from there backwards none can matter any more.
        self._reach: list[int] = []
        for turn in self._turns:
            self._reach.append(max(turn.span.end, self._reach[-1] if self._reach else 0))

    def costs(self, span: Span) -> dict[SpeakerLabel, float]:
        """What the word costs with each label near it: from 0, where its turns cover it whole, to 1."""
        covered: dict[SpeakerLabel, int] = {}
        nearest: dict[SpeakerLabel, int] = {}
        for turn in self._near(span):
            covered[turn.label] = covered.get(turn.label, 0) + turn.span.overlap(span)
            nearest[turn.label] = min(nearest.get(turn.label, NEAR), turn.span.gap(span))
        if any(covered.values()):
            return {label: 1.0 - min(1.0, own / span.duration) for label, own in covered.items()}
        return {label: gap / NEAR for label, gap in nearest.items()}

    def _near(self, span: Span) -> list[Turn]:
        found: list[Turn] = []
        last = bisect_right(self._turns, span.end + NEAR, key=lambda turn: turn.span.start)
        for at in range(last - 1, -1, -1):
            if self._reach[at] < span.start - NEAR:
                break
            if self._turns[at].span.gap(span) <= NEAR:
                found.append(self._turns[at])
        return found


def _cheapest(row: Sequence[Costs], words: Sequence[Word]) -> list[SpeakerLabel | None]:
    """The labels of a row of words at the least cost of words and changes together; ties go to the earlier voice."""
    if not row:
        return []
    everyone = list(dict.fromkeys(label for costs in row for label in costs))
    total = {label: row[0].get(label, _FAR) for label in everyone}
    came: list[dict[SpeakerLabel, SpeakerLabel]] = []
    for at in range(1, len(row)):
        ended = _ENDED.search(words[at - 1].text) or _silence(words, at) >= BREATH
        change = _CHANGE_BETWEEN if ended else _CHANGE_INSIDE
        best = min(everyone, key=total.__getitem__)
        origin = {label: label if total[label] <= total[best] + change else best for label in everyone}
        came.append(origin)
        total = {
            label: total[origin[label]] + (change if origin[label] != label else 0.0) + row[at].get(label, _FAR)
            for label in everyone
        }
    label = min(everyone, key=total.__getitem__)
    found: list[SpeakerLabel | None] = [label]
    for origin in reversed(came):
        label = origin[label]
        found.append(label)
    return found[::-1]
