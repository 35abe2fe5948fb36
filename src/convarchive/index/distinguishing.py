"""
The words that tell one group of texts from the others: class-based TF-IDF (M. Grootendorst 2022).

A group's texts count as one text; a word weighs its share in it times how rare it is in all
groups. Words that say nothing anywhere are left out, and so are those of a single text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]{3,}(?:['’][^\W\d_]+)?")
_EVERYDAY = frozenset(
    """
    about above across actually after again against all almost also although always and another any anybody anyone
    anything are around away back because been before being between both but can can't cannot come could couldn't did
    didn't does doesn't doing don't done down each either else enough even ever every everybody everyone everything
    far few for from get gets getting give given goes going gonna good got had has have haven't having he'd he's her
    here hers herself him himself his how however i'd i'll i'm i've into isn't it'd it'll it's its itself just keep
    kind know know less let let's like little long look lot lots made make makes many may maybe mean mean might more
    most much must myself never nobody nor not nothing now off often okay once one ones only onto other others our
    ours ourselves out over own perhaps put quite rather really right said same saw say saying says see seem seems
    she she'd she's should since some somebody someone something sometimes soon sort still such take than that that's
    the their theirs them themselves then there there's these they they'd they'll they're they've thing things think
    this those though through thus too toward towards try two under until upon use used very wanna want was wasn't way
    we'd we'll we're we've well went were weren't what what's whatever when where whether which while who who's whom
    whose why will with within without won't would wouldn't yeah yes yet you you'd you'll you're you've your yours
    yourself
    """.split()
)


def tokens(text: str) -> list[str]:
    """The words of a text that are long enough to say anything, in small letters."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def words_of(text: str) -> list[str]:
    """Those of them that may say what it is about."""
    return [word for word in tokens(text) if word not in _EVERYDAY]


def distinguishing(groups: Sequence[Sequence[str]], most: int = 10) -> tuple[tuple[str, ...], ...]:
    """For each group of texts, the words that tell it from the other groups, the most telling first."""
    counts: list[Counter[str]] = []
    texts: list[Counter[str]] = []
    for group in groups:
        split = [words_of(text) for text in group]
        counts.append(Counter(word for words in split for word in words))
        texts.append(Counter(word for words in split for word in set(words)))
    total = sum(counts, Counter[str]())
    mean = sum(total.values()) / max(1, len(groups))
    found = []
    for count, held in zip(counts, texts, strict=True):
        size = max(1, count.total())
        weight = {
            word: times / size * math.log(1 + mean / total[word]) for word, times in count.items() if held[word] > 1
        }
        found.append(tuple(sorted(weight, key=lambda word: (-weight[word], word))[:most]))
    return tuple(found)
