"""Keeps searches: as lines for the index's desk that anybody can share, or, for editors, on the desk itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from convarchive.errors import ArchiveError, BadInput, NotAllowed
from convarchive.home import Home
from convarchive.index.saved import as_toml, read_searches, save
from convarchive.web.asking import Asking
from convarchive.web.frame import Frame, audience_of, fields_of, is_genuine
from convarchive.web.results import PAGE

LONGEST = 60
"""Characters of a saved search's name."""


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
    done = request.query_params.get("saved", "") if audience == "editor" and not fault else ""
    if done and done not in {one.name for one in read_searches(home)}:
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


class Saving:
    """The pages of saved searches, for editors."""

    def __init__(self, frame: Frame, home: Home) -> None:
        self._frame = frame
        self._home = home

    def routes(self) -> list[BaseRoute]:
        """The route that lists them; where they are sent to is the search page's."""
        return [Route("/searches", self.listing, methods=["GET"])]

    def listing(self, request: Request) -> Response:
        """Every saved search, to run again."""
        if audience_of(request) == "public":
            return RedirectResponse("/sign-in?onward=/searches", 303)
        _demand_editor(request)
        found = tuple((one, Asking.again(one.query).address()) for one in read_searches(self._home))
        return self._frame.page(request, "searches.html", searches=found, fiction=False)

    def keep(self, request: Request) -> Keeping | str:
        """Save what a form sent; the address of the search it belongs to, or what kept it from being saved."""
        fields = fields_of(request)
        asking, name = Asking.read(fields), " ".join(fields.get("name", "").split())
        try:
            _demand_editor(request)
            if not is_genuine(request):
                raise NotAllowed("you signed in anew since this page was made: please press again")
            if not name or len(name) > LONGEST:
                raise BadInput(f"give the search a name of at most {LONGEST} characters")
            if faults := asking.faults():
                raise BadInput(" ".join(faults.values()))
            save(self._home, name, asking.query(PAGE))
        except ArchiveError as error:
            return keeping(request, self._home, asking, name, f"It was not saved: {error.without_command}.")
        return asking.here(saved=name)


def _demand_editor(request: Request) -> None:
    audience = audience_of(request)
    if audience != "editor":
        raise NotAllowed(f"Searches are saved by editors; you are here as {audience}.")
