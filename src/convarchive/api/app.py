"""Puts the HTTP doors together: routes, errors, headers and who may call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from convarchive import __version__
from convarchive.api import (
    citations,
    deciding_schemas,
    embedding_schemas,
    house,
    lists,
    oembed,
    problems,
    quotes,
    recordings,
    refusing,
    reviews,
    schemas,
    similar,
    watching,
    widget,
)
from convarchive.api.answering import API
from convarchive.api.cors import Origins
from convarchive.api.doors import Doors
from convarchive.api.gate import Gate
from convarchive.api.limits import WINDOW_S, Allowance, FailedTries
from convarchive.api.middleware import (
    CrossOrigin,
    HeadAsGet,
    Limited,
    OnlyTheseHosts,
    OwnForms,
    SafeHeaders,
    Watched,
    WhoAsks,
)
from convarchive.api.proxies import TrustedProxies
from convarchive.api.readiness import Readiness
from convarchive.store import read_keys
from convarchive.store.catalogue import now
from convarchive.widget.script import PLACE

_SCHEMAS = (schemas, deciding_schemas, embedding_schemas)

_ABOUT = """
Quotes from podcasts and print, searchable by theme, each with who said it, on what evidence, and
where it can be heard. Without a key or a session you see what the public may: cleared quotes only.
Send a key as `Authorization: Bearer cva_…`; one that does not open is refused with 401 and never
answered as the public. Errors are problem+json (RFC 9457). Everyone in the examples is invented.
"""

KEY, SESSION = "key", "session"


def create_app(
    doors: Doors,
    pages: Sequence[BaseRoute] = (),
    error_page: problems.ErrorPage | None = None,
    sign_in: house.SignIn | None = None,
) -> FastAPI:
    """
    The server: the API of `doors`, and `pages` for people beside it where there are any.

    `error_page` tells errors to people, wherever it is not the API that was asked; `sign_in`
    makes the pages that stand around signing in.
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
    app.state.gate = Gate(doors.catalogue, doors.sessions, FailedTries(doors.clock), doors.used)
    app.state.sign_in = sign_in
    app.state.readiness = Readiness(doors.catalogue, doors.search)
    doors.meter.watch(doors.catalogue, app.state.readiness)
    for room in (quotes, similar, citations, reviews, lists, recordings, oembed, widget, house, watching):
        # Sites that ask for oEmbed add parameters of their own, which oEmbed lets them.
        strict = room.router.prefix == API and room is not oembed
        app.include_router(room.router, dependencies=[Depends(refusing.only_declared)] if strict else [])
    app.router.routes.extend(pages)
    tell = problems.install(app, is_for_programs, error_page)
    _describe_wholly(app, doors.sessions.cookie_name("https"))
    # The last one added is the first to see a request.
    app.add_middleware(HeadAsGet)
    app.add_middleware(OwnForms, public_url=doors.public_url, for_programs=is_for_programs, tell=tell)
    allowance = Allowance(doors.rate_limit, WINDOW_S, doors.clock) if doors.rate_limit else None
    app.add_middleware(Limited, allowance=allowance, tell=tell)
    app.add_middleware(WhoAsks, gate=app.state.gate, tell=tell)
    origins = Origins(doors.allowed_origins, lambda: read_keys.origins(doors.catalogue, now()))
    app.add_middleware(CrossOrigin, origins=origins)
    app.add_middleware(OnlyTheseHosts, hosts=doors.hosts)
    _stand_around(app, doors, pages)
    return app


def _stand_around(app: FastAPI, doors: Doors, pages: Sequence[BaseRoute]) -> None:
    """
    Have every answer counted, logged, given an id and made safe: also those to faults, which no added middleware sees.
    """
    stack = app.build_middleware_stack

    def outermost() -> ASGIApp:
        safe = TrustedProxies(SafeHeaders(stack(), is_for_programs), doors.trusted_proxies)
        return CorrelationIdMiddleware(Watched(safe, doors.meter, pages), header_name="X-Request-ID")

    # Starlette asks for the stack once, when the first request comes.
    app.build_middleware_stack = outermost  # type: ignore[method-assign]


def _describe_wholly(app: FastAPI, cookie: str) -> None:
    """Have the OpenAPI document tell what FastAPI leaves out: examples with their nulls, one kind of problem, keys."""
    described = app.openapi

    def wholly() -> dict[str, Any]:
        document = described()
        for operation in (one for path in document["paths"].values() for one in path.values()):
            # Only what is for some alone says by itself that it refuses.
            _describe(operation, open_to_all="403" not in operation["responses"])
        for name, schema in document["components"]["schemas"].items():
            model = next((getattr(one, name) for one in _SCHEMAS if hasattr(one, name)), None)
            if "examples" in schema and isinstance(model, type) and issubclass(model, BaseModel):
                schema["examples"] = model.model_json_schema()["examples"]
        document["components"]["securitySchemes"] = {
            KEY: {"type": "http", "scheme": "bearer", "bearerFormat": "cva_<prefix>_<secret>"},
            SESSION: {"type": "apiKey", "in": "cookie", "name": cookie},
        }
        return document

    # Assigning is how FastAPI says that its document be made otherwise.
    app.openapi = wholly  # type: ignore[method-assign]


def _describe(operation: dict[str, Any], *, open_to_all: bool) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = operation["responses"]
    if "422" in responses:
        responses["422"] = {"description": "The request cannot be understood", "content": problem}
    responses["401"] = {"description": "The key that was sent opens nothing", "content": problem}
    responses["429"] = {"description": "Too much was asked; Retry-After says when to come back", "content": problem}
    operation["security"] = [*([{}] if open_to_all else []), {KEY: []}, {SESSION: []}]


def is_for_programs(path: str) -> bool:
    """Whether a path is the API's, so that its errors are told as problem+json."""
    return path.startswith(("/api/", PLACE)) or path in ("/healthz", "/readyz", "/metrics")
