"""What every handler needs: who is asking for what, and how an answer is sent so that caches can trust it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator
from starlette.responses import Response

from convarchive.api.doors import Doors
from convarchive.api.sound import is_known
from convarchive.domain.audience import Audience
from convarchive.errors import NotAllowed

API = "/api/v1"
MOST = 100
"""The longest page of any list."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: the archive's doors, the audience it is answered for, and what was sent."""

    doors: Doors
    audience: Audience
    request: Request


def _visit(
    request: Request,
    audience: Annotated[
        Audience | None, Query(description="See as a narrower audience than your own; by default as your own.")
    ] = None,
) -> Visit:
    own: Audience = request.state.audience
    if audience not in (None, own, "public") and own != "editor":
        raise NotAllowed(f"audience: you are here as {own} and cannot see as {audience}")
    return Visit(request.app.state.doors, audience or own, request)


def _a_day(given: object) -> object:
    # Left to itself, pydantic would read a bare number as seconds since 1970.
    if isinstance(given, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise ValueError("must be a date, written as YYYY-MM-DD")
    return given


Visiting = Annotated[Visit, Depends(_visit)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before; opaque.")]
Day = Annotated[date, BeforeValidator(_a_day)]


def answer(visit: Visit, generation: int, body: object, more: str | None = None) -> Response:
    """Send JSON; `more` is the cursor of the next page, which also goes into the Link header."""
    return send_text(
        visit,
        generation,
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        "application/json",
        {"Link": f'<{visit.request.url.include_query_params(cursor=more)}>; rel="next"'} if more else {},
    )


def send_text(
    visit: Visit, generation: int, text: str, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """
    Send text, or 304 where the asker has it.

    The ETag covers the generation and the bytes themselves: an embargo may end, or an index
    be swapped, without any counter moving.
    """
    content = text.encode()
    etag = f'"g{generation}-{hashlib.sha256(content).hexdigest()[:24]}"'
    everything = {"ETag": etag, **(headers or {})}
    if is_known(visit.request, etag):
        return Response(status_code=304, headers=everything)
    return Response(content, headers=everything, media_type=media_type)
