"""
Measures a server under load: many visitors over real HTTP while quotes are taken in and the index is swapped.

Visitors, writer and server are three processes of one machine. Visitors ask again as soon as
they are answered, so the server is as busy as it can be all the while; how long an answer
takes then says more about the machine than about a visitor's wait on a usual day.
"""

from __future__ import annotations

import http.client
import itertools
import multiprocessing
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory

from convarchive.domain.theme import Theme, ThemeId
from convarchive.errors import BadInput
from convarchive.evaluation.filling import fill
from convarchive.evaluation.invented import sentences
from convarchive.evaluation.judged import Text
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.ports import Encoder, VectorIndex
from convarchive.store.catalogue import Catalogue

Build = Callable[[Home, Catalogue], object]
"""Brings a home's index in line with its catalogue. Is sent to another process, so it must be importable."""

BY = "a measurement"
STARTS = 3
"""Times the server is started to see how long that takes; the median is told."""
_A_SWAP_S = 5.0
_A_WRITE_S = 0.5
_NEW_QUOTES, _PIECES = 5, 12
"""Quotes put in at once, and how often that is done for an episode."""
_TOGETHER = 60
"""Quotes of an episode."""
_PATIENCE_S = 120
_LOG = "server.log"


@dataclass(frozen=True, slots=True)
class Start:
    """Median seconds from the start of the process until `readyz` says 200, and bytes held then."""

    seconds: float
    held: int


@dataclass(frozen=True, slots=True)
class Load:
    """
    `clients` visitors for `seconds`: answers, those that were no 200 (`failed`, the first ones told in
    `failures`), percentiles in ms of all answers and of searches; bytes held by the server at the
    start, in the middle and at the end; transactions written and times the index was swapped meanwhile.
    """

    clients: int
    seconds: float
    answers: int
    failed: int
    failures: tuple[str, ...]
    percentiles: tuple[float, float, float]
    search_percentiles: tuple[float, float, float]
    held: tuple[int, int, int]
    writes: int
    swaps: int

    @property
    def a_second(self) -> float:
        """Answers in a second."""
        return self.answers / self.seconds


@dataclass(frozen=True, slots=True)
class Bench:
    """A server of `quotes` quotes, all of them public."""

    quotes: int
    start: Start
    load: Load


def bench(
    count: int,
    encoder: Encoder,
    make_index: Callable[[int], VectorIndex],
    rebuild: Build,
    *,
    clients: int = 50,
    seconds: float = 120.0,
    serve: Sequence[str] = (sys.executable, "-m", "convarchive", "serve"),
) -> Bench:
    """
    Make an archive of invented quotes, start its server a few times, then ask it until `seconds` have passed.

    `serve` is the command that serves, to which `--home` and `--port` are added. Raises
    BadInput where it does not begin to answer.
    """
    with TemporaryDirectory(prefix="convarchive-bench-") as folder:
        home = Home(Path(folder))
        home.settings.write_text('title = "A measurement (fiction)"\n', encoding="utf-8")
        quotes = _filled(home, count, encoder, make_index)
        starts = []
        for _ in range(STARTS):
            with _serving(home, serve) as (_, _, took, held):
                starts.append((took, held))
        start = Start(statistics.median(took for took, _ in starts), max(held for _, held in starts))
        with _serving(home, serve) as (pid, address, _, _):
            load = _under_load(home, pid, address, quotes, rebuild, clients, seconds)
        if load.failed:
            load = replace(load, failures=(*load.failures, *_complaints(home)))
    return Bench(count, start, load)


def _filled(home: Home, count: int, encoder: Encoder, make_index: Callable[[int], VectorIndex]) -> tuple[str, ...]:
    with Catalogue.for_writing(home) as catalogue:
        texts = (Text(str(number), text, f"{number // _TOGETHER}") for number, text in enumerate(sentences(count)))
        quotes, _ = fill(catalogue, texts, cleared_by=BY)
        with catalogue.writing() as write:
            write.search.put_themes([Theme(ThemeId("work"), "Work", "How people work together; what they make.")])
        build(home, catalogue, encoder, make_index)
    return tuple(quotes)


@contextmanager
def _serving(home: Home, serve: Sequence[str]) -> Iterator[tuple[int, str, float, int]]:
    """A server's process id, address, seconds until it was ready, and bytes held then."""
    begun = time.perf_counter()
    command = [*serve, "--home", str(home.root), "--port", "0"]
    # A file: what nobody reads from a pipe would hold the server up in the end.
    log = home.root / _LOG
    with (
        log.open("w", encoding="utf-8") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as process,
    ):
        try:
            address = _address(process, log)
            while _status(address, "/readyz") != 200:
                if process.poll() is not None or time.perf_counter() - begun > _PATIENCE_S:
                    raise BadInput(f"the server at {address} does not become ready")
                time.sleep(0.01)
            yield process.pid, address, time.perf_counter() - begun, held_by(process.pid)
        finally:
            process.terminate()
            process.communicate()


def _address(process: subprocess.Popen[str], log: Path) -> str:
    for line in process.stdout or ():
        if found := re.search(r"public: +(http://\S+?)/$", line):
            return found[1]
    process.wait()
    raise BadInput(f"the server did not start: {' '.join(log.read_text(encoding='utf-8').split())[:300]}")


def _status(address: str, path: str) -> int:
    try:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=_PATIENCE_S)
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _complaints(home: Home) -> list[str]:
    """What the server's log says last of what went wrong: the ends of its tracebacks."""
    lines = (home.root / _LOG).read_text(encoding="utf-8").splitlines()
    return [f"the server said: {line[:300]}" for line in lines if re.match(r"[\w.]*(Error|Exception|Busy)\b", line)][
        -3:
    ]


def held_by(pid: int) -> int:
    """Bytes of memory that a process holds now, libraries included."""
    status = Path(f"/proc/{pid}/status")
    if status.is_file():
        found = re.search(r"VmRSS:\s*(\d+) kB", status.read_text(encoding="ascii"))
        return int(found[1]) * 1024 if found else 0
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return int(told.strip() or 0) * 1024


# -- visitors -------------------------------------------------------------------------


class _Visitor(threading.Thread):
    """Asks for one thing after another on a connection that stays open."""

    def __init__(self, address: str, paths: Sequence[str], until: threading.Event) -> None:
        super().__init__(daemon=True)
        self.times: list[tuple[bool, float]] = []
        self.failures: list[str] = []
        self._host, self._paths, self._until = urllib.parse.urlsplit(address).netloc, paths, until

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._host, timeout=_PATIENCE_S)
        for path in itertools.cycle(self._paths):
            if self._until.is_set():
                break
            begun = time.perf_counter()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failures.append(f"{path}: {answer.status}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{path}: {error!r}")
                connection.close()
            self.times.append((path.startswith("/api/v1/search"), 1000 * (time.perf_counter() - begun)))
        connection.close()


def _paths(number: int, quotes: Sequence[str]) -> list[str]:
    """What one visitor asks for, again and again: half searches, the rest quotes, pages and lists."""
    asked = [" ".join(text.split()[:5]) for text in sentences(40, seed=100 + number)]
    paths = []
    for place, text in enumerate(asked):
        quote = quotes[(number * 7919 + place * 104_729) % len(quotes)]
        others = (f"/api/v1/quotes/{quote}", f"/q/{quote}", "/api/v1/themes/work/quotes?limit=10", "/")
        paths += [f"/api/v1/search?{urllib.parse.urlencode({'q': text})}", others[place % len(others)]]
    return paths


def _under_load(
    home: Home, pid: int, address: str, quotes: Sequence[str], rebuild: Build, clients: int, seconds: float
) -> Load:
    context = multiprocessing.get_context("spawn")
    over, told = context.Event(), context.Queue()
    writer = context.Process(target=_write_on, args=(home.root, len(quotes), rebuild, over, told), daemon=True)
    writer.start()
    told.get(timeout=_PATIENCE_S)  # It has loaded what it needs.
    until = threading.Event()
    visitors = [_Visitor(address, _paths(number, quotes), until) for number in range(clients)]
    begun = time.perf_counter()
    for one in visitors:
        one.start()
    held = []
    # Memory at the start is what is held once everybody has been answered a few times.
    for share in (0.1, 0.55, 1.0):
        time.sleep(max(0.0, share * seconds - (time.perf_counter() - begun)))
        held.append(held_by(pid))
    until.set()
    for one in visitors:
        one.join(_PATIENCE_S)
    took = time.perf_counter() - begun
    over.set()
    writes, swaps = told.get(timeout=_PATIENCE_S)
    writer.join(_PATIENCE_S)
    times = [one for visitor in visitors for one in visitor.times]
    failures = [one for visitor in visitors for one in visitor.failures]
    return Load(
        clients,
        took,
        len(times),
        len(failures),
        tuple(failures[:5]),
        percentiles([ms for _, ms in times]),
        percentiles([ms for searched, ms in times if searched]),
        (held[0], held[1], held[2]),
        writes,
        swaps,
    )


def percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, 95th and 99th percentile; 0 where there are no values."""
    ordered = sorted(values) or [0.0]
    last = len(ordered) - 1
    return ordered[round(0.5 * last)], ordered[round(0.95 * last)], ordered[round(0.99 * last)]


def _write_on(root: Path, count: int, rebuild: Build, over: Event, told: multiprocessing.Queue[object]) -> None:
    """Take quotes in as an ingest does, in short transactions, and build the index every few seconds, until told."""
    home, writes, swaps = Home(root), 0, 0
    with Catalogue.for_writing(home) as catalogue:
        rebuild(home, catalogue)
        told.put("ready")
        swapped = time.monotonic()
        while not over.wait(_A_WRITE_S):
            texts = sentences(_NEW_QUOTES, seed=10_000 + writes)
            fill(
                catalogue,
                (Text(f"new {writes} {number}", text, f"new {writes // _PIECES}") for number, text in enumerate(texts)),
                begin=count,
                cleared_by=BY,
            )
            count, writes = count + _NEW_QUOTES, writes + 1
            if time.monotonic() - swapped > _A_SWAP_S:
                rebuild(home, catalogue)
                swaps, swapped = swaps + 1, time.monotonic()
    told.put((writes, swaps))
