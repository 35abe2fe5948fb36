"""
A quote as somebody pastes it: words, name and source, and always how far both may be relied on.

Everything comes from the record, so that nothing is printed which its audience may not see.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

from convarchive.domain.quote import Clearance, TextStatus
from convarchive.domain.speaker import Status
from convarchive.publish.record import QuoteRecord

FICTION = "FICTION"
AS_PRINTED = "as printed; not checked against audio"
_SURENESS: dict[Status, str] = {
    "confirmed": "name confirmed",
    "probable": "name probable",
    "printed": AS_PRINTED,
    "unattributed": "speaker not identified",
}
_WORDS: dict[TextStatus, str] = {
    "heard": "words heard by machine, not checked",
    "checked": "words checked by ear",
    "printed": AS_PRINTED,
}
_OPENNESS: dict[Clearance, str] = {
    "cleared": "cleared for publication",
    "unreviewed": "not cleared for publication",
    "withheld": "withheld; not for publication",
    "withdrawn": "withdrawn; not for publication",
}
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&])")
_BLOCK = re.compile(r"^(\d{0,9})([-+#=.)])")
_FRAGMENT = re.compile(r"t=([0-9.]+),([0-9.]+)")


def as_text(record: QuoteRecord) -> str:
    """
    A quote as plain text: words, name, source, edits, status, each on its own line.

    A recording's times are hours, minutes and seconds. Who cleared it and when is said here
    alone, to those who may know: it is no part of what is printed.
    """
    lines = [FICTION] if record["fiction"] else []
    lines += [f"“{plain(record['text'])}”", f"— {who(record)}", *places(record), *edited(record)]
    lines.append(f"({status(record)}{_clearing(record)})")
    if record["permalink"]:
        lines.append(record["permalink"])
    return "\n".join(lines)


def as_markdown(record: QuoteRecord) -> str:
    """A quote as a Markdown block quotation; nothing in words or titles becomes markup (CommonMark)."""
    lines = [f"> **{FICTION}**", ">"] if record["fiction"] else []
    lines += [f"> “{_escaped(record['text'])}”", ">", f"> — {_escaped(who(record))} *({_escaped(status(record))})*"]
    for line in (*places(record), *edited_mark(record)):
        lines += [">", f"> {_escaped(line)}"]
    if record["permalink"]:
        lines += [">", f"> <{record['permalink']}>"]
    return "\n".join(lines)


def as_html(record: QuoteRecord) -> str:
    """
    A quote as an HTML fragment without styles or scripts; nothing in words, names or titles becomes markup.

    The block quotation holds the words and nothing else: who said them stands beside it.
    """
    address = record["permalink"]
    cite = f' cite="{escape(address)}"' if address else ""
    notice = f"<p><strong>{FICTION}</strong></p>\n" if record["fiction"] else ""
    where = "".join(f"<br>\n<cite>{escape(place)}</cite>" for place in places(record))
    more = "".join(f"<br>\n{escape(line)}" for line in edited_mark(record))
    link = f'<br>\n<a href="{escape(address)}">{escape(address)}</a>' if address else ""
    return (
        f"<figure>\n{notice}"
        f'<blockquote{cite} lang="{escape(record["language"])}"><p>{escape(plain(record["text"]))}</p></blockquote>\n'
        f"<footer>— {escape(who(record))}{where}{more}<br>\n<small>{escape(status(record))}</small>{link}</footer>\n"
        "</figure>"
    )


def status(record: QuoteRecord) -> str:
    """
    How far name and words may be relied on, in words: what every copy of a quote has to carry.

    For example `words heard by machine, not checked; name probable; not cleared for publication`.
    """
    parts = (
        _WORDS[record["text_status"]],
        _SURENESS[record["attribution"]["status"]],
        openness(record),
    )
    return "; ".join(dict.fromkeys(parts))


def openness(record: QuoteRecord) -> str:
    """Whether it may be published, in words, and from when where an embargo has not ended yet."""
    cleared = record["cleared"]
    if record["clearance"] == "unreviewed" and cleared:
        return f"under embargo; cleared for publication from {cleared['day']} on"
    return _OPENNESS[record["clearance"]]


def places(record: QuoteRecord) -> tuple[str, ...]:
    """Where the quote stands, one phrase for each of its sources."""
    episode = record["episode"]
    said = []
    for source in record["sources"]:
        title = plain(source["title"] or "untitled recording")
        if source["kind"] == "audio":
            show = episode["show"] if episode else None
            date = episode["published"][:10] if episode and episode["published"] else None
            told = (title, plain(show or ""), date, clock_times(source["place"]))
            said.append(", ".join(part for part in told if part))
        else:
            said.append(f"{title}, {plain(source['place'])}")
    return tuple(said)


def edited(record: QuoteRecord) -> tuple[str, ...]:
    """What was changed from the words as said or printed, in a line, where anything was."""
    return (f"Edited: {plain('; '.join(record['edits']))}",) if record["edits"] else ()


def edited_mark(record: QuoteRecord) -> tuple[str, ...]:
    """That something was changed, for forms that get printed: words that were left out must not come back with them."""
    return ("Edited: brackets mark what was left out or put in; stops may differ.",) if record["edits"] else ()


def _clearing(record: QuoteRecord) -> str:
    cleared = record["cleared"]
    if cleared is None:
        return ""
    by = f" by {plain(cleared['by'])}" if cleared["by"] else ""
    if record["clearance"] == "cleared":
        return f" on {cleared['day']}{by}"
    return f",{by}" if by else ""


def plain(text: str) -> str:
    """
    Text on one line, without control characters and without marks that turn its direction.

    What a feed calls itself must not move a terminal's cursor or reorder a name.
    """
    # Taken out first: behind one of them a space would be left at the end.
    kept = (c for c in text if c.isspace() or (unicodedata.category(c) != "Cc" and not _turns(c)))
    return " ".join("".join(kept).split())


def _turns(character: str) -> bool:
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


def who(record: QuoteRecord) -> str:
    """The name with its credit, as far as they are known."""
    speaker = record["speaker"]
    if speaker is None:
        return "Speaker not identified"
    return ", ".join(plain(part) for part in (speaker["name"], speaker["credit"]) if part)


def clock_times(fragment: str) -> str:
    """A media fragment in hours, minutes and seconds: `t=61.500,64.000` is `0:01:01–0:01:04`."""
    found = _FRAGMENT.fullmatch(fragment)
    return f"{_time(float(found[1]))}–{_time(float(found[2]))}" if found else fragment


def _time(seconds: float) -> str:
    # Downwards, so that somebody who listens from there misses nothing.
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _escaped(text: str) -> str:
    return _BLOCK.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", plain(text)))
