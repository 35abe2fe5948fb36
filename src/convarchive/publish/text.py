"""
A quote as somebody pastes it: words, name and source, and always how far both may be relied on.

Everything comes from the record, so that nothing is printed which its audience may not see.
"""

from __future__ import annotations

import json
import re
import unicodedata

from convarchive.domain.audience import PERMISSIONS, Audience
from convarchive.domain.quote import Clearance, TextStatus
from convarchive.domain.speaker import Status
from convarchive.errors import BadInput, NotAllowed
from convarchive.publish.record import QuoteRecord

FORMATS = ("text", "markdown", "json")
PUBLICATION_FORMATS = frozenset({"text", "markdown"})
"""Forms made to be pasted into something that is published; `json` is working material."""

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


def quote_as(record: QuoteRecord, form: str, audience: Audience) -> str:
    """
    A quote in one of `FORMATS`, without a line end at its end.

    Raises BadInput for any other; NotAllowed where this audience gets only cleared quotes
    in forms made for publication.
    """
    if form not in FORMATS:
        raise BadInput(f"a quote cannot be written as {form[:40]!r}; there are: {', '.join(FORMATS)}")
    refuse_uncleared(record, form, audience)
    if form == "json":
        return json.dumps(record, ensure_ascii=False, indent=2)
    return as_markdown(record) if form == "markdown" else as_text(record)


def refuse_uncleared(record: QuoteRecord, form: str, audience: Audience) -> None:
    """Raise NotAllowed where `audience` may take only cleared quotes away in this form."""
    limited = PERMISSIONS[audience].exports == "publishable" and form in PUBLICATION_FORMATS
    if limited and record["clearance"] != "cleared":
        raise NotAllowed(
            f"quote {record['id']} is {record['clearance']}, so there is no {form} of it for {audience}; "
            f"ask an editor to clear it, or read it with --as json"
        )


def as_text(record: QuoteRecord) -> str:
    """
    A quote as plain text: words, name, source, status, each on its own line.

    A recording's times are hours, minutes and seconds.
    """
    lines = [FICTION] if record["fiction"] else []
    lines += [f"“{plain(record['text'])}”", f"— {_who(record)}"]
    lines += [f"{place}" for place in places(record)]
    lines.append(f"({status(record)})")
    if record["permalink"]:
        lines.append(record["permalink"])
    return "\n".join(lines)


def as_markdown(record: QuoteRecord) -> str:
    """A quote as a Markdown block quotation; nothing in words or titles becomes markup (CommonMark)."""
    lines = [f"> **{FICTION}**", ">"] if record["fiction"] else []
    lines += [f"> “{_escaped(record['text'])}”", ">", f"> — {_escaped(_who(record))} *({_escaped(status(record))})*"]
    for place in places(record):
        lines += [">", f"> {_escaped(place)}"]
    if record["permalink"]:
        lines += [">", f"> <{record['permalink']}>"]
    return "\n".join(lines)


def status(record: QuoteRecord) -> str:
    """
    How far name and words may be relied on, in words: what every copy of a quote has to carry.

    For example `words heard by machine, not checked; name probable; not cleared for publication`.
    """
    parts = (
        _WORDS[record["text_status"]],
        _SURENESS[record["attribution"]["status"]],
        _OPENNESS[record["clearance"]],
    )
    return "; ".join(dict.fromkeys(parts))


def places(record: QuoteRecord) -> tuple[str, ...]:
    """Where the quote stands, one phrase for each of its sources."""
    episode = record["episode"]
    said = []
    for source in record["sources"]:
        title = plain(source["title"] or "untitled recording")
        if source["kind"] == "audio":
            date = f", {episode['published'][:10]}" if episode and episode["published"] else ""
            said.append(f"{title}{date}, {_clock(source['place'])}")
        else:
            said.append(f"{title}, {plain(source['place'])}")
    return tuple(said)


def plain(text: str) -> str:
    """
    Text on one line, without control characters and without marks that turn its direction.

    What a feed calls itself must not move a terminal's cursor or reorder a name.
    """
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if unicodedata.category(c) != "Cc" and not _turns(c))


def _turns(character: str) -> bool:
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


def _who(record: QuoteRecord) -> str:
    speaker = record["speaker"]
    if speaker is None:
        return "Speaker not identified"
    return ", ".join(plain(part) for part in (speaker["name"], speaker["credit"]) if part)


def _clock(fragment: str) -> str:
    found = _FRAGMENT.fullmatch(fragment)
    return f"{_time(float(found[1]))}–{_time(float(found[2]))}" if found else fragment


def _time(seconds: float) -> str:
    # Downwards, so that somebody who listens from there misses nothing.
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _escaped(text: str) -> str:
    return _BLOCK.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", plain(text)))
