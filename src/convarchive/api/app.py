"""Puts the HTTP doors together: routes, errors, headers and who may call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from convarchive import __version__
from convarchive.api import citations, house, lists, oembed, problems, quotes, recordings, schemas, watching, widget
from convarchive.api.answering import API
from convarchive.api.doors import Doors
from convarchive.api.meter import Meter
from convarchive.api.middleware import OnlyTheseHosts, SafeHeaders, Watched, WhoAsks
from convarchive.api.readiness import Readiness
from convarchive.widget.script import PLACE

_ABOUT = """
Quotes from podcasts and print, searchable by theme, each with who said it, on what evidence, and
where it can be heard. Without a session you see what the public may: cleared quotes only.
Errors are problem+json (RFC 9457). Everyone in the examples is invented.
"""


def create_app(doors: Doors, pages: Sequence[BaseRoute] = (), error_page: problems.ErrorPage | None = None) -> FastAPI:
    """
    The server: the API of `doors`, and `pages` for people beside it where there are any.

    `error_page` tells errors to people, wherever it is not the API that was asked.
    """
    app = FastAPI(
        title=doors.title,
        version=__version__,
        description=_ABOUT,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.doors = doors
    app.state.readiness = Readiness(doors.catalogue, doors.search)
    doors.meter.watch(doors.catalogue, app.state.readiness)
    for room in (quotes, citations, lists, recordings, oembed, widget, house, watching):
        app.include_router(room.router)
    app.router.routes.extend(pages)
    problems.install(app, is_for_programs, error_page)
    _describe_wholly(app)
    # The last one added is the first to see a request.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=doors.allowed_origins,
        allow_methods=["GET"],
        expose_headers=["ETag", "Link", "Content-Range", "Accept-Ranges"],
    )
    app.add_middleware(WhoAsks, sessions=doors.sessions)
    app.add_middleware(SafeHeaders, is_for_programs=is_for_programs)
    app.add_middleware(OnlyTheseHosts, hosts=doors.hosts)
    _watch(app, doors.meter, pages)
    return app


def _watch(app: FastAPI, meter: Meter, pages: Sequence[BaseRoute]) -> None:
    """Have every answer counted, logged and given an id: also those to faults, which no added middleware sees."""
    stack = app.build_middleware_stack

    def outermost() -> ASGIApp:
        return CorrelationIdMiddleware(Watched(stack(), meter, pages), header_name="X-Request-ID")

    # Starlette asks for the stack once, when the first request comes.
    app.build_middleware_stack = outermost  # type: ignore[method-assign]


def _describe_wholly(app: FastAPI) -> None:
    """Have the OpenAPI document show examples with their nulls, which FastAPI leaves out, and one kind of problem."""
    described = app.openapi

    def wholly() -> dict[str, Any]:
        document = described()
        for operation in (one for path in document["paths"].values() for one in path.values()):
            if "422" in operation["responses"]:
                operation["responses"]["422"] = {
                    "description": "The request cannot be understood",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
        for name, schema in document["components"]["schemas"].items():
            model = getattr(schemas, name, None)
            if "examples" in schema and isinstance(model, type) and issubclass(model, BaseModel):
                schema["examples"] = model.model_json_schema()["examples"]
        return document

    # Assigning is how FastAPI says that its document be made otherwise.
    app.openapi = wholly  # type: ignore[method-assign]


def is_for_programs(path: str) -> bool:
    """Whether a path is the API's, so that its errors are told as problem+json."""
    return path.startswith(("/api/", PLACE)) or path in ("/healthz", "/readyz", "/metrics")
