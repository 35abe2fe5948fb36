"""Which other sites' pages may read answers (Fetch standard, CORS): those of the setting, and those of living keys."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import Response

METHODS = "GET, HEAD, POST"
MAY_SEND = "Authorization, Content-Type, If-None-Match, Range"
MAY_READ = (
    "Accept-Ranges, Content-Range, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"
)
REMEMBERED_S = 600
"""How long a browser may remember what it was told before asking, in seconds."""


class Origins:
    """
    Says of a site whether its pages may read answers. Cookies never count there: none are let along.

    What is read is what a key, or the public, may see; the setting opens that to scripts of
    named sites, or of every one with `*`.
    """

    def __init__(self, allowed: tuple[str, ...], of_keys: Callable[[], frozenset[str]]) -> None:
        self._every = "*" in allowed
        self._allowed = frozenset(one.casefold() for one in allowed)
        self._of_keys = of_keys

    def headers(self, origin: str) -> dict[str, str]:
        """What an answer says to the browser of a page from `origin`; nothing where it may not read."""
        site = origin.casefold()
        if self._every:
            return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": MAY_READ}
        if site in self._allowed or site in self._of_keys():
            return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": MAY_READ}
        return {}

    def preflight(self, origin: str) -> Response:
        """The answer to a browser that asks before it asks."""
        said = self.headers(origin)
        said.pop("Access-Control-Expose-Headers", None)
        if said:
            said |= {
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": MAY_SEND,
                "Access-Control-Max-Age": str(REMEMBERED_S),
            }
        return Response(status_code=204, headers=said)


def is_preflight(method: str, headers: Headers) -> bool:
    """Whether a browser asks what it may send, rather than for anything."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers
