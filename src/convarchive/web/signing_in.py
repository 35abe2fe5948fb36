"""The pages around signing in: the form for a key, and the way back to what the end of a session interrupted."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from convarchive.web.frame import Frame, fields_of

KEPT = "kept."
"""Fields with this beginning hold what somebody had typed into another form when their session ended."""

OF_THE_FORM = ("why", "not_before", "until", "speaker", "version", "seen")


class SigningIn:
    """What `api` shows around its own signing in."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[BaseRoute]:
        """The page with the form; what it sends goes to `api`."""
        return [Route("/sign-in", self.form, methods=["GET"])]

    def form(self, request: Request) -> Response:
        """The form for a key."""
        return self._form(request, 200, onward=request.query_params.get("onward", ""))

    def ended(self, request: Request, onward: str) -> Response:
        """The form for somebody whose session ended while they filled in another, with all that they had typed."""
        kept = {f"{KEPT}{name}": text for name, text in fields_of(request).items() if name in OF_THE_FORM and text}
        return self._form(request, 403, onward=onward, kept=kept, ended=True)

    def refused(self, request: Request, status: int, said: str) -> Response:
        """The form again, with what was wrong."""
        fields = fields_of(request)
        kept = {name: text for name, text in fields.items() if name.startswith(KEPT)}
        return self._form(request, status, onward=fields.get("onward", ""), kept=kept, fault=said)

    def resumed(self, request: Request, onward: str) -> Response:
        """The way back to the interrupted form, with what was typed there; nothing was decided yet."""
        fields = fields_of(request)
        kept = {name.removeprefix(KEPT): text for name, text in fields.items() if name.startswith(KEPT)}
        return self._frame.page(request, "resumed.html", onward=onward, kept=kept, fiction=False)

    def _form(
        self,
        request: Request,
        status: int,
        *,
        onward: str,
        kept: Mapping[str, str] | None = None,
        fault: str | None = None,
        ended: bool = False,
    ) -> Response:
        shown = {"onward": onward[:2000], "kept": kept or {}, "fault": fault, "ended": ended}
        return self._frame.page(request, "sign_in.html", status, **shown, fiction=False)
