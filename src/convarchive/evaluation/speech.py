"""
Reads recordings with what people wrote down about them: who spoke when (RTTM), the words (STM), or a transcript
that says who speaks (WebVTT, SRT, Podcasting 2.0 JSON).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from convarchive.domain.span import Span
from convarchive.errors import BadInput, TranscriptUnreadable
from convarchive.ingest.transcripts import read_transcript

_SOUND = frozenset({".flac", ".wav", ".mp3", ".m4a", ".ogg", ".opus"})
_TRANSCRIPTS = (".vtt", ".srt", ".json")
_BREATH = 300
"""Milliseconds between words of one voice that are no break."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one person's speech, as a reference has it; `text` is None where no words were written down."""

    span: Span
    speaker: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A recording with its references in order of time; `said` is empty where only voices were marked."""

    id: str
    audio: Path
    spoken: tuple[Stretch, ...]
    said: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """All words in order of time."""
        return " ".join(stretch.text for stretch in self.said if stretch.text)


def references(data: Path, only: Sequence[str] = ()) -> tuple[Reference, ...]:
    """
    Every recording `X.flac` (or WAV, MP3 …) that has a reference beside it in `data/speech`, or in `data` itself.

    An `X.rttm` says who speaks when, an `X.stm` the words too; else a transcript `X.vtt`, `X.srt`
    or `X.json` that names its voices serves for both, with the times of its cues. `only` names
    some of them. Raises BadInput where there is none, or one that does not parse.
    """
    folder = data / "speech" if (data / "speech").is_dir() else data
    found = []
    for audio in recordings_in(folder):
        if not only or audio.stem in only:
            one = _reference(audio)
            if one is not None:
                found.append(one)
    missing = [name for name in only if name not in {one.id for one in found}]
    if missing:
        raise BadInput(f"{folder} holds no recording {missing[0]} with a reference")
    if not found:
        raise BadInput(
            f"{folder} holds no recordings X.flac beside X.rttm, X.stm or X.vtt; name the folder with --data"
        )
    return tuple(found)


def recordings_in(folder: Path) -> list[Path]:
    """The sound in a folder, by name."""
    return sorted(one for one in folder.glob("*") if one.suffix.lower() in _SOUND and one.is_file())


def _reference(audio: Path) -> Reference | None:
    rttm, stm = audio.with_suffix(".rttm"), audio.with_suffix(".stm")
    if rttm.is_file() or stm.is_file():
        said = _stm(stm) if stm.is_file() else ()
        return Reference(audio.stem, audio, _rttm(rttm) if rttm.is_file() else said, said)
    for path in (audio.with_suffix(ending) for ending in _TRANSCRIPTS):
        if path.is_file():
            said = _transcript(path)
            return Reference(audio.stem, audio, said, said)
    return None


def _transcript(path: Path) -> tuple[Stretch, ...]:
    """What each voice says without a break."""
    try:
        words = read_transcript(path.read_bytes(), name=str(path)).words
    except TranscriptUnreadable as error:
        raise BadInput(f"{error}; a reference is RTTM, STM, or a transcript that names its voices") from error
    rows: list[Stretch] = []
    for word in words:
        if word.voice is None or not word.span.end:
            raise BadInput(f"{path} does not say of every word who speaks and when, so it is no reference for voices")
        last = rows[-1] if rows else None
        if last is not None and last.speaker == word.voice and word.span.start - last.span.end <= _BREATH:
            rows[-1] = Stretch(last.span | word.span, last.speaker, f"{last.text} {word.text}")
        else:
            rows.append(Stretch(word.span, word.voice, word.text))
    return tuple(rows)


def _rttm(path: Path) -> tuple[Stretch, ...]:
    """NIST RTTM: `SPEAKER file 1 start length <NA> <NA> who …`, in seconds."""
    rows = []
    for number, fields in _rows(path):
        if fields[0] != "SPEAKER":
            continue
        try:
            start, length = float(fields[3]), float(fields[4])
            rows.append(Stretch(Span.seconds(start, start + length), fields[7]))
        except (ValueError, IndexError, OverflowError) as exc:
            raise BadInput(f"{path}, line {number}: not a line of RTTM") from exc
    return tuple(sorted(rows, key=lambda row: row.span))


def _stm(path: Path) -> tuple[Stretch, ...]:
    """NIST STM: `file 1 who start end words …`, in seconds."""
    rows = []
    for number, fields in _rows(path):
        try:
            span = Span.seconds(float(fields[3]), float(fields[4]))
            rows.append(Stretch(span, fields[2], " ".join(fields[5:])))
        except (ValueError, IndexError, OverflowError) as exc:
            raise BadInput(f"{path}, line {number}: not a line of STM") from exc
    return tuple(sorted(rows, key=lambda row: row.span))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as exc:
        raise BadInput(f"{path}: no text in UTF-8") from exc
    return [(n, line.split()) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith(";;")]
