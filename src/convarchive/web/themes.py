"""
The pages of themes: all of them, and each with its strongest quotes by many voices, who speaks to it, when, and what
is near it.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from convarchive.index.portraits import portrait
from convarchive.store.views import ThemeView
from convarchive.web.cards import Dealer
from convarchive.web.frame import Frame, audience_of
from convarchive.web.room import ReadingRoom

STRONGEST = 10
"""Quotes on the page; the search page lists all."""


class Themes:
    """The pages of themes."""

    def __init__(self, frame: Frame, room: ReadingRoom) -> None:
        self._frame = frame
        self._room = room

    def routes(self) -> list[BaseRoute]:
        """The pages' routes."""
        return [
            Route("/themes", self.every, methods=["GET"]),
            Route("/themes/{theme}", self.page, methods=["GET"]),
        ]

    def every(self, request: Request) -> Response:
        """All themes, with how many quotes this audience may see of each."""
        with self._room.catalogue.reading(audience_of(request)) as read:
            return self._listed(request, read.themes())

    def page(self, request: Request) -> Response:
        """One theme as this audience may see it; where there is none, those there are (404)."""
        with self._room.catalogue.reading(audience_of(request)) as read:
            themes = read.themes()
            if request.path_params["theme"] not in {one.id for one in themes}:
                return self._listed(request, themes, request.path_params["theme"])
            found = portrait(read, request.path_params["theme"], self._room.encoder(), STRONGEST)
            dealer = Dealer(read, self._room.public_url)
            members = tuple(
                (
                    replace(dealer.card(one.quote, (), one.score.score, one.also), scale="Belongs"),
                    one.score.by,
                )
                for one in found.quotes
            )
        return self._frame.page(
            request,
            "theme.html",
            found=found,
            members=members,
            fiction=any(card.view.fiction for card, _ in members),
        )

    def _listed(self, request: Request, themes: tuple[ThemeView, ...], missing: str | None = None) -> Response:
        status = 200 if missing is None else 404
        return self._frame.page(request, "themes.html", status, themes=themes, missing=missing, fiction=False)
