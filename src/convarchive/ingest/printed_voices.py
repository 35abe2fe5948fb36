"""
Finds who is printed beside the words of a transcript: `Ada Example: I think so.`

A line of talk may hold a colon too ("Remember: never again"), so what stands before one
counts as a voice only where it can be a name, or where nearly every line has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convarchive.domain.span import Span


@dataclass(frozen=True, slots=True)
class Said:
    """Some words in one stretch, with the voice printed beside them. Without times `span` is None."""

    text: str
    voice: str | None = None
    span: Span | None = None


_PREFIX = re.compile(
    r"^(?:>>+|[-–—•]|\*(?!\*))?\s*"
    r"(?:[\[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,3})?[\])]?\s*(?:[-–—]\s*)?)?"  # a time in front of the name
    r"(?P<strong>\*\*|__)?"
    r"(?P<name>[^\s:][^:\n]{0,59}?)"
    r"(?:\s*[\[(]\d{1,2}(?::\d{2}){1,2}[\])])?"  # or behind it
    r"\s*(?(strong)(?:(?P=strong)\s*:|:\s*(?P=strong))|:)(?=\s|$)\s*"
)
_TIME = re.compile(r"^[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?(?=\s|$)\s*")
_NO_NAMES = frozenset(
    "note notes remember question answer example warning first second third lastly finally and so but yes no one two "
    "three because however also still look listen again now then well is was are means said says this that these those "
    "it there here why how what when where who which if".split()
)
_FEW = 7
"""More words than this are a clause rather than a name."""
_MOST = 0.9
"""The share of lines with something before a colon from which it is taken for a voice, whatever it looks like."""


def voiced(blocks: Sequence[Said]) -> tuple[Said, ...]:
    """
    Take printed names off the lines of each block and put them into `voice`.

    A block may hold several lines, each with a name of its own; lines without one go on
    with the voice before, also over blocks, but only once a voice was named. A block's
    span is shared out by the length of the text.
    """
    lines = [line for block in blocks for line in block.text.splitlines() if line.strip()]
    starts = [match.group("name") for line in lines if (match := _PREFIX.match(line))]
    opening = [
        match for block in blocks if (match := _PREFIX.match(block.text.lstrip())) and not _is_talk(match.group("name"))
    ]
    throughout = bool(opening) and len(opening) >= _MOST * sum(bool(block.text.strip()) for block in blocks)
    names = {name for name in starts if _could_be_a_name(name)}
    if throughout:
        names |= {match.group("name") for match in opening}
    found: list[Said] = []
    voice: str | None = None
    for block in blocks:
        pieces: list[tuple[str | None, str]] = []
        for line in block.text.splitlines():
            match = _PREFIX.match(line.strip())
            if match and match.group("name") in names:
                voice = match.group("name").strip()
                pieces.append((voice, line.strip()[match.end() :]))
            elif pieces:
                pieces[-1] = (pieces[-1][0], f"{pieces[-1][1]} {line}")
            else:
                pieces.append((voice, line if block.span else _TIME.sub("", line.strip())))
        spans = shared(block.span, [text for _, text in pieces])
        found += [Said(text, who, span) for (who, text), span in zip(pieces, spans, strict=True) if text.strip()]
    return tuple(found)


def shared(span: Span | None, texts: Sequence[str]) -> tuple[Span | None, ...]:
    """Share a stretch out among texts in their order, by how long they are."""
    if span is None or not texts:
        return (None,) * len(texts)
    # The space after a word is part of how long it takes to say it.
    weights = [len(text) + 1 for text in texts]
    whole = sum(weights)
    bounds = [span.start + span.duration * done // whole for done in _sums(weights)]
    return tuple(Span(bounds[i], bounds[i + 1]) for i in range(len(texts)))


def _sums(weights: Iterable[int]) -> list[int]:
    done = [0]
    for weight in weights:
        done.append(done[-1] + weight)
    return done


def _is_talk(name: str) -> bool:
    return name.split()[0].casefold() in _NO_NAMES


def _could_be_a_name(name: str) -> bool:
    """Capitals (or letters that have none) and no sentence: `Ada Example`, `HOST`, `Dr. Ben van Sample`."""
    words = name.split()
    if not words or len(words) > _FEW or _is_talk(name) or re.search(r"[!?;\"“”]|[.,]\s+[a-z]", name):
        return False
    if re.fullmatch(r"(?i)[\w-]*\s*(?:speaker|voice|host|guest|interviewer|interviewee|moderator)s?\s*\w{0,3}", name):
        return True
    capital = [
        word for word in words if (first := word.lstrip("([\"'“‘")[:1]) and (first.isupper() or _caseless(first))
    ]
    return words[0] in capital and len(capital) * 2 >= len(words)


def _caseless(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()
