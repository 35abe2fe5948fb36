"""The door itself: coming in by the printed link, going out, and whether anybody is home."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from convarchive.api import schemas
from convarchive.api.doors import Doors
from convarchive.api.sessions import LASTS_S
from convarchive.domain.passage import Query as Asked

router = APIRouter()


@router.get("/healthz", response_model=schemas.HealthRecord, tags=["house"], summary="Whether the server lives")
def alive() -> Response:
    """Always 200 while the process answers at all."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", response_model=schemas.HealthRecord, tags=["house"], summary="Whether the archive can answer")
def ready(request: Request) -> Response:
    """200 once a search really runs through catalogue, encoder and index; 503 saying which is down."""
    doors: Doors = request.app.state.doors
    with doors.catalogue.reading("public") as read:
        doors.search(read, Asked("ready", limit=1))
    return JSONResponse({"status": "ready"})


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
