"""
Writes sound: clips of a few seconds, and copies of whole recordings that browsers seek exactly.

Chromium, asked for a second of a 15-minute file with a variable bit rate, was up to 4.5 s
off in MP3, up to 70 ms in MP3 with a constant one, and at most 9 ms in AAC (M4A), Opus,
FLAC and WAV. Copies are made as M4A, which every browser plays; they hold exactly the
samples that the words' times were measured on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from convarchive.domain.span import Span
from convarchive.errors import AudioUnreadable, BadInput, HomeNotWritable
from convarchive.ingest.engines.audio import Sound, blocks
from convarchive.ingest.ports import Report


@dataclass(frozen=True, slots=True)
class _Form:
    """How one kind of file is written: container, codec, rate in Hz, bits a second (None: lossless)."""

    container: str
    codec: str
    rate: int
    bits: int | None


_FORMS = {
    ".m4a": _Form("ipod", "aac", 44_100, 64_000),
    ".mp3": _Form("mp3", "libmp3lame", 44_100, 96_000),
    ".opus": _Form("ogg", "libopus", 48_000, 40_000),
    ".wav": _Form("wav", "pcm_s16le", 16_000, None),
    ".flac": _Form("flac", "flac", 16_000, None),
}

EXACT = frozenset({".wav", ".flac", ".m4a", ".opus", ".webm"})
"""Kinds of file (by `Sound.suffix`) in which a browser finds every instant."""


def seeks_exactly(sound: Sound) -> bool:
    """Whether a browser that plays the file itself lands where it was asked to; else serve a `derive`d copy."""
    return sound.suffix in EXACT


def derive(path: Path, out: Path, *, report: Report | None = None) -> Path:
    """
    Write the whole of `path` as mono to `out`, a kind that browsers seek exactly, and return `out`.

    The kind follows from `out`'s suffix: `.m4a` (29 MB an hour) as a rule, or `.opus` (18)
    or `.wav` (115). Raises AudioUnreadable, HomeNotWritable; leaves nothing half-written.
    """
    if out.suffix not in EXACT or out.suffix not in _FORMS:
        raise BadInput(f"{out.name}: a copy that seeks exactly is written as .m4a, .opus or .wav")
    return _write(path, out, None, report)


def cut(path: Path, span: Span, out: Path) -> Path:
    """
    Write just `span` of `path` to `out` (`.mp3`, `.m4a`, `.opus` or `.wav`), exact to the millisecond, mono.

    Raises AudioUnreadable where the recording ends before `span` begins, HomeNotWritable.
    """
    if out.suffix not in _FORMS:
        raise BadInput(f"{out.name}: a clip is written as one of {', '.join(sorted(_FORMS))}")
    return _write(path, out, span, None)


def join(paths: Sequence[Path], out: Path, *, pause: int = 1_000, bits: int | None = None) -> int:
    """
    Write recordings one after the other to `out`, `pause` ms of silence between them; return its milliseconds.

    With `bits` a second, a lossy file is made that small, at 16 kHz.

    Raises AudioUnreadable, HomeNotWritable, BadInput for an unknown kind of file.
    """
    if out.suffix not in _FORMS:
        raise BadInput(f"{out.name}: recordings are joined as one of {', '.join(sorted(_FORMS))}")
    form = _FORMS[out.suffix]
    if bits is not None and form.bits is not None:
        form = replace(form, rate=16_000, bits=bits)
    silence = np.zeros(form.rate * pause // 1000, dtype=np.int16)

    def sound() -> Iterator[NDArray[np.int16]]:
        for number, path in enumerate(paths):
            if number and len(silence):
                yield silence
            yield from blocks(path, rate=form.rate)

    try:
        return _encode(sound(), out, form) * 1000 // form.rate
    except (av.error.FFmpegError, OSError) as exc:
        raise HomeNotWritable(f"{out} cannot be written: {exc.strerror or exc}") from exc
    except _NothingHeard as exc:
        raise BadInput(f"{out.name}: there are no recordings to join") from exc


def _write(path: Path, out: Path, span: Span | None, report: Report | None) -> Path:
    form = _FORMS[out.suffix]
    unfinished = out.with_name(f".{out.name}.part")
    start, end = (span.start, span.end) if span else (0, None)
    sound = blocks(path, rate=form.rate, start=start, end=end, report=report)
    try:
        try:
            _encode(sound, unfinished, form)
        except (av.error.FFmpegError, OSError) as exc:
            raise HomeNotWritable(f"{out} cannot be written: {exc.strerror or exc}") from exc
        except _NothingHeard as exc:
            raise AudioUnreadable(f"{path} ends before {start / 1000:.3f} s, so there is nothing to cut") from exc
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return out


class _NothingHeard(Exception):
    """The stretch that was asked for lies beyond the end."""


def _encode(sound: Iterator[NDArray[np.int16]], out: Path, form: _Form) -> int:
    """Write the sound and return how many samples it had."""
    options = {"movflags": "+faststart"} if form.container == "ipod" else {}
    written = 0
    with av.open(os.fspath(out), "w", format=form.container, options=options) as container:
        stream = container.add_stream(form.codec, rate=form.rate, layout="mono")
        if form.bits is not None:
            stream.bit_rate = form.bits
        for block in sound:
            frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = form.rate, written, Fraction(1, form.rate)
            container.mux(stream.encode(frame))
            written += len(block)
        if not written:
            raise _NothingHeard
        container.mux(stream.encode(None))
    return written
