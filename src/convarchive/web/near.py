"""The page of what is nearest in meaning to a quote."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput, IndexError_
from convarchive.index.similar import LEAST
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView
from convarchive.web.cards import Card, Dealer
from convarchive.web.frame import Frame, audience_of
from convarchive.web.room import ReadingRoom
from convarchive.web.searching import Result, refused

MOST = 20
"""Quotes on the page."""


class Near:
    """Quotes near in meaning that somebody else said."""

    def __init__(self, frame: Frame, room: ReadingRoom) -> None:
        self._frame = frame
        self._room = room

    def routes(self) -> list[BaseRoute]:
        """The page's route."""
        return [Route("/q/{quote}/similar", self.page, methods=["GET"])]

    def page(self, request: Request) -> Response:
        """What others say that is nearest in meaning; with `own`, what its speaker says elsewhere after it."""
        the_id, audience = QuoteId(request.path_params["quote"]), audience_of(request)
        own = request.query_params.get("own", "") == "1"
        with self._room.catalogue.reading(audience) as read:
            found = read.current(the_id)
            if len(found) > 1:
                return RedirectResponse(f"/q/{the_id}", 303)
            if found[0].id != the_id:
                return RedirectResponse(f"/q/{found[0].id}/similar", 308)
            dealer = Dealer(read, self._room.public_url)
            try:
                card, result, hers = self._near(read, dealer, found[0], own)
            except (BadInput, IndexError_) as error:
                card, result, hers = dealer.card(found[0]), refused(error, audience), 0
        return self._frame.page(
            request,
            "similar.html",
            result.status,
            card=card,
            result=result,
            own=own,
            least=LEAST,
            others=result.cards[: len(result.cards) - hers],
            hers=result.cards[len(result.cards) - hers :],
            fiction=card.view.fiction or any(one.view.fiction for one in result.cards),
        )

    def _near(self, read: Reader, dealer: Dealer, quote: QuoteView, own: bool) -> tuple[Card, Result, int]:
        near = self._room.similar(read, quote, MOST, own)
        views = {view.id: view for view in read.quotes([hit.passage.quote for hit in near.hits])}
        others, hers = (
            tuple(
                replace(dealer.card(views[hit.passage.quote], (), hit.relevance, hit.also), scale="Nearness")
                for hit in part
                if hit.passage.quote in views
            )
            for part in near.parts
        )
        return dealer.card(quote, also=near.also), Result(others + hers, pending=near.pending), len(hers)
