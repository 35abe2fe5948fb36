"""
Says how surely each word is its voice's, and marks the words that another voice may have said.

The measure is the word's own time: what part of it is covered by turns of its voice, and what
part by others'. Turns overlap where the segmentation heard two voices at once, so a word under
two turns may be either's, however well the sentence around it decided between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from convarchive.domain.span import Span, joined
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.transcript import Word
from convarchive.ingest.utterances import widened

Mark = Literal["overlap", "boundary"]
"""Why a word may be another voice's: two speak at once, or it stands where one takes over from another."""

SHARED = 100
"""Milliseconds of a word that two voices must both hold for it to be said by both at once."""
LEAST = 0.5
"""Part of a word that its own voice must hold; under it the word lies on the border of two turns."""
CLOSE = 40
"""Milliseconds between words of two voices under which nothing but the turns' border parts them."""


@dataclass(frozen=True, slots=True)
class Share:
    """How surely a word is its voice's, 0 to 1, and why it may be another's (None: nothing speaks for that)."""

    sure: float
    mark: Mark | None


NO_SHARES: Mapping[int, Share] = MappingProxyType({})


def shares(utterances: Sequence[Utterance], turns: Sequence[Turn]) -> dict[int, Share]:
    """
    Every word's share, by its position in the transcript; words without a voice are in none.

    `sure` is the part of the word that its voice holds alone, half of what it holds together with
    another, and no more than LEAST where another voice's word follows or precedes without a pause
    inside a sentence.
    """
    spans: dict[SpeakerLabel, list[Span]] = {}
    for turn in turns:
        spans.setdefault(turn.label, []).append(turn.span)
    own = {label: joined(rows) for label, rows in spans.items()}
    others = {
        label: joined([span for other, rows in spans.items() if other != label for span in rows]) for label in spans
    }
    rows = sorted(
        (one.first + n, word, one.label) for one in utterances for n, word in enumerate(one.words) if one.label in own
    )
    found: dict[int, Share] = {}
    cursor: dict[tuple[SpeakerLabel, bool], int] = {}
    for at, word, label in rows:
        if label is None:
            continue
        span = widened(word.span)
        mine = _within(own[label], span, cursor, (label, True))
        theirs = _within(others[label], span, cursor, (label, False))
        found[at] = _share(span, mine, theirs)
    for (at, word, label), (then, after, other) in pairwise(rows):
        if then == at + 1 and label != other and _run_on(word, after):
            for place in (at, then):
                found[place] = Share(min(LEAST, found[place].sure), found[place].mark or "boundary")
    return found


def _share(span: Span, mine: Sequence[Span], theirs: Sequence[Span]) -> Share:
    held = sum(one.overlap(span) for one in mine)
    both = sum(a.overlap(cut) for a in theirs for one in mine if (cut := one & span) is not None)
    sure = (held - both / 2) / span.duration
    if both >= SHARED:
        return Share(sure, "overlap")
    return Share(sure, "boundary" if held < LEAST * span.duration else None)


def _within(
    spans: Sequence[Span], span: Span, cursor: dict[tuple[SpeakerLabel, bool], int], key: tuple[SpeakerLabel, bool]
) -> Sequence[Span]:
    """Those of `spans` (in order) that overlap `span`; words come in order, so what lies far behind is passed once."""
    at = cursor.get(key, 0)
    while at < len(spans) and spans[at].end <= span.start - 60_000:
        at += 1
    cursor[key] = at
    found = []
    while at < len(spans) and spans[at].start < span.end:
        if spans[at].overlap(span):
            found.append(spans[at])
        at += 1
    return found


def _run_on(word: Word, after: Word) -> bool:
    """Whether one word follows on the other with no pause and no end of a sentence between."""
    ended = word.text.rstrip("\"'”’)]").endswith((".", "!", "?", "…", "。", "！", "？"))
    return not ended and after.span.start - word.span.end < CLOSE
