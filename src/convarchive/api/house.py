"""The door itself: coming in by the printed link, and going out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from convarchive.api.doors import Doors
from convarchive.api.sessions import LASTS_S

router = APIRouter()


@router.get("/enter", include_in_schema=False)
def enter(request: Request, key: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Turn the one-time link into a session, once."""
    doors: Doors = request.app.state.doors
    cookie = doors.sessions.enter(key)
    response = RedirectResponse("/", 303)
    response.set_cookie(
        doors.sessions.cookie,
        cookie,
        max_age=LASTS_S,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/leave", include_in_schema=False)
def leave(request: Request) -> Response:
    """Be the public again."""
    doors: Doors = request.app.state.doors
    response = RedirectResponse("/", 303)
    response.delete_cookie(doors.sessions.cookie, httponly=True, samesite="strict")
    return response
