"""Lays two tellings of the same words side by side, whatever their punctuation, case or way of writing numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.alignment.numbers import spelt

GAP = 2
"""Cost of a word that only one side has."""
OTHER = 3
"""Cost of one word in place of another: dearer than half a gap on each side, cheaper than both."""
CELLS = 4_000_000
"""Largest table of back-pointers (bytes) that is filled at once; longer sequences are halved first."""

_PIECES = re.compile(r"[^\W_]+(?:[.,:]\d+)*(?:'[^\W_]+)*|[%£$€&]")
_SIGNS = {"%": "percent", "£": "pound", "$": "dollar", "€": "euro", "&": "and"}
_SPOKEN = {
    "cannot": "can not", "can't": "can not", "won't": "will not", "shan't": "shall not", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "cuz": "because", "cos": "because", "okay": "ok", "per cent": "percent",
    "pounds": "pound", "dollars": "dollar", "euros": "euro", "let's": "let us", "yeah": "yes",
}  # fmt: skip
_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'m", " am"))
_ANY_APOSTROPHE = str.maketrans("‘’ʼ`´", "'''''")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compared: a word in its plainest form, and which of the given tokens (`at` … `last`) it stands in."""

    key: str
    at: int
    last: int


def units(tokens: Sequence[str]) -> tuple[Unit, ...]:
    """
    The plainest forms of written words, in order; a token may give none, one or several.

    Lower case, no punctuation, contractions written out, numbers as digits.

    >>> [u.key for u in units("Don't spend twenty-five per cent … of it!".split())]
    ['do', 'not', 'spend', '25', 'percent', 'of', 'it']
    """
    plain: list[Unit] = []
    for at, token in enumerate(tokens):
        for piece in _PIECES.findall(plainly(token)):
            plain.extend(Unit(word, at, at) for word in _written_out(piece).split())
    return tuple(_numbered(plain))


def plainly(text: str) -> str:
    """A text with one kind of apostrophe, in lower case and the compatible forms of its letters."""
    return unicodedata.normalize("NFKC", text).translate(_ANY_APOSTROPHE).casefold()


def _written_out(piece: str) -> str:
    if piece in _SIGNS:
        return _SIGNS[piece]
    if piece in _SPOKEN:
        return _SPOKEN[piece]
    for ending, full in _ENDINGS:
        if piece.endswith(ending) and len(piece) > len(ending):
            return piece.removesuffix(ending) + full
    return piece.replace(",", "") if piece[0].isdigit() else piece


def _numbered(plain: Sequence[Unit]) -> list[Unit]:
    """Runs of number words as one number, "per cent" as one word."""
    keys = [unit.key for unit in plain]
    found: list[Unit] = []
    n = 0
    while n < len(plain):
        number, taken = spelt(keys[n : n + 12])
        if keys[n : n + 2] == ["per", "cent"]:
            number, taken = "percent", 2
        taken = taken or 1
        found.append(Unit(number or keys[n], plain[n].at, plain[n + taken - 1].last))
        n += taken
    return found


def align(one: Sequence[str], other: Sequence[str]) -> tuple[tuple[int | None, int | None], ...]:
    """
    Pair the positions of two sequences so that the least has to be changed; None faces what one side lacks.

    Every position stands once and in order. Needleman and Wunsch (1970) with linear gaps,
    a row at a time; where the table would be large, divided as Hirschberg (1975) does.

    >>> align("we have to give power away".split(), "we give our power away".split())
    ((0, 0), (1, None), (2, None), (3, 1), (None, 2), (4, 3), (5, 4))
    """
    a, b = _numbers(one, other)
    return tuple(_paired(a, b, 0, 0))


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words of two sequences face an equal word."""
    return sum(i is not None and j is not None and one[i] == other[j] for i, j in align(one, other))


def _numbers(one: Sequence[str], other: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    known: dict[str, int] = {}
    a = np.array([known.setdefault(word, len(known)) for word in one], dtype=np.int32)
    b = np.array([known.setdefault(word, len(known)) for word in other], dtype=np.int32)
    return a, b


_Pairs = list[tuple[int | None, int | None]]


def _paired(a: NDArray[np.int32], b: NDArray[np.int32], i: int, j: int) -> _Pairs:
    """Pairs of positions, counted from `i` and `j`."""
    if len(a) * len(b) <= CELLS or len(a) < 2:
        return _table(a, b, i, j)
    half = len(a) // 2
    down, up = last_row(a[:half], b), last_row(a[half:][::-1], b[::-1])[::-1]
    cut = int(np.argmin(down + up))
    return _paired(a[:half], b[:cut], i, j) + _paired(a[half:], b[cut:], i + half, j + cut)


def last_row(a: NDArray[np.int32], b: NDArray[np.int32], *, free: bool = False) -> NDArray[np.int32]:
    """
    What it costs to turn all of `a` into the first 0, 1, … len(b) words of `b`; int32, len(b) + 1.

    With `free`, `a` may begin anywhere in `b` at no cost.
    """
    steps = np.arange(len(b) + 1, dtype=np.int32) * GAP
    row = np.zeros_like(steps) if free else steps.copy()
    for word in a:
        row = _next_row(row, word, b, steps)
    return row


def _next_row(
    row: NDArray[np.int32], word: np.int32, b: NDArray[np.int32], steps: NDArray[np.int32]
) -> NDArray[np.int32]:
    best = row + np.int32(GAP)
    np.minimum(best[1:], row[:-1] + np.where(b == word, np.int32(0), np.int32(OTHER)), out=best[1:])
    # A run of gaps to the right costs GAP each: the running minimum of (cost − steps) finds them all at once.
    return np.asarray(np.minimum.accumulate(best - steps) + steps, dtype=np.int32)


def _table(a: NDArray[np.int32], b: NDArray[np.int32], i: int, j: int) -> _Pairs:
    steps = np.arange(len(b) + 1, dtype=np.int32) * GAP
    rows = np.empty((len(a) + 1, len(b) + 1), dtype=np.int32)
    rows[0] = steps
    for n, word in enumerate(a):
        rows[n + 1] = _next_row(rows[n], word, b, steps)
    pairs: _Pairs = []
    x, y = len(a), len(b)
    while x or y:
        here = rows[x, y]
        if x and y and here == rows[x - 1, y - 1] + (0 if a[x - 1] == b[y - 1] else OTHER):
            x, y = x - 1, y - 1
            pairs.append((i + x, j + y))
        elif x and here == rows[x - 1, y] + GAP:
            x -= 1
            pairs.append((i + x, None))
        else:
            y -= 1
            pairs.append((None, j + y))
    pairs.reverse()
    return pairs
