"""What happens to every request before it is answered, and to every answer before it leaves."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convarchive.api import forms
from convarchive.api.cors import Origins, is_preflight
from convarchive.api.gate import PUBLIC, Gate, TooMany, Visitor
from convarchive.api.kinds import body
from convarchive.api.limits import WINDOW_S, Allowance, Left, asker_at, cost_of
from convarchive.api.meter import Meter
from convarchive.api.proxies import address_of
from convarchive.errors import ArchiveError, NotAllowed

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NOBODY_THERE = 499
_LOG = logging.getLogger("convarchive.requests")
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
NOT_NEEDED = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=()"
YEAR_S = 365 * 24 * 3600

Tell = Callable[[Request, Exception], Response]
"""Tells an error as the app tells all of them."""


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
    body("misdirected-request", "This archive is open on this machine only; call it by 127.0.0.1 or localhost."),
    status_code=421,
    media_type="application/problem+json",
)


class WhoAsks:
    """
    Puts who is asking into `request.state` (`visitor`, and its `audience`): the one place that decides it.

    A key goes before a session. What is asked with a key that does not open is not answered.
    """

    def __init__(self, app: ASGIApp, gate: Gate, tell: Tell) -> None:
        self._app = app
        self._gate = gate
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asking = HTTPConnection(scope)
        authorization = asking.headers.get("authorization")
        cookie = asking.cookies.get(self._gate.sessions.cookie_name(scope["scheme"]))
        visitor = PUBLIC
        state = scope.setdefault("state", {})
        state["audience"] = PUBLIC.audience
        state["visitor"] = PUBLIC
        try:
            # Looking a key up reads the catalogue, which may have to wait for its turn.
            if authorization is not None:
                origin = asking.headers.get("origin")
                visitor = await run_in_threadpool(self._gate.by_key, authorization, origin, client_of(scope))
            elif cookie is not None:
                visitor = await run_in_threadpool(self._gate.by_session, cookie)
        except (ArchiveError, TooMany) as error:
            await self._tell(Request(scope), error)(scope, receive, send)
            return
        state["audience"] = visitor.audience
        state["visitor"] = visitor
        await self._app(scope, receive, send)


class Limited:
    """Answers 429 to whoever asks more than their share; whoever asks from this machine itself is not limited."""

    def __init__(self, app: ASGIApp, allowance: Allowance | None, tell: Tell) -> None:
        self._app = app
        self._allowance = allowance
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self._take(scope) if scope["type"] == "http" else None
        if left is None:
            await self._app(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._say(MutableHeaders(scope=message), left)
            await send(message)

        if left.wait_s:
            refused = self._tell(Request(scope), TooMany("you ask more than this archive can share out", left.wait_s))
            await refused(scope, receive, send_told)
        else:
            await self._app(scope, receive, send_told)

    def _take(self, scope: Scope) -> Left | None:
        cost = cost_of(scope["path"], scope["query_string"])
        visitor: Visitor = scope["state"]["visitor"]
        address = client_of(scope)
        here = address_of(address)
        if self._allowance is None or not cost or (here is not None and here.is_loopback):
            return None
        return self._allowance.take(f"key {visitor.key}" if visitor.key else asker_at(address), cost)

    def _say(self, headers: MutableHeaders, left: Left) -> None:
        assert self._allowance is not None
        headers["RateLimit-Policy"] = f'"asking";q={self._allowance.units};w={WINDOW_S}'
        headers["RateLimit"] = f'"asking";r={left.units};t={left.whole_in_s}'


class OwnForms:
    """
    Reads what a request sends into `request.state.sent`, and refuses what another site's page made a browser send.

    A key is proof enough of who asks: no browser adds one by itself.
    """

    def __init__(self, app: ASGIApp, public_url: str | None, for_programs: Callable[[str], bool], tell: Tell) -> None:
        self._app = app
        self._public_url = public_url
        self._for_programs = for_programs
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in forms.SAFE:
            await self._app(scope, receive, send)
            return
        visitor: Visitor = scope["state"]["visitor"]
        headers = Headers(scope=scope)
        if "authorization" not in headers:
            proof = self._for_programs(scope["path"]) and bool(visitor.token)
            if forms.from_elsewhere(scope, self._public_url, proof=proof):
                error = NotAllowed("this was sent from another site's page, which cannot act for you; nothing was done")
                await self._tell(Request(scope), error)(scope, receive, send)
                return
        body = await _whole(receive)
        if body is None:
            await _TOO_LARGE(scope, receive, send)
            return
        scope["state"]["sent"] = forms.read(body, headers.get("content-type", ""), visitor.token)
        again = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def replay() -> Message:
            return next(again, None) or await receive()

        await self._app(scope, replay, send)


async def _whole(receive: Receive) -> bytes | None:
    """A request's body, or None where it is too large, or whoever sent it went away in the middle."""
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Half a form must decide nothing.
            return None
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > forms.LARGEST:
            return None
        if not message.get("more_body", False):
            return b"".join(pieces)


_TOO_LARGE = JSONResponse(
    body("content-too-large", f"No request here is longer than {forms.LARGEST} bytes."),
    status_code=413,
    media_type="application/problem+json",
)


class CrossOrigin:
    """Tells browsers which other sites' pages may read an answer."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
            return
        if is_preflight(scope["method"], headers):
            response = await run_in_threadpool(self._origins.preflight, origin)
            await response(scope, receive, send)
            return
        said = await run_in_threadpool(self._origins.headers, origin)

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                # What says of itself that any site may have it stays so.
                if "access-control-allow-origin" not in told:
                    told.update(said)
            await send(message)

        await self._app(scope, receive, send_told)


class HeadAsGet:
    """Answers HEAD wherever GET is answered, without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        # The server around us goes by the method too, and must go on seeing HEAD.
        as_get = {**scope, "method": "GET"}
        as_get.setdefault("state", {})["only_headers"] = True

        async def send_headers(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        try:
            await self._app(as_get, receive, send_headers)
        finally:
            scope.update({name: as_get[name] for name in ("route", "endpoint") if name in as_get})


class SafeHeaders:
    """Tells browsers and caches how little they may do with an answer."""

    def __init__(self, app: ASGIApp, is_for_programs: Callable[[str], bool]) -> None:
        self._app = app
        self._is_for_programs = is_for_programs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # What is decided further in about who asks is to be known here, when the answer leaves.
        scope.setdefault("state", {})

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._harden(scope, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_hardened)

    def _harden(self, scope: Scope, headers: MutableHeaders) -> None:
        public = scope["state"].get("audience", "public") == "public"
        for_programs = self._is_for_programs(scope["path"])
        headers.setdefault("Content-Security-Policy", DATA_POLICY if for_programs else PAGE_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", NOT_NEEDED)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        # Other people's sites may play a cleared clip; nothing else is theirs to embed.
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if public and for_programs else "same-origin")
        headers.setdefault("Cache-Control", "no-cache" if public else "private, no-cache")
        if scope["scheme"] == "https":
            headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
        # What is marked public is the same for everybody, and caches between us and them may share it.
        if not headers["Cache-Control"].startswith("public"):
            for name in ("Authorization", "Cookie", "Origin"):
                headers.add_vary_header(name)


def client_of(scope: Scope) -> str:
    """The address a request comes from, as trusted proxies tell it; empty where there is none."""
    return str((scope.get("client") or ("", 0))[0])


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
