"""What this machine has: the libraries of optional parts, and cores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from convarchive.errors import EngineMissing


@contextmanager
def extra(part: str) -> Iterator[None]:
    """Turns a missing library of an optional part into one line that names the part."""
    try:
        yield
    except ImportError as error:
        raise EngineMissing(
            f"{error.name or 'a library'} is not installed; get it with: pip install 'convarchive[{part}]'"
        ) from error


def at_once(asked: int) -> int:
    """How many episodes to work on at once: as asked, or one for every four cores."""
    return asked or max(1, cores() // 4)


def cores() -> int:
    """How many cores this process may use, eight at most."""
    return max(1, min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
