"""Reads sentences of a quote's size out of real talk: `transcripts/*-turns.jsonl.xz`, one turn a line."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from convarchive.errors import BadInput

LEAST, MOST = 8, 80
"""Words of a quote."""
_END = re.compile(r"(?<=[.!?])\s+")
_APART, _FEW, _CLOSER = 37, 10_000, 6
"""
Every so many-th sentence is taken, so that few episodes do not fill the whole; where more than a
few are wanted they stand closer.
"""


def sentences(data: Path, count: int) -> tuple[str, ...]:
    """
    `count` different sentences of 8 to 80 words from many episodes, the same ones each time.

    Raises BadInput where there are no turns, or fewer sentences.
    """
    folder = data / "transcripts" if (data / "transcripts").is_dir() else data
    paths = sorted(folder.glob("*-turns.jsonl.xz"))
    if not paths:
        raise BadInput(f"{folder} holds no *-turns.jsonl.xz; name the folder with --data")
    found: dict[str, None] = {}
    apart = _APART if count <= _FEW else _CLOSER
    for place, sentence in enumerate(chain.from_iterable(_of(path) for path in paths)):
        if place % apart == 0:
            found[sentence] = None
        if len(found) == count:
            return tuple(found)
    raise BadInput(f"{folder} holds only {len(found)} sentences that far apart; ask for fewer")


def _of(path: Path) -> Iterator[str]:
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                for sentence in _END.split(str(json.loads(line)["text"])):
                    if LEAST <= len(sentence.split()) <= MOST:
                        yield sentence.strip()
    except (OSError, ValueError, KeyError, TypeError, lzma.LZMAError) as exc:
        raise BadInput(f"{path} cannot be read ({exc})") from exc
