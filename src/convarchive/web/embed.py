"""The page that other websites show within a frame: quotes for the public, whoever looks, and without scripts too."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from convarchive.domain.quote import QuoteId
from convarchive.errors import ArchiveError, BadInput, Gone, ModelMissing, NotFound
from convarchive.store.reader import Reader
from convarchive.web.asking import Asking
from convarchive.web.cards import Card, Dealer
from convarchive.web.frame import templates
from convarchive.web.room import ReadingRoom

MOST, USUAL = 50, 5
"""How many quotes are shown at most, and where nothing is said."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the frame: quotes, or in words why there are none."""

    cards: tuple[Card, ...] = ()
    said: str | None = None
    status: int = 200


class Embed:
    """
    The embedded page of one archive.

    `origins` are the websites that may frame it; without any, or with `*`, all may, for it
    shows nothing but what is public.
    """

    def __init__(self, room: ReadingRoom, origins: tuple[str, ...] = ()) -> None:
        self._room = room
        self._template = templates().get_template("embed.html")
        # They stand in the page itself: a frame without an origin of its own could not load them.
        self._style, self._script = _static("embed.css"), _static("embed.js")
        self._policy = (
            f"default-src 'none'; script-src {_hash(self._script)}; style-src {_hash(self._style)}; "
            f"media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors(origins)}"
        )

    def routes(self) -> list[BaseRoute]:
        """The route for `api.app.create_app`."""
        return [Route("/embed", self.page, methods=["GET"])]

    def page(self, request: Request) -> Response:
        """One quote (`quote`), or the quotes for `q`, `theme` and `speaker`, `limit` of them."""
        given = request.query_params
        asking, limit = Asking.read(given), _limit(given)
        try:
            with self._room.catalogue.reading("public") as read:
                shown = self._shown(read, given.get("quote", "").strip(), asking, limit)
        except ArchiveError as error:
            shown = _told(error)
        html = self._template.render(
            archive=self._room.title,
            home=(self._room.public_url or "") + asking.address(),
            single="quote" in given,
            asking=asking,
            limit=limit,
            shown=shown,
            style=self._style,
            script=self._script,
        )
        headers = {
            "Content-Security-Policy": self._policy,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(html, shown.status, headers)

    def _shown(self, read: Reader, quote: str, asking: Asking, limit: int) -> Shown:
        dealer = Dealer(read, self._room.public_url)
        if quote:
            return Shown(tuple(dealer.card(view) for view in read.current(QuoteId(quote))))
        if asking.theme:
            read.theme(asking.theme)
        if asking.speaker:
            read.speaker(asking.speaker)
        asked = Asking(asking.text, asking.theme, asking.speaker)
        if faults := asked.faults():
            raise BadInput(" ".join(faults.values()))
        if not asked.text:
            views = read.listed(asked.query(limit), None, limit) if asked.filtered else ()
            return Shown(tuple(dealer.card(view) for view in views))
        hits = self._room.search(read, asked.query(limit)).hits
        known = {view.id: view for view in read.quotes([hit.passage.quote for hit in hits])}
        found = [(known[hit.passage.quote], hit.highlights) for hit in hits if hit.passage.quote in known]
        return Shown(tuple(dealer.card(view, highlights) for view, highlights in found))


def ancestors(origins: tuple[str, ...]) -> str:
    """
    The sites that may frame the page, as `frame-ancestors` wants them.

    >>> ancestors(()), ancestors(("https://www.example",))
    ('*', "'self' https://www.example")
    """
    return "*" if not origins or "*" in origins else " ".join(("'self'", *origins))


def _told(error: ArchiveError) -> Shown:
    """An error, in words for visitors of another site; what it says of ours goes to the log."""
    if isinstance(error, Gone):
        return Shown(said="This was taken down.", status=410)
    if isinstance(error, NotFound):
        return Shown(said="This is not in the archive, or not open to the public.", status=404)
    if isinstance(error, BadInput) and not isinstance(error, ModelMissing):
        return Shown(said=error.without_command, status=422)
    logging.getLogger("convarchive.web").warning("%s", error)
    return Shown(said="The archive could not answer.", status=503)


def _limit(given: Mapping[str, str]) -> int:
    asked = given.get("limit", "")
    return min(MOST, max(1, int(asked))) if re.fullmatch(r"[0-9]{1,6}", asked) else USUAL


def _static(name: str) -> str:
    return (files("convarchive.web") / "static" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
