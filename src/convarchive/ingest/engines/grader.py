"""
How likely sentences are to be understood alone, read by a small network under ONNX Runtime.

Runs `standalone.onnx`, which `convarchive models pull` makes of all-MiniLM-L6-v2 and this
package's adapters.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from convarchive.errors import ModelMissing

FILE = "standalone.onnx"
MAX_TOKENS = 160
"""What it was fitted to read; a quote of eighty words has fewer."""
TOGETHER = 16
"""Texts read at once."""


class OnnxGrader:
    """
    The network in `folder`. Safe to call from several threads; loaded when first asked.

    Raises ModelMissing where the folder has none, as one pulled by an earlier release.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self._folder, self._threads = folder, threads
        self._fingerprint = f"standalone {_digest(folder)[:16]}"

    @property
    def fingerprint(self) -> str:
        """Names the weights."""
        return self._fingerprint

    def grade(self, texts: Sequence[str]) -> tuple[float, ...]:
        """How likely each text is to be understood by somebody who sees nothing else: 0 to 1, in order."""
        found = [0.0] * len(texts)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda n: len(tokens[n]))
        for at in range(0, len(order), TOGETHER):
            rows = order[at : at + TOGETHER]
            width = len(tokens[rows[-1]])
            ids = np.zeros((len(rows), width), np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for place, row in enumerate(rows):
                ids[place, : len(tokens[row])] = tokens[row]
                mask[place, : len(tokens[row])] = 1
            likely = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            for row, value in zip(rows, likely, strict=True):
                found[row] = float(value)
        return tuple(found)

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if self._threads is not None:
            options.intra_op_num_threads = self._threads
        try:
            return onnxruntime.InferenceSession(str(self._folder / FILE), options, providers=["CPUExecutionProvider"])
        except _UNREADABLE as exc:
            raise ModelMissing(_again(self._folder)) from exc

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        try:
            text = (self._folder / "tokenizer.json").read_text(encoding="utf-8")
            if "model" not in json.loads(text):
                raise ValueError("no tokenizer")
        except (OSError, ValueError, TypeError) as exc:
            raise ModelMissing(_again(self._folder)) from exc
        tokenizer = Tokenizer.from_str(text)
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer


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


def _digest(folder: Path) -> str:
    """The digest of the network as it was converted, from the model's record."""
    try:
        record = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        return next(str(file["sha256"]) for file in record["files"] if file["path"] == FILE)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as exc:
        raise ModelMissing(_again(folder)) from exc


def _again(folder: Path) -> str:
    return f"{folder / FILE} is not there or damaged; get it with: convarchive models pull {folder.name} --again"
