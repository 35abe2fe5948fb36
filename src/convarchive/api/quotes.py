"""Search, quotes and their clips over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urldefrag

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from convarchive.api import paging, schemas
from convarchive.api.answering import API, MOST, Day, Limit, Visit, Visiting, answer
from convarchive.api.doors import CLIP_TYPE
from convarchive.api.seen import DEEPEST, Seen
from convarchive.api.sound import is_known, send
from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query as Asked
from convarchive.domain.passage import SourceKind
from convarchive.domain.quote import Clearance, QuoteId
from convarchive.domain.speaker import Role, SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.errors import BadInput, NotAllowed, NotFound
from convarchive.publish.record import QuoteRecord, record
from convarchive.publish.record import answer as answer_record
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView

router = APIRouter(prefix=API, tags=["quotes"])

LONGEST = 10_000
"""Characters of a question; what is longer is refused here, rather than cut."""

MOVED: dict[int | str, dict[str, Any]] = {
    308: {"description": "The quote's id now leads to another quote: see Location, and Link for all of them."}
}


@router.get("/search", response_model=schemas.SearchAnswer, summary="Search quotes by meaning and by words")
def search(
    visit: Visiting,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST, description="What you look for.", examples=["power"])],
    theme: Annotated[str | None, Query(description="Only quotes of this theme.", examples=["leadership"])] = None,
    speaker: Annotated[str | None, Query(description="Only this person's quotes.", examples=["ada-example"])] = None,
    episode: Annotated[str | None, Query(description="Only quotes of this episode.")] = None,
    since: Annotated[Day | None, Query(description="Episodes of this day and later.")] = None,
    until: Annotated[Day | None, Query(description="Episodes of this day and earlier.")] = None,
    role: Annotated[Role | None, Query(description="Only quotes of hosts, of guests, or of others.")] = None,
    source: Annotated[SourceKind | None, Query(description="Only what can be heard, or is in print.")] = None,
    clearance: Annotated[Clearance | None, Query(description="Only quotes that stand so.")] = None,
    facets: Annotated[bool, Query(description="Say too what passes the filters, whatever it says.")] = False,
    limit: Limit = 10,
    cursor: Annotated[str | None, Query(max_length=LONGEST, description="`next` of the page before; opaque.")] = None,
) -> Response:
    """
    Hits by relevance; filters apply before ranking. An empty answer means that nothing speaks to this.

    Pages never repeat a hit, nor skip one that was there, also while the archive grows.
    """
    asked = Asked(
        q,
        ThemeId(theme) if theme is not None else None,
        SpeakerId(speaker) if speaker is not None else None,
        EpisodeId(episode) if episode is not None else None,
        since.isoformat() if since else None,
        until.isoformat() if until else None,
        limit,
        role,
        source,
        clearance,
    )
    seen = Seen.read(cursor, asked, visit.audience)
    asked = replace(asked, limit=len(seen) + min(limit, DEEPEST - len(seen)) + 1)
    with visit.doors.catalogue.reading(visit.audience) as read:
        known(read, asked)
        found = visit.doors.search(read, asked)
        unseen = [hit for hit in found.hits if hit.passage.quote not in seen]
        hits = unseen[: min(limit, DEEPEST - len(seen))]
        views = {view.id: view for view in read.quotes([hit.passage.quote for hit in hits])}
        told = read.facets(asked) if facets else None
        generation = read.generation()
    further = seen.with_these(hit.passage.quote for hit in hits)
    more = further.cursor() if hits and len(unseen) > len(hits) and len(further) < DEEPEST else None
    body = answer_record(
        q,
        visit.audience,
        [(hit, views[hit.passage.quote]) for hit in hits if hit.passage.quote in views],
        generation=found.generation,
        pending=found.pending,
        read_as=found.read_as,
        next_page=more,
        public_url=visit.doors.public_url,
        served_at="",
        facets=told,
    )
    return answer(visit, generation, body, more)


def known(read: Reader, asked: Asked) -> None:
    """Raises BadInput where a filter names what this audience knows nothing of, or days are in no order."""
    asked.demand_days_in_order()
    try:
        # Whoever is quoted is known, and that is found out at once.
        if asked.theme is not None and not read.finds(Asked("", theme=asked.theme)):
            read.theme(asked.theme)
        if asked.speaker is not None and not read.finds(Asked("", speaker=asked.speaker)):
            read.speaker(asked.speaker)
        if asked.episode is not None and not read.finds(Asked("", episode=asked.episode)):
            read.episode(asked.episode)
    except NotFound as error:
        raise BadInput(str(error)) from error


def quote_page(visit: Visit, read: Reader, kind: str, asked: Asked, given: str | None) -> Response:
    """Send one page of the quotes that pass a query's filters, by id."""
    place = paging.behind(kind, given)
    views = read.listed(asked, QuoteId(place) if place else None, asked.limit + 1)
    shown = views[: asked.limit]
    more = paging.cursor(kind, shown[-1].id) if len(views) > asked.limit else None
    body = {"quotes": [_record(view, visit) for view in shown], "next": more}
    return answer(visit, read.generation(), body, more)


@router.get("/quotes/{quote}", response_model=schemas.QuoteRecord, responses=MOVED, summary="One quote")
def one(visit: Visiting, quote: str) -> Response:
    """The quote as you may see it: 410 where it was taken down, 308 where its id leads elsewhere."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        found = standing(read, QuoteId(quote))
        if isinstance(found, tuple):
            return moved(found, "")
        return answer(visit, read.generation(), _record(found, visit))


def _record(view: QuoteView, visit: Visit) -> QuoteRecord:
    return record(view, public_url=visit.doors.public_url, served_at="")


def standing(read: Reader, quote: QuoteId) -> QuoteView | tuple[QuoteId, ...]:
    """
    The quote, or the ids its own now leads to.

    Raises Gone where it was taken down (which outranks a redirect), NotFound.
    """
    found = read.current(quote)
    return found[0] if found[0].id == quote else tuple(view.id for view in found)


def moved(targets: tuple[QuoteId, ...], tail: str) -> Response:
    """Lead to the quotes that an id stands for now, at the same `tail` of their addresses."""
    addresses = [f"{API}/quotes/{target}{tail}" for target in targets]
    headers = {
        "Location": addresses[0],
        "Link": ", ".join(f'<{address}>; rel="successor-version"' for address in addresses),
    }
    return JSONResponse({"moved": list(targets)}, 308, headers)


@router.get(
    "/quotes/{quote}/clip",
    response_class=Response,
    responses={
        200: {"content": {CLIP_TYPE: {"schema": {"type": "string", "format": "binary"}}}, "description": "The sound"},
        206: {"description": "The bytes that Range asked for"},
        307: {"description": "Not held here any more, but served by its publisher: see Location, with its fragment"},
        **MOVED,
    },
    summary="A quote's sound",
)
def clip(
    visit: Visiting,
    quote: str,
    excerpt: Annotated[int, Query(ge=0, le=MOST, description="Which piece of a quote with omissions.")] = 0,
) -> Response:
    """Exactly the quote's words, cut from the recording; what stands between its excerpts is never in it."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        found = standing(read, QuoteId(quote))
        if isinstance(found, tuple):
            return moved(found, "/clip")
        piece = found.excerpts[excerpt] if excerpt < len(found.excerpts) else None
        if piece is None or piece.span is None or piece.recording is None:
            raise NotFound(f"quote {quote}: this piece of it has no sound here")
        span = piece.span
        if not read.may_hear(piece.recording, span):
            raise NotAllowed(f"quote {quote}: its sound is not open to the {visit.audience}")
        recording = read.recording(piece.recording)
        elsewhere = read.heard_at_publisher(piece.recording)
    etag = f'"{piece.recording[:24]}-{span.start}-{span.end}"'
    if is_known(visit.request, etag):
        return Response(status_code=304, headers={"ETag": etag})
    try:
        sound = visit.doors.clip(recording, span)
    except NotFound:
        if elsewhere is None:
            raise
        # The very bytes the words' times were measured on, as the publisher serves them.
        address = f"{urldefrag(elsewhere).url}#{span.fragment}"
        return Response(status_code=307, headers={"Location": address, "Cache-Control": "no-store"})
    return send(visit.request, sound, CLIP_TYPE, etag)
