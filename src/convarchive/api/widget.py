"""The widget's script over HTTP: one address that moves with releases, and one for ever for each that was pinned."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from convarchive.api import embedding_schemas
from convarchive.api.sound import is_known
from convarchive.errors import NotFound
from convarchive.widget.script import NAME, PLACE, Script, current, pinned

router = APIRouter(tags=["widget"])

_TYPE = "text/javascript; charset=utf-8"
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:$|,|;\s*q=(?!0(?:\.0*)?\s*(?:$|,)))", re.IGNORECASE)
MOVES = "public, max-age=600, stale-while-revalidate=86400"
STAYS = "public, max-age=31536000, immutable"
_ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""A page of any site may have the script: it holds nothing of the archive's."""


@router.get(PLACE, response_model=embedding_schemas.WidgetRecord, summary="Where the widget lies")
def where() -> Response:
    """The script's two addresses, and the hash with which a page makes sure of the one that never changes."""
    script = current()
    body = {"moving": f"{PLACE}{NAME}", "pinned": f"{PLACE}{script.pinned}", "integrity": script.integrity}
    return JSONResponse(body, headers={"Cache-Control": MOVES} | _ANYWHERE)


@router.get(f"{PLACE}{NAME}", include_in_schema=False)
def moving(request: Request) -> Response:
    """The script of this release."""
    return _send(request, current(), MOVES)


@router.get(PLACE + "{name}", include_in_schema=False)
def staying(request: Request, name: str) -> Response:
    """A script by its digest; another release's is still here, what never was one is not."""
    script = pinned().get(name)
    if script is None:
        raise NotFound(f"there is no {name[:60]!r} here; {PLACE} says which script there is")
    return _send(request, script, STAYS)


def _send(request: Request, script: Script, cached: str) -> Response:
    packed = bool(_GZIP.search(request.headers.get("accept-encoding", "")))
    # The two are different bytes, and their tags say so.
    etag = f'"{script.digest.hex()[:24]}{"-gzip" if packed else ""}"'
    headers = {"ETag": etag, "Cache-Control": cached, "Vary": "Accept-Encoding"} | _ANYWHERE
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(script.packed if packed else script.source, headers=headers, media_type=_TYPE)
