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

    They come from as many turns as there are, as far from one another as can be, so that a
    voice that is two persons is heard as both; a turn gives a second one only where no other
    is left in which the voice could be known.
    """
    others = [
        Span(max(0, turn.span.start - MARGIN), turn.span.end + MARGIN) for turn in turns if turn.label != label
    ]  # fmt: skip
    own = joined([turn.span for turn in turns if turn.label == label], gap=PAUSE)
    alone = [span for span in without(own, joined(others)) if span.duration >= LEAST]
    long = [span for span in alone if span.duration >= SHORTEST]
    cuts = [Span(start, start + LONGEST) for span in long for start in range(span.start, span.end, LONGEST)]
    further = [one & span for span in long for one in cuts if one & span]
    chosen: list[Span] = []
    for some in (
        [Span(span.start, min(span.end, span.start + LONGEST)) for span in long],
        [span for span in alone if SHORTEST / 2 <= span.duration < SHORTEST],
        [span for span in further if span is not None and span.duration >= SHORTEST],
        alone,
    ):
        _add_spread(chosen, some, count)
    return tuple(sorted(chosen))


def _add_spread(chosen: list[Span], some: Sequence[Span], count: int) -> None:
    """Add stretches that have nothing in common with those chosen, each the farthest away from all of them."""
    while len(chosen) < count and (left := [one for one in some if not any(one.overlap(by) for by in chosen)]):
        away = {one: min((one.gap(by) for by in chosen), default=0) for one in left}
        chosen.append(max(left, key=lambda one: (away[one], one.duration, -one.start)))
