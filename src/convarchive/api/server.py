"""Binds addresses and serves applications there until somebody says stop."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from convarchive.api import logs, notify
from convarchive.errors import BadInput

LOOK_UP_S = 0.2
"""How often the thread that signals are meant for looks whether there was one, in seconds."""

PATIENCE_S = 5
"""Seconds that answers which are under way get to end after a signal; a paused player would hold us for ever."""


KEPT_OPEN_S = 150
"""Seconds an idle connection is kept: longer than web servers in front keep theirs, or they meet a closed one."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An address that is ours already, though nothing answers there yet."""

    socket: socket.socket
    host: str
    port: int

    @property
    def address(self) -> str:
        """As a browser writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def bind(host: str, port: int, options: str = "others with --host and --port") -> Bound:
    """Take an address; a free port where `port` is 0. Raises BadInput, naming `options`, where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named in full: asyncio sends at once only on what it knows for TCP, and else each answer waits 40 ms for an ACK.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except (OSError, OverflowError) as error:
        taken.close()
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"{host} port {port} cannot be served at ({reason}); choose {options}") from error
    return Bound(taken, host, taken.getsockname()[1])


def serve(
    applications: Sequence[tuple[ASGIApp, Bound]], *, log_level: str = "warning", log_format: str = "text"
) -> None:
    """
    Serve each application at its address until SIGINT or SIGTERM.

    Then nobody new is let in, and what is being answered has `PATIENCE_S` to be finished; a
    second signal ends it at once.
    """
    logs.to_stderr(log_level, log_format)
    servers = [
        # uvicorn would by itself believe what anybody on this machine says of a visitor's address and scheme.
        uvicorn.Server(
            uvicorn.Config(
                app,
                log_level=log_level,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEPT_OPEN_S,
                timeout_graceful_shutdown=PATIENCE_S,
            )
        )
        for app, _ in applications
    ]
    over = threading.Event()
    threads = [
        threading.Thread(target=_run, args=(server, bound, over))
        for server, (_, bound) in zip(servers, applications, strict=True)
    ]
    stopping: list[bool] = []
    with _heeding(servers, stopping):
        for thread in threads:
            thread.start()
        while not stopping and not over.is_set() and not all(server.started for server in servers):
            over.wait(0.02)
        notify.tell("READY=1")
        try:
            # A signal that another thread of the process was given is heeded when this one next looks up.
            while not stopping and not over.is_set():
                time.sleep(LOOK_UP_S)
        except KeyboardInterrupt:
            pass
        finally:
            notify.tell("STOPPING=1")
            for server in servers:
                server.should_exit = True
            for thread in threads:
                thread.join()


def _run(server: uvicorn.Server, bound: Bound, over: threading.Event) -> None:
    try:
        server.run(sockets=[bound.socket])
    finally:
        # One door that closes by itself closes them all, rather than leave the house half open.
        over.set()


@contextmanager
def _heeding(servers: Sequence[uvicorn.Server], stopping: list[bool]) -> Iterator[None]:
    """Take SIGINT and SIGTERM as a request to stop, where this thread may: Python hands signals to the first one."""

    def asked(_signal: int, _frame: FrameType | None) -> None:
        if stopping:
            for server in servers:
                server.force_exit = True
        # Not an Event: setting one from here could wait for ever for the lock that this very thread holds.
        stopping.append(True)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        one: signal.signal(one, asked)
        for one in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(one) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
