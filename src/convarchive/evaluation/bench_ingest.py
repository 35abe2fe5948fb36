"""
Measures how fast a recording goes the whole way, beside plain faster-whisper on the same one.

Both run one after the other, each in a fresh process of its own, so that neither finds
models loaded or memory taken by the other. What is timed is the call, models' loading included.
"""

from __future__ import annotations

import multiprocessing
import re
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from convarchive.errors import ArchiveError, BadInput

Work = Callable[[Path], object]
"""Takes a recording the whole way. Is sent to another process, so it must be importable (a function or a partial)."""

Join = Callable[[Sequence[Path], Path], int]
"""Writes recordings one after the other as one file; returns its milliseconds."""

LEAST = 600_000
"""Milliseconds a recording must last, so that loading does not decide the outcome."""


@dataclass(frozen=True, slots=True)
class Run:
    """One side: wall-clock seconds, and the peak of memory held (bytes, libraries included)."""

    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Bench:
    """Both sides on one recording of `duration` ms made of `recordings`."""

    recordings: tuple[str, ...]
    duration: int
    ours: Run
    plain: Run

    @property
    def ratio(self) -> float:
        """How many times as fast we are as plain faster-whisper alone."""
        return self.plain.seconds / self.ours.seconds

    @property
    def times_real_time(self) -> float:
        """Seconds of sound we take the whole way in a second."""
        return self.duration / 1000 / self.ours.seconds


def bench(recordings: Sequence[Path], ours: Work, plain: Work, *, join: Join, least: int = LEAST) -> Bench:
    """
    Join the recordings and time both sides on the whole.

    Raises BadInput where they last less than `least` ms together, and whatever either side raises.
    """
    with TemporaryDirectory(prefix="convarchive-bench-") as folder:
        whole = Path(folder) / "whole.flac"
        duration = join(recordings, whole)
        if duration < least:
            raise BadInput(
                f"the recordings last {duration / 60_000:.1f} minutes together; "
                f"name more of them, for {least / 60_000:.0f} minutes at least"
            )
        # Plain goes second, so that what the first left in the disk cache helps plain.
        first = timed(ours, whole)
        second = timed(plain, whole)
    return Bench(tuple(path.stem for path in recordings), duration, first, second)


def timed(work: Work, recording: Path) -> Run:
    """Run `work(recording)` in a fresh process. Raises the ArchiveError it raised, BadInput for a process that died."""
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(far, work, recording))
    process.start()
    far.close()
    try:
        found = near.recv()
    except EOFError:
        process.join()
        raise BadInput(f"the measured process ended by itself (exit status {process.exitcode})") from None
    finally:
        process.join()
        near.close()
    if isinstance(found, ArchiveError):
        raise found
    seconds, peak = found
    return Run(seconds, peak)


def _measured(answer: Connection, work: Work, recording: Path) -> None:
    start = time.perf_counter()
    try:
        work(recording)
    except ArchiveError as exc:
        answer.send(exc)
        return
    seconds = time.perf_counter() - start
    answer.send((seconds, _peak()))


def _peak() -> int:
    """The most memory (bytes) that this process held since it began."""
    status = Path("/proc/self/status")
    if status.is_file():
        # `ru_maxrss` of a process begins with what its parent held; this does not.
        held = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))
        if held:
            return int(held[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts in bytes, others in kilobytes.
    return most if sys.platform == "darwin" else most * 1024
