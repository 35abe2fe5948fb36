"""Reads numbers written as words, so that "twenty five per cent" and "25%" are the same."""

from __future__ import annotations

from collections.abc import Sequence

SMALL = {
    word: n
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
    "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70,
    "eightieth": 80, "ninetieth": 90, "hundredth": 100,
}  # fmt: skip
"""Ordinals that are more than the number and `th`."""


def spelt(tokens: Sequence[str]) -> tuple[str, int]:
    """
    The number that lower-case words begin with, in digits, and how many words it takes.

    ("", 0) where none begins there. Years said in pairs are read as years.

    >>> spelt("two thousand and nineteen was".split())
    ('2019', 4)
    >>> spelt("nineteen eighty four".split())
    ('1984', 3)
    >>> spelt("twenty first century".split())
    ('21st', 2)
    """
    total = group = 0
    taken = n = 0
    while n < len(tokens):
        word = tokens[n]
        if word in ("a", "and"):
            # "a hundred", "two hundred and five": part of a number only between its words.
            if not (_continues(word, tokens[n + 1 : n + 2], taken, group)):
                break
            n += 1
            continue
        size = SMALL.get(word, TENS.get(word, 0))
        if word in SMALL or word in TENS:
            year = _pair(group, size, total)
            if year:
                group = group * 100 + size
            elif taken and not _adds(group, size):
                break
            else:
                group += size
        elif word == "hundred" and (not taken or 0 < group < 100):
            group = max(group, 1) * 100
        elif word in SCALES and (not taken or group):
            total += max(group, 1) * SCALES[word]
            group = 0
        else:
            ordinal = _ordinal(word)
            if ordinal and taken and _adds(group, ordinal):
                return _nth(total + group + ordinal), n + 1
            if ordinal and not taken:
                return _nth(ordinal), n + 1
            break
        n += 1
        taken = n
    return (str(total + group), taken) if taken else ("", 0)


def _continues(word: str, after: Sequence[str], taken: int, group: int) -> bool:
    follows = after[0] if after else ""
    if word == "a":
        return not taken and follows in ("hundred", *SCALES)
    return bool(taken) and group % 100 == 0 and (follows in SMALL or follows in TENS) and follows != "zero"


def _adds(group: int, size: int) -> bool:
    """Whether a smaller number goes on the one said before ("twenty" "five", "hundred" "twelve")."""
    room = 100 if group % 100 == 0 else 10 if group % 10 == 0 else 1
    return group == 0 or 0 < size < room


def _pair(group: int, size: int, total: int) -> bool:
    """Whether these are the two halves of a year ("nineteen" "eighty", "twenty" "twelve")."""
    return total == 0 and 13 <= group <= 20 and size >= 10 and (group != 20 or size < 100)


def _ordinal(word: str) -> int:
    if word in ORDINALS:
        return ORDINALS[word]
    stem = word.removesuffix("th")
    return SMALL.get(stem, 0) if stem != word else 0


def _nth(number: int) -> str:
    teen = number % 100 in (11, 12, 13)
    return str(number) + ("th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th"))
