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
from typing import Literal

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


Taking = Literal["", "greeting", "welcome"]
"""How a voice begins to speak: with thanks or a greeting, as somebody just welcomed does, or with neither."""

_WELCOMED = re.compile(
    r"\b(?:for having (?:me|us)|for inviting|for the (?:invite|invitation|introduction|intro)|(?:good|great|happy"
    r"|excited|glad|pleasure|pleased|delighted|nice|thrilled|honou?red|honou?r|stoked|fun|awesome|love|lovely)"
    r" to be (?:here|on|back|with|there)"
    r"|(?:my|a) pleasure|pleasures mine)\b"
)
_GREETS = re.compile(
    r"^(?:(?:oh|well|yeah|yes|so|and|um|uh|hey|okay|ok|absolutely|awesome) )*"
    r"(?:thank you|thanks|hi|hello|hey|howdy|good (?:morning|afternoon|evening)|yo|whats up)\b"
)
_WELL = re.compile(
    r"^(?:(?:oh|yeah|yes|um|uh|i think|im|i am|its|all|things are|just|doing|very|super|so|pretty|really|quite|not) )*"
    r"(?:good|great|well|fine|lovely|awesome|excited|happy|glad|wonderful|excellent|fantastic|alright|bad|too bad"
    r"|amazing|how are you|how you doing)\b"
)
_HOW = re.compile(r"\b(?:how (?:are|is|have|do|you)|hows|whats up|whats new)\b")
_HEAD = 8
_OPENING = 40
"""Tokens in which somebody who was welcomed says so."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """All that one voice says before another voice is heard; `place` counts stretches from 0."""

    place: int
    label: SpeakerLabel
    tokens: tuple[Token, ...]

    @property
    def opening(self) -> Span | None:
        """Where its first words are, for somebody to hear how it begins."""
        said = self.tokens[:_HEAD]
        return said[0].span | said[-1].span if said else None

    def taking(self, before: Stretch) -> Taking:
        """How it begins, as an answer to the stretch `before`: that one is well is one where it was asked."""
        opening = " ".join(token.folded for token in self.tokens[:_OPENING])
        if _WELCOMED.search(opening):
            return "welcome"
        asked = " ".join(token.folded for token in before.tokens[-_HEAD * 2 :])
        return "greeting" if _GREETS.match(opening) or (_WELL.match(opening) and _HOW.search(asked)) else ""


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
                        text=bare.strip('.,;:!?…"“”()[]*_—–-'),
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
