"""The pages: all of them put together, one quote, episodes with transcripts, and what stands where something failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from convarchive.domain.quote import QuoteId
from convarchive.publish.record import record
from convarchive.store.views import EpisodeView, Line
from convarchive.web import words
from convarchive.web.asking import Asking
from convarchive.web.cards import Card, Dealer, Player
from convarchive.web.desk import Desk
from convarchive.web.frame import Frame, audience_of, fields_of
from convarchive.web.near import Near
from convarchive.web.room import ReadingRoom
from convarchive.web.saving import Saving
from convarchive.web.searching import Searching
from convarchive.web.signing_in import SigningIn
from convarchive.web.taking import embedded, taking
from convarchive.web.themes import Themes


class Pages:
    """Every page of one archive."""

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room
        self._frame = Frame(room.title, room.public_url, room.contact)
        self._page = self._frame.page
        self.signing_in = SigningIn(self._frame)
        self._searching = Searching(self._frame, room)
        self._saving = Saving(self._frame, room)
        self._rooms = (self._searching, self._saving, Near(self._frame, room), Themes(self._frame, room))
        self._desk = Desk(self._frame, room.catalogue, room.decisions, self.signing_in)

    def routes(self) -> list[BaseRoute]:
        """The pages' routes for `api.app.create_app`, which says in `request.state.audience` who is asking."""
        return [
            *(route for one in self._rooms for route in one.routes()),
            Route("/searches", self.keep_search, methods=["POST"]),
            Route("/q/{quote}", self.quote, methods=["GET"]),
            Route("/episodes", self.episodes, methods=["GET"]),
            Route("/episodes/{episode}", self.episode, methods=["GET"]),
            *self.signing_in.routes(),
            *self._desk.routes(),
            Mount("/static", StaticFiles(packages=[("convarchive.web", "static")]), name="static"),
        ]

    def keep_search(self, request: Request) -> Response:
        """Save a search; then its page again, which says so, or why not."""
        kept = self._saving.keep(request)
        if isinstance(kept, str):
            return RedirectResponse(kept, 303)
        return self._searching.page(request, Asking.read(fields_of(request)), kept)

    # -- quotes -----------------------------------------------------------------------

    def quote(self, request: Request) -> Response:
        """A quote's own page, for ever: its words and how we know them; or where its id leads now."""
        the_id = QuoteId(request.path_params["quote"])
        with self._room.catalogue.reading(audience_of(request)) as read:
            dealer = Dealer(read, self._room.public_url)
            found = read.current(the_id)
            if len(found) > 1:
                cards = tuple(dealer.card(view) for view in found)
                return self._page(request, "several.html", 300, cards=cards, fiction=_any_fiction(cards))
            if found[0].id != the_id:
                return RedirectResponse(f"/q/{found[0].id}", 308)
            card = dealer.card(found[0])
            titles = {theme.id: theme.title for theme in read.themes()}
        # The card's own record points nowhere; what is taken away carries the addresses.
        made = record(card.view, public_url=self._room.public_url)
        audience = audience_of(request)
        correct = words.correction(self._room.contact, card.permalink or card.view.id)
        return self._page(
            request,
            "quote.html",
            card=card,
            words=words,
            titles=titles,
            correct=correct,
            taking=taking(made, audience),
            embedded=embedded(made, audience),
            fiction=card.view.fiction,
        )

    # -- episodes ---------------------------------------------------------------------

    def episodes(self, request: Request) -> Response:
        """Every episode of which this audience may see something."""
        with self._room.catalogue.reading(audience_of(request)) as read:
            found = read.episodes()
        return self._page(request, "episodes.html", episodes=found, fiction=any(e.fiction for e in found))

    def episode(self, request: Request) -> Response:
        """One episode with its voices and its transcript."""
        audience = audience_of(request)
        with self._room.catalogue.reading(audience) as read:
            episode = read.episode(request.path_params["episode"])
            dealer = Dealer(read, self._room.public_url)
            said = read.lines(episode.id)
            here, at = _place(said, request.query_params.get("at", ""))
            lines = tuple(
                (line, _name(line), _heard(dealer, episode, line, at if here == place else None), here == place)
                for place, line in enumerate(said)
            )
            voices = read.voices(episode.id)
        return self._page(
            request,
            "episode.html",
            episode=episode,
            lines=lines,
            voices=voices,
            words=words,
            fiction=episode.fiction,
        )

    # -- everything -------------------------------------------------------------------

    def error(self, request: Request, status: int, title: str, detail: str) -> Response:
        """What stands where something went wrong; `api` calls it for every path that is not its own."""
        return self._page(request, "error.html", status, status=status, title=title, detail=detail, fiction=False)


def _any_fiction(cards: tuple[Card, ...]) -> bool:
    return any(card.view.fiction for card in cards)


def _name(line: Line) -> str | None:
    if line.name:
        return line.name
    label = line.label or ""
    return f"Speaker {label[1:]}" if label[1:].isdigit() else label or None


def _heard(dealer: Dealer, episode: EpisodeView, line: Line, at: int | None) -> Player | None:
    return None if line.masked else dealer.line_player(episode, line.start_ms if at is None else at, line.end_ms)


def _place(lines: Sequence[Line], at: str) -> tuple[int, int]:
    """Which line is said at an instant (seconds, as in an address), and from when to play it (ms); -1 for none."""
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", at):
        return -1, 0
    instant = round(float(at) * 1000)
    for place, line in enumerate(lines):
        if line.start_ms < line.end_ms and instant < line.end_ms:
            return place, max(line.start_ms, instant)
    return -1, 0
