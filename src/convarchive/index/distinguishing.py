"""
The words that tell one group of texts from the others, and stand together in them.

Class-based TF-IDF (M. Grootendorst 2022): a group's texts count as one text; a word weighs its
share in it times how rare it is in all groups, and less where another group weighs it more. The
first word is the one that weighs most; each next one weighs the more, the more it stands in the
same texts as those that were taken (normalised pointwise mutual information, G. Bouma 2009), so
that the words speak of one matter. Words that say nothing anywhere are left out, and so are those
of a single text and other forms of a word that was taken.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from convarchive.store.stemming import Stemmer

_WORD = re.compile(r"[^\W\d_]{3,}(?:['’][^\W\d_]+)?")
_CANDIDATES = 40
"""The words that weigh most in a group, among which those that stand together are chosen."""
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
    split = [[words_of(text) for text in group] for group in groups]
    holding: dict[str, set[int]] = {}
    for number, words in enumerate(words for group in split for words in group):
        for word in words:
            holding.setdefault(word, set()).add(number)
    texts, stemmer = sum(map(len, split)), Stemmer()
    return tuple(_together(weight, holding, texts, stemmer, most) for weight in _weights(split))


def _weights(split: Sequence[Sequence[Sequence[str]]]) -> list[dict[str, float]]:
    """What each word weighs in each group."""
    counts = [Counter(word for words in group for word in words) for group in split]
    held = [Counter(word for words in group for word in set(words)) for group in split]
    total = sum(counts, Counter[str]())
    mean = sum(total.values()) / max(1, len(split))
    plain = [
        {
            word: times / count.total() * math.log(1 + mean / total[word])
            for word, times in count.items()
            if texts[word] > 1
        }
        for count, texts in zip(counts, held, strict=True)
    ]
    highest: dict[str, float] = {}
    for weight in plain:
        for word, one in weight.items():
            highest[word] = max(one, highest.get(word, 0.0))
    return [{word: one * one / highest[word] for word, one in weight.items()} for weight in plain]


def _together(
    weight: Mapping[str, float], holding: Mapping[str, set[int]], texts: int, stemmer: Stemmer, most: int
) -> tuple[str, ...]:
    left = sorted(weight, key=lambda word: (-weight[word], word))[:_CANDIDATES]
    near = dict.fromkeys(left, 0.0)
    taken: dict[tuple[str, ...], str] = {}
    while left and len(taken) < most:
        best = max(left, key=lambda word: weight[word] * math.exp(near[word] / max(1, len(taken))))
        taken[stemmer.stems(best)] = best
        left = [word for word in left if stemmer.stems(word) not in taken]
        for word in left:
            near[word] += information(holding[word], holding[best], texts)
    return tuple(taken.values())


def information(one: set[int], other: set[int], texts: int) -> float:
    """How far two words stand in the same ones of so many texts, -1 to 1, from the texts that hold each (Bouma)."""
    both = len(one & other)
    if not both:
        return -1.0
    if both == texts:
        return 1.0
    return math.log(both * texts / (len(one) * len(other))) / -math.log(both / texts)
