"""Keeps searches: as lines for the index's desk that anybody can share, or, for editors, on the desk itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from convarchive.errors import ArchiveError, BadInput, NotAllowed, SettingsError
from convarchive.home import Home
from convarchive.index.saved import LONGEST, as_toml, read_searches, save
from convarchive.web.asking import Asking
from convarchive.web.frame import Frame, audience_of, fields_of, is_genuine
from convarchive.web.narrowing import undoing
from convarchive.web.results import PAGE
from convarchive.web.room import ReadingRoom


@dataclass(frozen=True, slots=True)
class Keeping:
    """
    How a search can be kept: a name for it, and its lines, under a name without blanks.

    `done` says that it just was, `fault` why it could not be.

    `lines` is empty where there is nothing to keep, or for the public, who have no desk.
    """

    name: str = ""
    lines: str = ""
    lines_name: str = ""
    may_save: bool = False
    done: bool = False
    fault: str | None = None


def keeping(request: Request, home: Home, asking: Asking, name: str = "", fault: str | None = None) -> Keeping:
    """How this search can be kept by whoever asks."""
    audience = audience_of(request)
    if audience == "public" or not asking.text or asking.faults():
        return Keeping()
    done = request.query_params.get("saved", "") if audience == "editor" and fault is None else ""
    if done and not _is_saved(home, done):
        done = ""
    called = name or done or name_for(asking.text)
    query = asking.query(PAGE)
    short = name_for(called)
    return Keeping(called, as_toml(short, query), short, audience == "editor", bool(done), fault)


def name_for(text: str) -> str:
    """
    A short name for a search.

    >>> name_for("Giving power away, and why?"), name_for("…")
    ('giving-power-away-and-why', 'search')
    """
    return "-".join(re.findall(r"\w+", text.casefold()))[:LONGEST].strip("-") or "search"


def _is_saved(home: Home, name: str) -> bool:
    try:
        return name in {one.name for one in read_searches(home)}
    except SettingsError:
        return False


class Saving:
    """The pages of saved searches, for editors."""

    def __init__(self, frame: Frame, room: ReadingRoom) -> None:
        self._frame = frame
        self._catalogue = room.catalogue
        self._home = room.decisions.home

    def routes(self) -> list[BaseRoute]:
        """The route that lists them; where they are sent to is the search page's."""
        return [Route("/searches", self.listing, methods=["GET"])]

    def listing(self, request: Request) -> Response:
        """Every saved search with its filters, to run again; which line of the file keeps them from being read."""
        if audience_of(request) == "public":
            return RedirectResponse("/sign-in?onward=/searches", 303)
        _demand_editor(request)
        try:
            kept = read_searches(self._home)
        except SettingsError as error:
            fault = self._told(error)
            return self._frame.page(request, "searches.html", 503, searches=(), fault=fault, fiction=False)
        with self._catalogue.reading("editor") as read:
            called: dict[str, str] = {one.id: one.title for one in read.themes()}
            called |= {one.id: one.title for one in read.episodes()} | {one.id: one.name for one in read.speakers()}
        asked = [Asking.again(one.query) for one in kept]
        found = tuple(
            (one, asking.address(), [filter.label for filter in undoing(asking, called)])
            for one, asking in zip(kept, asked, strict=True)
        )
        return self._frame.page(request, "searches.html", searches=found, fault=None, fiction=False)

    def _told(self, error: ArchiveError) -> str:
        """What went wrong, with files named from the archive's folder on: where that lies is nobody's business here."""
        return error.without_command.replace(f"{self._home.root}/", "")

    def keep(self, request: Request) -> Keeping | str:
        """Save what a form sent; the address of the search it belongs to, or what kept it from being saved."""
        fields = fields_of(request)
        asking, name = Asking.read(fields), fields.get("name", "")
        try:
            _demand_editor(request)
            if not is_genuine(request):
                raise NotAllowed("you signed in anew since this page was made: please press again")
            if faults := asking.faults():
                raise BadInput(" ".join(faults.values()))
            save(self._home, name, asking.query(PAGE))
        except ArchiveError as error:
            return keeping(request, self._home, asking, name, f"It was not saved: {self._told(error)}.")
        return asking.here(saved=" ".join(name.split()))


def _demand_editor(request: Request) -> None:
    audience = audience_of(request)
    if audience != "editor":
        raise NotAllowed(f"Searches are saved by editors; you are here as {audience}.")
