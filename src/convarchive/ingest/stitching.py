"""
Joins what was heard window by window into turns of the whole recording.

Each window names its voices anew. They are matched with the recording's voices by how
alike they sound and by what the window before, which heard part of the same seconds,
was matched with. Then the windows are laid over each other, frame by frame.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.span import Span, joined
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.ingest.voices import FRAMES, LOCAL, Floats, Heard, runs, seconds_at

NOBODY = -1
Match = tuple[int, ...]
"""For each local voice of a window the recording's voice it is, or NOBODY where it never speaks."""
Floor = tuple[tuple[Span, ...], ...]
"""For each of the recording's voices when it speaks, in order of time."""


@dataclass(frozen=True, slots=True)
class Manner:
    """
    How frames become turns.

    `speech`: how likely somebody must speak for a frame to count; `overlap`: the same for a
    second voice at once; `surely`: how likely this very voice must speak at some instant of a
    sound for it to be that voice's at all. `breath`: pauses of one voice up to so many seconds
    lie inside one stretch of its speech. `shortest`: seconds under which a sound is no turn.

    How far a turn reaches is a convention of reference annotations and no skill: it is made
    `pad` seconds longer at either end, and a pause is inside it that is brief beside the
    speech around it, and not taken by another voice: no longer than `fill` seconds and `beside`
    times the shorter side together, and never longer than `most` seconds.
    """

    speech: float = 0.5
    overlap: float = 0.5
    surely: float = 0.5
    breath: float = 0.2
    pad: float = 0.1
    fill: float = 0.35
    beside: float = 0.25
    most: float = 1.25
    shortest: float = 0.1


def matched(
    heard: Sequence[Heard], alike: Sequence[Floats], *, continuity: float = 0.3, sharing: float = 0.25
) -> tuple[Match, ...]:
    """
    Say for every window which of the recording's voices its local ones are.

    `alike[w]` float32 [LOCAL, voices] holds cosines with the voices' centroids, all
    zeros for a local voice that is never alone. `continuity` weighs agreement with the
    window before; `sharing` is the price for taking two local voices for one. All
    local voices of a window are decided together.
    """
    matches: list[Match] = []
    for place, window in enumerate(heard):
        score = alike[place].astype(np.float64)
        if place:
            score = score + continuity * _agreement(heard[place - 1], matches[-1], window, score.shape[1])
        matches.append(_best(window, score, sharing))
    return tuple(matches)


def held(heard: Sequence[Heard], matches: Sequence[Match], voices: int, manner: Manner) -> Floor:
    """Lay the windows over each other and read off when each of the recording's voices speaks."""
    if not heard or not voices:
        return ((),) * voices
    end = heard[-1].start + FRAMES
    active = _active(heard, matches, voices, end, manner)
    return tuple(joined([_span(a, b) for a, b in runs(own)], gap=round(manner.breath * 1000)) for own in active)


def alone(floor: Floor, shortest: int) -> tuple[tuple[int, Span], ...]:
    """Every stretch of at least `shortest` ms in which a voice (its place in `floor`) speaks and no other does."""
    found: list[tuple[int, Span]] = []
    for voice, spans in enumerate(floor):
        others = joined([span for other, own in enumerate(floor) if other != voice for span in own])
        at = 0
        for span in spans:
            start = span.start
            while at < len(others) and others[at].end <= span.start:
                at += 1
            for other in others[at:]:
                if other.start >= span.end:
                    break
                if other.start - start >= shortest:
                    found.append((voice, Span(start, other.start)))
                start = max(start, other.end)
            if span.end - start >= shortest:
                found.append((voice, Span(start, span.end)))
    return tuple(sorted(found, key=lambda one: one[1]))


def given(floor: Floor, moves: Sequence[tuple[int, Span, int]]) -> Floor:
    """Hand stretches over to another voice: (from, stretch, to), the stretch lying inside one span of `from`."""
    spans = [list(own) for own in floor]
    for voice, stretch, to in moves:
        whole = next(span for span in spans[voice] if stretch in span)
        spans[voice].remove(whole)
        rest = (Span(whole.start, stretch.start), Span(stretch.end, whole.end))
        spans[voice] += [span for span in rest if span.duration]
        spans[to].append(stretch)
    return tuple(joined(own) for own in spans)


def without(floor: Floor, gone: Sequence[tuple[int, Span]]) -> Floor:
    """Take stretches away from voices: (from, stretch), the stretch lying inside one span of `from`."""
    spans = [list(own) for own in floor]
    for voice, stretch in gone:
        whole = next(span for span in spans[voice] if stretch in span)
        spans[voice].remove(whole)
        rest = (Span(whole.start, stretch.start), Span(stretch.end, whole.end))
        spans[voice] += [span for span in rest if span.duration]
    return tuple(tuple(sorted(own)) for own in spans)


def cut(span: Span, most: int) -> list[Span]:
    """A stretch in equal pieces of at most `most` ms."""
    count = -(-span.duration // most)
    cuts = [span.start + span.duration * i // count for i in range(count + 1)]
    return [Span(a, b) for a, b in pairwise(cuts)]


def turns_of(floor: Floor, manner: Manner) -> tuple[Turn, ...]:
    """The turns of every voice, brief pauses filled and mere clicks left out."""
    sounds = [[span for span in own if span.duration >= manner.shortest * 1000] for own in floor]
    padded = _padded(sounds, round(manner.pad * 1000))
    return labelled([_filled(own, joined([o for p in padded if p is not own for o in p]), manner) for own in padded])


def labelled(spans: Sequence[Sequence[Span]]) -> tuple[Turn, ...]:
    """Name the voices `S1`, `S2`, … by first appearance, and put their turns in order."""
    speaking = sorted((tuple(sorted(own)) for own in spans if own), key=lambda own: own[0])
    turns = [Turn(span, SpeakerLabel(f"S{rank}")) for rank, own in enumerate(speaking, 1) for span in own]
    return tuple(sorted(turns))


def _padded(floor: Sequence[Sequence[Span]], pad: int) -> list[tuple[Span, ...]]:
    """Every stretch `pad` ms longer at either end, or up to the middle of a shorter silence between voices."""
    starts = sorted(span.start for own in floor for span in own)
    ends = sorted(span.end for own in floor for span in own)

    def longer(span: Span) -> Span:
        before, after = bisect_right(ends, span.start) - 1, bisect_left(starts, span.end)
        back = (span.start - ends[before]) // 2 if before >= 0 else span.start
        on = (starts[after] - span.end) // 2 if after < len(starts) else pad
        return Span(span.start - min(pad, back), span.end + min(pad, on))

    return [joined([longer(span) for span in own]) for own in floor]


def _filled(spans: Sequence[Span], others: Sequence[Span], manner: Manner) -> list[Span]:
    """The stretches of one voice with the pauses between them filled that are brief beside them, the briefest first."""
    ends = [span.end for span in others]

    def open_(pause: Span) -> bool:
        """Whether nobody else takes most of the pause."""
        taken, at = 0, bisect_right(ends, pause.start)
        while at < len(others) and others[at].start < pause.end:
            taken += others[at].overlap(pause)
            at += 1
        return 2 * taken <= pause.duration

    most = round(manner.most * 1000)
    found: list[Span] = []
    # No pause longer than `most` is ever filled, so what lies between two such is settled by itself.
    for group in _between(spans, most):
        own = list(group)
        while len(own) > 1:
            pauses = [
                (after.start - before.end, at)
                for at, (before, after) in enumerate(pairwise(own))
                if after.start - before.end <= manner.fill * 1000 + manner.beside * min(before.duration, after.duration)
                and open_(Span(before.end, after.start))
            ]
            if not pauses:
                break
            _, at = min(pauses)
            own[at : at + 2] = [own[at] | own[at + 1]]
        found += own
    return found


def _between(spans: Sequence[Span], pause: int) -> Iterator[list[Span]]:
    """The stretches in groups that lie more than `pause` ms apart."""
    group: list[Span] = []
    for span in spans:
        if group and span.start - group[-1].end > pause:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _span(first: int, last: int) -> Span:
    return Span.seconds(seconds_at(first), seconds_at(last))


def _agreement(before: Heard, match: Match, window: Heard, voices: int) -> NDArray[np.float64]:
    """How much of what each local voice says in the shared seconds the window before gave to each voice: 0 to 1."""
    found = np.zeros((LOCAL, voices))
    shared = before.start + FRAMES - window.start
    if shared <= 0:
        return found
    now, then = window.activity[:shared], before.activity[-shared:]
    # A second of common speech is enough to be sure; less counts for less.
    own = np.maximum(now.sum(axis=0), 60.0)
    for local, voice in enumerate(match):
        if voice != NOBODY:
            both = np.minimum(now, then[:, local : local + 1]).sum(axis=0)
            found[:, voice] = np.maximum(found[:, voice], both / own)
    return found


def _best(window: Heard, score: NDArray[np.float64], sharing: float) -> Match:
    """The assignment of all local voices at once that sounds most alike."""
    seconds = (window.activity > 0.5).sum(axis=0) / FRAMES
    present = [local for local in range(LOCAL) if float(window.activity[:, local].max()) > 0.3]
    if not present or not score.shape[1]:
        return (NOBODY,) * LOCAL
    # More than the four likeliest voices of each need not be tried: 64 combinations at most.
    options = [np.argsort(-score[local], kind="stable")[:4].tolist() for local in present]
    weight = {local: 0.02 + float(seconds[local]) ** 0.5 for local in present}
    chosen: tuple[int, ...] = ()
    highest = -np.inf
    for choice in product(*options):
        value = sum(weight[local] * float(score[local, voice]) for local, voice in zip(present, choice, strict=True))
        for i, first in enumerate(present):
            for j in range(i + 1, len(present)):
                if choice[i] == choice[j]:
                    value -= sharing * (weight[first] + weight[present[j]])
        if value > highest:
            highest, chosen = value, choice
    match = [NOBODY] * LOCAL
    for local, voice in zip(present, chosen, strict=True):
        match[local] = voice
    return tuple(match)


def _active(
    heard: Sequence[Heard], matches: Sequence[Match], voices: int, end: int, manner: Manner, block: int = 16_384
) -> NDArray[np.bool_]:
    """bool [voices, end]: who speaks in which frame; worked out block by block to keep memory small."""
    active = np.zeros((voices, end), dtype=np.bool_)
    sure = np.zeros((voices, end), dtype=np.bool_)
    # The edges of a window know least about what came before or after.
    trust = (0.1 + np.hanning(FRAMES)).astype(np.float32)
    first = 0
    for start in range(0, end, block):
        stop = min(end, start + block)
        while heard[first].start + FRAMES <= start:
            first += 1
        total = np.zeros((stop - start, voices + 3), dtype=np.float32)
        for window, match in zip(heard[first:], matches[first:], strict=False):
            if window.start >= stop:
                break
            a, b = max(start, window.start), min(stop, window.start + FRAMES)
            inside = slice(a - window.start, b - window.start)
            weight = trust[inside]
            rows = total[a - start : b - start]
            rows[:, voices] += weight
            rows[:, voices + 1] += weight * window.speech[inside]
            rows[:, voices + 2] += weight * window.overlap[inside]
            own = np.zeros((b - a, voices), dtype=np.float32)
            for local, voice in enumerate(match):
                if voice != NOBODY:
                    own[:, voice] = np.maximum(own[:, voice], window.activity[inside, local])
            rows[:, :voices] += weight[:, None] * own
        total /= np.maximum(total[:, voices : voices + 1], 1e-6)
        active[:, start:stop] = _decided(total, voices, manner).T
        sure[:, start:stop] = (total[:, :voices] >= manner.surely).T
    for voice in range(voices):
        for start, stop in runs(active[voice]):
            if not sure[voice, start:stop].any():
                active[voice, start:stop] = False
    return active


def _decided(total: Floats, voices: int, manner: Manner) -> NDArray[np.bool_]:
    """bool [frames, voices]: the likeliest voice where somebody speaks, the second where two do."""
    own, speech, overlap = total[:, :voices], total[:, voices + 1], total[:, voices + 2]
    order = np.argsort(-own, axis=1, kind="stable")
    rows = np.arange(len(own))
    active = np.zeros_like(own, dtype=np.bool_)
    speaks = (speech > manner.speech) & (own[rows, order[:, 0]] > 0)
    active[rows[speaks], order[speaks, 0]] = True
    if voices > 1:
        both = speaks & (overlap > manner.overlap) & (own[rows, order[:, 1]] > 0.1)
        active[rows[both], order[both, 1]] = True
    return active
