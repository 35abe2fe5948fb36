"""
Reads and writes who spoke when in RTTM, the plain table in which such answers are exchanged.

A line `SPEAKER recording 1 start duration <NA> <NA> voice <NA> <NA>` is one turn, in
seconds (NIST, "The 2009 Rich Transcription Meeting Recognition Evaluation Plan",
appendix A). Lines of other types and comments (`;;`) say nothing about turns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from convarchive.domain.span import Span, joined
from convarchive.domain.speech import Turn
from convarchive.errors import BadInput
from convarchive.ingest.stitching import labelled

FIELDS = 8
"""A SPEAKER line names its voice in the eighth field; what follows may be left out."""
LONGEST = 1_000_000
"""Seconds (eleven days) that no recording lasts."""

Voices = dict[str, tuple[Span, ...]]
"""When each voice of one recording speaks, by the name it has in the table."""


def voices(text: str, where: str) -> dict[str, Voices]:
    """
    Return who speaks when by recording, as named in the table; one voice's overlapping turns are joined.

    `where` is the table's own name for messages. Raises BadInput, naming the line.
    """
    found: dict[str, dict[str, list[Span]]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or fields[0].startswith(";;") or fields[0] != "SPEAKER":
            if fields and not fields[0].startswith(";;") and not fields[0].isupper():
                raise BadInput(f"{where}, line {number}: this is no RTTM; a turn's line begins with SPEAKER")
            continue
        if len(fields) < FIELDS:
            raise BadInput(f"{where}, line {number}: a SPEAKER line has at least {FIELDS} fields, not {len(fields)}")
        own = found.setdefault(fields[1], {}).setdefault(fields[7], [])
        if span := _span(fields[3], fields[4], f"{where}, line {number}"):
            own.append(span)
    return {recording: {name: joined(own) for name, own in table.items()} for recording, table in found.items()}


def turns(table: Voices) -> tuple[Turn, ...]:
    """The turns of one recording's voices, labelled `S1`, `S2`, … by first appearance."""
    return labelled(tuple(table.values()))


def written(turns: Sequence[Turn], recording: str) -> str:
    """
    Return turns as RTTM under the recording's name; its blanks, which part fields, become `_`.

    >>> written([Turn(Span(500, 1750), "S1")], "a talk")
    'SPEAKER a_talk 1 0.500 1.250 <NA> <NA> S1 <NA> <NA>\\n'
    """
    name = "_".join(recording.split()) or "_"
    return "".join(
        f"SPEAKER {name} 1 {t.span.start / 1000:.3f} {t.span.duration / 1000:.3f} <NA> <NA> {t.label} <NA> <NA>\n"
        for t in turns
    )


def _span(start: str, duration: str, where: str) -> Span | None:
    try:
        first, length = float(start), float(duration)
    except ValueError as exc:
        raise BadInput(f"{where}: start and duration are seconds, not {start!r} and {duration!r}") from exc
    if not (math.isfinite(first) and math.isfinite(length) and first >= 0 and length >= 0 and first + length < LONGEST):
        raise BadInput(f"{where}: a turn cannot begin at {start} s and last {duration} s")
    span = Span.seconds(first, first + length)
    return span if span.duration else None
