"""
The file that a `two_step` index lies in: a header, passage numbers, signs, bytes, one after another.

Little-endian throughout. The arrays are mapped into memory, so that opening reads only the numbers.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from convarchive.errors import IndexCorrupt, IndexMissing
from convarchive.index.engines.exact import beside, corrupt, missing, settle
from convarchive.index.engines.turning import Bytes
from convarchive.index.ports import Numbers
from convarchive.store.disk import refusal

MAGIC = b"convarchive-9bit"
_HEADER = struct.Struct("<16sIIQ32x")
_VERSION = 1
_AT_ONCE = 1 << 24
"""Bytes of an array written at once."""


@dataclass(frozen=True, slots=True)
class Held:
    """Passage numbers in ascending order, and for each its signs [n, dimensions / 8] and bytes [n, dimensions]."""

    numbers: Numbers
    signs: Bytes
    sizes: Bytes


def is_one(path: Path) -> bool:
    """Whether a file begins as these do. Raises IndexMissing, or IndexCorrupt where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except FileNotFoundError as exc:
        raise IndexMissing(missing(path)) from exc
    except OSError as exc:
        raise IndexCorrupt(corrupt(path)) from exc


def read(path: Path) -> Held:
    """Map a file into memory. Raises IndexMissing, or IndexCorrupt where header, size or numbers are wrong."""
    try:
        with path.open("rb") as file:
            magic, version, dimensions, count = _HEADER.unpack(file.read(_HEADER.size))
        if magic != MAGIC or version != _VERSION or not dimensions or dimensions % 8:
            raise IndexCorrupt(corrupt(path))
        if path.stat().st_size != _HEADER.size + count * (8 + dimensions // 8 + dimensions):
            raise IndexCorrupt(corrupt(path))
        held = _mapped(path, count, dimensions)
    except FileNotFoundError as exc:
        raise IndexMissing(missing(path)) from exc
    except (OSError, struct.error, ValueError) as exc:
        raise IndexCorrupt(corrupt(path)) from exc
    if (np.diff(held.numbers) <= 0).any():
        raise IndexCorrupt(corrupt(path))
    return held


def _mapped(path: Path, count: int, dimensions: int) -> Held:
    numbers = np.fromfile(path, "<i8", count, offset=_HEADER.size).astype(np.int64)
    if not count:
        return Held(numbers, np.empty((0, dimensions // 8), np.uint8), np.empty((0, dimensions), np.uint8))
    at = _HEADER.size + 8 * count
    signs = np.memmap(path, np.uint8, "r", at, (count, dimensions // 8))
    sizes = np.memmap(path, np.uint8, "r", at + signs.size, (count, dimensions))
    # The plain view: a memmap's own indexing costs more than the rows it fetches.
    return Held(numbers, signs.view(np.ndarray), sizes.view(np.ndarray))


def write(path: Path, held: Held) -> None:
    """Write atomically. Raises HomeNotWritable where the disk is full or read-only."""
    temporary = None
    try:
        temporary = beside(path)
        with temporary.open("wb") as file:
            file.write(_HEADER.pack(MAGIC, _VERSION, held.sizes.shape[1], len(held.numbers)))
            file.write(held.numbers.astype("<i8").tobytes())
            _write_rows(file, held.signs)
            _write_rows(file, held.sizes)
        settle(temporary, path)
    except OSError as exc:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise refusal(path, exc) from exc


def _write_rows(file: BinaryIO, rows: Bytes) -> None:
    step = max(1, _AT_ONCE // max(1, rows.shape[1]))
    for at in range(0, len(rows), step):
        file.write(np.ascontiguousarray(rows[at : at + step]).data)
