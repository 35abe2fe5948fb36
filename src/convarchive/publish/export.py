"""Many quotes as a file: JSON lines, a table for a spreadsheet, references for a reference manager, linked data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from convarchive.domain.audience import Audience
from convarchive.errors import BadInput
from convarchive.publish.citation import csl_item
from convarchive.publish.jsonld import CONTEXT, quotation
from convarchive.publish.record import QuoteRecord
from convarchive.publish.reference_files import bibtex, ris
from convarchive.publish.release import may_leave
from convarchive.publish.text import FICTION, status
from convarchive.store.read_base import MEMBER

COLUMNS = (
    "id", "fiction", "text", "speaker", "credit", "role", "status", "attribution", "attribution_confidence",
    "text_status", "clearance", "confidence", "episode", "episode_id", "published", "source_kind", "source",
    "place", "recording_sha256", "start_ms", "end_ms", "themes", "language", "rights", "edits", "speaker_id",
    "version", "audio_url", "permalink",
)  # fmt: skip
"""The table's columns. One row a quote; where it has several sources, those of the first."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula, full-width forms too."""


def export(records: Iterable[QuoteRecord], form: str, audience: Audience) -> Iterator[str]:
    """
    The records as text in pieces that end with line ends, in the order they come.

    In a form made for publication those are left out that this audience may not take away so
    (see `kept_back`). Raises BadInput at once for a form that is none of `FORMATS`.
    """
    write = FORMATS.get(form)
    if write is None:
        raise BadInput(f"quotes cannot be exported as {form[:40]!r}; there are: {', '.join(FORMATS)}")
    return write(one for one in records if may_leave(one, form, audience))


def kept_back(records: Iterable[QuoteRecord], form: str, audience: Audience) -> int:
    """How many of the records this audience may not take away in this form."""
    return sum(not may_leave(one, form, audience) for one in records)


def file_name(records: Iterable[QuoteRecord], form: str) -> str:
    """A name for the file; it says so where anything in it is made up."""
    return f"{'fiction-' if any(one['fiction'] for one in records) else ''}quotes.{_SUFFIXES.get(form, form)}"


def _jsonl(records: Iterable[QuoteRecord]) -> Iterator[str]:
    for one in records:
        yield json.dumps(one, ensure_ascii=False) + "\n"


def _ris(records: Iterable[QuoteRecord]) -> Iterator[str]:
    for one in records:
        yield ris(csl_item(one))


def _bibtex(records: Iterable[QuoteRecord]) -> Iterator[str]:
    for one in records:
        yield bibtex(csl_item(one))


def _csl_json(records: Iterable[QuoteRecord]) -> Iterator[str]:
    yield from _json_list("[", (csl_item(one) for one in records), "]\n")


def _jsonld(records: Iterable[QuoteRecord]) -> Iterator[str]:
    nodes = ({key: value for key, value in quotation(one).items() if key != "@context"} for one in records)
    yield from _json_list(f'{{"@context": "{CONTEXT}", "@graph": [', nodes, "]}\n")


def _json_list(opening: str, values: Iterable[object], closing: str) -> Iterator[str]:
    before = opening
    for one in values:
        yield f"{before}\n{json.dumps(one, ensure_ascii=False)}"
        before = ","
    yield f"{opening}{closing}" if before == opening else f"\n{closing}"


def _csv(records: Iterable[QuoteRecord]) -> Iterator[str]:
    buffer = io.StringIO()
    rows = csv.writer(buffer)
    rows.writerow(COLUMNS)
    for one in records:
        yield _emptied(buffer)
        facts = _facts(one)
        rows.writerow([_cell(facts[column]) for column in COLUMNS])
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _facts(one: QuoteRecord) -> dict[str, object]:
    speaker, episode, attribution = one["speaker"], one["episode"], one["attribution"]
    source = one["sources"][0] if one["sources"] else None
    starts = [piece["start_ms"] for piece in one["excerpts"] if piece["start_ms"] is not None]
    ends = [piece["end_ms"] for piece in one["excerpts"] if piece["end_ms"] is not None]
    return {
        **{key: one[key] for key in ("id", "text", "text_status", "clearance", "confidence", "language",
                                     "rights", "version", "audio_url", "permalink")},
        "fiction": FICTION if one["fiction"] else None,
        "speaker": speaker and speaker["name"],
        "speaker_id": speaker and speaker["id"],
        "credit": speaker and speaker["credit"],
        "role": speaker and speaker["role"],
        "status": status(one),
        "attribution": attribution["status"],
        "attribution_confidence": attribution["confidence"],
        "episode": episode and episode["title"],
        "episode_id": episode and episode["id"],
        "published": episode and episode["published"],
        "source_kind": source and source["kind"],
        "source": source and source["title"],
        "place": source and source["place"],
        "recording_sha256": source and source["recording_sha256"],
        "start_ms": min(starts, default=None),
        "end_ms": max(ends, default=None),
        "themes": " ".join(theme["id"] for theme in one["themes"] if theme["score"] >= MEMBER),
        "edits": "; ".join(one["edits"]),
    }  # fmt: skip


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    # A word processor shows the apostrophe; a spreadsheet takes it for "this is text".
    return f"'{text}" if text.startswith(_FORMULA) else text


FORMATS: dict[str, Callable[[Iterable[QuoteRecord]], Iterator[str]]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "ris": _ris,
    "bibtex": _bibtex,
    "csl-json": _csl_json,
    "jsonld": _jsonld,
}
_SUFFIXES = {"bibtex": "bib", "csl-json": "json"}
