"""
Writes a transcript as others read it: WebVTT, SRT, Podcasting 2.0 JSON, or plain text.

Voices without a name are called "Speaker 1", "Speaker 2", …; words that may not be shown
are "[withheld]". What is written here, `ingest.transcripts` reads back word for word.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convarchive.errors import BadInput
from convarchive.store.views import Line

WIDTH = 65
"""Letters in a line of a cue, as the Podcasting 2.0 namespace advises."""

ROWS = 2
"""Lines in a cue."""

PAUSE = 2_000
"""Milliseconds of silence after which a cue ends and a new one begins."""

WITHHELD = "[withheld]"
NOTICE = "This is fiction."
"""What a transcript of fiction says of itself."""

_UNKNOWN = "Unknown speaker"


@dataclass(frozen=True, slots=True)
class _Cue:
    """A line or two of one voice, shown from `start` to `end` (ms)."""

    start: int
    end: int
    who: str
    rows: tuple[str, ...]


def shown_name(line: Line) -> str:
    """
    What a voice is called in a transcript: its name, else a number of its own.

    >>> shown_name(Line(label="S2", name=None, start_ms=0, end_ms=0, text="", words=()))
    'Speaker 2'
    """
    if line.name and line.name.strip():
        return " ".join(line.name.split())
    if line.label is None:
        return _UNKNOWN
    numbered = re.fullmatch(r"S(\d+)", line.label)
    return f"Speaker {numbered[1]}" if numbered else line.label


def as_vtt(lines: Sequence[Line], *, fiction: bool = False) -> str:
    """The transcript as WebVTT with `<v Name>`. Raises BadInput where it has no times."""
    parts = ["WEBVTT"] + ([f"NOTE {NOTICE}"] if fiction else [])
    for cue in _cues(_timed(lines, "vtt")):
        body = "\n".join(html.escape(row, quote=False) for row in cue.rows)
        times = f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}"
        parts.append(f"{times}\n<v {html.escape(cue.who, quote=False)}>{body}</v>")
    return "\n\n".join(parts) + "\n"


def as_srt(lines: Sequence[Line], *, fiction: bool = False) -> str:
    """The transcript as SRT with `Name: ` before the words. Raises BadInput where it has no times."""
    cues = list(_cues(_timed(lines, "srt"), named=True))
    if fiction:
        first = min((cue.start for cue in cues), default=2_000)
        # SRT knows no notes, so the notice is a cue of its own.
        cues.insert(0, _Cue(0, min(first, 2_000), "Notice", (f"Notice: {NOTICE}",)))
    parts = [
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n" + "\n".join(map(_no_tags, cue.rows))
        for number, cue in enumerate(cues, 1)
    ]
    return "\n\n".join(parts) + ("\n" if parts else "")


def as_json(lines: Sequence[Line], *, fiction: bool = False) -> str:
    """
    The transcript as Podcasting 2.0 JSON: `{"version", "segments": [{speaker, startTime, endTime, body}]}`.

    Times are seconds; all are 0 where the transcript has none. Fiction carries `"fiction": true`.
    """
    segments = [
        {
            "speaker": cue.who,
            "startTime": cue.start / 1000,
            "endTime": cue.end / 1000,
            "body": " ".join(cue.rows),
        }
        for cue in _cues(lines)
    ]
    whole = {"version": "1.0.0", **({"fiction": True} if fiction else {}), "segments": segments}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def as_txt(lines: Sequence[Line], *, fiction: bool = False) -> str:
    """The transcript as plain text, `Name: words`, an utterance a line."""
    parts = [f"# {NOTICE}"] if fiction else []
    parts += [f"{_before_colon(shown_name(line))}: {' '.join(_texts(line))}" for line in lines if _texts(line)]
    return "\n".join(parts) + ("\n" if parts else "")


def _timed(lines: Sequence[Line], form: str) -> Sequence[Line]:
    if lines and not any(line.end_ms for line in lines):
        raise BadInput(f"this transcript has no times, so it cannot be written as {form}; write it as txt or json")
    return lines


def _texts(line: Line) -> tuple[str, ...]:
    """The words that may be shown, none of them with a space inside."""
    if line.masked:
        return (WITHHELD,)
    return tuple(part for text, _, _ in line.words for part in text.split()) or tuple(line.text.split())


def _cues(lines: Iterable[Line], *, named: bool = False) -> Iterable[_Cue]:
    """Cut utterances into cues; `named` puts the name before the words of each cue's first row."""
    for line in lines:
        who = shown_name(line)
        prefix = f"{_before_colon(who)}: " if named else ""
        words = _whole_words(line)
        while words:
            count, rows = _fitting(words, prefix)
            cue = words[:count]
            end = max(word_end for _, _, word_end in cue)
            # Where a further row holds a colon, its beginning would be read as a name: the right one goes before it.
            further = (f"{prefix}{row}" if re.search(r":(?=[\s*]|$)", row) else row for row in rows[1:])
            yield _Cue(cue[0][1], max(cue[0][1], end), who, (prefix + rows[0], *further))
            words = words[count:]


def _whole_words(line: Line) -> list[tuple[str, int, int]]:
    if line.masked or not line.words:
        # Without times of their own the words share the line's.
        return [(text, line.start_ms, line.end_ms) for text in _texts(line)]
    return [(part, start, end) for text, start, end in line.words for part in text.split()]


def _fitting(words: Sequence[tuple[str, int, int]], prefix: str) -> tuple[int, tuple[str, ...]]:
    """How many words go into one cue, and its rows: up to a sentence's end, where one comes late enough."""
    rows = [""]
    ends: list[tuple[int, tuple[str, ...]]] = []
    for at, (text, start, _) in enumerate(words):
        if at and start - words[at - 1][2] > PAUSE:
            break
        taken = len(rows[-1]) + (len(prefix) if len(rows) == 1 else 0)
        if rows[-1] and taken + 1 + len(text) > WIDTH:
            if len(rows) == ROWS:
                best = next((end for end in reversed(ends) if end[0] * 3 > at), None)
                return best or (at, tuple(rows))
            rows.append(text)
        else:
            rows[-1] = f"{rows[-1]} {text}".strip()
        if re.search(r"[.!?…][\"”’')\]]*$", text):
            ends.append((at + 1, tuple(rows)))
    return sum(len(row.split()) for row in rows), tuple(rows)


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{rest:03d}"


def _before_colon(name: str) -> str:
    """A name that stands before a colon holds none itself."""
    return " ".join(name.replace(":", " ").split()) or _UNKNOWN


def _no_tags(row: str) -> str:
    """SRT has no escapes, but players read tags and entities, and take an arrow for times."""
    return html.escape(row, quote=False) if re.search(r"[<>&]", row) else row
