"""Deciding over HTTP, and reading what was decided: for editors."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from convarchive.api import deciding_schemas as schemas
from convarchive.api import paging
from convarchive.api.answering import API, Cursor, Limit, Visit, Visiting, answer
from convarchive.api.doors import Doors
from convarchive.api.gate import Visitor
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.editorial.deciding import Decision
from convarchive.errors import BadInput, NotAllowed, NotRecognised
from convarchive.publish.lists import review_record

router = APIRouter(prefix=API, tags=["reviews"])

_REFUSED: dict[int | str, dict[str, Any]] = {403: {"description": "Only for editors, or not as things stand"}}


def _an_editor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    if visitor.audience == "editor":
        return visitor
    if visitor.key is None and not visitor.token:
        raise NotRecognised("only for editors: send an editor's key as Authorization: Bearer cva_…")
    raise NotAllowed(f"only for editors; you are here as {visitor.audience}")


Editing = Annotated[Visitor, Depends(_an_editor)]


def _narrowed(visit: Visiting, editor: Editing) -> Visit:
    if visit.audience != "editor":
        raise NotAllowed(f"reviews: only for editors, and you asked to see as {visit.audience}")
    return visit


@router.get("/reviews", response_model=schemas.ReviewPage, responses=_REFUSED, summary="What was decided")
def reviews(
    visit: Annotated[Visit, Depends(_narrowed)],
    quote: Annotated[str | None, Query(max_length=100, description="About this quote alone.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The log of decisions, newest first. It only ever grows."""
    with visit.doors.catalogue.reading("editor") as read:
        found = tuple(reversed(read.reviews(QuoteId(quote) if quote is not None else None)))
        shown, more = paging.page(f"reviews:{quote or ''}", found, lambda one: str(one.number), cursor, limit)
        body = {"reviews": [review_record(one) for one in shown], "next": more}
        return answer(visit, read.generation(), body, more)


@router.post(
    "/quotes/{quote}/reviews",
    status_code=201,
    response_model=schemas.DecidedRecord,
    responses={**_REFUSED, 409: {"description": "The quote is no longer what you looked at; nothing was decided"}},
    summary="Decide about a quote",
)
def decide(request: Request, editor: Editing, quote: str, asked: schemas.DecisionRecord) -> Response:
    """
    Clear, withhold, withdraw a quote, or take the strictest decision about it back, under your key's name.

    It counts, at every door, before you get the answer. Clearing words that were only heard is
    your statement that you checked them against the recording.
    """
    if editor.by is None:
        raise NotAllowed("a decision needs a name: use a key that was made for you, not the printed link")
    doors: Doors = request.app.state.doors
    decided = doors.decisions.decide(
        QuoteId(_plain(quote)),
        Decision(
            asked.act,
            editor.by,
            asked.why,
            VersionId(asked.version),
            asked.seen,
            asked.not_before,
            asked.until,
        ),
    )
    body = {field: getattr(decided, field) for field in ("review", "quote", "version", "clearance", "erased")}
    return JSONResponse(body, 201, {"Location": f"{API}/quotes/{quote}"})


def _plain(text: str) -> str:
    """Raises BadInput for what could be no id and no database would take."""
    if not text.isprintable():
        raise BadInput("quote: an id has letters and digits only")
    return text
