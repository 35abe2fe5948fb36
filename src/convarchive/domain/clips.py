"""Chooses the few seconds by which a person knows a voice: that voice alone, from all over the recording."""

from __future__ import annotations

from collections.abc import Sequence

from convarchive.domain.span import Span, joined, without
from convarchive.domain.speech import SpeakerLabel, Turn

SHORTEST, LONGEST = 3_000, 8_000
"""Milliseconds of a clip. A voice that never speaks so long alone is heard as long as it does."""
LEAST = 700
"""Milliseconds below which nobody knows a voice."""
MARGIN = 250
"""Milliseconds kept away from whoever else speaks: where two voices meet, the border may be misplaced."""
PAUSE = 600
"""Milliseconds of silence that a clip may hold."""


def clean(turns: Sequence[Turn], label: SpeakerLabel, count: int = 3) -> tuple[Span, ...]:
    """
    At most `count` stretches in which this label speaks and no other does, in order of time.

    One is taken from each of as many parts of what the voice says, so that a voice that is
    two persons is heard as both; the longest of its part, cut at LONGEST.
    """
    others = [
        Span(max(0, turn.span.start - MARGIN), turn.span.end + MARGIN) for turn in turns if turn.label != label
    ]  # fmt: skip
    own = joined([turn.span for turn in turns if turn.label == label], gap=PAUSE)
    alone = [span for span in without(own, joined(others)) if span.duration >= LEAST]
    fit = [span for span in alone if span.duration >= SHORTEST]
    parts = _parts(fit if len(fit) >= count else alone, count)
    chosen = [max(part, key=lambda span: (min(span.duration, LONGEST), -span.start)) for part in parts if part]
    return tuple(sorted(Span(span.start, min(span.end, span.start + LONGEST)) for span in chosen))


def _parts(spans: Sequence[Span], count: int) -> list[list[Span]]:
    """Stretches shared out by where in the voice's talk they begin; long ones are cut so that all parts have some."""
    pieces = [
        Span(start, min(span.end, start + LONGEST))
        for span in spans
        for start in range(span.start, max(span.start + 1, span.end - LEAST), LONGEST)
    ]
    if len(pieces) <= count:
        return [[piece] for piece in pieces]
    found: list[list[Span]] = [[] for _ in range(count)]
    for place, piece in enumerate(pieces):
        found[place * count // len(pieces)].append(piece)
    return found
