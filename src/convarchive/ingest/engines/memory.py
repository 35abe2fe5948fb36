"""
Asks the C library to keep memory that was freed for the next use, and threads to share it.

Whisper and the voice models ask for the same large pieces again and again. By default glibc maps
each one afresh, and the system must clear every page of it: a seventh of all the time that
ingesting took. One arena besides, so that threads use each other's pieces.

A server's forty threads would else get sixteen arenas, each of which keeps what its own largest
answer once needed: a hundred megabytes that nobody uses.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -4, -8  # mallopt(3)
_NEVER = 2**31 - 1


def keep_freed() -> bool:
    """Do so for this process from now on; False where the C library is not glibc, which changes nothing."""
    return _set((_ARENA_MAX, 1), (_TRIM_THRESHOLD, _NEVER), (_MMAP_MAX, 0))


def share_freed() -> bool:
    """Have all threads of this process share two arenas from now on; False where the C library is not glibc."""
    return _set((_ARENA_MAX, 2))


def _set(*wanted: tuple[int, int]) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    # musl has no mallopt that does anything; it answers 0, or there is none.
    return set_option is not None and all([set_option(option, value) == 1 for option, value in wanted])
