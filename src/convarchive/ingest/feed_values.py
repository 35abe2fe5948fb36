"""Reads the small values of a feed the way publishers really write them: lengths, dates, languages, notes."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from time import struct_time
from urllib.parse import urljoin, urlsplit

from lxml import etree

LONGEST_MS = 7 * 24 * 3600 * 1000
"""No episode is longer than a week; a larger number was meant otherwise."""
LONGEST_NOTES = 100_000
"""Characters of notes that are kept."""

_CLOCK = re.compile(r"([0-9]{1,6}):([0-9]{1,4})(?::([0-9]{1,4}))?(?:[.,:]([0-9]{1,6}))?")
_PLAIN_SECONDS = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,6}))?\s*(?:s|sec|secs|seconds)?", re.IGNORECASE)
_WORDED = re.compile(
    r"(?:P?T?)\s*(?:(?P<h>[0-9]{1,4})\s*(?:hours?|hrs?|hr|h))?[\s,]*"
    r"(?:(?P<m>[0-9]{1,6})\s*(?:minutes?|mins?|min|m))?[\s,]*"
    r"(?:(?P<s>[0-9]{1,9})(?:\.[0-9]+)?\s*(?:seconds?|secs?|sec|s))?",
    re.IGNORECASE,
)
_DATE_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|&[#A-Za-z0-9]{2,32};")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MEDIA_END = re.compile(r"\.(?:mp3|m4[abv]|mp4|aac|ogg|oga|opus|flac|wav|webm|aiff?|wma)$", re.IGNORECASE)
_LINE_BEFORE = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol", "blockquote"})
_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}", re.IGNORECASE)


def milliseconds(text: str | None) -> int | None:
    """
    How long an episode lasts, in milliseconds; None where nothing usable is said (0 means unknown).

    >>> [milliseconds(said) for said in ("90", "1:30", "0:01:30", "1m 30s", "PT1M30S", "90.0", "soon", "0")]
    [90000, 90000, 90000, 90000, 90000, 90000, None, None]
    """
    said = (text or "").strip()
    if clock := _CLOCK.fullmatch(said):
        first, second, third = int(clock[1]), int(clock[2]), clock[3]
        seconds = first * 60 + second if third is None else first * 3600 + second * 60 + int(third)
    elif plain := _PLAIN_SECONDS.fullmatch(said):
        seconds = int(plain[1])
    elif said and (worded := _WORDED.fullmatch(said)) and any(worded.groupdict().values()):
        seconds = int(worded["h"] or 0) * 3600 + int(worded["m"] or 0) * 60 + int(worded["s"] or 0)
    else:
        return None
    return seconds * 1000 if 0 < seconds * 1000 <= LONGEST_MS else None


def iso_date(text: str | None, parsed: struct_time | None = None) -> str | None:
    """
    A date as ISO 8601, with the publisher's own offset where it says one.

    `parsed` is what a more patient parser made of it, in UTC.

    >>> iso_date("Tue, 06 Jan 2026 09:00:00 +0100"), iso_date("2026-01-06")
    ('2026-01-06T09:00:00+01:00', '2026-01-06')
    """
    said = (text or "").strip()
    try:
        if _DATE_ALONE.fullmatch(said):
            return dt.date.fromisoformat(said).isoformat()
        try:
            moment = parsedate_to_datetime(said)
        except (ValueError, TypeError, IndexError):
            moment = dt.datetime.fromisoformat(said)
    except ValueError:
        if parsed is None:
            return None
        try:
            moment = dt.datetime(*parsed[:6])  # noqa: DTZ001 (made aware below)
        except (ValueError, OverflowError):
            return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    if not 1900 <= moment.year <= 2200:
        return None
    return moment.replace(microsecond=0).isoformat()


def language_tag(text: str | None) -> str | None:
    """
    A language as BCP 47 writes it, or None.

    >>> language_tag("EN_gb"), language_tag("English")
    ('en-GB', None)
    """
    found = _LANGUAGE.fullmatch((text or "").strip())
    if found is None:
        return None
    rest = [part.upper() if len(part) == 2 else part for part in re.split("[-_]", found[2])[1:]]
    return "-".join([found[1].lower(), *rest])


def plain(text: str | None, longest: int = LONGEST_NOTES) -> str:
    """
    Text without markup: paragraphs become lines, list items begin with a dash.

    >>> plain("<p>Bread &amp; roses</p><ul><li>One</li></ul><script>x</script>")
    'Bread & roses\\n- One'
    """
    raw = _CONTROLS.sub(" ", (text or "")[: longest * 4])
    if _MARKUP.search(raw):
        raw = _CONTROLS.sub(" ", _text_of(raw))
    lines = (" ".join(line.split()) for line in raw.splitlines())
    return "\n".join(line for line in lines if line)[:longest].rstrip()


def _text_of(markup: str) -> str:
    """
    What a reader sees of HTML, however it is broken.

    libxml2 bounds the nesting; sanitisers that mend HTML5 take quadratic time on deep nests.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<div>{markup}</div>".encode("utf-8", "replace"), parser)
    if root is None:
        return ""
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        opens = event == "start"
        hidden += (1 if opens else -1) if tag in _UNSEEN else 0
        if tag in _LINE_BEFORE:
            parts.append("\n- " if opens and tag == "li" else "\n")
        said = element.text if opens else element.tail
        if said and not hidden:
            parts.append(str(said))
    return "".join(parts)


def one_line(text: str | None, longest: int = 500) -> str:
    """A title or name: without markup, on one line."""
    return " ".join(plain(text, longest).split())


def web_address(base: str, reference: str | None) -> str | None:
    """`reference` made absolute against `base`, or None where that gives no http, https or file address."""
    said = "".join((reference or "").split())
    if not said or len(said) > 4000:
        return None
    try:
        address = urljoin(base, said)
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname:
            return address
        return address if parts.scheme == "file" and base.startswith("file:") else None
    except ValueError:
        return None


def sound_key(url: str) -> str:
    """
    What stays the same when an enclosure's address changes in ways that do not change the sound.

    Prefixes that count listeners put the real address at the end of their own, and hosts
    add a query; scheme and case of the host never matter.

    >>> sound_key("https://count.example/redirect.mp3/cdn.example/a/1.mp3?source=feed")
    'cdn.example/a/1.mp3'
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return url
    pieces = parts.path.split("/")
    for position in range(len(pieces) - 2, 0, -1):
        if _HOST.fullmatch(pieces[position]) and not _MEDIA_END.search(pieces[position]):
            host, port, pieces = pieces[position].casefold(), "", ["", *pieces[position + 1 :]]
            break
    key = f"{host}{port}{'/'.join(pieces)}"
    # Where the path does not name a file, the query does (download.php?id=7).
    return key if _MEDIA_END.search(key) or not parts.query else f"{key}?{parts.query}"
