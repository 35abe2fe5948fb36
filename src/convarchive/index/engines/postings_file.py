"""
The arrays behind an index of words, how they are merged, and the one file they lie in.

The file is a line of JSON that says what follows, and the arrays one after another, each at a
multiple of 8 bytes, little-endian. It is a function of the texts alone: the same texts give the
same bytes, whatever was added and removed on the way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convarchive.errors import IndexCorrupt, IndexMissing
from convarchive.index.engines.exact import beside, corrupt, missing, settle
from convarchive.index.ports import Numbers
from convarchive.store.disk import refusal
from convarchive.store.stemming import LAST, Occurrences

FORMAT = 1
MOST = 255
"""How often one word is counted in one passage."""
_TYPES = {
    "words": "<u1", "starts": "<i8", "firsts": "<i8", "numbers": "<u4", "times": "<u1", "places": "<u2",
    "lengths": "<u2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Postings:
    """
    All stems, sorted, and for each the passages that hold it.

    Stem i's passages are `numbers[starts[i]:starts[i + 1]]`, each holding it `times`; its
    places, passage by passage, `places[firsts[i]:firsts[i + 1]]`. `lengths` [highest + 1] is
    by passage number one more than how many words it has, 0 where there is none.
    """

    stems: tuple[str, ...]
    starts: NDArray[np.int64]
    firsts: NDArray[np.int64]
    numbers: NDArray[np.uint32]
    times: NDArray[np.uint8]
    places: NDArray[np.uint16]
    lengths: NDArray[np.uint16]

    def of(self, stem: int) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.uint16]]:
        """Passages, times and places of one stem."""
        here, there = slice(*self.starts[stem : stem + 2]), slice(*self.firsts[stem : stem + 2])
        return self.numbers[here], self.times[here], self.places[there]

    def frequency(self, stem: int) -> int:
        """How often a stem stands in the archive."""
        return int(self.firsts[stem + 1] - self.firsts[stem])

    def occurrences(self, stem: int) -> NDArray[np.int64]:
        """Where a stem stands: passage number times 65536 plus place, sorted."""
        numbers, times, places = self.of(stem)
        return (np.repeat(numbers, times).astype(np.int64) << 16) | places


EMPTY = Postings(
    (), np.zeros(1, np.int64), np.zeros(1, np.int64), np.empty(0, np.uint32), np.empty(0, np.uint8),
    np.empty(0, np.uint16), np.zeros(1, np.uint16),
)  # fmt: skip


def gathered(words: Occurrences, numbers: Numbers) -> Postings:
    """The postings of some texts under these passage numbers, which rise."""
    lengths = np.zeros(int(numbers[-1]) + 1 if len(numbers) else 1, np.uint16)
    lengths[numbers] = np.minimum(np.bincount(words.text, minlength=len(numbers)), LAST - 1) + 1
    order = np.argsort(np.array(words.stems, object), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    codes = rank[words.stem]
    sort = np.argsort(codes, kind="stable")
    stems = tuple(words.stems[place] for place in order)
    return _packed(stems, codes[sort], numbers[words.text[sort]], words.place[sort], lengths)


def merged(parts: Sequence[Postings]) -> Postings:
    """Several as one; the numbers of each are above those of the one before."""
    parts = [part for part in parts if len(part.lengths) > 1]
    if len(parts) < 2:
        return parts[0] if parts else EMPTY
    stems = tuple(sorted(set().union(*(part.stems for part in parts))))
    where = {stem: place for place, stem in enumerate(stems)}
    lengths = np.zeros(max(len(part.lengths) for part in parts), np.uint16)
    pairs, singles = [], []
    for part in parts:
        lengths[: len(part.lengths)] += part.lengths
        codes = np.array([where[stem] for stem in part.stems], np.int64)
        pairs.append(np.repeat(codes, np.diff(part.starts)))
        singles.append(np.repeat(codes, np.diff(part.firsts)))
    by_pair = np.argsort(np.concatenate(pairs), kind="stable")
    by_place = np.argsort(np.concatenate(singles), kind="stable")
    return Postings(
        stems,
        _bounds(np.concatenate(pairs), len(stems)),
        _bounds(np.concatenate(singles), len(stems)),
        np.concatenate([part.numbers for part in parts])[by_pair],
        np.concatenate([part.times for part in parts])[by_pair],
        np.concatenate([part.places for part in parts])[by_place],
        lengths,
    )


def without(postings: Postings, gone: Numbers) -> Postings:
    """The same without these passages."""
    lengths = postings.lengths.copy()
    lengths[gone] = 0
    stays = lengths[postings.numbers] > 0
    places = np.repeat(stays, postings.times)
    codes = np.repeat(np.arange(len(postings.stems)), np.diff(postings.starts))[stays]
    singles = np.repeat(np.arange(len(postings.stems)), np.diff(postings.firsts))[places]
    used = np.bincount(codes, minlength=len(postings.stems)) > 0
    renamed = np.cumsum(used) - 1
    stems = tuple(stem for stem, kept in zip(postings.stems, used, strict=True) if kept)
    left = np.flatnonzero(lengths)
    return Postings(
        stems,
        _bounds(renamed[codes], len(stems)),
        _bounds(renamed[singles], len(stems)),
        postings.numbers[stays],
        postings.times[stays],
        postings.places[places],
        lengths[: int(left[-1]) + 1 if len(left) else 1],
    )


def _packed(
    stems: tuple[str, ...],
    codes: NDArray[np.int64],
    numbers: NDArray[np.int64],
    places: NDArray[np.uint16],
    lengths: NDArray[np.uint16],
) -> Postings:
    """From one row an occurrence, sorted by stem, number and place."""
    first = np.ones(len(codes), bool)
    first[1:] = (codes[1:] != codes[:-1]) | (numbers[1:] != numbers[:-1])
    begins = np.flatnonzero(first)
    times = np.diff(np.append(begins, len(codes)))
    counted = np.arange(len(codes)) - np.repeat(begins, times) < MOST
    return Postings(
        stems,
        _bounds(codes[begins], len(stems)),
        _bounds(codes[counted], len(stems)),
        numbers[begins].astype(np.uint32),
        np.minimum(times, MOST).astype(np.uint8),
        places[counted],
        lengths,
    )


def _bounds(codes: NDArray[np.int64], stems: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=stems))]).astype(np.int64)


# -- the file -------------------------------------------------------------------------


def save(postings: Postings, path: Path) -> None:
    """Write atomically to `path`. Raises HomeNotWritable."""
    words = np.frombuffer("\n".join(postings.stems).encode(), np.uint8)
    arrays = {name: words if name == "words" else getattr(postings, name) for name in _TYPES}
    sizes = {name: len(array) for name, array in arrays.items()}
    head = json.dumps({"format": FORMAT, "sizes": sizes}, separators=(",", ":")).encode()
    temporary = None
    try:
        temporary = beside(path)
        with temporary.open("wb") as file:
            file.write(head + b" " * (-(len(head) + 1) % 8) + b"\n")
            for name, array in arrays.items():
                data = np.ascontiguousarray(array, _TYPES[name])
                file.write(data.tobytes())
                file.write(b"\0" * (-data.nbytes % 8))
        settle(temporary, path)
    except OSError as exc:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise refusal(path, exc) from exc


def load(path: Path, sha256: str | None) -> Postings:
    """Map a saved file. Raises IndexMissing, IndexCorrupt."""
    try:
        with path.open("rb") as file:
            if sha256 is not None and hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise IndexCorrupt(corrupt(path))
            file.seek(0)
            line = file.readline(4096)
        head = json.loads(line)
        if head["format"] != FORMAT:
            raise ValueError("of another release")
        data = np.memmap(path, np.uint8, mode="r")
        arrays, at = {}, len(line)
        for name, kind in _TYPES.items():
            size = int(head["sizes"][name]) * np.dtype(kind).itemsize
            if size < 0 or at + size > len(data):
                raise ValueError("too short")
            arrays[name] = np.asarray(data[at : at + size]).view(kind)
            at += size + -size % 8
        words = arrays.pop("words").tobytes().decode()
        postings = Postings(tuple(words.split("\n")) if words else (), **arrays)
        if at != len(data) or len(postings.starts) != len(postings.stems) + 1:
            raise ValueError("of another length")
        return postings
    except FileNotFoundError as exc:
        raise IndexMissing(missing(path)) from exc
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise IndexCorrupt(corrupt(path)) from exc
