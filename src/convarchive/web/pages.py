"""The pages: search, one quote, the episodes and their transcripts, and what stands where something went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from convarchive.domain.audience import Audience
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.editorial.deciding import Decisions
from convarchive.errors import ArchiveError, BadInput, IndexError_, ModelMissing, NotFound
from convarchive.index.search import Answer
from convarchive.publish.record import record
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import EpisodeView, Line, PersonView, ThemeView
from convarchive.web import words
from convarchive.web.asking import DEEPEST, Asking
from convarchive.web.cards import Card, Dealer, Player
from convarchive.web.desk import Desk
from convarchive.web.frame import Frame, audience_of
from convarchive.web.signing_in import SigningIn
from convarchive.web.taking import embedded, taking

PAGE = 20
"""Quotes on one page of a list."""


@dataclass(frozen=True, slots=True)
class ReadingRoom:
    """What the pages are given: the archive, ways to search it and to decide, and what its owner calls it."""

    catalogue: Catalogue
    search: Callable[[Reader, Query], Answer]
    decisions: Decisions
    title: str
    public_url: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a search page shows below its form."""

    cards: tuple[Card, ...] = ()
    ranked: bool = False
    more: str | None = None
    pending: int = 0
    fault: str | None = None
    status: int = 200


class Pages:
    """Every page of one archive."""

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room
        self._frame = Frame(room.title, room.public_url, room.contact)
        self._page = self._frame.page
        self.signing_in = SigningIn(self._frame)
        self._desk = Desk(self._frame, room.catalogue, room.decisions, self.signing_in)

    def routes(self) -> list[BaseRoute]:
        """The pages' routes for `api.app.create_app`, which says in `request.state.audience` who is asking."""
        return [
            Route("/", self.search, methods=["GET"]),
            Route("/q/{quote}", self.quote, methods=["GET"]),
            Route("/episodes", self.episodes, methods=["GET"]),
            Route("/episodes/{episode}", self.episode, methods=["GET"]),
            *self.signing_in.routes(),
            *self._desk.routes(),
            Mount("/static", StaticFiles(packages=[("convarchive.web", "static")]), name="static"),
        ]

    # -- search -----------------------------------------------------------------------

    def search(self, request: Request) -> Response:
        """The search page: the form, and what answers it."""
        asking = Asking.read(request.query_params)
        audience = audience_of(request)
        with self._room.catalogue.reading(audience) as read:
            themes, people = read.themes(), read.speakers()
            faults = asking.faults() | self._unknown(read, asking, themes, people)
            episode = read.episode(asking.episode) if asking.episode and "episode" not in faults else None
            result = Result(status=422) if faults else self._result(read, asking, audience)
        known: dict[str, ThemeView] = {theme.id: theme for theme in themes}
        return self._page(
            request,
            "search.html",
            result.status,
            asking=asking,
            faults=faults,
            result=result,
            themes=themes,
            theme=known.get(asking.theme),
            people=people,
            episode=episode,
            fiction=_any_fiction(result.cards) or bool(people and all(person.fiction for person in people)),
        )

    def _unknown(
        self, read: Reader, asking: Asking, themes: tuple[ThemeView, ...], people: tuple[PersonView, ...]
    ) -> dict[str, str]:
        found = {}
        if asking.theme and asking.theme not in {theme.id for theme in themes}:
            found["theme"] = f"There is no theme “{asking.theme[:40]}” here; choose one of those above."
        if asking.speaker and asking.speaker not in {person.id for person in people}:
            found["speaker"] = f"Nobody called “{asking.speaker[:40]}” is quoted here; choose from the list."
        if asking.episode:
            try:
                read.episode(asking.episode)
            except NotFound:
                found["episode"] = f"There is no episode “{asking.episode[:40]}” here."
        return found

    def _result(self, read: Reader, asking: Asking, audience: Audience) -> Result:
        dealer = Dealer(read, self._room.public_url)
        if not asking.text:
            return self._listed(read, asking, dealer) if asking.filtered else Result()
        end = min(asking.skip + PAGE, DEEPEST)
        try:
            found = self._room.search(read, asking.query(end + 1))
        except BadInput as error:
            if isinstance(error, ModelMissing):
                return Result(fault=_told(error, audience), status=503)
            return Result(fault=error.without_command, status=422)
        except IndexError_ as error:
            return Result(fault=_told(error, audience), status=503)
        views = {view.id: view for view in read.quotes([hit.passage.quote for hit in found.hits])}
        cards = tuple(
            dealer.card(views[hit.passage.quote], hit.highlights, hit.relevance, hit.also)
            for hit in found.hits[asking.skip : end]
            if hit.passage.quote in views
        )
        more = asking.address(skip=end) if len(found.hits) > end and end < DEEPEST else None
        return Result(cards, ranked=True, more=more, pending=found.pending)

    def _listed(self, read: Reader, asking: Asking, dealer: Dealer) -> Result:
        views = read.listed(asking.query(PAGE), QuoteId(asking.after) if asking.after else None, PAGE + 1)
        more = asking.address(after=views[PAGE - 1].id) if len(views) > PAGE else None
        return Result(tuple(dealer.card(view) for view in views[:PAGE]), more=more)

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


def _told(error: ArchiveError, audience: Audience) -> str:
    """The error itself names files, which are no business of the public's."""
    logging.getLogger("convarchive.web").warning("%s", error)
    return "The server’s log says why." if audience == "public" else error.without_command


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
