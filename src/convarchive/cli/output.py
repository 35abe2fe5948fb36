"""How answers are printed: records as JSON, lists as plain aligned text, progress on stderr."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from convarchive.cli.advice import fitted
from convarchive.domain.run import Stage
from convarchive.ingest.run import Event, Listener

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)")


def printable(text: str) -> str:
    """
    Text that a terminal only shows: what would move its cursor, colour it or retitle it is replaced.

    >>> printable("a title\\x1b[2J with a trap\\r")
    'a title�[2J with a trap�'
    """
    return _UNSAFE.sub("\ufffd", text)


def say(text: str = "") -> None:
    """A line of data, on stdout."""
    typer.echo(printable(text))


def aside(text: str) -> None:
    """A sentence about the line before it, on stdout; dim where a terminal shows it."""
    typer.echo(typer.style(wrapped(printable(text)), dim=True))


def note(text: str = "") -> None:
    """A line about the work, on stderr; a command that it advises is for the archive that was named."""
    typer.echo(printable(fitted(text)), err=True)


def as_json(record: object) -> None:
    """One JSON document on stdout; control characters stand in it as JSON writes them."""
    document = json.dumps(record, ensure_ascii=False, indent=2)
    typer.echo(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", document))


def width() -> int:
    """Columns to fill: the terminal's, at most 100."""
    return min(100, shutil.get_terminal_size((88, 24)).columns)


def wrapped(text: str, indent: str = "  ") -> str:
    """Text broken into lines of the terminal's width."""
    return textwrap.fill(text, width(), initial_indent=indent, subsequent_indent=indent)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns aligned by their longest cell; the last one is left as it is."""
    cells = [tuple("" if cell is None else str(cell) for cell in row) for row in rows]
    sizes = [max(len(row[i]) for row in [tuple(heads), *cells]) for i in range(len(heads) - 1)]
    for row in [tuple(heads), *cells]:
        say("  ".join([*(cell.ljust(size) for cell, size in zip(row, sizes, strict=False)), row[-1]]).rstrip())


def shortened(text: str, most: int = 60) -> str:
    """The beginning of a text, on one line."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def clock(milliseconds: int) -> str:
    """A time of day in a recording.

    >>> clock(3_725_000)
    '1:02:05'
    """
    seconds = milliseconds // 1000
    hours = f"{seconds // 3600}:" if seconds >= 3600 else ""
    return f"{hours}{seconds // 60 % 60:02}:{seconds % 60:02}" if hours else f"{seconds // 60}:{seconds % 60:02}"


def counted(number: int, one: str, many: str = "") -> str:
    """
    How many there are of something; `many` where the plural is no mere s.

    >>> counted(1, "feed"), counted(0, "feed"), counted(2, "person", "people")
    ('1 feed', '0 feeds', '2 people')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


DOING: dict[Stage, str] = {
    "fetch": "fetching",
    "transcribe": "transcribing",
    "diarize": "telling voices apart",
    "utter": "joining words and voices",
    "name": "naming voices",
    "quote": "cutting quotes",
}


@contextmanager
def watching(quiet: bool) -> Iterator[Listener]:
    """Shows stages as they go: bars in a terminal, plain lines elsewhere, only failures when quiet."""
    if quiet or not sys.stderr.isatty():
        yield lambda event: _line(event, quiet)
        return
    console = Console(stderr=True)
    # A title may hold square brackets, which are markup to the library.
    described = TextColumn("{task.description}", markup=False)
    columns = (described, BarColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bars: dict[tuple[str, Stage], TaskID] = {}

        def tell(event: Event) -> None:
            key = (event.episode.id, event.stage)
            if event.kind == "begun":
                bars[key] = progress.add_task(_what(event), total=None, speed="")
            elif event.kind == "moved" and key in bars:
                task = progress.tasks[progress.task_ids.index(bars[key])]
                speed = _speed(event, task.elapsed or 0.0)
                progress.update(bars[key], completed=event.done, total=event.total or None, speed=speed)
            elif key in bars:
                progress.remove_task(bars.pop(key))
                progress.console.print(_finished(event), highlight=False, markup=False)

        yield tell


def _line(event: Event, quiet: bool) -> None:
    if event.kind == "failed" or (event.kind == "done" and not quiet):
        note(_finished(event))


def _what(event: Event) -> str:
    return printable(f"{DOING[event.stage]}: {event.episode.title[:48]}")


def _speed(event: Event, elapsed: float) -> str:
    if not elapsed:
        return ""
    if event.stage == "fetch":
        return f"{event.done / elapsed / 1e6:.1f} MB/s"
    return f"{event.done / 1000 / elapsed:.0f}x"


def _finished(event: Event) -> str:
    if event.kind == "failed":
        return printable(f"  failed   {event.episode.title[:60]}: {event.note}")
    extra = f" ({event.note})" if event.note and event.stage in ("quote", "fetch") else ""
    return printable(f"  {event.seconds:6.1f} s  {_what(event)}{extra}")


@contextmanager
def counting(quiet: bool) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Bars for work that counts by itself: called with a label it gives a function of (done, total)."""
    if quiet or not sys.stderr.isatty():
        yield lambda label: lambda done, total: None
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        bars: dict[str, TaskID] = {}

        def labelled(label: str) -> Callable[[int, int], None]:
            def moved(done: int, total: int) -> None:
                if label not in bars:
                    bars[label] = progress.add_task(label, total=None)
                progress.update(bars[label], completed=done, total=total or None, visible=not total or done < total)

            return moved

        yield labelled
