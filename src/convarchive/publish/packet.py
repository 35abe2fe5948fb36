"""
Everything a quote can be taken away as: text, markup, reference files, linked data, or a formatted reference.

Whatever is made here was asked of `release` first, and all of it comes from the record alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from convarchive.domain.audience import Audience
from convarchive.errors import BadInput
from convarchive.publish.citation import csl_item
from convarchive.publish.formatted import STYLES, Style, formatted
from convarchive.publish.jsonld import quotation
from convarchive.publish.record import QuoteRecord
from convarchive.publish.reference_files import bibtex, ris
from convarchive.publish.release import obstacles, refuse_unpublishable
from convarchive.publish.text import FICTION, as_html, as_markdown, as_text, status


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a quote: its media type, and what writes it (without a line end at its end)."""

    media_type: str
    write: Callable[[QuoteRecord], str]


FORMS: Mapping[str, Form] = {
    "text": Form("text/plain", as_text),
    "markdown": Form("text/markdown", as_markdown),
    "html": Form("text/html", as_html),
    "json": Form("application/json", lambda record: _json(record)),
    "csl-json": Form("application/vnd.citationstyles.csl+json", lambda record: _json([csl_item(record)])),
    "ris": Form("application/x-research-info-systems", lambda record: ris(csl_item(record)).removesuffix("\r\n")),
    "bibtex": Form("application/x-bibtex", lambda record: bibtex(csl_item(record)).removesuffix("\n")),
    "jsonld": Form("application/ld+json", lambda record: _json(quotation(record))),
}


def quote_as(record: QuoteRecord, form: str, audience: Audience) -> str:
    """
    A quote in one of `FORMS`.

    Raises BadInput for any other, NotPublishable where this audience may not have it so.
    """
    if form not in FORMS:
        raise BadInput(f"a quote cannot be written as {form[:40]!r}; there are: {', '.join(FORMS)}")
    refuse_unpublishable(record, form, audience)
    return FORMS[form].write(record)


def reference(record: QuoteRecord, style: str, audience: Audience, *, html: bool = False) -> str:
    """
    A reference to the quote in one of `STYLES`; marked with its status where it may not be published.

    Raises BadInput for any other style, NotPublishable, and EngineMissing without citeproc-py.
    """
    known = _style(style)
    refuse_unpublishable(record, style, audience)
    notice = f"[{FICTION}] " if record["fiction"] else ""
    mark = f" [{status(record)}]" if obstacles(record) else ""
    return notice + formatted(csl_item(record), known, html=html) + (escape(mark, quote=False) if html else mark)


def _style(word: str) -> Style:
    for one in STYLES:
        if word == one:
            return one
    raise BadInput(f"a reference cannot be written in style {word[:40]!r}; there are: {', '.join(STYLES)}")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
