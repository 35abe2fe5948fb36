"""oEmbed 1.0: tells another site's software how to show a quote or a search of this archive."""

from __future__ import annotations

from html import escape
from typing import Annotated
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from convarchive.api import embedding_schemas
from convarchive.api.answering import API, Visit, Visiting
from convarchive.api.doors import hosts_for
from convarchive.api.kinds import body as problem
from convarchive.api.middleware import host_name
from convarchive.api.quotes import known, standing
from convarchive.domain.passage import Query as Asked
from convarchive.domain.quote import QuoteId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.errors import BadInput, NotFound
from convarchive.store.reader import Reader

router = APIRouter(prefix=API, tags=["widget"])

CACHE_AGE_S = 3600
"""How long a site may keep the answer. It holds no words and no name: those stay here, where they can be withdrawn."""
_WIDTH, _QUOTE_HEIGHT, _LIST_HEIGHT = 600, 320, 640
_FILTERS = ("q", "theme", "speaker")
_THIS_MACHINE = hosts_for("127.0.0.1") or ()

_NO_SUCH_FORMAT = JSONResponse(
    problem("format-not-implemented", "format: there are json and xml"),
    status_code=501,
    media_type="application/problem+json",
)
"""As oEmbed wants it told; no fault of ours, so that nothing is logged."""

Most = Annotated[int | None, Query(ge=1, description="The most pixels there is room for.")]


@router.get(
    "/oembed",
    response_model=embedding_schemas.EmbedRecord,
    responses={
        200: {"content": {"text/xml": {"schema": {"type": "string"}}}},
        404: {"description": "The address is none of a quote or search here that the public may see"},
        501: {"description": "There is no such format"},
    },
    summary="How to embed a page of the archive",
)
def oembed(
    visit: Visiting,
    url: Annotated[
        str,
        Query(max_length=4000, description="A quote's page or a search page.", examples=["https://archive.example/"]),
    ],
    maxwidth: Most = None,
    maxheight: Most = None,
    form: Annotated[
        str, Query(alias="format", description="How to answer.", json_schema_extra={"enum": ["json", "xml"]})
    ] = "json",
) -> Response:
    """An oEmbed answer of the type rich: an iframe on `/embed`. Only what the public may see is embedded."""
    if form not in ("json", "xml"):
        return _NO_SUCH_FORMAT
    base = _base(visit)
    path, asked = _inside(url, base)
    with visit.doors.catalogue.reading("public") as read:
        shown, title = _quote(read, path) if path.startswith("/q/") else _list(read, path, asked)
    said = f"{title} from {visit.doors.title}"
    width = min(_WIDTH, maxwidth or _WIDTH)
    usual = _QUOTE_HEIGHT if path.startswith("/q/") else _LIST_HEIGHT
    height = min(usual, maxheight or usual)
    frame = (
        f'<iframe src="{escape(f"{base}/embed?{shown}")}" width="{width}" height="{height}" '
        f'title="{escape(said)}" loading="lazy"></iframe>'
    )
    return _send(
        {
            "version": "1.0",
            "type": "rich",
            "title": said,
            "provider_name": visit.doors.title,
            "provider_url": f"{base}/",
            "cache_age": CACHE_AGE_S,
            "html": frame,
            "width": width,
            "height": height,
        },
        form,
    )


def _base(visit: Visit) -> str:
    """The archive's own address, without a slash at its end. Raises NotFound where it has none to be embedded from."""
    if visit.doors.public_url:
        return visit.doors.public_url
    if host_name(visit.request.headers.get("host", "")) in _THIS_MACHINE:
        return str(visit.request.base_url).rstrip("/")
    raise NotFound("this archive has no public address yet; its owner sets public_url in convarchive.toml")


def _inside(url: str, base: str) -> tuple[str, dict[str, str]]:
    """The path and fields of an address of this archive. Raises NotFound for any other."""
    path = url.partition("#")[0].partition("?")[0].removeprefix(base)
    if not url.startswith(base) or not (path.startswith("/q/") or path in ("", "/")):
        raise NotFound(f"{url[:100]!r} is no quote or search of this archive; its addresses begin with {base}/")
    try:
        fields = parse_qs(urlsplit(url).query, max_num_fields=20)
    except ValueError as error:
        raise NotFound("url: it asks for more than a search page of this archive takes") from error
    return path, {name: fields[name][0] for name in _FILTERS if fields.get(name)}


def _quote(read: Reader, path: str) -> tuple[str, str]:
    """What `/embed` is asked for a quote, and what that is called. Raises NotFound where the public may not see it."""
    asked = QuoteId(path.removeprefix("/q/"))
    try:
        found = standing(read, asked)
        view = read.quote(found[0]) if isinstance(found, tuple) else found
    except NotFound as error:
        # The quote's own page says whether it was taken down; a site's software need not know.
        raise NotFound(f"quote {asked[:60]!r} is not open to the public here") from error
    return urlencode({"quote": view.id}), "Fictional sample: a quote" if view.fiction else "A quote"


def _list(read: Reader, path: str, asked: dict[str, str]) -> tuple[str, str]:
    theme, speaker = asked.get("theme"), asked.get("speaker")
    try:
        known(read, Asked("", ThemeId(theme) if theme else None, SpeakerId(speaker) if speaker else None))
    except BadInput as error:
        raise NotFound(str(error)) from error
    people = read.speakers()
    fiction = bool(people) and all(person.fiction for person in people)
    return urlencode(asked), "Fictional sample: quotes" if fiction else "Quotes"


def _send(body: dict[str, str | int], form: str) -> Response:
    if form == "json":
        return JSONResponse(body)
    fields = "".join(f"<{name}>{_legible(str(value))}</{name}>" for name, value in body.items())
    xml = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{fields}</oembed>\n'
    return Response(xml, media_type="text/xml")


def _legible(text: str) -> str:
    """Text for XML, without what XML cannot hold."""
    return escape("".join(c for c in text if c.isprintable() or c in "\n\t"), quote=False)
