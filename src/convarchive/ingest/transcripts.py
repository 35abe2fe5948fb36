"""
Reads transcripts that other people made: WebVTT, SRT, Podcasting 2.0 JSON, and plain text with names.

Their times stand for whole cues; each word gets its share of its cue, by its length.
Plain text has no times at all.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Literal

from convarchive.domain.span import Span
from convarchive.domain.transcript import Origin, Transcript, Word
from convarchive.errors import TranscriptUnreadable
from convarchive.ingest.printed_voices import Said, shared, voiced
from convarchive.ingest.subtitles import from_srt, from_vtt

Form = Literal["vtt", "srt", "json", "txt"]

_TYPES: Mapping[str, Form] = {
    "text/vtt": "vtt",
    "application/x-subrip": "srt",
    "application/srt": "srt",
    "text/srt": "srt",
    "application/json": "json",
    "text/plain": "txt",
}
_SUFFIXES: Mapping[str, Form] = {".vtt": "vtt", ".srt": "srt", ".json": "json", ".txt": "txt", ".text": "txt"}
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Nothing one can say: control characters other than white space, and halves of characters."""
_PACE = 350
"""Milliseconds a word, where a last segment of JSON does not say when it ends."""


def read_transcript(
    body: bytes,
    *,
    name: str,
    media_type: str | None = None,
    origin: Origin = "supplied",
    language: str | None = None,
) -> Transcript:
    """
    Read a transcript somebody made; `name` is its file name or address, for messages and as a hint to its form.

    Words are in order of time, with the voice printed beside them; no word has a
    probability. `language` stands where the file names none (else English).

    Raises TranscriptUnreadable, in one line, for what is none of the four forms, is
    broken, or holds no words.
    """
    text = _decoded(body, name)
    form = _form(text, name, media_type)
    told: str | None = None
    try:
        if form == "vtt":
            said, told = from_vtt(text, name)
        elif form == "srt":
            said = from_srt(text, name)
        elif form == "json":
            said = _from_json(text, name)
        else:
            said = _from_text(text)
    except (ValueError, ArithmeticError, RecursionError) as error:
        # What the libraries stumble over when a number or a nesting is absurd.
        raise TranscriptUnreadable(f"{name} is broken: it cannot be read as {form}") from error
    timed = any(one.span is not None and one.span.end for one in said)
    words = _words([_seen(one) for one in said], timed=timed)
    if not words:
        raise TranscriptUnreadable(f"{name} holds no words that could be read as {form}")
    return Transcript(
        words=words,
        language=told or language or "en",
        origin=origin,
        fingerprint=f"{origin} {form} {hashlib.sha256(body).hexdigest()[:16]}",
        timed=timed,
    )


def _decoded(body: bytes, name: str) -> str:
    """The text of a file in UTF-8, in UTF-16 that says so, or else in the old Western code page."""
    try:
        text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    odd = sum(not (char.isprintable() or char.isspace()) or char == "\ufffd" for char in text[:20_000])
    if "\x00" in text or odd * 50 > min(len(text), 20_000):
        raise TranscriptUnreadable(f"{name} is not text; hand in WebVTT, SRT, Podcasting 2.0 JSON or plain text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _form(text: str, name: str, media_type: str | None) -> Form:
    """What a transcript is: by how it begins, else by its name, else by what it was served as."""
    start = text[:4000].lstrip()
    if start.startswith("WEBVTT"):
        return "vtt"
    if re.match(r"(?i)<(?:!doctype|html|\?xml|head|body|div|p\b)", start):
        raise TranscriptUnreadable(f"{name} is a web page or XML, not a transcript in VTT, SRT, JSON or plain text")
    if re.match(r"(?:\d+\s*\n)?\s*\d+:\d{2}:\d{2},\d{1,3}\s*-->", start):
        return "srt"
    if start.startswith("{"):
        return "json"
    kind = (media_type or "").partition(";")[0].strip().casefold()
    suffix = PurePath(name.partition("?")[0]).suffix.casefold()
    form = _SUFFIXES.get(suffix) or _TYPES.get(kind) or "txt"
    if form == "vtt":
        raise TranscriptUnreadable(f"{name} does not begin with WEBVTT, as a WebVTT file must")
    if form == "srt" and "-->" not in text:
        raise TranscriptUnreadable(f"{name} holds no times such as 00:01:02,500 --> 00:01:04,000, as SRT must")
    return form


def _from_json(text: str, name: str) -> tuple[Said, ...]:
    """Podcasting 2.0: `{"version", "segments": [{"speaker", "startTime", "endTime", "body"}]}`, seconds."""
    try:
        read = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as exc:
        where = f", line {exc.lineno}: {exc.msg}" if isinstance(exc, json.JSONDecodeError) else ": nested too deeply"
        raise TranscriptUnreadable(f"{name} is not JSON that can be read{where}") from exc
    segments = read.get("segments") if isinstance(read, dict) else None
    if not isinstance(segments, list):
        raise TranscriptUnreadable(f'{name} holds no list of "segments", as a Podcasting 2.0 transcript must')
    rows = [_segment(segment, f"{name}, segment {number}") for number, segment in enumerate(segments, 1)]
    rows.sort(key=lambda row: row[0])
    said = []
    for at, (start, end, voice, body) in enumerate(rows):
        if end is None:
            end = rows[at + 1][0] if at + 1 < len(rows) else start + _PACE * len(body.split())
        said.append(Said(body, voice, Span(start, max(start, end))))
    return tuple(said)


def _segment(segment: object, where: str) -> tuple[int, int | None, str | None, str]:
    """(start, end, voice, text) of one segment, in milliseconds."""
    if not isinstance(segment, dict):
        raise TranscriptUnreadable(f"{where} is not an object with startTime and body")
    body, voice = segment.get("body"), segment.get("speaker")
    if not isinstance(body, str):
        raise TranscriptUnreadable(f"{where} has no text in body")
    start = _seconds(segment.get("startTime"), f"{where}: startTime")
    last = segment.get("endTime")
    end = None if last is None else _seconds(last, f"{where}: endTime")
    if end is not None and end < start:
        raise TranscriptUnreadable(f"{where} ends before it begins")
    return start, end, (voice.strip() or None) if isinstance(voice, str) else None, body


def _seconds(value: object, where: str) -> int:
    """Seconds, from 0 to a thousand hours, as milliseconds."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not 0 <= number <= 3_600_000:
        raise TranscriptUnreadable(f"{where} is {str(value)[:30]!r}, not a number of seconds from the start")
    return round(number * 1000)


def _from_text(text: str) -> tuple[Said, ...]:
    """Plain text, a turn a line; `#` begins a comment, and a line without a name goes on with the turn before."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return voiced([Said(line) for line in lines if line.strip()])


def _seen(said: Said) -> Said:
    """The same without what no reader can see, however it was written: as it is, as `&#27;`, as `\\u001b`."""
    voice = " ".join(_UNSEEN.sub(" ", said.voice or "").split())
    return replace(said, text=_UNSEEN.sub(" ", said.text), voice=voice or None)


def _words(said: Sequence[Said], *, timed: bool) -> tuple[Word, ...]:
    """Every word with its share of its stretch, in order of time."""
    if not timed:
        return tuple(Word(text, Span(0, 0), voice=one.voice) for one in said for text in one.text.split())
    ordered = _without_overlap(sorted(said, key=lambda one: one.span or Span(0, 0)))
    words: list[Word] = []
    for one in ordered:
        texts = one.text.split()
        for text, span in zip(texts, shared(one.span, texts), strict=True):
            words.append(Word(text, span or Span(0, 0), voice=one.voice))
    # Where two voices overlap their words stand between each other, each at its own time.
    return tuple(sorted(words, key=lambda word: word.span.start))


def _without_overlap(said: Sequence[Said]) -> Iterable[Said]:
    """The same, each stretch ended where the same voice's next begins: nobody says two things at once."""
    following: dict[str | None, int] = {}
    kept: list[Said] = []
    for one in reversed(said):
        if one.span is not None:
            end = min(one.span.end, max(one.span.start, following.get(one.voice, one.span.end)))
            following[one.voice] = one.span.start
            one = Said(one.text, one.voice, Span(one.span.start, end))
        kept.append(one)
    return reversed(kept)
