"""The frame of every page: its templates, whose view it shows, and who is looking."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from convarchive.domain.audience import Audience
from convarchive.web import words


class Visitor(Protocol):
    """Who is looking, as `api` says: under whose name they decide, and what their forms must carry."""

    @property
    def by(self) -> str | None: ...

    @property
    def token(self) -> str: ...


class Sent(Protocol):
    """What a form sent, as `api` read it; `genuine` where it carried its session's token."""

    @property
    def fields(self) -> Mapping[str, str]: ...

    @property
    def genuine(self) -> bool: ...


class Frame:
    """Makes pages of one archive out of templates."""

    def __init__(self, title: str, public_url: str | None, contact: str | None) -> None:
        self._title = title
        self.public_url = public_url
        self._contact = contact
        self._templates = templates()

    def page(self, request: Request, template: str, status_code: int = 200, **shown: object) -> HTMLResponse:
        """One page; `shown` is what its template needs beside the frame's own."""
        audience = audience_of(request)
        visitor = visitor_of(request)
        html = self._templates.get_template(template).render(
            archive=self._title,
            audience=audience,
            view=words.VIEW[audience],
            by=visitor.by if visitor else None,
            token=visitor.token if visitor else "",
            path=request.url.path,
            public_url=self.public_url,
            contact=self._contact,
            **shown,
        )
        return HTMLResponse(html, status_code)


@cache
def templates() -> Environment:
    """All pages' templates, made once: what they are given is escaped, what they are not given is a fault."""
    environment = Environment(
        loader=PackageLoader("convarchive.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": words.clock,
        "day": words.day,
        "lasting": words.length,
        "opening": words.opening,
    }
    return environment


def audience_of(request: Request) -> Audience:
    """The audience a page is for; the public, where nobody said."""
    audience: Audience = getattr(request.state, "audience", "public")
    return audience


def visitor_of(request: Request) -> Visitor | None:
    """Who is looking, where that was found out."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return visitor


def fields_of(request: Request) -> Mapping[str, str]:
    """What a form sent; nothing where there was none."""
    sent: Sent | None = getattr(request.state, "sent", None)
    return sent.fields if sent else {}


def is_genuine(request: Request) -> bool:
    """Whether a form came from one of this session's own pages."""
    sent: Sent | None = getattr(request.state, "sent", None)
    return bool(sent and sent.genuine)
