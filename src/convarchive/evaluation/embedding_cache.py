"""
Keeps the vectors of a measurement's texts in a folder, so that they are computed once, with progress and in steps.

A file for each ten thousand texts, named by them and the encoder: a run that was stopped is carried on
by the next, and a longer list begins with what a shorter one left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from convarchive.domain.run import digest
from convarchive.errors import BadInput, HomeNotWritable
from convarchive.index.ports import Encoder, Vectors

TEXTS_A_FILE = 10_000
Told = Callable[[int, int], None]
"""Told how many texts of how many are embedded."""


def embedded(texts: Sequence[str], encoder: Encoder, folder: Path, told: Told) -> Vectors:
    """
    The texts' vectors, float32 [len(texts), dimensions], out of the folder as far as they lie there.

    Raises BadInput where a file there is damaged, HomeNotWritable where none can be written.
    """
    parts = []
    for at in range(0, len(texts), TEXTS_A_FILE):
        some = texts[at : at + TEXTS_A_FILE]
        path = folder / f"embedded-{digest(encoder.fingerprint, *some)[:16]}.npy"
        if not path.is_file():
            _write(path, encoder.encode(some))
        part = _read(path)
        if part.shape != (len(some), encoder.dimensions):
            raise BadInput(f"{path} holds other vectors than it should; delete it")
        parts.append(part)
        told(at + len(some), len(texts))
    return np.concatenate(parts) if parts else np.empty((0, encoder.dimensions), np.float32)


def _read(path: Path) -> Vectors:
    try:
        found: Vectors = np.load(path, allow_pickle=False).astype(np.float32)
    except (OSError, ValueError, EOFError) as exc:
        raise BadInput(f"{path} cannot be read ({exc}); delete it") from exc
    return found


def _write(path: Path, vectors: Vectors) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.save(file, vectors)
        part.replace(path)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise HomeNotWritable(f"{path} cannot be written ({exc.strerror}); name another folder with --cache") from exc


def copies(texts: Sequence[str], vectors: Vectors, count: int, spread: float = 0.02) -> tuple[list[str], Vectors]:
    """
    `count` texts and vectors: the given ones, and where those are fewer, copies that differ a little.

    A copy's words stand in another order and end in its number; its vector has noise of `spread` in
    every place. Archives hold no such crowds of near twins: whoever tells of them says so.
    """
    many, rows = list(texts[:count]), [vectors[:count]]
    random = np.random.default_rng(1)
    turn = 0
    while len(many) < count and texts:
        turn += 1
        wanted = min(len(texts), count - len(many))
        many += [_shuffled(text, turn) for text in texts[:wanted]]
        noisy = vectors[:wanted] + random.normal(0, spread, (wanted, vectors.shape[1])).astype(np.float32)
        rows.append((noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32))
    return many, np.concatenate(rows)


def _shuffled(text: str, turn: int) -> str:
    words = text.split()
    at = turn % len(words)
    return " ".join([*words[at:], *words[:at], str(turn)])
