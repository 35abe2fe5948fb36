"""
Decides how a recording is cut into the pieces that the recogniser hears one at a time.

The recogniser hears up to thirty seconds at once, takes as long for two seconds as for
thirty, and errs most where a cut falls inside a sentence. So speech is packed into as few
pieces as will do, with the cuts where the pauses are longest: a shortest path over all
ways of cutting, in which a piece costs 1 and a cut in a short pause costs up to `HASTE`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from convarchive.domain.span import Span, joined

LONGEST = 29_000
"""Milliseconds of sound in a piece at most: a little under the model's window of 30 s."""

WIDEST = 3_000
"""A pause longer than this (ms) is never inside a piece: text is invented in long pauses."""

MARGIN = 200
"""Milliseconds of sound kept on either side of speech, so that no first or last sound is lost."""

CALM = 700
"""A pause of this many milliseconds is as good a place for a cut as any longer one."""

HASTE = 0.6
"""What a cut in no pause at all costs, where a piece costs 1."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece to be heard at once: `span` of the recording, with the `speech` in it."""

    span: Span
    speech: tuple[Span, ...]


def packed(speech: Iterable[Span], *, within: Span, longest: int = LONGEST) -> tuple[Chunk, ...]:
    """
    Cut stretches of speech into chunks of at most `longest` ms, in order, without overlap.

    All speech inside `within` is covered, each stretch by one chunk unless it alone is
    longer than `longest`.

    >>> [c.span for c in packed([Span(1000, 9000), Span(9200, 20000), Span(22000, 40000)], within=Span(0, 60000))]
    [Span(start=800, end=20200), Span(start=21800, end=40200)]
    """
    room = longest - 2 * MARGIN
    kept = [cut for span in speech if (cut := span & within) is not None]
    pieces = [part for span in joined(kept) for part in _parts(span, room)]
    chunks: list[Chunk] = []
    for group in _apart(pieces):
        chunks.extend(_padded(run, pieces, within) for run in _best(group, room))
    return tuple(chunks)


def halves(chunk: Chunk) -> tuple[Chunk, ...]:
    """The same speech in pieces of about half the length, for a second hearing."""
    shorter = max(2_000 + 2 * MARGIN, chunk.span.duration // 2 + 2 * MARGIN)
    return packed(chunk.speech, within=chunk.span, longest=shorter)


def _parts(span: Span, room: int) -> Iterable[Span]:
    """A stretch without any pause that is too long for one piece, in equal parts."""
    number = -(-span.duration // room)
    bounds = [span.start + span.duration * i // number for i in range(number + 1)]
    return (Span(start, end) for start, end in pairwise(bounds))


def _apart(pieces: Sequence[Span]) -> Iterable[list[Span]]:
    """Groups of stretches between which the pauses are too wide for one piece."""
    group: list[Span] = []
    for piece in pieces:
        if group and piece.start - group[-1].end > WIDEST:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _best(group: Sequence[Span], room: int) -> Iterable[Sequence[Span]]:
    """The cheapest way to cut one group."""
    costs = [0.0] + [float("inf")] * len(group)
    cuts = [0] * (len(group) + 1)
    for end in range(1, len(group) + 1):
        for start in range(end - 1, -1, -1):
            if group[end - 1].end - group[start].start > room:
                break
            pause = group[start].start - group[start - 1].end if start else CALM
            cost = costs[start] + 1 + HASTE * max(0.0, 1 - pause / CALM)
            if cost < costs[end]:
                costs[end], cuts[end] = cost, start
    runs: list[Sequence[Span]] = []
    end = len(group)
    while end:
        runs.append(group[cuts[end] : end])
        end = cuts[end]
    return reversed(runs)


def _padded(run: Sequence[Span], pieces: Sequence[Span], within: Span) -> Chunk:
    """A chunk with its margins, which end half-way to the neighbouring speech."""
    first, last = bisect_left(pieces, run[0]), bisect_left(pieces, run[-1])
    before = within.start if first == 0 else (pieces[first - 1].end + run[0].start + 1) // 2
    after = within.end if last == len(pieces) - 1 else (run[-1].end + pieces[last + 1].start + 1) // 2
    span = Span(max(before, run[0].start - MARGIN), min(after, run[-1].end + MARGIN))
    return Chunk(span, tuple(run))
