"""
Lays a conversation out as turns of single voices, with the places where a sentence breaks.

Naming reads neighbours: who spoke just before and just after a name was said. So the
utterances of one voice that follow each other become one stretch, and each word keeps
what its punctuation and capital say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.naming.matching import fold

_ABBREVIATION = re.compile(r"^(?:[A-Z]\.|(?:Dr|Mr|Mrs|Ms|St|Prof|Rev|Jr|Sr)\.)$")
_STOPS = ".?!…"
_PAUSES = ",;:—–-)]"


@dataclass(frozen=True, slots=True)
class Token:
    """
    A word as naming sees it: `fold`ed, whether it is capitalised, belongs to another
    (`Ada's`), is inside quotation marks, and what follows (`""`, `,` or `.`).
    """

    text: str
    folded: str
    capital: bool
    owns: bool
    quoted: bool
    after: str
    span: Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """All that one voice says before another voice is heard; `place` counts stretches from 0."""

    place: int
    label: SpeakerLabel
    tokens: tuple[Token, ...]


def stretches(utterances: Sequence[Utterance]) -> tuple[Stretch, ...]:
    """Join utterances (in order of time) of one voice into stretches; words without a voice are left out."""
    joined: list[tuple[SpeakerLabel, list[Utterance]]] = []
    for utterance in utterances:
        if utterance.label is None or not utterance.words:
            continue
        if joined and joined[-1][0] == utterance.label:
            joined[-1][1].append(utterance)
        else:
            joined.append((utterance.label, [utterance]))
    return tuple(Stretch(i, label, _tokens(parts)) for i, (label, parts) in enumerate(joined))


def _tokens(utterances: list[Utterance]) -> tuple[Token, ...]:
    found: list[Token] = []
    for utterance in utterances:
        inside = False
        last = len(utterance.words) - 1
        for i, word in enumerate(utterance.words):
            for piece in word.text.split():
                opens = piece[:1] in '"“' or "“" in piece
                quoted = inside or opens
                if piece.count('"') % 2:
                    inside = not inside
                if "“" in piece:
                    inside = True
                if "”" in piece:
                    inside = False
                bare = piece.strip("\"“”'‘’([*_")
                after = _after(bare)
                found.append(
                    Token(
                        text=bare.strip('.,;:!?…"“”()[]*_—–'),
                        folded=fold(bare),
                        capital=bare[:1].isupper(),
                        owns=bool(re.search(r"['’]s\W*$", bare)),
                        quoted=quoted,
                        after=after or ("." if i == last else ""),
                        span=word.span,
                    )
                )
    return tuple(found)


def _after(bare: str) -> str:
    if _ABBREVIATION.match(bare):
        return ""
    tail = bare[-1:]
    if tail in _STOPS and tail:
        return "?" if tail == "?" else "."
    return "," if tail and tail in _PAUSES else ""
