"""What others say that is nearest in meaning, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from convarchive.api import near_schemas
from convarchive.api.answering import API, Limit, Visiting, answer
from convarchive.api.quotes import MOVED, moved, standing
from convarchive.domain.quote import QuoteId
from convarchive.publish.record import likes

router = APIRouter(prefix=API, tags=["quotes"])


@router.get(
    "/quotes/{quote}/similar",
    response_model=near_schemas.LikesAnswer,
    responses=MOVED,
    summary="What others say like this",
)
def similar(
    visit: Visiting,
    quote: str,
    own: Annotated[bool, Query(description="After the others, what its own speaker says elsewhere.")] = False,
    limit: Limit = 10,
) -> Response:
    """
    Quotes near in meaning that somebody else said; repeats of the same words are folded into `also`.

    A hit's `relevance` is here its nearness, which is no chance that both say the same: below 0.3, where most speak of
    another matter, nothing is told. `limit` holds for others, and again for the speaker's own.
    """
    with visit.doors.catalogue.reading(visit.audience) as read:
        found = standing(read, QuoteId(quote))
        if isinstance(found, tuple):
            return moved(found, "/similar")
        near = visit.doors.similar(read, found, limit, own)
        views = {view.id: view for view in read.quotes([hit.passage.quote for hit in near.hits])}
        generation = read.generation()
    body = likes(
        found.id,
        visit.audience,
        [(hit, views[hit.passage.quote]) for hit in near.hits if hit.passage.quote in views],
        also=near.also,
        generation=near.generation,
        pending=near.pending,
        public_url=visit.doors.public_url,
        served_at="",
    )
    return answer(visit, generation, body)
