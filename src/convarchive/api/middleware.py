"""What happens to every request before it is answered: whose house it calls, and who is asking."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convarchive.api.meter import Meter
from convarchive.api.sessions import Sessions

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NOBODY_THERE = 499
_LOG = logging.getLogger("convarchive.requests")
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


class OnlyTheseHosts:
    """
    Refuses requests that call the server by a name that is not its own.

    A page elsewhere can point its own name at 127.0.0.1 and so talk to a server on this
    machine as if it were its own; it cannot make the browser send another Host.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...] | None) -> None:
        self._app = app
        self._hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._hosts is not None:
            called = host_name(Headers(scope=scope).get("host", ""))
            if called not in self._hosts:
                await _MISDIRECTED(scope, receive, send)
                return
        await self._app(scope, receive, send)


def host_name(header: str) -> str:
    """
    A Host header without its port.

    >>> host_name("[::1]:8000"), host_name("LOCALHOST:8000"), host_name("archive.example")
    ('::1', 'localhost', 'archive.example')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].casefold()
    return header.partition(":")[0].casefold()


_MISDIRECTED = JSONResponse(
    {
        "type": "urn:convarchive:problem:misdirected-request",
        "title": "Not the name of this server",
        "status": 421,
        "detail": "This archive is open on this machine only; call it by 127.0.0.1 or localhost.",
    },
    status_code=421,
    media_type="application/problem+json",
)


class WhoAsks:
    """Reads the session cookie into `request.state.audience`: the one place that decides it."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            cookie = HTTPConnection(scope).cookies.get(self._sessions.cookie)
            scope.setdefault("state", {})["audience"] = self._sessions.audience(cookie)
        await self._app(scope, receive, send)


class SafeHeaders:
    """Tells browsers and caches how little they may do with an answer."""

    def __init__(self, app: ASGIApp, is_for_programs: Callable[[str], bool]) -> None:
        self._app = app
        self._is_for_programs = is_for_programs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._harden(scope, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_hardened)

    def _harden(self, scope: Scope, headers: MutableHeaders) -> None:
        public = scope.get("state", {}).get("audience", "public") == "public"
        for_programs = self._is_for_programs(scope["path"])
        headers.setdefault("Content-Security-Policy", DATA_POLICY if for_programs else PAGE_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        # Other people's sites may play a cleared clip; nothing else is theirs to embed.
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if public and for_programs else "same-origin")
        headers.setdefault("Cache-Control", "no-cache" if public else "private, no-cache")
        headers.add_vary_header("Cookie")


class Watched:
    """
    Counts every answer and writes a line about it: route, status, time, audience.

    Neither holds what was asked for or from where: a route is told by its template.
    """

    def __init__(self, app: ASGIApp, meter: Meter, pages: Sequence[BaseRoute] = ()) -> None:
        self._app = app
        self._meter = meter
        # Starlette's own routes leave their endpoint in the scope, FastAPI's themselves.
        self._templates = {
            getattr(page, "endpoint", getattr(page, "app", None)): str(getattr(page, "path", "none")) for page in pages
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - began
            method, route = scope["method"], self._route(scope)
            # Nothing was answered: whoever asked had gone, or we were stopped.
            status = status or _NOBODY_THERE
            self._meter.answered(method, route, status, seconds)
            facts = {
                "method": method,
                "route": route,
                "status": status,
                "ms": round(1000 * seconds, 1),
                "audience": scope.get("state", {}).get("audience"),
            }
            _LOG.info("%s %s %d %.1f ms", method, route, status, 1000 * seconds, extra=facts)

    def _route(self, scope: Scope) -> str:
        """The template of the route that answered, such as `/q/{quote}`; `none` where there was none."""
        if "route" in scope:
            return str(getattr(scope["route"], "path", "none"))
        return self._templates.get(scope.get("endpoint"), "none")
