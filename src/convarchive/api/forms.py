"""
What a form sent, and whether it is one of our own.

Three things keep other sites from deciding in an editor's name: browsers send our cookie to
nobody else's forms (SameSite=Strict), they say which site a request comes from, and every
form carries a token that only its session's pages hold.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

LARGEST = 256 * 1024
"""Bytes of a request's body; nothing that is sent here is nearly as long."""

MOST_FIELDS = 100
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form's fields; `genuine` where it carried its session's token."""

    fields: Mapping[str, str]
    genuine: bool


NOTHING = Sent({}, False)


def read(body: bytes, content_type: str, token: str) -> Sent:
    """The form in a request's body; empty where it is none. `token` is what a genuine one carries."""
    if content_type.partition(";")[0].strip().casefold() != "application/x-www-form-urlencoded":
        return NOTHING
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        return NOTHING
    fields = {name: value.replace("\r\n", "\n") for name, value in pairs}
    carried = fields.pop(TOKEN, "").encode()
    return Sent(fields, bool(token) and hmac.compare_digest(carried, token.encode()))


def from_elsewhere(scope: Scope, public_url: str | None, *, proof: bool) -> bool:
    """
    Whether another site's page made the browser send this; with `proof`, also where nothing says that ours did.

    Sites are compared by host and port: what stands in front may have taken the TLS away.
    """
    headers = Headers(scope=scope)
    fetched = headers.get("sec-fetch-site")
    if fetched is not None and fetched not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    if origin is None:
        return proof and fetched is None
    ours = {_host(f"//{headers.get('host', '')}")} | ({_host(public_url)} if public_url else set())
    return _host(origin) not in ours


def _host(address: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "", -1
    return (parts.hostname or "").casefold(), None if port in (80, 443) else port
