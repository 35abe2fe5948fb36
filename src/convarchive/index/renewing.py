"""
Brings an index in line with the catalogue's vectors, a block at a time: what is new is added, what is gone taken out.

A large index is carried on from the file of the last build, once its digest says that it is whole.
A vector's bytes depend on it alone there, so the file is the one that a build from nothing makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convarchive.domain.passage import PassageNumber
from convarchive.errors import IndexCorrupt, IndexMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.manifest import Manifest
from convarchive.index.ports import Numbers, VectorIndex, Vectors
from convarchive.store.read_index import IndexReads

MakeIndex = Callable[[int], VectorIndex]
"""Gives an empty index for vectors of so many dimensions."""
Reopen = Callable[[Path, int], VectorIndex | None]
"""
Opens a saved index to be carried on until it holds so many vectors; None where one of another kind
would be made for so many. Raises IndexMissing, IndexCorrupt.
"""
Told = Callable[[int, int], None]
"""Told how many vectors of how many are in."""

ROWS = 50_000
"""Vectors held in memory at once: 77 MB of 384 dimensions."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an index shall hold: this encoder's vectors, of so many dimensions, of these passages of this catalogue."""

    catalogue: str
    encoder: str
    dimensions: int
    numbers: Numbers


def covered(known: Sequence[PassageNumber], there: Sequence[PassageNumber]) -> Numbers:
    """
    The passages with a vector (`known`) up to the first of those `there` that has none yet.

    So one number, the manifest's `highest`, says which passages an index covers.
    """
    with_vector = np.array(known, np.int64)
    absent = np.setdiff1d(np.array(there, np.int64), with_vector)
    upto = len(with_vector) if not len(absent) else int(np.searchsorted(with_vector, absent[0]))
    return with_vector[:upto]


def renewed(
    home: Home, reads: IndexReads, target: Target, make_index: MakeIndex, reopen: Reopen | None, told: Told
) -> tuple[VectorIndex, Manifest | None]:
    """
    An index of what the target says, and the manifest whose file holds just that, where there is one.

    Without `reopen` it is made from nothing.
    """
    held = _last(home, target, reopen) if reopen else None
    if held is None:
        index, new = make_index(target.dimensions), target.numbers
        index.rebuild(np.empty(0, np.int64), np.empty((0, target.dimensions), np.float32))
    else:
        index, before = held
        there = index.numbers()
        gone, new = np.setdiff1d(there, target.numbers), np.setdiff1d(target.numbers, there)
        if not len(gone) and not len(new):
            return index, before
        index.remove(gone)
    done = len(target.numbers) - len(new)
    for numbers, vectors in blocks(reads, target.encoder, new, target.dimensions):
        index.add(numbers, vectors)
        done += len(numbers)
        told(done, len(target.numbers))
    return index, None


def blocks(reads: IndexReads, encoder: str, numbers: Numbers, dimensions: int) -> Iterator[tuple[Numbers, Vectors]]:
    """The catalogue's vectors of these passages, block by block. All must be there."""
    for at in range(0, len(numbers), ROWS):
        part = numbers[at : at + ROWS]
        raw = reads.vectors_at([PassageNumber(number) for number in part.tolist()], encoder)
        vectors: Vectors = np.frombuffer(raw, "<f4").astype(np.float32).reshape(len(part), dimensions)
        yield part, vectors


def _last(home: Home, target: Target, reopen: Reopen) -> tuple[VectorIndex, Manifest] | None:
    """The last build's index, where it can be carried on to what the target says."""
    try:
        found = manifests.read(home)
        if (found.catalogue, found.encoder, found.dimensions) != (target.catalogue, target.encoder, target.dimensions):
            return None
        path = home.build / found.vectors
        index = reopen(path, len(target.numbers))
        if index is None or manifests.digest_of(path) != found.sha256:
            return None
    except (IndexMissing, IndexCorrupt, FileNotFoundError):
        return None
    return index, found
