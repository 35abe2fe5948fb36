"""
A quote as a bibliographic item in CSL-JSON: the one description from which every citation format derives.

Words heard in a recording are cited as a broadcast, under the episode's title. Words in
print are cited as a part of what prints them, under the words they open with: whoever is
quoted there did not write the whole.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from convarchive.publish.record import QuoteRecord, SourceRecord
from convarchive.publish.text import FICTION, clock_times, edited_mark, plain, status

Item = dict[str, Any]
"""One CSL-JSON item, as the CSL 1.0.2 input schema describes it."""

OPENING = 60
"""Letters of a printed quote that stand for its title."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d-])")
_HONORIFICS = frozenset(
    "baron baroness bishop canon dame doctor dr father judge lady lord madam miss mr mrs ms prof professor rabbi rev "
    "reverend saint sheikh sir sister".split()
)
_GENERATIONS = frozenset("jr sr ii iii iv cbe mbe obe kbe dbe mp phd md".split())


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


def csl_name(name: str) -> dict[str, str]:
    """
    A person's name in parts, where they are plain to see; else as one piece, which no style turns around.

    The last word of a Latin-script name is taken for the family's, with the small words before it.

    >>> csl_name("Ada van Example")
    {'family': 'van Example', 'given': 'Ada'}
    >>> csl_name("Lord Example of Sample"), csl_name("例子")
    ({'literal': 'Lord Example of Sample'}, {'literal': '例子'})
    """
    words = name.split()
    plainly = (
        2 <= len(words) <= 5
        and all(_is_latin(word) for word in words)
        and words[0].casefold().rstrip(".") not in _HONORIFICS
        and words[-1].casefold().replace(".", "") not in _GENERATIONS
        and words[0][0].isupper()
        and words[-1][0].isupper()
    )
    if not plainly:
        return {"literal": name}
    first = next((n for n, word in enumerate(words) if word[0].islower()), len(words) - 1)
    return {"family": " ".join(words[first:]), "given": " ".join(words[:first])}


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
    if speaker and speaker["credit"]:
        said.append(plain(speaker["credit"]))
    for source in record["sources"]:
        said.append(f"at {clock_times(source['place'])}" if source["kind"] == "audio" else plain(source["place"]))
    said += edited_mark(record)
    if record["rights"]:
        said.append(plain(record["rights"]))
    return "; ".join([*(part for part in said if part), status(record)])


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


def _is_latin(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "").removesuffix(".")
    return bool(letters) and all(c.isalpha() and unicodedata.name(c, "").startswith("LATIN") for c in letters)
