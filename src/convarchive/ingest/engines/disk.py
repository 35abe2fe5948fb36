"""Puts files into a folder whole or not at all, and says plainly when the disk takes no more."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convarchive.errors import HomeNotWritable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what a disk says into what it means for the person who waits. Raises HomeNotWritable."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _FULL:
            raise HomeNotWritable(
                f"no room left in {folder}; free some space and run the command again (it goes on where it stopped)"
            ) from fault
        raise HomeNotWritable(
            f"{folder} cannot be written ({fault.strerror or fault}); check its permissions and the disk"
        ) from fault


def room_for(missing: int, folder: Path, what: str) -> None:
    """Raise HomeNotWritable where `missing` more bytes of `what` will not fit into `folder`."""
    if missing <= 0:
        return
    with writing(folder):
        free = os.statvfs(folder)
    if missing > free.f_bavail * free.f_frsize:
        raise HomeNotWritable(
            f"{folder} has no room for the {missing / 1e6:.0f} MB still missing of {what}; "
            "free some space and run the command again (it goes on where it stopped)"
        )


def settle(file: Path, target: Path) -> None:
    """
    Give a file that is complete its final name, at once and durably; both lie in one folder.

    Raises OSError: callers do this inside `writing`.
    """
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
    file.replace(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
