"""
Turns vectors so that their length is spread evenly over all places, and rounds each place to a sign and a byte.

A turn by signs and Hadamard matrices (Ailon and Chazelle, "Approximate nearest neighbors and the
fast Johnson-Lindenstrauss transform", 2006), fixed once for all: nothing is learned from the
vectors, so a vector's bytes depend on it alone, whatever stands beside it or came before. Only
sums, differences and products of single numbers are taken, in one order, so they are the same on
every machine too.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convarchive.index.ports import Vectors

Bytes = NDArray[np.uint8]
"""Shape [n, bytes a row]."""

_ROWS = 512
"""Rows turned at once: as many as stay in a core's own cache."""
_KEPT = 64
"""Turned queries that are kept: more than are answered at a time."""
_DEVIATIONS = 4.5
"""How far bytes reach: a place of a turned unit vector lies within so many standard deviations, but for one in 10^5."""
_LEVELS = 256
_SEED = 384


class Turning:
    """The turn and the rounding for vectors of one length."""

    def __init__(self, dimensions: int) -> None:
        self._block = dimensions & -dimensions
        self._dimensions = dimensions
        chance = np.random.Generator(np.random.PCG64(_SEED))
        # Raw bits are the one thing the library promises to keep the same in every release.
        bits = chance.bit_generator.random_raw(2 * dimensions)
        self._signs: Vectors = np.where(np.asarray(bits) >> np.uint64(63), -1, 1).astype(np.float32).reshape(2, -1)
        self.step = float(np.float32(min(1.0, _DEVIATIONS / dimensions**0.5) / _LEVELS))
        """What one more in a byte is worth."""
        ways = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
        self._ways: Vectors = np.where(ways, self.step, -self.step).astype(np.float32)
        self._turned = lru_cache(_KEPT)(self._turn_bytes)

    def turn(self, vectors: Vectors) -> Vectors:
        """These vectors, turned: inner products stay as they are. Float32 [n, dimensions]."""
        turned = np.empty_like(vectors, np.float32)
        for at in range(0, len(vectors), _ROWS):
            rows = vectors[at : at + _ROWS] * self._signs[0]
            rows = self._crossed(self._mixed(rows)) * self._signs[1]
            turned[at : at + _ROWS] = self._mixed(rows)
        return turned

    def turn_one(self, vector: Vectors) -> Vectors:
        """One vector, turned; an answer asks for its query's several times."""
        return self._turned(np.ascontiguousarray(vector, np.float32).tobytes())

    def _turn_bytes(self, vector: bytes) -> Vectors:
        turned: Vectors = self.turn(np.frombuffer(vector, np.float32)[None])[0]
        turned.setflags(write=False)
        return turned

    def back(self, turned: Vectors) -> Vectors:
        """The vectors that these were turned from."""
        rows = self._uncrossed(self._mixed(turned) * self._signs[1])
        vectors: Vectors = self._mixed(rows) * self._signs[0]
        return vectors

    def rounded(self, vectors: Vectors) -> tuple[Bytes, Bytes]:
        """
        Turn vectors and round them: signs, eight places a byte, the first in its lowest bit; and a
        byte a place for how far it lies from 0.
        """
        signs = np.empty((len(vectors), self._dimensions // 8), np.uint8)
        sizes = np.empty((len(vectors), self._dimensions), np.uint8)
        for at in range(0, len(vectors), _ROWS):
            turned = self.turn(vectors[at : at + _ROWS])
            signs[at : at + _ROWS] = np.packbits(turned >= 0, axis=1, bitorder="little")
            sizes[at : at + _ROWS] = np.minimum(np.abs(turned) / np.float32(self.step), _LEVELS - 1)
        return signs, sizes

    def unrounded(self, signs: Bytes, sizes: Bytes) -> Vectors:
        """The turned vectors that signs and bytes stand for: the middle of what was rounded to them."""
        vectors: Vectors = self._ways.take(signs, axis=0).reshape(sizes.shape)
        vectors *= sizes + np.float32(0.5)
        return vectors

    def products(self, signs: Bytes, sizes: Bytes, rows: NDArray[np.intp], turned: Vectors) -> Vectors:
        """The inner products of these rows of the arrays with one turned vector, in single precision: [len(rows)]."""
        found = np.empty(len(rows), np.float32)
        width = sizes.shape[1]
        # Fresh memory for every block would cost more than what is done in it.
        most = min(_ROWS, len(rows))
        ways = np.empty((most, width // 8, 8), np.float32)
        values = np.empty((most, width), np.float32)
        for at in range(0, len(rows), _ROWS):
            part = rows[at : at + _ROWS]
            count = len(part)
            self._ways.take(signs.take(part, axis=0), axis=0, out=ways[:count], mode="clip")
            np.add(sizes.take(part, axis=0), np.float32(0.5), out=values[:count])
            values[:count] *= ways[:count].reshape(count, width)
            np.dot(values[:count], turned, out=found[at : at + count])
        return found

    def _mixed(self, rows: Vectors) -> Vectors:
        """Each block of places times a Hadamard matrix that keeps lengths."""
        whole = rows.reshape(-1, self._block)
        width = 1
        while width < self._block:
            pairs = whole.reshape(-1, self._block // (2 * width), 2, width)
            whole = np.stack([pairs[:, :, 0] + pairs[:, :, 1], pairs[:, :, 0] - pairs[:, :, 1]], axis=2)
            whole = whole.reshape(-1, self._block)
            width *= 2
        mixed: Vectors = (whole * np.float32(self._block**-0.5)).reshape(rows.shape)
        return mixed

    def _crossed(self, rows: Vectors) -> Vectors:
        """Places dealt out anew, so that the next mixing joins what stood in different blocks."""
        return rows.reshape(len(rows), self._dimensions // self._block, self._block).swapaxes(1, 2).reshape(rows.shape)

    def _uncrossed(self, rows: Vectors) -> Vectors:
        return rows.reshape(len(rows), self._block, self._dimensions // self._block).swapaxes(1, 2).reshape(rows.shape)
