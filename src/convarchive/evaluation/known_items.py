"""
Measures whether search finds the sentence that somebody has in mind but remembers badly.

Sentences of real talk make up an archive; some of them are asked for by a phrase of theirs with half of
its words forgotten, with typing errors, or with a name spelt wrong by a letter. The seed is fixed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convarchive.evaluation.asking import PEERS, Archive, Engines, Ranking, archive_of
from convarchive.evaluation.judged import Text
from convarchive.evaluation.search_scores import OURS

DEEP = 10
SYSTEMS = (OURS, *PEERS)
SEED = 1
_PHRASE, _SHORT = 12, 4
"""Words of a phrase, and of one around a name."""
_LONG = 5
"""Letters of a word that is worth a typing error."""
_NAME = re.compile(r"[A-Z][a-z]{4,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Row:
    """One way of remembering badly, for one system: of so many asked for, how many came first, and among ten."""

    way: str
    system: str
    asked: int
    first: int
    among_ten: int


def half_forgotten(sentence: str, chance: random.Random) -> str | None:
    """A phrase of the sentence, half of its words left, in their order."""
    words = _phrase(sentence.split(), chance, _PHRASE)
    kept = sorted(chance.sample(range(len(words)), (len(words) + 1) // 2))
    return " ".join(words[place] for place in kept)


def mistyped(sentence: str, chance: random.Random) -> str | None:
    """A phrase of the sentence, every other one of its longer words with one letter wrong; None where none is long."""
    words = _phrase(sentence.split(), chance, _PHRASE)
    places = [place for place, word in enumerate(words) if len(word) >= _LONG and word.isalpha()]
    for place in places[::2]:
        words[place] = _typo(words[place], chance)
    return " ".join(words) if places else None


def misnamed(sentence: str, chance: random.Random) -> str | None:
    """A few words around a name, the name with one letter wrong; None where the sentence has none."""
    words = [word.strip(".,!?;:\"'()") for word in sentence.split()]
    places = [place for place, word in enumerate(words) if place and _NAME.fullmatch(word)]
    if not places:
        return None
    place = chance.choice(places)
    words[place] = _typo(words[place], chance)
    start = max(0, min(place - chance.randrange(_SHORT), len(words) - _SHORT))
    return " ".join(words[start : start + _SHORT])


WAYS: dict[str, Callable[[str, random.Random], str | None]] = {
    "half forgotten": half_forgotten,
    "mistyped": mistyped,
    "name misspelt": misnamed,
}


def measure(
    sentences: Sequence[str],
    engines: Engines,
    *,
    targets: int,
    report: Callable[[str, int, int], None] | None = None,
) -> tuple[Row, ...]:
    """Ask for `targets` of the sentences in each way, those few where the way is not open left out."""
    chance = random.Random(SEED)
    rows = []
    with archive_of([Text(str(n), sentence) for n, sentence in enumerate(sentences)], engines) as archive:
        for way, spoilt in WAYS.items():
            asked = _asked(sentences, spoilt, targets, chance)
            places: dict[str, list[int]] = {system: [] for system in SYSTEMS}
            for done, (number, words) in enumerate(asked, start=1):
                for system, ranking in _ranked(archive, words).items():
                    ids = [text for text, _ in ranking[:DEEP]]
                    places[system].append(ids.index(str(number)) if str(number) in ids else DEEP)
                if report is not None:
                    report(way, done, len(asked))
            rows += [
                Row(way, system, len(asked), sum(place == 0 for place in found), sum(place < DEEP for place in found))
                for system, found in places.items()
            ]
    return tuple(rows)


def _asked(
    sentences: Sequence[str], spoilt: Callable[[str, random.Random], str | None], count: int, chance: random.Random
) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number in chance.sample(range(len(sentences)), len(sentences)):
        if len(found) < count and (words := spoilt(sentences[number], chance)):
            found.append((number, words))
    return found


def _ranked(archive: Archive, words: str) -> dict[str, Ranking]:
    return {OURS: archive.hits(words, limit=DEEP), **archive.plain(words)}


def _phrase(words: list[str], chance: random.Random, longest: int) -> list[str]:
    start = chance.randrange(max(1, len(words) - longest + 1))
    return words[start : start + longest]


def _typo(word: str, chance: random.Random) -> str:
    """One letter left out, doubled, changed, or swapped with the next; never the first."""
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2 or word[at] == word[at + 1]:
        return word[:at] + chance.choice([one for one in _LETTERS if one != word[at]]) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
