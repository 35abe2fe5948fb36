"""
Measures how well words are heard: how many are wrong, and whether each stands where it was said.

Words are compared after Whisper's English normaliser (spelling, numbers, contractions) on
both sides, pooled over all recordings: word error rate = (wrong + missing + invented) / words said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

from convarchive.domain.span import Span, joined
from convarchive.domain.transcript import Transcript, Word
from convarchive.evaluation.speech import Reference

FAR = 5_000
"""A word this many milliseconds from its sound stands in the wrong place."""

Hear = Callable[[Path], Transcript]


@dataclass(frozen=True, slots=True)
class Heard:
    """
    One recording: how many words were said, how many of them were heard as others, missed
    or invented, how many heard words stand more than 5 s from their sound, and the
    farthest of them (ms). Without reference words only the places are measured.
    """

    id: str
    said: int
    wrong: int
    missing: int
    invented: int
    heard: int
    far: int
    farthest: int
    dropped: int

    @property
    def errors(self) -> int:
        """Wrong, missing and invented words together."""
        return self.wrong + self.missing + self.invented


@dataclass(frozen=True, slots=True)
class Score:
    """All recordings as one system heard them; `fingerprint` names the system."""

    fingerprint: str
    rows: tuple[Heard, ...]

    @property
    def wer(self) -> float | None:
        """Pooled word error rate, 0 to 1 (or above); None where no reference has words."""
        said = sum(row.said for row in self.rows)
        return sum(row.errors for row in self.rows) / said if said else None

    @property
    def far(self) -> int:
        """How many words stand more than 5 s from their sound."""
        return sum(row.far for row in self.rows)


def score(recordings: Sequence[Reference], hear: Hear, *, runs: Path | None = None, name: str = "ours") -> Score:
    """
    Hear every recording and compare it with its reference.

    With `runs`, the raw words are also written there, as `NAME.ctm` (NIST CTM) for
    others to score. Raises what `hear` raises.
    """
    found = {recording.id: hear(recording.audio) for recording in recordings}
    if runs is not None:
        runs.mkdir(parents=True, exist_ok=True)
        (runs / f"{name}.ctm").write_text(ctm(found), encoding="utf-8")
    rows = tuple(_row(recording, found[recording.id]) for recording in recordings)
    return Score(next(iter(found.values())).fingerprint if found else "", rows)


def ctm(transcripts: Mapping[str, Transcript]) -> str:
    """Words as NIST CTM: recording, channel, start and length in seconds, word, probability."""
    lines = [
        f"{id_} 1 {word.span.start / 1000:.3f} {word.span.duration / 1000:.3f} {word.text} "
        f"{'NA' if word.probability is None else format(word.probability, '.3f')}"
        for id_, transcript in sorted(transcripts.items())
        for word in transcript.words
    ]
    return "\n".join(lines) + ("\n" if lines else "")


def distances(reference: Reference, words: Sequence[Word]) -> list[int]:
    """
    How far (ms) each heard word stands from its sound.

    A word that an alignment finds in the reference is measured to the stretch it was said
    in, any other to the nearest speech of anybody.
    """
    speech = joined([stretch.span for stretch in (*reference.spoken, *reference.said)])
    places: list[Span | None] = [None] * len(words)
    said = [(plain, stretch.span) for stretch in reference.said for plain in _tokens(stretch.text or "")]
    heard = [(plain, at) for at, word in enumerate(words) for plain in _tokens(word.text)]
    if said and heard:
        aligned = jiwer.process_words(" ".join(word for word, _ in said), " ".join(word for word, _ in heard))
        for chunk in aligned.alignments[0]:
            if chunk.type == "equal":
                for step in range(chunk.hyp_end_idx - chunk.hyp_start_idx):
                    places[heard[chunk.hyp_start_idx + step][1]] = said[chunk.ref_start_idx + step][1]
    return [
        word.span.gap(place) if place is not None else min((word.span.gap(span) for span in speech), default=0)
        for word, place in zip(words, places, strict=True)
    ]


def _row(reference: Reference, transcript: Transcript) -> Heard:
    normal = EnglishTextNormalizer()
    truth = normal(reference.text)
    away = distances(reference, transcript.words)
    wrong = missing = invented = 0
    if truth:
        compared = jiwer.process_words(truth, normal(transcript.text))
        wrong, missing, invented = compared.substitutions, compared.deletions, compared.insertions
    return Heard(
        id=reference.id,
        said=len(truth.split()),
        wrong=wrong,
        missing=missing,
        invented=invented,
        heard=len(transcript.words),
        far=sum(distance > FAR for distance in away),
        farthest=max(away, default=0),
        dropped=len(transcript.dropped),
    )


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("'", "").replace("’", ""))
