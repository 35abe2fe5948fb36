"""Finds the part of a passage that carried a hit where none of the query's own words stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from convarchive.domain.passage import PassageNumber
from convarchive.index.ports import Encoder

_PART = re.compile(r"[^.!?;:,\N{EM DASH}]+(?:[.!?;:,\N{EM DASH}]+|$)")
_LEAST = 3
"""Words of a part; a shorter one says too little to be pointed at, and goes with the one before it."""

Marks = dict[PassageNumber, tuple[tuple[int, int], ...]]


def lit(encoder: Encoder, words: Sequence[tuple[str, float]], texts: Mapping[PassageNumber, str]) -> Marks:
    """For each passage the [start, end) character offsets of its part whose words come nearest to these."""
    parts = {number: _parts(text) for number, text in texts.items()}
    every = [texts[number][start:end] for number, spans in parts.items() for start, end in spans]
    if not every:
        return {}
    near = encoder.closeness(words, every)
    found: Marks = {}
    at = 0
    for number, spans in parts.items():
        if spans:
            found[number] = (spans[int(np.argmax(near[at : at + len(spans)]))],)
        at += len(spans)
    return found


def _parts(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in _PART.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = match.start() + len(match[0].rstrip())
        if not any(char.isalnum() for char in match[0]):
            continue
        if spans and len(text[start:end].split()) < _LEAST:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
