"""
Sentences to vectors, with nothing but a tokenizer and ONNX Runtime.

Runs all-MiniLM-L6-v2 as `convarchive models pull` leaves it: mean pooling and normalisation stand
inside `model.onnx`, so that whoever serves a search needs no torch. `words.npy` holds a
vector for each piece of a word.
"""

from __future__ import annotations

import hashlib
import json
from collections import ChainMap
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from convarchive.errors import ModelMissing
from convarchive.index.ports import Scores, Vectors
from convarchive.index.spelling import Spelling

MAX_TOKENS = 256
"""What the model was trained to read; the rest of a longer text is not looked at."""
_READINGS = 5
"""Words a misspelt one may be, at most."""
_TWO_SLIPS = 8
"""Letters of a word in which two slips are looked for."""
_LONGEST_KEPT, _WORDS_KEPT = 100, 50_000
"""Letters of a word whose pieces are kept, and how many of these words; then all are forgotten and met anew."""
_TOKENS_A_BATCH = 4096
"""Padded tokens encoded at once: enough to keep two cores busy, little enough to stay in their caches."""


class OnnxEncoder:
    """
    The model in `folder` (`model.onnx`, `words.npy`, `tokenizer.json`, `model.json`).

    `threads` is how many cores one call may use (all, by default). Safe to call from several
    threads. Raises ModelMissing where a file is not there or cannot be read.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            options.intra_op_num_threads = threads
            # Others use the cores too: a thread that has nothing to do must not keep one busy waiting.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._tokenizer = _tokenizer(folder)
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except _UNREADABLE as exc:
            raise ModelMissing(_again(folder, "model.onnx")) from exc
        self._words = _words(folder)
        self._cut: dict[str, list[int]] = {}
        self._dimensions = int(self._session.get_outputs()[0].shape[-1])
        self._fingerprint = f"{folder.name}:{_weights(folder)[:16]}:mean:l2:{MAX_TOKENS}"

    @property
    def fingerprint(self) -> str:
        """The model, its weights as they were published, how tokens are pooled and how many are read."""
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order: float32 [len(texts), dimensions]."""
        vectors = np.empty((len(texts), self._dimensions), np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        for rows in _batches([len(ids) for ids in tokens]):
            width = max(len(tokens[row]) for row in rows)
            ids = np.zeros((len(rows), width), np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for place, row in enumerate(rows):
                ids[place, : len(tokens[row])] = tokens[row]
                mask[place, : len(tokens[row])] = 1
            vectors[rows] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    def closeness(self, words: Sequence[tuple[str, float]], texts: Sequence[str]) -> Scores:
        """How near each text comes to the words, one by one: see `Encoder`."""
        result = np.zeros(len(texts), np.float32)
        asked = self._pieces([word for word, _ in words])
        weights = np.array([w for (_, w), ids in zip(words, asked, strict=True) for _ in ids], np.float32)
        held = self._pieces(texts)
        filled = [row for row, ids in enumerate(held) if ids]
        if not filled or not weights.sum() > 0:
            return result
        mine = self._words[[piece for ids in asked for piece in ids]].astype(np.float32)
        # A piece that stands in many of the texts is compared once.
        pieces, places = np.unique(np.concatenate([held[row] for row in filled]), return_inverse=True)
        products = mine @ self._words[pieces].astype(np.float32).T
        begins = np.cumsum([0] + [len(held[row]) for row in filled[:-1]])
        nearest = np.maximum.reduceat(products[:, places], begins, axis=1)
        result[filled] = weights @ nearest / weights.sum()
        return result

    def respelt(self, word: str) -> tuple[str, ...]:
        """See `Encoder`."""
        plain = word.casefold()
        if plain in self._usual:
            return ()
        near = self._spelling.near(plain, 1)
        if not near and len(plain) >= _TWO_SLIPS:
            near = self._spelling.near(plain, 2)
        return tuple(found for found, _ in near[:_READINGS])

    @cached_property
    def _usual(self) -> dict[str, int]:
        """Whole words the model has a piece of their own for; the more usual, the higher their number."""
        pieces = self._tokenizer.get_vocab(with_added_tokens=False)
        return {piece: len(pieces) - at for piece, at in pieces.items() if piece.isascii() and piece.isalpha()}

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(tuple(self._usual), np.fromiter(self._usual.values(), np.int64))

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """
        The pieces of each text's words.

        They do not depend on the words around them, and most words were met before: looking them up
        spares cutting up every text of every answer anew.
        """
        cut = [text.split(" ") for text in texts]
        known = self._cut if len(self._cut) < _WORDS_KEPT else {}
        new = list({word for words in cut for word in words if word not in known})
        found = self._tokenizer.encode_batch_fast(new, add_special_tokens=False)
        met = {word: encoding.ids for word, encoding in zip(new, found, strict=True)}
        known.update((word, ids) for word, ids in met.items() if len(word) <= _LONGEST_KEPT)
        self._cut = known
        every = ChainMap(met, known)
        return [[piece for word in words for piece in every[word]][:MAX_TOKENS] for words in cut]


_state = onnxruntime.capi.onnxruntime_pybind11_state
_UNREADABLE = (
    _state.Fail,
    _state.InvalidArgument,
    _state.InvalidGraph,
    _state.InvalidProtobuf,
    _state.NoSuchFile,
    _state.NotImplemented,
    _state.RuntimeException,
)


def _batches(lengths: list[int]) -> list[list[int]]:
    """Texts of like length together, so that little is padding: positions, a list a batch."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: (lengths[row], row)):
        if batches and (len(batches[-1]) + 1) * lengths[row] <= _TOKENS_A_BATCH:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def _tokenizer(folder: Path) -> Tokenizer:
    path = folder / "tokenizer.json"
    try:
        text = path.read_text(encoding="utf-8")
        # The library raises plain Exceptions: what can be damaged is looked at before it sees it.
        if "model" not in json.loads(text):
            raise ValueError("no tokenizer")
    except (OSError, ValueError, TypeError) as exc:
        raise ModelMissing(_again(folder, path.name)) from exc
    tokenizer = Tokenizer.from_str(text)
    # The file's own settings are for another use: 128 tokens, always filled up.
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _words(folder: Path) -> NDArray[np.float16]:
    try:
        # As a map of the file: a search looks at a few hundred rows of thirty thousand.
        words: NDArray[np.float16] = np.load(folder / "words.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as exc:
        raise ModelMissing(_again(folder, "words.npy")) from exc
    if words.ndim != 2 or words.dtype != np.float16:
        raise ModelMissing(_again(folder, "words.npy"))
    return words


def _weights(folder: Path) -> str:
    """The digest of the published weights, the same wherever they were converted; else of the file that is run."""
    try:
        return str(json.loads((folder / "model.json").read_text(encoding="utf-8"))["weights"])
    except (OSError, ValueError, KeyError, TypeError):
        with (folder / "model.onnx").open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def _again(folder: Path, file: str) -> str:
    return f"{folder / file} is not there or damaged; get it with: convarchive models pull {folder.name} --again"
