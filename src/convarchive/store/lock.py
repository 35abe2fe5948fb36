"""
One long piece of work at a time: the lock that names its holder.

The system keeps the lock (flock), not the file's text, so it ends with the process that
holds it, however that process ends. The text only says who it is.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from convarchive.errors import HomeBusy
from convarchive.home import Home
from convarchive.store.disk import writing_to

PATIENCE_S = 0.5
"""How long to wait for a holder to write its name, once it has the lock."""

_open_locks: set[int] = set()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is at work: process, command as typed, instant it began (ISO 8601, UTC), machine."""

    pid: int
    command: str
    since: str
    host: str

    def __str__(self) -> str:
        began = datetime.fromisoformat(self.since).astimezone()
        today = began.date() == datetime.now(UTC).astimezone().date()
        where = "" if self.host == socket.gethostname() else f" on {self.host}"
        return f"process {self.pid}{where} ({self.command}, since {began:{'%H:%M' if today else '%Y-%m-%d %H:%M'}})"


@contextmanager
def holding(home: Home, command: str) -> Iterator[None]:
    """
    Hold the home for one long command, such as `convarchive ingest`.

    Raises HomeBusy, naming the holder, where another process (or thread) has it;
    HomeNotWritable where the home cannot be written.
    """
    with writing_to(home.lock):
        home.lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o644)
    owner = os.getpid()
    try:
        with writing_to(home.lock):
            _take(handle, home)
            _open_locks.add(handle)
            _write(handle, command)
        yield
    finally:
        # A forked child has already let go of it, and must leave the parent's name alone.
        if os.getpid() == owner:
            if handle in _open_locks:
                with suppress(OSError):
                    os.ftruncate(handle, 0)
                _open_locks.discard(handle)
            os.close(handle)


def holder(home: Home) -> Holder | None:
    """Who holds the home now, or None where nobody does or it is not known yet."""
    try:
        handle = os.open(home.lock, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _named(home.lock)
    finally:
        os.close(handle)
    return None


def _take(handle: int, home: Home) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            found = _named(home.lock)
            # Just after taking the lock a holder is nameless, or bears a dead one's name.
            if (found is not None and _may_live(found)) or time.monotonic() > deadline:
                raise HomeBusy(
                    f"{home.root} is being ingested by {found or 'another process'}; wait or stop it"
                ) from error
            time.sleep(0.02)
        else:
            return


def _write(handle: int, command: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    line = json.dumps(asdict(Holder(os.getpid(), command, now, socket.gethostname()))) + "\n"
    os.ftruncate(handle, 0)
    os.pwrite(handle, line.encode(), 0)


def _named(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _may_live(one: Holder) -> bool:
    if one.host != socket.gethostname():
        return True
    try:
        os.kill(one.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _leave_locks_to_the_parent() -> None:
    # A worker that outlives a killed parent must not go on holding its lock.
    for handle in tuple(_open_locks):
        os.close(handle)
    _open_locks.clear()


os.register_at_fork(after_in_child=_leave_locks_to_the_parent)
