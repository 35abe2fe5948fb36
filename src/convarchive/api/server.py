"""Binds addresses and serves applications there until somebody says stop."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from convarchive.errors import BadInput

PATIENCE_S = 5
"""Seconds that answers which are under way get to end after Ctrl-C; a paused player would hold us for ever."""


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


def bind(host: str, port: int) -> Bound:
    """Take an address; a free port where `port` is 0. Raises BadInput where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except (OSError, OverflowError) as error:
        taken.close()
        reason = getattr(error, "strerror", None) or error
        raise BadInput(
            f"{host} port {port} cannot be served at ({reason}); choose others with --host and --port"
        ) from error
    return Bound(taken, host, taken.getsockname()[1])


def serve(applications: Sequence[tuple[ASGIApp, Bound]], *, log_level: str = "warning") -> None:
    """Serve each application at its address until Ctrl-C, then finish what is being answered."""
    _log_to_stderr(log_level)
    servers = [
        # uvicorn would by itself believe what anybody on this machine says of a visitor's address and scheme.
        uvicorn.Server(
            uvicorn.Config(
                app, log_level=log_level, access_log=False, proxy_headers=False, timeout_graceful_shutdown=PATIENCE_S
            )
        )
        for app, _ in applications
    ]
    threads = [
        threading.Thread(target=server.run, kwargs={"sockets": [bound.socket]})
        for server, (_, bound) in zip(servers, applications, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        pass
    finally:
        for server in servers:
            server.should_exit = True
        for thread in threads:
            thread.join()


def _log_to_stderr(level: str) -> None:
    log = logging.getLogger("convarchive")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        log.addHandler(handler)
    log.setLevel(level.upper())
