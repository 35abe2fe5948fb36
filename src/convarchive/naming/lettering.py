"""
Gives names their capitals back in words that have none, where it is known which names to look for.

Everything else that naming reads goes by capitals and stops. A recogniser that writes
neither leaves only the names known beforehand to be found: whole ones as they sound, first
names as they are spelt. Names that nobody listed stay lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from convarchive.domain.speech import Utterance
from convarchive.domain.transcript import Word
from convarchive.naming.matching import alike, fold, parts, same_name

_CASED = 0.005
"""Least share of capitalised words in talk that is written with capitals at all."""
_USUAL = 0.002
"""A word this frequent in a conversation is a common word, even if it sounds like a name."""
_COMMON = frozenset(
    """mark will bill rob jack art may june rich guy grace hope joy faith rose dean grant chase drew max pat sue frank
    sandy lance miles chad ray jay bob gene dawn summer autumn ivy iris heather ginger pearl ruby victor chip rusty
    penny josh buck cliff clay forest glen heath reed rocky skip tab tad tim van ward wade nick pierce jean""".split()
)
"""First names that are also words; without a surname they are left alone."""


def lettered(utterances: Sequence[Utterance], names: Sequence[str]) -> tuple[Utterance, ...]:
    """The utterances, unchanged where they have capitals, else with those of `names` that occur."""
    words = [word.text for utterance in utterances for word in utterance.words]
    if not names or sum(text[:1].isupper() for text in words) > _CASED * len(words):
        return tuple(utterances)
    wanted = tuple(dict.fromkeys(whole for whole in map(parts, names) if whole))
    counted = Counter(map(fold, words))
    usual = {word for word, count in counted.items() if count > max(3.0, _USUAL * len(words))}
    return tuple(replace(u, words=_capitals(u.words, wanted, usual)) for u in utterances)


def _capitals(words: Sequence[Word], wanted: Sequence[tuple[str, ...]], usual: set[str]) -> tuple[Word, ...]:
    folded = [fold(word.text) for word in words]
    made, at = list(words), 0
    while at < len(words):
        size = _name_at(folded, at, wanted, usual)
        for i in range(at, at + size):
            made[i] = replace(words[i], text=words[i].text[:1].upper() + words[i].text[1:])
        if size:
            # A name is where a speaker pauses; without a mark it would run into the next word.
            made[at + size - 1] = replace(made[at + size - 1], text=made[at + size - 1].text + ",")
        at += size or 1
    return tuple(made)


def _name_at(folded: Sequence[str], at: int, wanted: Sequence[tuple[str, ...]], usual: set[str]) -> int:
    """How many words from here on are one of the names: 0 for none."""
    for size in (3, 2):
        window = tuple(folded[at : at + size])
        if len(window) == size and all(window) and any(_is(window, whole) for whole in wanted):
            return size
    word = folded[at]
    if len(word) < 3 or word in _COMMON or (word in usual and not any(word == whole[0] for whole in wanted)):
        return 0
    least = 0.95 if len(word) < 5 else 0.9
    return int(any(alike(word, whole[0]) >= least for whole in wanted))


def _is(window: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    if len(window) != len(whole) and len(window) == 3:
        return False
    # The first word must be close: any word before a surname would do otherwise.
    return alike(window[0], whole[0]) >= 0.75 and same_name(window, whole) > 0
