"""The editors' desk: what waits for a person's ears, and the forms with which they decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial.deciding import Decision, Decisions, Deed
from convarchive.errors import ArchiveError, BadInput, CatalogueError, Changed, Gone, NotAllowed, NotFound
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView
from convarchive.web import words
from convarchive.web.cards import Dealer
from convarchive.web.frame import Frame, audience_of, fields_of, is_genuine, visitor_of
from convarchive.web.queue import Queue, after
from convarchive.web.signing_in import SigningIn
from convarchive.web.weighing import possible, shown_words, with_surroundings

PAGE = 20
"""Quotes on one page of the queue."""

TYPED = ("why", "not_before", "until", "speaker")
"""Fields that people fill in."""

DEEDS: dict[str, Deed] = {"clear": "clear", "withhold": "withhold", "withdraw": "withdraw", "undo": "undo"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What kept a decision from being taken; `earlier` are the words that were looked at, where they have changed."""

    status: int
    said: str
    earlier: str | None = None


class Desk:
    """The desk's pages."""

    def __init__(self, frame: Frame, catalogue: Catalogue, decisions: Decisions, signing_in: SigningIn) -> None:
        self._frame = frame
        self._catalogue = catalogue
        self._decisions = decisions
        self._signing_in = signing_in

    def routes(self) -> list[BaseRoute]:
        """The desk's routes; each lets in editors only."""
        return [
            Route("/desk", self.queue, methods=["GET"]),
            Route("/desk/q/{quote}", self.quote, methods=["GET"]),
            Route("/desk/q/{quote}", self.decide, methods=["POST"]),
            Route("/desk/q/{quote}/voice", self.assign, methods=["POST"]),
        ]

    # -- looking ----------------------------------------------------------------------

    def queue(self, request: Request) -> Response:
        """What waits, page by page."""
        if (elsewhere := self._not_an_editor(request)) is not None:
            return elsewhere
        queue, behind = Queue.read(request.query_params), request.query_params.get("after", "")
        with self._catalogue.reading("editor") as read:
            waiting = queue.waiting(read)
            start = waiting.index(QuoteId(behind)) + 1 if behind in waiting else 0
            page = waiting[start : start + PAGE]
            dealer = Dealer(read, self._frame.public_url)
            cards = tuple(dealer.card(view) for view in read.quotes(page))
            people, episodes = read.speakers(), read.episodes()
            done = self._done(read, request)
        more = queue.address(after=page[-1]) if start + PAGE < len(waiting) else None
        return self._frame.page(
            request,
            "desk.html",
            queue=queue,
            cards=cards,
            waiting=len(waiting),
            start=start,
            more=more,
            people=people,
            episodes=episodes,
            done=done,
            words=words,
            fiction=any(card.view.fiction for card in cards),
        )

    def quote(self, request: Request) -> Response:
        """One quote with all that speaks for and against it, and the forms."""
        return self._not_an_editor(request) or self._look(request, {}, None)

    def _look(self, request: Request, typed: Mapping[str, str], fault: Fault | None) -> Response:
        queue, the_id = Queue.read(request.query_params), QuoteId(request.path_params["quote"])
        with self._catalogue.reading("editor") as read:
            view = read.quote(the_id)
            dealer = Dealer(read, self._frame.public_url)
            card, reviews = dealer.card(view), read.reviews(the_id)
            shown = {
                "card": card,
                "public": self._public_form(the_id),
                "around": with_surroundings(card.players),
                "heard": shown_words(read, view),
                "reviews": reviews,
                "seen": reviews[-1].number if reviews else 0,
                "people": read.speakers() if view.label else (),
                "next": after(queue.waiting(read), the_id),
                "done": self._done(read, request),
            }
        naming = view.episode is not None and view.episode.id in self._decisions.renaming.under_way()
        return self._frame.page(
            request,
            "desk_quote.html",
            fault.status if fault else 200,
            queue=queue,
            typed={name: typed.get(name, "") for name in TYPED},
            fault=fault,
            possible=possible(view.clearance, any(one.act in DEEDS or one.act == "embargo" for one in reviews)),
            naming=naming,
            words=words,
            fiction=view.fiction,
            **shown,
        )

    def _public_form(self, the_id: QuoteId) -> QuoteView | None:
        """What the public sees of it, which may be an earlier wording."""
        with self._catalogue.reading("public") as read:
            return next(iter(read.quotes([the_id])), None)

    def _done(self, read: Reader, request: Request) -> QuoteView | None:
        """The quote that was just decided about, for a word about it."""
        found = read.quotes([QuoteId(request.query_params.get("done", ""))])
        return found[0] if found else None

    # -- deciding ---------------------------------------------------------------------

    def decide(self, request: Request) -> Response:
        """Do what a form says, then go to the next quote; whatever keeps it from being done, what was typed stays."""
        if (elsewhere := self._not_an_editor(request)) is not None:
            return elsewhere
        typed, the_id = fields_of(request), QuoteId(request.path_params["quote"])
        queue = Queue.read(request.query_params)
        if typed.get("act") == "look":
            return self._look(request, typed, None)
        with self._catalogue.reading("editor") as read:
            following = after(queue.waiting(read), the_id)
        try:
            self._decisions.decide(the_id, self._decision(request, typed))
        except (Gone, NotFound):
            raise
        except ArchiveError as error:
            return self._again(request, typed, error)
        onward = queue.address(f"/desk/q/{following}" if following else "/desk", done=the_id)
        return RedirectResponse(onward, 303)

    def _decision(self, request: Request, typed: Mapping[str, str]) -> Decision:
        by = self._name(request)
        deed = DEEDS.get(typed.get("act", ""))
        if deed is None:
            raise BadInput("choose what to do: clear, withhold, withdraw or undo")
        seen = typed.get("seen", "")
        return Decision(
            deed,
            by,
            typed.get("why", ""),
            VersionId(typed.get("version", "")),
            int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else None,
            typed.get("not_before") or None,
            typed.get("until") or None,
        )

    def assign(self, request: Request) -> Response:
        """Say whose the quote's voice is."""
        if (elsewhere := self._not_an_editor(request)) is not None:
            return elsewhere
        typed, the_id = fields_of(request), QuoteId(request.path_params["quote"])
        with self._catalogue.reading("editor") as read:
            view = read.quote(the_id)
        try:
            by = self._name(request)
            if view.version != typed.get("version"):
                raise Changed(f"quote {the_id} has changed since it was looked at; look again before deciding")
            if view.episode is None or view.label is None:
                raise NotAllowed(f"quote {the_id} stands in print and has no voice")
            voice = (EpisodeId(view.episode.id), SpeakerLabel(view.label))
            self._decisions.assign(*voice, SpeakerId(typed.get("speaker", "")), by=by, why=typed.get("why", ""))
        except ArchiveError as error:
            return self._again(request, typed, error)
        return RedirectResponse(Queue.read(request.query_params).address(f"/desk/q/{the_id}"), 303)

    def _name(self, request: Request) -> str:
        visitor = visitor_of(request)
        if visitor is None or visitor.by is None:
            raise NotAllowed("a decision needs a name: sign in with a key that was made for you")
        if not is_genuine(request):
            raise NotAllowed("you signed in anew since this page was made: please press again")
        return visitor.by

    def _again(self, request: Request, typed: Mapping[str, str], error: ArchiveError) -> Response:
        """The quote as it is now, with what was typed and what is wrong with it."""
        response = self._look(request, typed, self._fault(request, typed, error))
        if isinstance(error, CatalogueError):
            response.headers["Retry-After"] = "5"
        return response

    def _fault(self, request: Request, typed: Mapping[str, str], error: ArchiveError) -> Fault:
        if isinstance(error, CatalogueError):
            return Fault(503, "The archive could not be written to just now. Nothing was decided: please press again.")
        if not isinstance(error, Changed):
            return Fault(
                403 if isinstance(error, NotAllowed) else 422, f"Nothing was decided: {error.without_command}."
            )
        with self._catalogue.reading("editor") as read:
            earlier = read.earlier(VersionId(typed.get("version", "")))
            now = read.quote(QuoteId(request.path_params["quote"]))
        changed = earlier is not None and earlier.quote == now.id and earlier.text != now.text
        said = "Nothing was decided, for this quote is no longer what you looked at. Look at it as it is now."
        return Fault(409, said, earlier.text if earlier and changed else None)

    def _not_an_editor(self, request: Request) -> Response | None:
        """Where somebody belongs who is no editor; None for editors."""
        audience = audience_of(request)
        if audience == "editor":
            return None
        if audience != "public":
            raise NotAllowed(f"The desk is for editors; you are here as {audience}.")
        onward = request.url.path.removesuffix("/voice") + (f"?{request.url.query}" if request.url.query else "")
        if request.method == "POST":
            return self._signing_in.ended(request, onward)
        return RedirectResponse(f"/sign-in?{urlencode({'onward': onward})}", 303)
