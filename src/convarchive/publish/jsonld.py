"""
A quote as linked data: a schema.org `Quotation`, where it was said or printed, and the clip it can be heard in.

What a web page embeds of it is for search engines; no browser runs it.
"""

from __future__ import annotations

import json
from typing import Any

from convarchive.publish.record import QuoteRecord, SourceRecord
from convarchive.publish.text import FICTION, edited_mark, plain, status

CONTEXT = "https://schema.org"

Node = dict[str, Any]


def quotation(record: QuoteRecord) -> Node:
    """The quote as a JSON-LD document, without what is not known; clips' offsets are seconds."""
    clips = [clip for clip in (_clip(record, n) for n in range(len(record["excerpts"]))) if clip]
    parts: Node = {
        "@context": CONTEXT,
        "@type": "Quotation",
        "@id": record["permalink"] or f"urn:convarchive:quote:{record['id']}",
        "identifier": record["id"],
        "version": record["version"],
        "url": record["permalink"],
        "text": plain(record["text"]),
        "inLanguage": record["language"],
        "spokenByCharacter": _person(record),
        "isPartOf": [one for one in (_episode(record), *_documents(record)) if one],
        "isBasedOn": clips,
        "creativeWorkStatus": status(record),
        "description": "; ".join(edited_mark(record)),
        "copyrightNotice": plain(record["rights"] or ""),
        "genre": FICTION.capitalize() if record["fiction"] else None,
    }
    return _known(parts)


def script_text(node: Node) -> str:
    """
    JSON for inside a `<script type="application/ld+json">`: nothing in it ends the element or opens a comment.

    >>> script_text({"text": "</script>&"})
    '{"text": "\\\\u003c/script\\\\u003e\\\\u0026"}'
    """
    text = json.dumps(node, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _known(node: Node) -> Node:
    found = {key: value for key, value in node.items() if value not in (None, "", [])}
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in found.items()}


def _person(record: QuoteRecord) -> Node | None:
    speaker = record["speaker"]
    if speaker is None:
        return None
    credit = plain(speaker["credit"] or "")
    return _known({"@type": "Person", "name": plain(speaker["name"]), "description": credit})


def _episode(record: QuoteRecord) -> Node | None:
    episode = record["episode"]
    if episode is None:
        return None
    series = {"@type": "PodcastSeries", "name": plain(episode["show"])} if episode["show"] else None
    return _known(
        {
            "@type": "PodcastEpisode",
            "@id": f"urn:convarchive:episode:{episode['id']}",
            "name": plain(episode["title"]),
            "datePublished": episode["published"],
            "url": episode["link"],
            "partOfSeries": series,
        }
    )


def _documents(record: QuoteRecord) -> list[Node]:
    return [_document(one) for one in record["sources"] if one["kind"] == "document"]


def _document(source: SourceRecord) -> Node:
    publisher = {"@type": "Organization", "name": plain(source["publisher"])} if source["publisher"] else None
    return _known(
        {
            "@type": "CreativeWork",
            "name": plain(source["title"] or ""),
            "publisher": publisher,
            "datePublished": source["published"],
            "url": source["url"],
            # Words such as "section 2" are a place in it, which schema.org knows for a page only.
            "description": plain(source["place"]),
        }
    )


def _clip(record: QuoteRecord, position: int) -> Node | None:
    excerpt = record["excerpts"][position]
    start, end = excerpt["start_ms"], excerpt["end_ms"]
    if start is None or end is None:
        return None
    address = record["audio_url"]
    episode = record["episode"]
    return _known(
        {
            "@type": "Clip",
            "startOffset": start / 1000,
            "endOffset": end / 1000,
            "url": f"{address}?excerpt={position}" if address and position else address,
            "partOfEpisode": {"@id": f"urn:convarchive:episode:{episode['id']}"} if episode else None,
        }
    )
