"""
A quote as a bibliographic item in CSL-JSON: the one description from which every citation format derives.

Words heard in a recording are cited as a broadcast, under the episode's title. Words in
print are cited as a part of what prints them, under the words they open with: whoever is
quoted there did not write the whole.
"""

from __future__ import annotations

import re
from typing import Any

from convarchive.publish.person_name import csl_name
from convarchive.publish.record import QuoteRecord, SourceRecord
from convarchive.publish.text import FICTION, clock_times, edited_mark, plain, status

Item = dict[str, Any]
"""One CSL-JSON item, as the CSL 1.0.2 input schema describes it."""

OPENING = 60
"""Letters of a printed quote that stand for its title."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])")


def csl_item(record: QuoteRecord) -> Item:
    """
    The quote as a CSL-JSON item, without what is not known.

    `note` says how far words and name may be relied on, whatever program it ends up in;
    `abstract` holds the words themselves.
    """
    source = _cited(record)
    item: Item = {"id": record["id"], "type": "broadcast" if record["episode"] else "chapter"}
    speaker = record["speaker"]
    if speaker:
        item["author"] = [csl_name(plain(speaker["name"]))]
    item |= _broadcast(record) if record["episode"] else _printed(record, source)
    item |= {
        "language": record["language"],
        "abstract": plain(record["text"]),
        "note": note(record),
        "URL": record["permalink"] or _elsewhere(record, source),
    }
    return {key: value for key, value in item.items() if value}


def csl_date(day: str | None) -> dict[str, Any] | None:
    """
    A date as CSL has it, in as many parts as are known; what is no date stays in its own words.

    >>> csl_date("2031-01-05T10:00:00+00:00"), csl_date("2030"), csl_date("spring 2030"), csl_date(None)
    ({'date-parts': [[2031, 1, 5]]}, {'date-parts': [[2030]]}, {'literal': 'spring 2030'}, None)
    """
    if not day:
        return None
    found = _DATE.match(day)
    if not found or found[2] == "00":
        return {"literal": plain(day)}
    return {"date-parts": [[int(part) for part in found.groups() if part]]}


def note(record: QuoteRecord) -> str:
    """What has to be known beside the words: fiction, credit, place, edits, rights, and how sure all is."""
    speaker = record["speaker"]
    said = [FICTION] if record["fiction"] else []
    if speaker:
        # Where a style or an honour was left out of the author, here is who is meant.
        said += [f"author as named: {name}"] if (name := plain(speaker["name"])) != _filed(name) else []
        said.append(plain(speaker["credit"] or ""))
    for source in record["sources"]:
        said.append(f"at {clock_times(source['place'])}" if source["kind"] == "audio" else plain(source["place"]))
    said += edited_mark(record)
    if record["rights"]:
        said.append(plain(record["rights"]))
    return "; ".join([*(part for part in said if part), status(record)])


def _filed(name: str) -> str:
    """The name again, of what the author's field has of it."""
    parts = csl_name(name)
    return " ".join(parts[part] for part in ("literal", "given", "family", "suffix") if part in parts)


def _cited(record: QuoteRecord) -> SourceRecord | None:
    return next((one for one in record["sources"] if one["kind"] == "document"), None)


def _broadcast(record: QuoteRecord) -> Item:
    episode = record["episode"]
    return {
        "genre": "Podcast episode",
        "title": plain(episode["title"]) or "Untitled episode",
        "container-title": plain(episode["show"] or ""),
        "issued": csl_date(episode["published"]),
    } if episode else {}  # fmt: skip


def _printed(record: QuoteRecord, source: SourceRecord | None) -> Item:
    return {
        "title": _opening(plain(record["text"])) or "Quotation",
        "container-title": plain(source["title"] or "") if source else None,
        "publisher": plain(source["publisher"] or "") if source else None,
        "issued": csl_date(source["published"]) if source else None,
    }


def _elsewhere(record: QuoteRecord, source: SourceRecord | None) -> str | None:
    """Where an archive without an address of its own points: to the publisher."""
    episode = record["episode"]
    address = episode["link"] if episode else source["url"] if source else None
    return address if address and re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", address) else None


def _opening(text: str) -> str:
    if len(text) <= OPENING:
        return text
    return text[:OPENING].rpartition(" ")[0].rstrip(" ,;:.–-…") + " …"
