"""What a quote's page offers to those who want to print it: each form, ready to be copied, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from convarchive.domain.audience import Audience
from convarchive.errors import EngineMissing, NotPublishable
from convarchive.publish.formatted import STYLES
from convarchive.publish.jsonld import quotation, script_text
from convarchive.publish.packet import quote_as, reference
from convarchive.publish.record import QuoteRecord
from convarchive.publish.release import may_leave, obstacles
from convarchive.web.cards import API

_STYLE_NAMES = {
    "apa": "APA reference",
    "mla": "MLA reference",
    "chicago": "Chicago reference",
    "harvard": "Harvard reference",
}
_FORM_NAMES = {
    "text": "Text, with its status",
    "markdown": "Markdown",
    "html": "HTML",
    "ris": "RIS, for reference managers",
    "bibtex": "BibTeX",
    "csl-json": "CSL-JSON",
    "jsonld": "JSON-LD, for web pages",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """One form of the quote: its name in words, the text, and where it can be fetched as a file."""

    key: str
    name: str
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Taking:
    """All forms this audience may take away, and why it may not take the others (None: it may)."""

    copies: tuple[Copy, ...]
    refusal: str | None
    why: str | None


def taking(record: QuoteRecord, audience: Audience) -> Taking:
    """
    What may be taken away of a quote.

    `why` says, where the forms are there though the quote may not be published (each with its status), why not.
    """
    address = f"{API}/quotes/{record['id']}/citation"
    copies, refusal = [], None
    for form, name in _FORM_NAMES.items():
        try:
            copies.append(Copy(form, name, quote_as(record, form, audience), f"{address}?as={form}"))
        except NotPublishable as error:
            refusal = str(error)
        if form == "html":
            copies += _references(record, audience, address)
    why = " and ".join(obstacles(record)) if refusal is None else ""
    return Taking(tuple(copies), refusal, why or None)


def _references(record: QuoteRecord, audience: Audience, address: str) -> list[Copy]:
    try:
        return [
            Copy(style, _STYLE_NAMES[style], reference(record, style, audience), f"{address}?style={style}")
            for style in STYLES
        ]
    except (NotPublishable, EngineMissing):
        return []


def embedded(record: QuoteRecord, audience: Audience) -> Markup | None:
    """
    Linked data for search engines, for the public's page of a quote that may be published.

    It is a data block, which no browser runs, and holds nothing that could end it.
    """
    if audience != "public" or not may_leave(record, "jsonld", audience):
        return None
    return Markup(script_text(quotation(record)))
