"""Which error is which HTTP status: one table, so that no status code ever enters the domain."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi_problem.error import Problem, StatusProblem
from fastapi_problem.handler import (
    ExceptionHandler,
    add_exception_handler,
    http_exception_handler_,
    new_exception_handler,
)
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from convarchive import errors
from convarchive.api import refusing
from convarchive.api.gate import TooMany
from convarchive.api.kinds import HTTP_KINDS, PROBLEM_URN

ErrorPage = Callable[[Request, int, str, str], Response]
"""Makes a page for people: (request, status, title, detail)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one class of error is told over HTTP; a 5xx's own words stay in the server's log."""

    status: int
    title: str


TABLE: dict[type[errors.ArchiveError], Kind] = {
    errors.ArchiveError: Kind(500, "The archive could not answer"),
    errors.NotFound: Kind(404, "Not in the archive"),
    errors.Gone: Kind(410, "Taken down"),
    errors.BadInput: Kind(422, "The request cannot be understood"),
    errors.SettingsError: Kind(500, "The archive's settings need its owner"),
    errors.FeedUnreadable: Kind(422, "Not a podcast feed"),
    errors.SourceUnavailable: Kind(502, "A source does not answer"),
    errors.AddressRefused: Kind(422, "An address that is not fetched"),
    errors.AudioUnreadable: Kind(500, "A recording cannot be read"),
    errors.TranscriptUnreadable: Kind(422, "Not a transcript"),
    errors.NotAHome: Kind(503, "The archive is not set up"),
    errors.ModelMissing: Kind(503, "Search is not set up"),
    errors.EngineMissing: Kind(503, "A part is not installed"),
    errors.BackupUnreadable: Kind(422, "Not a backup"),
    errors.NotRecognised: Kind(401, "The key does not open this"),
    errors.NotAllowed: Kind(403, "Not open to you"),
    errors.NotPublishable: Kind(403, "Not cleared for publication"),
    errors.Changed: Kind(409, "Changed since you looked"),
    errors.CatalogueError: Kind(503, "The catalogue cannot be used just now"),
    errors.CatalogueTooNew: Kind(503, "The catalogue is newer than this server"),
    errors.CatalogueTooOld: Kind(503, "The catalogue waits to be migrated"),
    errors.CatalogueCorrupt: Kind(503, "The catalogue is damaged"),
    errors.HomeBusy: Kind(503, "The archive is busy"),
    errors.HomeNotWritable: Kind(503, "The archive's disk cannot be written"),
    errors.IndexError_: Kind(503, "Search is down"),
    errors.IndexMissing: Kind(503, "Search has no index yet"),
    errors.IndexForeign: Kind(503, "Search waits for its index to be built again"),
    errors.IndexCorrupt: Kind(503, "Search is down: its index is damaged"),
}


class NotSatisfiable(Exception):
    """A Range header asks for bytes beyond the end of a file `length` bytes long."""

    def __init__(self, length: int) -> None:
        super().__init__(f"there are {length} bytes")
        self.length = length


class _Unforeseen(StatusProblem):
    """A fault of ours; what it says may name files, so it goes to the log alone."""

    type_ = "fault"
    title = HTTP_KINDS["fault"].title
    status = HTTP_KINDS["fault"].status

    def __init__(self, detail: str | None = None, **_: object) -> None:
        super().__init__("The fault is ours; the server's log has the details.")


def problem_of(error: errors.ArchiveError) -> Problem:
    """An error of ours as RFC 9457 tells it."""
    kind = TABLE[type(error)]
    known = kind.status < 500
    return Problem(
        kind.title,
        type_=_slug(type(error)),
        status=kind.status,
        detail=_told(error) if known else "The server's log says more; its owner can put this right.",
        headers=_HEADERS.get(kind.status),
    )


_LISTS = {
    "convarchive search": "search them at /api/v1/search",
    "convarchive episodes list": "they are listed at /api/v1/episodes",
    "convarchive speakers list": "they are listed at /api/v1/speakers",
    "convarchive themes list": "they are listed at /api/v1/themes",
}
"""What the API says in place of a command that lists what there is."""


def _told(error: errors.ArchiveError) -> str:
    listed = _LISTS.get(error.command)
    return f"{error.without_command}; {listed}" if listed else error.without_command


_HEADERS = {503: {"Retry-After": "5"}, 401: {"WWW-Authenticate": 'Bearer realm="convarchive"'}}


def _slug(error: type[errors.ArchiveError]) -> str:
    name = error.__name__.strip("_")
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).strip("-")


def install(
    app: FastAPI, is_for_programs: Callable[[str], bool], error_page: ErrorPage | None
) -> Callable[[Request, Exception], Response]:
    """
    Have the app tell every error as problem+json, also in its OpenAPI; returns what tells them.

    Paths that `is_for_programs` does not claim answer with `error_page`, where there is one.
    """

    def as_page(content: dict[str, object], request: Request, response: Response) -> tuple[dict[str, object], Response]:
        if response.status_code == 405:
            response.headers["allow"] = allowed(app, request)
        if error_page is None or is_for_programs(request.url.path):
            return content, response
        page = error_page(request, response.status_code, str(content["title"]), str(content.get("detail") or ""))
        for name in ("allow", "retry-after", "www-authenticate"):
            if name in response.headers:
                page.headers[name] = response.headers[name]
        return content, page

    handler = new_exception_handler(
        logger=logging.getLogger("convarchive.api"),
        unhandled_wrappers={"default": _Unforeseen},
        handlers={
            errors.ArchiveError: lambda _handler, _request, error: problem_of(error),
            NotSatisfiable: lambda _handler, _request, error: _beyond(error),
            TooMany: lambda _handler, _request, error: _too_many(error),
        },
        post_hooks=[as_page],
        request_validation_handler=lambda _handler, _request, error: _ill_formed(error),
        http_exception_handler=_of_http,
        documentation_uri_template=PROBLEM_URN,
    )
    add_exception_handler(app, handler)
    app.add_exception_handler(errors.ArchiveError, handler)
    app.add_exception_handler(NotSatisfiable, handler)
    app.add_exception_handler(TooMany, handler)
    return handler


def allowed(app: FastAPI, request: Request) -> str:
    """The methods that something at this address answers to, as the Allow header lists them."""
    found = set()
    for route in app.router.routes:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            match, _ = route.matches({**request.scope, "method": method})
            if match is Match.FULL:
                found |= {"GET", "HEAD"} if method == "GET" else {method}
    # Files, which are only ever fetched, are no routes of the app's own.
    return ", ".join(sorted(found or {"GET", "HEAD"}))


def _ill_formed(error: RequestValidationError) -> Problem:
    """Parameters that FastAPI refused: one line, and each again by field."""
    said = refusing.faults(error)
    kind = TABLE[errors.BadInput]
    return Problem(
        kind.title,
        type_=_slug(errors.BadInput),
        status=kind.status,
        detail="; ".join(f"{field} {message}" for field, message in said),
        errors=[{"field": field, "message": message} for field, message in said],
    )


def _of_http(handler: ExceptionHandler, request: Request, error: HTTPException) -> Problem:
    """What the framework refuses by itself, before any route of ours is asked."""
    if error.status_code == 404:
        return _http("http-not-found", "nothing is at this address; the API is described at /api/v1/openapi.json")
    if error.status_code == 405:
        detail = f"{request.method} is not spoken at this address; the header Allow lists what is"
        return _http("http-method-not-allowed", detail, error.headers)
    if error.status_code == 400:
        return problem_of(errors.BadInput("body is no JSON"))
    return http_exception_handler_(handler, request, error)


def _http(kind: str, detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    known = HTTP_KINDS[kind]
    return Problem(
        known.title, type_=kind, status=known.status, detail=detail, headers=dict(headers) if headers else None
    )


def _beyond(error: NotSatisfiable) -> Problem:
    return _http("range-not-satisfiable", str(error), {"Content-Range": f"bytes */{error.length}"})


def _too_many(error: TooMany) -> Problem:
    return _http("too-many-requests", str(error), {"Retry-After": str(error.wait_s)})
