"""Reads recordings with what people wrote down about them: who spoke when (RTTM) and, for some, the words (STM)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from convarchive.domain.span import Span
from convarchive.errors import BadInput


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
    Every recording `X.flac` that has an `X.rttm` or `X.stm` in `data/speech`, or in `data` itself.

    `only` names some of them. Raises BadInput where there is none, or a line that does not parse.
    """
    folder = data / "speech" if (data / "speech").is_dir() else data
    found = []
    for audio in sorted(folder.glob("*.flac")):
        rttm, stm = audio.with_suffix(".rttm"), audio.with_suffix(".stm")
        if (rttm.is_file() or stm.is_file()) and (not only or audio.stem in only):
            said = _stm(stm) if stm.is_file() else ()
            spoken = _rttm(rttm) if rttm.is_file() else said
            found.append(Reference(audio.stem, audio, spoken, said))
    missing = [name for name in only if name not in {one.id for one in found}]
    if missing:
        raise BadInput(f"{folder} holds no recording {missing[0]} with a reference")
    if not found:
        raise BadInput(f"{folder} holds no recordings X.flac beside X.rttm or X.stm; name the folder with --data")
    return tuple(found)


def _rttm(path: Path) -> tuple[Stretch, ...]:
    """NIST RTTM: `SPEAKER file 1 start length <NA> <NA> who …`, in seconds."""
    rows = []
    for number, fields in _rows(path):
        if fields[0] != "SPEAKER":
            continue
        try:
            start, length = float(fields[3]), float(fields[4])
            rows.append(Stretch(Span.seconds(start, start + length), fields[7]))
        except (ValueError, IndexError) as exc:
            raise BadInput(f"{path}, line {number}: not a line of RTTM") from exc
    return tuple(sorted(rows, key=lambda row: row.span))


def _stm(path: Path) -> tuple[Stretch, ...]:
    """NIST STM: `file 1 who start end words …`, in seconds."""
    rows = []
    for number, fields in _rows(path):
        try:
            span = Span.seconds(float(fields[3]), float(fields[4]))
            rows.append(Stretch(span, fields[2], " ".join(fields[5:])))
        except (ValueError, IndexError) as exc:
            raise BadInput(f"{path}, line {number}: not a line of STM") from exc
    return tuple(sorted(rows, key=lambda row: row.span))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(n, line.split()) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith(";;")]
