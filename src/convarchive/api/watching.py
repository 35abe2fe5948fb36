"""The doors for those who run the server: whether it lives, whether it can answer, and its numbers."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response

from convarchive.api import schemas
from convarchive.api.doors import Doors
from convarchive.api.kinds import body
from convarchive.api.meter import MEDIA_TYPE
from convarchive.api.middleware import OnlyTheseHosts
from convarchive.api.readiness import Readiness
from convarchive.errors import NotAllowed

router = APIRouter(tags=["house"])


@router.get("/healthz", response_model=schemas.HealthRecord, summary="Whether the server lives")
def alive() -> Response:
    """Always 200 while the process answers at all."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz", response_model=schemas.HealthRecord, summary="Whether the archive can answer")
def ready(request: Request) -> Response:
    """200 while a search really runs through catalogue, index and encoder; 503 saying which of them is down."""
    readiness: Readiness = request.app.state.readiness
    state = readiness.look()
    if state.ready:
        return JSONResponse({"status": "ready"})
    return JSONResponse(
        body("not-ready", state.trouble) | {"parts": {part: trouble or "ok" for part, trouble in state.parts}},
        503,
        {"Retry-After": "5"},
        "application/problem+json",
    )


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "As Prometheus reads"}},
    summary="The server's numbers",
)
def metrics(request: Request) -> Response:
    """Requests, searches, the index, quotes by clearance: for editors, or at an address of its own."""
    # How many quotes are not public is itself not public.
    if request.state.audience != "editor":
        raise NotAllowed("the server's numbers are for editors")
    return _numbers(request)


def _numbers(request: Request) -> Response:
    doors: Doors = request.app.state.doors
    return Response(doors.meter.written(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def create_watching_app(doors: Doors, readiness: Readiness, hosts: tuple[str, ...] | None) -> FastAPI:
    """
    A server of the numbers alone, for an address that only those who run the archive can reach.

    Whoever reaches it needs no key, so it must not be an address of the public's.
    """
    app = FastAPI(title=f"{doors.title}: numbers", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.doors, app.state.readiness = doors, readiness
    app.add_api_route("/healthz", alive)
    app.add_api_route("/readyz", ready)
    app.add_api_route("/metrics", _numbers)
    app.add_middleware(OnlyTheseHosts, hosts=hosts)
    return app
