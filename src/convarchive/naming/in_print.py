"""
Finds words in a voice that are printed elsewhere under a person's name, and says what that is worth.

Whoever says what was printed as somebody's words is probably that person: hardly anybody
else ever says fifteen words in that order. It counts only where the print is found whole or
lightly edited, in one voice's own words, by nobody else here; and not where the voice reads
it out: it names the person beside the words, or says what is printed under several people.

A name that rests on a printed quote says nothing about who said that very quote. So for each
one found, `apart` concludes again what the voice would be called had it never been printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from convarchive.alignment.words import Unit, align, units
from convarchive.domain.quote import PrintedWords
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Evidence, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.naming.candidates import Candidate, resolve
from convarchive.naming.introductions import Mention

KIND = "printed quote"
UNCOUNTED = "printed quote, not counted"
"""The kind of what stands with a printed quote's own words in place of the evidence that it gives elsewhere."""

STRENGTH = 0.9
"""
What a printed quote counts, from 0 to 1: a conservative prior, not a measured rate of right names.

Measured was how seldom somebody else says the same words (`docs/decisions/0005-evidence-families.md`).
"""
FEWEST = 15
"""Words that a print has at least between two omissions to be looked for."""
RARE = 4
"""Of these, words of six letters or more: what everybody says has hardly any."""
_SEED = 5
"""Words that stand unchanged in a row wherever a print is found."""
_SAME = 0.9
_EXTRA = 1.1
_PAUSE = 8000
"""Milliseconds without a word of the voice after which it says something else."""
_BEFORE, _AFTER = 30_000, 10_000
"""Milliseconds around the words in which a voice that reads them out says whose they are."""
_TURNS = frozenset("no not never none nothing nobody nor neither without hardly".split())
"""Words that turn a meaning round: print and talk must agree on each."""
_OMISSION = re.compile(r"\s*(?:\[[^\]]*\]|\(?…\)?|\(?\.\.\.\)?)\s*")


@dataclass(frozen=True, slots=True)
class Echo:
    """A voice says what is printed: `same` of the print's `size` words stand unchanged within the span."""

    label: SpeakerLabel
    printed: PrintedWords
    span: Span
    same: int
    size: int

    @property
    def reason(self) -> Evidence:
        """The evidence as people read it."""
        return Evidence("print", KIND, f"says {self._told}", self.span, STRENGTH)

    @property
    def uncounted(self) -> Evidence:
        """What stands beside these words' own name instead."""
        detail = f"these words themselves are {self._told}; that names the voice elsewhere, and counts nothing here"
        return Evidence("print", UNCOUNTED, detail, self.span, 0.0)

    @property
    def _told(self) -> str:
        words = f"all {self.size} words" if self.same == self.size else f"{self.same} of {self.size} words"
        return f"what {self.printed.place} prints under {self.printed.name}, {words} (quote {self.printed.quote})"


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A stretch of print without omissions, as comparable words."""

    printed: PrintedWords
    keys: tuple[str, ...]


def echoes(utterances: Sequence[Utterance], printed: Sequence[PrintedWords]) -> tuple[Echo, ...]:
    """
    Where voices say what is printed, in order of time, at most once a print.

    `utterances` stand in order of time. Takes time in the talk's length, whatever is printed.
    """
    fragments = tuple(_fragments(printed))
    if not fragments:
        return ()
    seeds: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for n, fragment in enumerate(fragments):
        for at in range(len(fragment.keys) - _SEED + 1):
            seeds.setdefault(fragment.keys[at : at + _SEED], []).append((n, at))
    found: list[Echo] = []
    for label, words in _by_voice(utterances).items():
        spoken = units([word.text for word in words])
        found += _in_voice(label, words, spoken, fragments, seeds)
    return _told_apart(found)


def own_words(found: Iterable[Echo], said: Sequence[Mention], people: Sequence[Candidate]) -> tuple[Echo, ...]:
    """The echoes that no voice reads out under the person's name."""
    return tuple(one for one in found if not _read_out(one, said, people))


def apart(
    found: Sequence[Echo], given: Sequence[Attribution], again: Callable[[tuple[Echo, ...]], Sequence[Attribution]]
) -> tuple[Attribution, ...]:
    """
    For each echo that names its voice, what the voice is called without print of these words, as the evidence says.

    `given` are the attributions as they are, `again` concludes anew from fewer echoes.
    """
    names = {one.label: one for one in given}
    lesser: list[Attribution] = []
    for echo in found:
        named = names.get(echo.label)
        if named is None or named.speaker != echo.printed.speaker or any(e.family == "editor" for e in named.evidence):
            continue
        # The same words may be printed twice, and neither print says who said them.
        rest = tuple(one for one in found if not one.span & echo.span)
        without = next(one for one in again(rest) if one.label == echo.label)
        lesser.append(replace(without, evidence=(*without.evidence, echo.uncounted)))
    return tuple(lesser)


def _fragments(printed: Sequence[PrintedWords]) -> Iterator[_Fragment]:
    """What is long and unusual enough to be looked for, and printed under one person only."""
    whose: dict[tuple[str, ...], set[SpeakerId]] = {}
    made: list[_Fragment] = []
    for one in printed:
        for part in _OMISSION.split(one.text):
            keys = tuple(unit.key for unit in units(part.split()))
            if len(keys) >= FEWEST and sum(len(key) > 5 for key in keys) >= RARE:
                made.append(_Fragment(one, keys))
                whose.setdefault(keys, set()).add(one.speaker)
    return (fragment for fragment in made if len(whose[fragment.keys]) == 1)


def _by_voice(utterances: Sequence[Utterance]) -> dict[SpeakerLabel, list[Word]]:
    spoken: dict[SpeakerLabel, list[Word]] = {}
    for utterance in utterances:
        if utterance.label is not None:
            spoken.setdefault(utterance.label, []).extend(utterance.words)
    return spoken


def _in_voice(
    label: SpeakerLabel,
    words: Sequence[Word],
    spoken: Sequence[Unit],
    fragments: Sequence[_Fragment],
    seeds: Mapping[tuple[str, ...], Sequence[tuple[int, int]]],
) -> Iterator[Echo]:
    keys = [unit.key for unit in spoken]
    tried: set[tuple[int, int]] = set()
    for at in range(len(keys) - _SEED + 1):
        for n, offset in seeds.get(tuple(keys[at : at + _SEED]), ()):
            start = max(0, at - offset)
            if (n, start) in tried:
                continue
            tried.add((n, start))
            found = _at(label, words, spoken, fragments[n], start)
            if found is not None:
                yield found


def _at(
    label: SpeakerLabel, words: Sequence[Word], spoken: Sequence[Unit], fragment: _Fragment, start: int
) -> Echo | None:
    """The print where it is said about here, if it is said as it is printed."""
    size = len(fragment.keys)
    slack = size // 10 + 1
    first = max(0, start - slack)
    heard = spoken[first : start + size + slack]
    pairs = align(fragment.keys, [unit.key for unit in heard])
    same = [(i, j) for i, j in pairs if i is not None and j is not None and fragment.keys[i] == heard[j].key]
    if len(same) < _SAME * size:
        return None
    begin, end = same[0][1], same[-1][1]
    if end - begin + 1 > _EXTRA * size or _turned(fragment, heard, same):
        return None
    said = words[heard[begin].at : heard[end].last + 1]
    if any(two.span.start - one.span.end > _PAUSE for one, two in pairwise(said)):
        return None
    return Echo(label, fragment.printed, said[0].span | said[-1].span, len(same), size)


def _turned(fragment: _Fragment, heard: Sequence[Unit], same: Sequence[tuple[int, int]]) -> bool:
    """Whether a word that differs denies, or is a number."""
    here, there = {i for i, _ in same}, {j for _, j in same}
    odd = [key for i, key in enumerate(fragment.keys) if i not in here]
    odd += [heard[j].key for j in range(same[0][1], same[-1][1] + 1) if j not in there]
    return any(key in _TURNS or key[0].isdigit() for key in odd)


def _told_apart(found: Sequence[Echo]) -> tuple[Echo, ...]:
    """Without what two voices say, and without voices that say what is printed under several people."""
    voices: dict[str, set[SpeakerLabel]] = {}
    people: dict[SpeakerLabel, set[SpeakerId]] = {}
    for one in found:
        voices.setdefault(one.printed.quote, set()).add(one.label)
        people.setdefault(one.label, set()).add(one.printed.speaker)
    sure = [one for one in found if len(voices[one.printed.quote]) == 1 and len(people[one.label]) == 1]
    longest: dict[str, Echo] = {}
    for one in sorted(sure, key=lambda one: (-one.same, one.span.start)):
        longest.setdefault(one.printed.quote, one)
    return tuple(sorted(longest.values(), key=lambda one: (one.span.start, one.printed.quote)))


def _read_out(echo: Echo, said: Sequence[Mention], people: Sequence[Candidate]) -> bool:
    near = Span(max(0, echo.span.start - _BEFORE), echo.span.end + _AFTER)
    return any(
        mention.label == echo.label
        and mention.way not in ("self", "own")
        and near & mention.span is not None
        and any(person.id == echo.printed.speaker for person in resolve(mention.words, people))
        for mention in said
    )
