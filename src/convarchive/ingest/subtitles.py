"""Reads the two usual forms of subtitles, WebVTT and SRT, into what was said when, and by which printed voice."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pysubs2
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from convarchive.domain.span import Span
from convarchive.errors import TranscriptUnreadable
from convarchive.ingest.printed_voices import Said, shared, voiced

_TAG = re.compile(
    r"<(?P<end>/)?(?P<tag>c|i|b|u|s|v|lang|ruby|rt|font)(?P<rest>(?:[.\s][^>]{0,200})?)>|<(?P<time>(?:\d{1,4}:)?[0-5]?\d:[0-5]\d\.\d{3})>",
    re.IGNORECASE,
)
_GUARD = "\ue000"
"""Keeps pysubs2 from taking numbers at a cue's end for the next cue's: a letter for private use, in no text."""
_BACKSLASH = "\ue001"
"""Stands for one while pysubs2 reads: in its own format a backslash begins a command, in SRT it is a sign."""
_VTT_TIME = r"(?:\d{1,4}:)?[0-5]?\d:[0-5]?\d\.\d{1,3}"
_SRT_TIME = r"\d{1,2}:[0-5]?\d:[0-5]?\d[.,]\d{1,3}"
_VTT_TIMES = re.compile(rf"^\s*{_VTT_TIME}\s*-->\s*{_VTT_TIME}(?=\s|$)")
_SRT_TIMES = re.compile(rf"^\s*{_SRT_TIME}\s*-->\s*{_SRT_TIME}(?=\s|$)")
_MISTYPED = re.compile(r"^\s*[\d:.,]{7,}\s*-{0,3}>\s*[\d:.,]{7,}")
"""Two times with something else than the arrow between them: a lenient reader would drop the cue."""


def from_vtt(text: str, name: str) -> tuple[tuple[Said, ...], str | None]:
    """
    What a WebVTT file holds, in its own order, and the language its header names.

    Voices come from `<v Name>`; where no cue has one, from `Name: ` at the start of lines.
    Times inside a cue (`<00:01.000>`) are kept. Raises TranscriptUnreadable naming the line.
    """
    _check_times(text, name, _VTT_TIMES, "00:01:02.500 --> 00:01:04.000")
    try:
        read = webvtt.WebVTT.from_string(text)
    except (MalformedFileError, MalformedCaptionError) as exc:
        raise TranscriptUnreadable(f"{name} is not WebVTT that can be read: {_one_line(exc)}") from exc
    blocks: list[Said] = []
    for caption in read.captions:
        span = Span(caption.start_time.in_milliseconds(), caption.end_time.in_milliseconds())
        blocks += _pieces(caption.raw_text, span)
    language = re.search(r"(?im)^Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*$", text[:2000].partition("-->")[0])
    said = tuple(blocks) if any(block.voice for block in blocks) else voiced(blocks)
    return said, language.group(1) if language else None


def from_srt(text: str, name: str) -> tuple[Said, ...]:
    """What an SRT file holds; voices from `Name: ` at the start of lines. Raises TranscriptUnreadable."""
    _check_times(text, name, _SRT_TIMES, "00:01:02,500 --> 00:01:04,000")
    safe = _guarded(text).replace("\\", _BACKSLASH)
    read = pysubs2.SSAFile.from_string(safe, format_="srt", keep_html_tags=True)
    plain = (
        Said(
            html.unescape(_TAG.sub("", event.text.replace(_GUARD, "").replace(r"\N", "\n").replace(_BACKSLASH, "\\"))),
            None,
            Span(event.start, event.end),
        )
        for event in read
    )
    return voiced([said for said in plain if said.text.strip()])


def _guarded(text: str) -> str:
    """The same with a guard before every row that is only a number, save those that number a cue."""
    rows = text.splitlines()
    return "\n".join(
        _GUARD + row if row.strip().isdigit() and not _SRT_TIMES.match(after) else row
        for row, after in zip(rows, [*rows[1:], ""], strict=True)
    )


def _pieces(payload: str, span: Span) -> list[Said]:
    """A cue's text cut at its voices and inner times, tags taken off and `&amp;` and its like decoded."""
    voice: str | None = None
    start = span.start
    timed: list[tuple[int, list[tuple[str | None, str]]]] = [(start, [])]
    at = 0
    for tag in _TAG.finditer(payload):
        timed[-1][1].append((voice, payload[at : tag.start()]))
        at = tag.end()
        if tag["time"]:
            moment = Timestamp.from_string(tag["time"]).in_milliseconds()
            if start <= moment <= span.end:
                start = moment
                timed.append((start, []))
        elif tag["tag"].lower() == "v":
            rest = "" if tag["end"] else re.sub(r"^[.\w]*", "", tag["rest"], count=1)
            voice = html.unescape(rest).strip() or None
    timed[-1][1].append((voice, payload[at:]))
    found: list[Said] = []
    for (begin, parts), (end, _) in pairwise([*timed, (span.end, [])]):
        joined = _same_voice_joined(parts)
        spans = shared(Span(begin, end), [part for _, part in joined])
        found += [Said(html.unescape(part), who, own) for (who, part), own in zip(joined, spans, strict=True)]
    return [said for said in found if said.text.strip()]


def _same_voice_joined(parts: list[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    """Neighbouring parts of one voice as one, so that a tag inside a word does not tear it."""
    joined: list[tuple[str | None, str]] = []
    for voice, part in parts:
        if joined and (joined[-1][0] == voice or not part.strip()):
            joined[-1] = (joined[-1][0], joined[-1][1] + part)
        elif part.strip() or not joined:
            joined.append((voice, part))
    return [(voice, part) for voice, part in joined if part.strip()]


def _check_times(text: str, name: str, pattern: re.Pattern[str], example: str) -> None:
    """Raise TranscriptUnreadable for the first line of times that a lenient reader would skip, words and all."""
    for number, line in enumerate(text.splitlines(), 1):
        if "-->" not in line and not _MISTYPED.match(line):
            continue
        if not pattern.match(line):
            raise TranscriptUnreadable(
                f"{name}, line {number}: {line.strip()[:60]!r} is not a cue's times; write {example}"
            )
        first, last = (_milliseconds(part) for part in line.split("-->", 1))
        if last < first:
            raise TranscriptUnreadable(f"{name}, line {number}: the cue ends before it begins ({line.strip()[:60]})")


def _milliseconds(written: str) -> int:
    """A written time such as `01:02.500` or `00:01:02,5`."""
    clock, _, part = written.split()[0].replace(",", ".").partition(".")
    seconds = 0
    for field in clock.split(":"):
        seconds = seconds * 60 + int(field)
    return seconds * 1000 + int(part.ljust(3, "0"))


def _one_line(exc: Exception) -> str:
    return " ".join(str(exc).split()) or type(exc).__name__
