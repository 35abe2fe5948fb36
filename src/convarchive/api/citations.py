"""Quotes over HTTP as they are cited: text, markup, reference files, linked data, formatted references."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from convarchive.api.answering import API, Visiting, send_text
from convarchive.api.quotes import MOVED, moved, standing
from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput
from convarchive.publish.formatted import Style
from convarchive.publish.packet import FORMS, quote_as, reference
from convarchive.publish.record import record

router = APIRouter(prefix=API, tags=["quotes"])

FormName = Literal["text", "markdown", "html", "json", "csl-json", "ris", "bibtex", "jsonld"]


@router.get(
    "/quotes/{quote}/citation",
    response_class=Response,
    responses={
        200: {
            "content": {form.media_type: {"schema": {"type": "string"}} for form in FORMS.values()},
            "description": "The quote in this form; a style gives a reference as text or HTML",
        },
        **MOVED,
    },
    summary="A quote to be cited",
)
def citation(
    visit: Visiting,
    quote: str,
    form: Annotated[FormName, Query(alias="as", description="The form; a style is written as text or html.")] = "text",
    style: Annotated[Style | None, Query(description="A reference in this style instead of the quote.")] = None,
) -> Response:
    """403 with its reason where the quote is not cleared, or its name not sure enough, for this form and you."""
    if style is not None and form not in ("text", "html"):
        raise BadInput(f"style: {style} is written as text or html, not as {form}; leave one of the two out")
    with visit.doors.catalogue.reading(visit.audience) as read:
        found = standing(read, QuoteId(quote))
        generation = read.generation()
    if isinstance(found, tuple):
        asked = visit.request.url.query
        return moved(found, f"/citation?{asked}" if asked else "/citation")
    made = record(found, public_url=visit.doors.public_url)
    if style is not None:
        text = reference(made, style, visit.audience, html=form == "html")
    else:
        text = quote_as(made, form, visit.audience)
    return send_text(visit, generation, text + "\n", FORMS[form].media_type)
