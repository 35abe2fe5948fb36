"""Makes a feed's bytes into text that an XML parser can read, and takes out what could harm one."""

from __future__ import annotations

import codecs
import html
import re
from html.entities import html5

from convarchive.errors import FeedUnreadable

LONGEST = 32 * 1024 * 1024
"""Bytes. A feed larger than this is no feed; the largest known ones are about half of it."""
_LONGEST_DOCTYPE = 20_000
"""Characters."""

_BOMS = (
    # UTF-32's little-endian mark begins with UTF-16's, so it is asked for first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_BARE = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0r\0", "utf-16-le"), (b"\0<\0r", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_START = re.compile(r"<\?xml\b|<(?:rss|feed|rdf:RDF|html)\b|<!DOCTYPE\b", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_VERBATIM = re.compile(r"<!\[CDATA\[|<!--")
_AMPERSAND = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_DOCTYPE_PART = re.compile(r"""<!--.*?-->|"[^"]*"|'[^']*'|[\[\]>]""", re.DOTALL)
_PAGE = re.compile(r"\s+html\b", re.IGNORECASE)
_XML_OWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def mended(body: bytes, where: str) -> str:
    """
    A feed's text without declaration, document type and characters XML forbids, its stray
    ampersands escaped and its HTML entities replaced by the characters they stand for.

    With the document type go all entities it could define: nothing is left that could grow
    or read another file. `where` names the feed in errors. Raises FeedUnreadable for bytes
    that hold no XML, a web page, or an endless document type.
    """
    if len(body) > LONGEST:
        raise FeedUnreadable(f"{where} is larger than {LONGEST >> 20} MiB; no podcast feed is, so check the address")
    text = decoded(body).lstrip("\ufeff \t\r\n")
    if not text:
        raise FeedUnreadable(f"{where} is empty; check the address, or try again later")
    start = _START.search(text, 0, 10_000)
    if start is None and not text.startswith("<"):
        kind = "a JSON document" if text[0] in "{[" else "text or binary data"
        raise FeedUnreadable(f"{where} answered with {kind}, not an RSS or Atom feed; give the address of the feed")
    text = _FORBIDDEN.sub("", _without_prolog(text[start.start() if start else 0 :], where))
    root = _ROOT.match(text)
    if root and root[1].casefold() == "html":
        raise FeedUnreadable(_WEB_PAGE.format(where))
    return "".join(part if odd else _AMPERSAND.sub(_escaped, part) for odd, part in _parts(text))


_WEB_PAGE = "{} is a web page, not a feed; look on the show's site for its RSS address, or give its Apple Podcasts link"


def decoded(body: bytes) -> str:
    """
    Text by byte-order mark, else by the declared encoding, else UTF-8, else Windows-1252.

    >>> decoded("<?xml version='1.0'?><title>Café</title>".encode("latin-1"))
    "<?xml version='1.0'?><title>Café</title>"
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for opening, encoding in _BARE:
        if body.startswith(opening):
            return body.decode(encoding, "replace")
    declared = _DECLARED.search(body[:1000])
    named = declared[1].decode("ascii").casefold() if declared else "utf-8"
    # A file that reads as UTF-8 is UTF-8, whatever it says: the reverse mistake is the common one.
    for encoding in ("utf-8", "gb18030" if named == "gb2312" else named, "windows-1252"):
        try:
            return body.decode(encoding)
        except (LookupError, ValueError):  # ValueError covers UnicodeError, and names that hold a NUL
            continue
    return body.decode("latin-1")


def _parts(text: str) -> list[tuple[bool, str]]:
    """The text cut at CDATA sections and comments: (is one of those, its text)."""
    parts: list[tuple[bool, str]] = []
    done = 0
    while opening := _VERBATIM.search(text, done):
        closing = "-->" if opening[0] == "<!--" else "]]>"
        end = text.find(closing, opening.end())
        # One that is never closed ends the feed: looking further would take quadratic time.
        end = len(text) if end < 0 else end + len(closing)
        parts += [(False, text[done : opening.start()]), (True, text[opening.start() : end])]
        done = end
    return [*parts, (False, text[done:])]


def _escaped(found: re.Match[str]) -> str:
    reference: str | None = found[1]
    if reference is None:
        return "&amp;"
    if reference.startswith("#"):
        digits = reference[1:-1]
        number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        allowed = number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD
        return found[0] if allowed or 0x10000 <= number <= 0x10FFFF else ""
    if reference in _XML_OWN:
        return found[0]
    plain = html5.get(reference)
    return html.escape(plain) if plain is not None else f"&amp;{reference}"


def _without_prolog(text: str, where: str) -> str:
    """The text from its root element on."""
    position = 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if text.startswith("<?", position):
            position = _after(text, "?>", position, where)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position, where)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            if _PAGE.match(text, position + 9):
                raise FeedUnreadable(_WEB_PAGE.format(where))
            position = _after_doctype(text, position, where)
        else:
            return text[position:]


def _after(text: str, closing: str, position: int, where: str) -> int:
    end = text.find(closing, position)
    if end < 0:
        raise FeedUnreadable(f"{where} breaks off before its first element; try again later")
    return end + len(closing)


def _after_doctype(text: str, position: int, where: str) -> int:
    depth = 0
    for part in _DOCTYPE_PART.finditer(text, position + 9, position + _LONGEST_DOCTYPE):
        token = part[0]
        if token == "[":
            depth += 1
        elif token == "]":
            depth -= 1
        elif token == ">" and depth <= 0:
            return part.end()
    raise FeedUnreadable(f"{where} has a document type that never ends; it is no podcast feed")
