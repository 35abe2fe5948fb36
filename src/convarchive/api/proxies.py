"""What a proxy in front says of a request: believed for address, scheme and host, and only from proxies we know."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable, Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger("convarchive.api")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNNAMED = "a proxy that is not named"
"""Stands for everybody who comes through a proxy on this machine that `trusted_proxies` does not name."""


class TrustedProxies:
    """
    Puts what trusted proxies forward in the place of their own address, scheme and host.

    X-Forwarded-For is read from its end, each address as long as the one behind it is
    trusted, so that nobody can write themselves another. Who is asking never depends on any
    of it: an address opens nothing here.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._trusted = [ipaddress.ip_network(one, strict=False) for one in trusted]
        self._warned = False

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            # In place, so that what is noted further in is seen by those around us.
            scope.update(self._seen_through(scope))
        return self._app(scope, receive, send)

    def _seen_through(self, scope: Scope) -> dict[str, Any]:
        """What there is to change about a request."""
        headers = Headers(scope=scope)
        peer = address_of((scope.get("client") or ("", 0))[0])
        if not self._trusts(peer):
            if peer is not None and peer.is_loopback and "x-forwarded-for" in headers:
                self._warn()
                return {"client": (UNNAMED, 0)}
            return {}
        seen: dict[str, Any] = {}
        client = self._client(headers.getlist("x-forwarded-for"))
        if client is not None:
            seen["client"] = (str(client), 0)
        scheme = _last(headers.getlist("x-forwarded-proto")).casefold()
        if scheme in ("http", "https"):
            seen["scheme"] = scheme
        host = _last(headers.getlist("x-forwarded-host"))
        if host:
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            seen["headers"] = [*others, (b"host", host.encode("latin-1"))]
        return seen

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)

    def _client(self, forwarded: Sequence[str]) -> Address | None:
        found = None
        for said in reversed(",".join(forwarded).split(",")):
            address = address_of(said.strip())
            if address is None:
                return found
            found = address
            if not self._trusts(found):
                return found
        return found

    def _warn(self) -> None:
        if not self._warned:
            self._warned = True
            _log.warning(
                "requests come through a proxy on this machine that trusted_proxies does not name: all its visitors "
                "share one rate limit; add 127.0.0.1 to trusted_proxies in convarchive.toml"
            )


def address_of(text: str) -> Address | None:
    """
    An IP address, also with a port or in brackets; an IPv4 address inside an IPv6 one is itself.

    >>> address_of("[2001:db8::1]:443"), address_of("192.0.2.7:80"), address_of("::ffff:192.0.2.7")
    (IPv6Address('2001:db8::1'), IPv4Address('192.0.2.7'), IPv4Address('192.0.2.7'))
    >>> address_of("unknown") is None
    True
    """
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _last(values: Sequence[str]) -> str:
    """What the nearest proxy said, which is the one we know."""
    return values[-1].rpartition(",")[2].strip() if values else ""
