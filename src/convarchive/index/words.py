"""Keeps a large archive's index of words in step with its catalogue, as `build` keeps that of vectors."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convarchive.domain.passage import PassageNumber
from convarchive.errors import IndexCorrupt, IndexMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.ports import Numbers, StoredLexicalIndex
from convarchive.store.catalogue import Catalogue
from convarchive.store.fulltext import words_of

TEXTS_A_STEP = 20_000
"""Texts read between two short transactions."""


_PROBES, _BEGINNING = 200, 8
LoadStored = Callable[[Path, str], StoredLexicalIndex]
"""Opens a saved index of words whose bytes must have this SHA-256. Raises IndexMissing, IndexCorrupt."""


@dataclass(frozen=True, slots=True)
class WordsEngine:
    """An engine of words of its own, for archives of `least` passages and more."""

    least: int
    make: Callable[[], StoredLexicalIndex]
    load: LoadStored


def put_words(home: Home, catalogue: Catalogue, engine: WordsEngine, numbers: Numbers) -> tuple[str, str]:
    """
    Write the index of the words of these passages under its digest, and return its name and digest.

    Both are empty where the archive is too small to need one. What stands from the build
    before is carried on, so that only what is new is read. Raises HomeNotWritable.
    """
    if len(numbers) < engine.least:
        return "", ""
    index = _before(home, engine)
    index.remove(np.setdiff1d(index.held(), numbers))
    held = index.held()
    if len(np.setdiff1d(numbers[numbers <= (held[-1] if len(held) else 0)], held)):
        # Something is missing in the middle, which no build leaves behind.
        index = engine.make()
        held = index.held()
    _fill(catalogue, index, numbers[np.searchsorted(numbers, held[-1] if len(held) else 0, side="right") :])
    raw = home.build / f".words.{os.getpid()}.part"
    try:
        index.save(raw)
        sha256 = manifests.digest_of(raw)
        name = f"words-{sha256[:16]}.index"
        raw.replace(home.build / name)
    finally:
        raw.unlink(missing_ok=True)
    return name, sha256


def _before(home: Home, engine: WordsEngine) -> StoredLexicalIndex:
    try:
        found = manifests.read(home)
        if found.words:
            return engine.load(home.build / found.words, found.words_sha256)
    except (IndexMissing, IndexCorrupt):
        pass
    return engine.make()


def _fill(catalogue: Catalogue, index: StoredLexicalIndex, numbers: Numbers) -> None:
    every: list[str] = []
    there: list[int] = []
    for start in range(0, len(numbers), TEXTS_A_STEP):
        some = [PassageNumber(int(number)) for number in numbers[start : start + TEXTS_A_STEP]]
        with catalogue.writing() as write:
            texts = write.index.texts(some)
        # What was dropped in this moment is in no answer, and is left out here.
        there += texts
        every += texts.values()
    index.add(np.array(there, np.int64), every)


def demand_words(path: Path, catalogue: Catalogue, index: StoredLexicalIndex, numbers: Numbers, count: int) -> None:
    """
    Raise IndexCorrupt unless the index covers these passages, `count` with stale ones, by their own words.

    A few passages spread over the whole are looked up by the words they begin with.
    """
    held = index.held()
    if len(held) != count or len(np.setdiff1d(numbers, held)):
        raise IndexCorrupt(f"{path} does not cover the passages that it should")
    probes = [PassageNumber(int(number)) for number in numbers[:: max(1, len(numbers) // _PROBES)]]
    with catalogue.reading("editor") as read:
        texts = read.index.texts(probes)
    for number, text in texts.items():
        words = words_of(text)[:_BEGINNING]
        if words and number not in index.phrase(words):
            raise IndexCorrupt(f"{path} does not hold the catalogue's words")
