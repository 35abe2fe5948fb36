"""
How words are kept: one compressed blob a transcript.

Measured against one row a word (docs/decisions/0004-words-as-blobs.md): a third of the
disk, and as quick to read whole, which is the only way words are ever read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

from convarchive.domain.span import Span
from convarchive.domain.transcript import Dropped, Word


def pack_words(words: Sequence[Word]) -> bytes:
    """Words as a zlib-compressed JSON object of columns; times in ms, probabilities to 4 digits."""
    columns = {
        "text": [w.text for w in words],
        "start": [w.span.start for w in words],
        "end": [w.span.end for w in words],
        "probability": [None if w.probability is None else round(w.probability, 4) for w in words],
        "voice": [w.voice for w in words] if any(w.voice for w in words) else None,
    }
    return zlib.compress(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack_words(blob: bytes) -> tuple[Word, ...]:
    """The words that `pack_words` packed."""
    columns = json.loads(zlib.decompress(blob))
    voices = columns["voice"] or [None] * len(columns["text"])
    return tuple(
        Word(text, Span(start, end), probability, voice)
        for text, start, end, probability, voice in zip(
            columns["text"], columns["start"], columns["end"], columns["probability"], voices, strict=True
        )
    )


def pack_dropped(dropped: Sequence[Dropped]) -> str:
    """Text that was not believed, as JSON."""
    return json.dumps([[d.span.start, d.span.end, d.text, d.reason] for d in dropped], ensure_ascii=False)


def unpack_dropped(text: str) -> tuple[Dropped, ...]:
    """What `pack_dropped` packed."""
    return tuple(Dropped(Span(s, e), t, r) for s, e, t, r in json.loads(text))
