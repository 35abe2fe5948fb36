"""Says in one line why a file could not be written, and makes what was written outlast a power cut."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convarchive.errors import HomeNotWritable

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turn the system's refusals to write at `path` into HomeNotWritable, with the way out."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: OSError) -> HomeNotWritable:
    """Why nothing could be written at `path`, with the way out that fits: room, rights, or the folder."""
    if error.errno in _FULL:
        return HomeNotWritable(f"the disk holding {path} is full; free some space and run the command again")
    if error.errno in _FORBIDDEN:
        return HomeNotWritable(f"{path} is read-only here ({error.strerror}); change its permissions")
    return HomeNotWritable(f"{path} cannot be written ({error.strerror or error}); check the folder")


def settle(path: Path) -> None:
    """Have the disk itself hold a file's bytes, or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
