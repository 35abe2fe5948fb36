"""The door itself: coming in by the printed link or with a key, and going out."""

from __future__ import annotations

from typing import Annotated, Protocol

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from convarchive.api.doors import Doors
from convarchive.api.forms import NOTHING, Sent
from convarchive.api.gate import Gate, TooMany
from convarchive.api.middleware import client_of
from convarchive.api.problems import TABLE
from convarchive.api.sessions import LASTS_S, Session, Sessions
from convarchive.errors import ArchiveError, NotFound

router = APIRouter()

KEPT = "kept."
"""Fields of the sign-in form with this beginning belong to a form that a session's end interrupted."""


class SignIn(Protocol):
    """The pages around signing in."""

    def refused(self, request: Request, status: int, said: str) -> Response:
        """The form again, with what was wrong."""

    def resumed(self, request: Request, onward: str) -> Response:
        """The way back to a form that the end of a session interrupted, with what was typed there."""


@router.get("/enter", include_in_schema=False)
def enter(request: Request, key: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Turn the one-time link into a session, once. Whoever only asks for headers has not come in."""
    doors: Doors = request.app.state.doors
    if getattr(request.state, "only_headers", False):
        doors.sessions.demand_unused(key)
        return RedirectResponse("/", 303, {"Cache-Control": "no-store"})
    return _with(request, RedirectResponse("/", 303), doors.sessions.enter(key))


@router.post("/sign-in", include_in_schema=False)
def sign_in(request: Request) -> Response:
    """Turn a key into a session; whoever may decide comes to the desk, or where they were before."""
    pages: SignIn | None = request.app.state.sign_in
    if pages is None:
        raise NotFound("there is no sign-in page here")
    gate: Gate = request.app.state.gate
    sent: Sent = getattr(request.state, "sent", NOTHING)
    try:
        visitor, session = gate.sign_in(sent.fields.get("key", ""), client_of(request.scope))
    except TooMany as error:
        refused = pages.refused(request, 429, str(error))
        refused.headers["Retry-After"] = str(error.wait_s)
        return refused
    except ArchiveError as error:
        return pages.refused(request, TABLE[type(error)].status, error.without_command)
    request.state.visitor, request.state.audience = visitor, visitor.audience
    onward = inside(sent.fields.get("onward", "")) or ("/desk" if visitor.audience == "editor" else "/")
    if any(name.startswith(KEPT) for name in sent.fields):
        return _with(request, pages.resumed(request, onward), session)
    return _with(request, RedirectResponse(onward, 303), session)


@router.post("/leave", include_in_schema=False)
def leave(request: Request) -> Response:
    """Be the public again."""
    doors: Doors = request.app.state.doors
    sent: Sent = getattr(request.state, "sent", NOTHING)
    response = RedirectResponse("/", 303)
    # A page that is older than the session may let go of it too, if the browser says that it is ours.
    if sent.genuine or "origin" in request.headers or "sec-fetch-site" in request.headers:
        secure = request.url.scheme == "https"
        name = doors.sessions.cookie_name(request.url.scheme)
        response.delete_cookie(name, httponly=True, samesite="strict", secure=secure)
    return response


def inside(address: str) -> str | None:
    """
    An address inside this archive, or None: no form of ours sends people elsewhere.

    >>> inside("/desk?after=q1"), inside("//evil.example"), inside("https://evil.example")
    ('/desk?after=q1', None, None)
    """
    ours = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if ours else None


def _with(request: Request, response: Response, session: Session) -> Response:
    """The response, bringing the browser a session."""
    sessions: Sessions = request.app.state.doors.sessions
    response.set_cookie(
        sessions.cookie_name(request.url.scheme),
        sessions.cookie(session),
        max_age=LASTS_S[session.audience],
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return response
