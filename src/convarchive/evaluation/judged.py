"""
Reads texts with queries that people judged.

The layout is BEIR's in little: `documents.jsonl` with `id` and `text`, and `queries.jsonl`
with `id`, `query` and `relevant`, ids of documents. A document may name its `topic`, and its `meeting`; so may a
query, which was then judged within that meeting only. A query's `kind` groups it with its like.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from convarchive.errors import BadInput


@dataclass(frozen=True, slots=True)
class Text:
    """A document: what is ranked, and the meeting it was said in and what that was about, where it names them."""

    id: str
    text: str
    meeting: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with the ids of all documents that were judged to answer it."""

    id: str
    query: str
    relevant: tuple[str, ...]
    meeting: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """One collection of documents with its queries."""

    name: str
    documents: tuple[Text, ...]
    queries: tuple[Asked, ...]


def judged_sets(data: Path, only: Sequence[str] = ()) -> tuple[JudgedSet, ...]:
    """
    The sets in the folders of `data/themes`, or of `data`, by name; `only` names some of them.

    Raises BadInput where there is none, or a line that does not parse.
    """
    folder = data / "themes" if (data / "themes").is_dir() else data
    places = [folder, *sorted(folder.iterdir())] if folder.is_dir() else []
    held = {place.name: place for place in places if (place / "queries.jsonl").is_file()}
    for name in only:
        if name not in held:
            raise BadInput(f"{folder} holds no set {name!r} with queries; there are: {', '.join(held) or 'none'}")
    if not held:
        raise BadInput(f"{folder} holds no documents.jsonl beside queries.jsonl; name the folder with --data")
    return tuple(_set(name, place) for name, place in held.items() if not only or name in only)


def _set(name: str, place: Path) -> JudgedSet:
    documents = tuple(
        Text(_text(row, "id", at), _text(row, "text", at), _maybe(row, "meeting"), _maybe(row, "topic"))
        for row, at in _rows(place / "documents.jsonl")
    )
    known = {document.id for document in documents}
    queries = []
    for row, at in _rows(place / "queries.jsonl"):
        relevant = row.get("relevant")
        if not isinstance(relevant, list) or not known.issuperset(relevant):
            raise BadInput(f"{at}: relevant must list ids of documents")
        asked = Asked(_text(row, "id", at), _text(row, "query", at), tuple(map(str, relevant)))
        queries.append(Asked(asked.id, asked.query, asked.relevant, _maybe(row, "meeting"), _maybe(row, "kind")))
    return JudgedSet(name, documents, tuple(queries))


def _rows(path: Path) -> Iterator[tuple[dict[str, object], str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadInput(f"{path} cannot be read ({exc})") from exc
    for number, line in enumerate(lines, start=1):
        at = f"{path}:{number}"
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise BadInput(f"{at}: not JSON") from exc
        if not isinstance(row, dict):
            raise BadInput(f"{at}: not a JSON object")
        yield row, at


def _text(row: dict[str, object], key: str, at: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise BadInput(f"{at}: {key} must be a text")
    return value


def _maybe(row: dict[str, object], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) else None
