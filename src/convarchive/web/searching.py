"""The search page: the form, what answers it, what that could be narrowed by, and how it is taken away or kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from convarchive.domain.audience import Audience
from convarchive.errors import ArchiveError, BadInput, IndexError_, ModelMissing, NotFound
from convarchive.publish import export as publishing
from convarchive.publish.record import record
from convarchive.store.ledger import MOST_LISTED
from convarchive.store.reader import Reader
from convarchive.store.views import EpisodeView, PersonView, ThemeView
from convarchive.web import words
from convarchive.web.asking import Asking
from convarchive.web.cards import Card, Dealer
from convarchive.web.frame import Frame, audience_of
from convarchive.web.narrowing import Group, Link, groups, undoing
from convarchive.web.results import Found, find, find_all
from convarchive.web.room import ReadingRoom
from convarchive.web.saving import Keeping, keeping

TAKEN = {"ris": ("RIS", "application/x-research-info-systems"), "csv": ("a table (CSV)", "text/csv")}
"""Forms in which results can be taken away: their names, and media types."""


@dataclass(frozen=True, slots=True)
class Result:
    """
    What a search page shows below its form.

    `pending` and `undated` quotes could not be found: for not being indexed yet, for having no date where dates
    are asked for. `leaving` says how many of its quotes each form may carry.
    """

    cards: tuple[Card, ...] = ()
    ranked: bool = False
    more: str | None = None
    pending: int = 0
    undated: int = 0
    groups: tuple[Group, ...] = ()
    leaving: tuple[tuple[str, str, int], ...] = ()
    fault: str | None = None
    status: int = 200
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What this audience could choose from, and the chosen episode."""

    themes: tuple[ThemeView, ...]
    people: tuple[PersonView, ...]
    episode: EpisodeView | None = None

    @property
    def titles(self) -> dict[str, str]:
        """What themes, people and the episode are called."""
        named = {one.id: one.title for one in self.themes} | {one.id: one.name for one in self.people}
        return named | ({self.episode.id: self.episode.title} if self.episode else {})


class Searching:
    """Search and its results."""

    def __init__(self, frame: Frame, room: ReadingRoom) -> None:
        self._frame = frame
        self._room = room

    def routes(self) -> list[BaseRoute]:
        """The routes of search."""
        return [Route("/", self.search, methods=["GET"]), Route("/results", self.take, methods=["GET"])]

    def search(self, request: Request) -> Response:
        """The search page: the form, and what answers it."""
        asking = Asking.read(request.query_params)
        return self.page(request, asking, keeping(request, self._room.decisions.home, asking))

    def page(self, request: Request, asking: Asking, kept: Keeping) -> Response:
        """The page for a question, with what became of saving it."""
        audience = audience_of(request)
        with self._room.catalogue.reading(audience) as read:
            known, faults = self._known(read, asking)
            known = known if faults else counted(read, known, asking)
            result = Result(status=422) if faults else self._result(read, asking, audience)
        undo: tuple[Link, ...] = () if faults else undoing(asking, known.titles)
        return self._frame.page(
            request,
            "search.html",
            422 if kept.fault else result.status,
            asking=asking,
            faults=faults,
            result=result,
            known=known,
            theme=next((theme for theme in known.themes if theme.id == asking.theme), None),
            undo=undo,
            kept=kept,
            words=words,
            fiction=any(card.view.fiction for card in result.cards)
            or bool(known.people and all(person.fiction for person in known.people)),
        )

    def _known(self, read: Reader, asking: Asking) -> tuple[Known, dict[str, str]]:
        known = Known(read.themes(), read.speakers())
        found = asking.faults()
        if asking.theme and asking.theme not in {theme.id for theme in known.themes}:
            found["theme"] = f"There is no theme “{asking.theme[:40]}” here; choose one of those above."
        if asking.speaker and asking.speaker not in {person.id for person in known.people}:
            found["speaker"] = f"Nobody called “{asking.speaker[:40]}” is quoted here; choose from the list."
        if asking.episode:
            try:
                known = replace(known, episode=read.episode(asking.episode))
            except NotFound:
                found["episode"] = f"There is no episode “{asking.episode[:40]}” here."
        return known, found

    def _result(self, read: Reader, asking: Asking, audience: Audience) -> Result:
        if not asking.text and not asking.filtered:
            return Result()
        try:
            found = find(self._room, read, asking)
        except (BadInput, IndexError_) as error:
            return refused(error, audience)
        dealer = Dealer(read, self._room.public_url)
        if found.hits:
            cards = tuple(dealer.hit(view, hit) for view, hit in zip(found.quotes, found.hits, strict=True))
        else:
            cards = tuple(dealer.card(view) for view in found.quotes)
        further, leaving = groups(asking, read.facets(asking.query(1))), self._leaving(cards, audience)
        undated = read.undated(asking.query(1))
        return Result(
            cards, bool(asking.text), found.more, found.pending, undated, further, leaving, read_as=found.read_as
        )

    def _leaving(self, cards: tuple[Card, ...], audience: Audience) -> tuple[tuple[str, str, int], ...]:
        records = [card.record for card in cards]
        return tuple(
            (form, name, len(records) - publishing.kept_back(records, form, audience))
            for form, (name, _) in TAKEN.items()
        )

    def take(self, request: Request) -> Response:
        """The results of a page (or with `all`, of all pages) as a file. Raises BadInput, NotFound, IndexError_."""
        given = request.query_params
        asking, form, audience = Asking.read(given), given.get("as", ""), audience_of(request)
        if form not in TAKEN:
            raise BadInput(f"results cannot be had as {form[:40]!r}; there are: {', '.join(TAKEN)}")
        with self._room.catalogue.reading(audience) as read:
            if faults := self._known(read, asking)[1]:
                raise BadInput(" ".join(faults.values()))
            found: Found = (find_all if given.get("all") else find)(self._room, read, asking)
        records = [record(view, public_url=self._room.public_url) for view in found.quotes]
        name = publishing.file_name(records, form)
        return Response(
            "".join(publishing.export(records, form, audience)),
            media_type=f"{TAKEN[form][1]}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def counted(read: Reader, known: Known, asking: Asking) -> Known:
    """
    The same, each theme with how many quotes its link leaves: those that pass the other filters that are set.

    So a theme has one number on the page, here and among what the results can be narrowed by.
    """
    others = replace(asking, theme="")
    if not others.filtered:
        return known
    passing = {one.value: one.count for one in read.facets(others.query(1)).themes}
    if len(passing) >= MOST_LISTED:
        # Those beyond are many and small; each is asked for.
        passing = {one.id: len(read.numbers(replace(others, theme=one.id).query(1))) for one in known.themes}
    return replace(known, themes=tuple(replace(one, quotes=passing.get(one.id, 0)) for one in known.themes))


def refused(error: ArchiveError, audience: Audience) -> Result:
    """Why nothing is shown: what was asked cannot be, or search is down. The latter names files to insiders only."""
    if isinstance(error, BadInput) and not isinstance(error, ModelMissing):
        return Result(fault=error.without_command, status=422)
    logging.getLogger("convarchive.web").warning("%s", error)
    return Result(fault="The server’s log says why." if audience == "public" else error.without_command, status=503)
