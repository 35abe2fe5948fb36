"""
Opens sound files of any kind and turns them into plain samples.

Every sample sits at the time at which a browser plays it: FFmpeg (inside PyAV) drops the
silence that MP3, AAC and Opus encoders put in front, holes in a stream become silence of
the same length, and time starts with the first sound that can be heard.

Samples of a long recording are spooled to a temporary file as 16-bit integers (115 MB an
hour) and read back in pieces, so that memory does not grow with its length.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from convarchive.errors import AudioUnreadable, HomeNotWritable
from convarchive.ingest.ports import Report

RATE = 16_000
"""Samples a second of everything decoded here."""

QUIET = 10 ** (-60 / 20)
"""A recording that never gets louder than this part of full scale (-60 dBFS) holds nothing to hear."""

_LARGEST_HOLE = 60
"""Seconds. A longer jump of a stream's clock is a broken clock rather than lost packets."""

_KINDS: dict[str, tuple[str, str]] = {
    "mp3": ("audio/mpeg", ".mp3"),
    "mov": ("audio/mp4", ".m4a"),
    "ogg": ("audio/ogg", ".ogg"),
    "flac": ("audio/flac", ".flac"),
    "wav": ("audio/wav", ".wav"),
    "w64": ("audio/x-w64", ".w64"),
    "matroska": ("audio/webm", ".webm"),
    "aac": ("audio/aac", ".aac"),
    "aiff": ("audio/aiff", ".aiff"),
    "au": ("audio/basic", ".au"),
    "caf": ("audio/x-caf", ".caf"),
    "asf": ("audio/x-ms-wma", ".wma"),
    "amr": ("audio/amr", ".amr"),
    "ac3": ("audio/ac3", ".ac3"),
    "mpegts": ("audio/mp2t", ".ts"),
    "avi": ("video/x-msvideo", ".avi"),
}
# A playlist (HLS, DASH, concat) would make FFmpeg open other files and addresses, so only
# formats that hold their own sound are let in, and only the file itself is opened.
_FORMATS = "mp3,mov,mp4,m4a,3gp,3g2,mj2,ogg,flac,wav,w64,matroska,webm,aac,aiff,au,caf,asf,amr,ac3,mpegts,avi"


@dataclass(frozen=True, slots=True)
class Sound:
    """
    What a file holds: `duration_ms` measured from the packets that are there (not what
    its header promises), `codec`, `channels`, `rate` in Hz, and what to call the file.
    """

    duration_ms: int
    codec: str
    channels: int
    rate: int
    media_type: str
    suffix: str


class Samples:
    """
    A recording's sound, mono at 16 kHz, kept on disk.

    `peak` is the loudest sample as a part of full scale, 0 to 1.
    """

    def __init__(self, spool: IO[bytes], count: int, peak: float) -> None:
        self._spool = spool
        self.count = count
        self.peak = peak

    @property
    def duration(self) -> int:
        """Length in milliseconds."""
        return self.count * 1000 // RATE

    @property
    def silent(self) -> bool:
        """Whether nothing in the recording can be heard."""
        return self.peak < QUIET

    def read(self, start: int = 0, end: int | None = None) -> NDArray[np.float32]:
        """Return samples `start` to `end` (positions at 16 kHz) as float32 [n] between -1 and 1."""
        stop = self.count if end is None else min(end, self.count)
        first = min(max(start, 0), stop)
        wanted = 2 * (stop - first)
        raw = bytearray()
        while len(raw) < wanted:
            piece = os.pread(self._spool.fileno(), wanted - len(raw), 2 * first + len(raw))
            if not piece:
                break
            raw += piece
        return np.frombuffer(bytes(raw), dtype=np.int16).astype(np.float32) / np.float32(32768)


def probe(path: Path) -> Sound:
    """
    Say what sound `path` holds. Reads every packet but decodes only the first second.

    Raises AudioUnreadable where it holds none.
    """
    with opened(path) as container:
        stream = container.streams.audio[0]
        codec = stream.codec_context
        base = stream.time_base or Fraction(1, codec.sample_rate or RATE)
        first: int | None = None
        last = 0
        heard = 0
        for packet in container.demux(stream):
            if packet.pts is None or packet.size == 0:
                continue
            first = packet.pts if first is None else min(first, packet.pts)
            last = max(last, packet.pts + (packet.duration or 0))
            if heard < codec.sample_rate:
                heard += sum(frame.samples for frame in _decoded(codec, packet))
        if first is None or not heard:
            raise AudioUnreadable(f"{path}: no sound could be decoded from it; it may be damaged or not audio")
        # Packets before 0 are the encoder's run-up; they are decoded but never heard.
        duration = round(float((last - max(first, 0)) * base) * 1000)
        # The header knows the encoder's padding to the sample; packets tell what is really there.
        promised = int(container.duration or 0) // 1000
        if 0 < duration - promised < 100:
            duration = promised
        names = container.format.name.split(",")
        media_type, suffix = next((_KINDS[name] for name in names if name in _KINDS), ("audio/*", path.suffix))
        if suffix == ".ogg" and codec.name in ("opus", "libopus"):
            suffix = ".opus"
        return Sound(
            duration_ms=duration,
            codec=codec.codec.canonical_name,
            channels=codec.channels,
            rate=codec.sample_rate,
            media_type=media_type,
            suffix=suffix,
        )


@contextmanager
def samples(path: Path, *, spool: Path | None = None, report: Report | None = None) -> Iterator[Samples]:
    """
    Decode `path` to mono at 16 kHz on disk (in the folder `spool`, else the system's) while the context lasts.

    Memory stays under about 5 MB whatever the length. Raises AudioUnreadable; a full disk
    raises HomeNotWritable.
    """
    with tempfile.TemporaryFile(dir=spool) as file:
        count = 0
        peak = 0
        try:
            for block in blocks(path, report=report):
                file.write(block.tobytes())
                count += len(block)
                peak = max(peak, int(np.abs(block.astype(np.int32)).max(initial=0)))
            file.flush()
        except OSError as exc:
            if isinstance(exc, av.error.FFmpegError):
                raise AudioUnreadable(f"{path}: decoding stopped: {exc.strerror}") from exc
            raise HomeNotWritable(
                f"no room to decode {path}: {exc.strerror}; free some disk or point TMPDIR at a roomier folder"
            ) from exc
        yield Samples(file, count, peak / 32768)


def decode(path: Path) -> NDArray[np.float32]:
    """
    Return the whole recording as float32 [n] mono at 16 kHz: 230 MB of memory an hour.

    Raises AudioUnreadable. Prefer `samples` where the length is not known.
    """
    with samples(path) as sound:
        whole = np.empty(sound.count, dtype=np.float32)
        for start in range(0, sound.count, RATE * 60):
            piece = sound.read(start, start + RATE * 60)
            whole[start : start + len(piece)] = piece
        return whole


def blocks(
    path: Path, *, rate: int = RATE, start: int = 0, end: int | None = None, report: Report | None = None
) -> Iterator[NDArray[np.int16]]:
    """
    Yield the sound of `path` as int16 mono pieces at `rate` Hz, in order and without holes.

    `start` and `end` are milliseconds. Decoding always begins at the beginning, because
    seeking in MP3 lands somewhere near; what comes before `start` is thrown away.

    Raises AudioUnreadable where nothing, or less than half of what is there, can be decoded.
    """
    first, stop = start * rate // 1000, None if end is None else end * rate // 1000
    position = 0
    with opened(path) as container:
        total = int(container.duration or 0) // 1000
        for block in _continuous(container, path, rate):
            piece = block[max(0, first - position) : None if stop is None else max(0, stop - position)]
            position += len(block)
            if len(piece):
                yield piece
            if report is not None:
                report(position * 1000 // rate, total)
            if stop is not None and position >= stop:
                return


@contextmanager
def opened(path: Path) -> Iterator[av.container.InputContainer]:
    """Open a file that holds sound. Raises AudioUnreadable, naming the file and why, also for what happens inside."""
    try:
        if path.stat().st_size == 0:
            raise AudioUnreadable(f"{path} is empty (0 bytes); fetch or add the file again")
        with av.open(
            str(path),
            metadata_errors="ignore",
            options={"format_whitelist": _FORMATS, "protocol_whitelist": "file"},
        ) as container:
            if not container.streams.audio:
                raise AudioUnreadable(f"{path} has no audio in it ({container.format.long_name})")
            if container.streams.audio[0].codec_context is None:
                raise AudioUnreadable(f"{path} is in a codec that is not known here; convert it to MP3, M4A or FLAC")
            yield container
    except FileNotFoundError as exc:
        raise AudioUnreadable(f"{path}: no such file") from exc
    except IsADirectoryError as exc:
        raise AudioUnreadable(f"{path} is a folder, not a sound file") from exc
    except PermissionError as exc:
        raise AudioUnreadable(f"{path} may not be read by this user") from exc
    except (av.error.FFmpegError, UnicodeDecodeError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, av.error.FFmpegError) else str(exc)
        raise AudioUnreadable(f"{path} is not a sound file that can be read ({why})") from exc


def _decoded(codec: av.AudioCodecContext, packet: av.Packet) -> list[AudioFrame]:
    """The frames of a packet; none where the packet is damaged, as a player would skip it too."""
    try:
        return [frame for frame in codec.decode(packet) if isinstance(frame, AudioFrame)]
    except av.error.FFmpegError:
        return []


def _continuous(container: av.container.InputContainer, path: Path, rate: int) -> Iterator[NDArray[np.int16]]:
    """Yield resampled sound, holes in the stream's clock filled with silence."""
    stream = container.streams.audio[0]
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    origin: float | None = None
    clock = 0.0  # seconds of sound taken from the stream so far
    good = bad = 0
    written = False
    for packet in container.demux(stream):
        frames = _decoded(stream.codec_context, packet)
        good, bad = good + bool(frames), bad + bool(packet.size and not frames)
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                at = float(frame.pts * frame.time_base)
                origin = at if origin is None else origin
                hole = at - origin - clock
                if 0.05 < hole < _LARGEST_HOLE:
                    yield from _pieces(resampler, None)
                    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
                    yield np.zeros(round(hole * rate), dtype=np.int16)
                    clock += hole
            clock += frame.samples / frame.sample_rate
            # The resampler insists on a clock of its own; ours has been read already.
            frame.pts = None
            for piece in _pieces(resampler, frame):
                written = True
                yield piece
    for piece in _pieces(resampler, None):
        written = True
        yield piece
    if not written:
        raise AudioUnreadable(f"{path}: no sound could be decoded from it; it may be damaged or not audio")
    if bad > good:
        raise AudioUnreadable(f"{path}: most of it ({bad} of {good + bad} packets) cannot be decoded; it is damaged")


def _pieces(resampler: AudioResampler, frame: AudioFrame | None) -> Iterator[NDArray[np.int16]]:
    for done in resampler.resample(frame):
        yield done.to_ndarray().reshape(-1).astype(np.int16, copy=False)
