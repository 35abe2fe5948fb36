"""Sends sound, whole or the range of bytes that a player asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from convarchive.api.problems import NotSatisfiable

_ONE_RANGE = re.compile(r"bytes=[ \t]*(\d*)-(\d*)[ \t]*", re.IGNORECASE)
_PIECE = 64 * 1024


def asked_range(header: str | None, length: int) -> range | None:
    """
    The bytes that a Range header asks for; None where all are to be sent.

    What is malformed, or asks for several ranges at once, may be ignored, and is. Raises
    NotSatisfiable where the range begins behind the last byte.

    >>> asked_range("bytes=-4", 10)
    range(6, 10)
    """
    match = _ONE_RANGE.fullmatch(header or "")
    # Longer than any file's length: int() would refuse, or take its time.
    if match is None or max(len(match[1]), len(match[2])) > 18:
        return None
    first, last = match[1], match[2]
    if not first and not last:
        return None
    if not first:
        if int(last) == 0 or length == 0:
            raise NotSatisfiable(length)
        return range(max(0, length - int(last)), length)
    if last and int(last) < int(first):
        return None
    if int(first) >= length:
        raise NotSatisfiable(length)
    return range(int(first), min(length, int(last) + 1) if last else length)


def send(request: Request, what: Path | bytes, media_type: str, etag: str) -> Response:
    """
    Answer with a file's bytes, or with these: 200, 206, or 304 where the asker has them.

    Raises NotSatisfiable (416).
    """
    headers = {"Accept-Ranges": "bytes", "ETag": etag}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    length = len(what) if isinstance(what, bytes) else what.stat().st_size
    condition = request.headers.get("if-range")
    wanted = asked_range(request.headers.get("range"), length) if condition in (None, etag) else None
    part = range(length) if wanted is None else wanted
    headers["Content-Length"] = str(len(part))
    if wanted is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{length}"
    status = 200 if wanted is None else 206
    if getattr(request.state, "only_headers", False):
        return Response(status_code=status, headers=headers, media_type=media_type)
    if isinstance(what, bytes):
        return Response(what[part.start : part.stop], status, headers, media_type)
    return StreamingResponse(_pieces(what, part), status, headers, media_type)


def is_known(request: Request, etag: str) -> bool:
    """Whether the asker already has what `etag` names."""
    given = request.headers.get("if-none-match", "")
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in given.split(","))


def _pieces(path: Path, part: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part.start)
        left = len(part)
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
