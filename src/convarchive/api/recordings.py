"""Whole recordings over HTTP, for those who may hear them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from convarchive.api.answering import API, Visiting
from convarchive.api.sound import send
from convarchive.errors import NotAllowed

router = APIRouter(prefix=API, tags=["recordings"])


@router.get(
    "/audio/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}, "description": "The sound"},
        206: {"description": "The bytes that Range asked for"},
    },
    summary="A whole recording",
)
def audio(
    visit: Visiting,
    sha256: Annotated[str, Path(description="The recording's digest.", examples=["a" * 64])],
) -> Response:
    """The recording in a kind that browsers seek exactly. The public hears clips of cleared quotes instead."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        if not read.may_hear(sha256, None):
            raise NotAllowed(f"the {visit.audience} may not hear whole recordings here; a quote has its own clip")
        recording = read.recording(sha256)
    sound = visit.doors.sound(recording)
    return send(visit.request, sound.path, sound.media_type, f'"{recording.sha256[:24]}{sound.path.suffix}"')
