"""Writes CSL-JSON items as the files that reference managers read: RIS and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from convarchive.publish.citation import Item
from convarchive.publish.person_name import inverted

_RIS_TYPES = {"broadcast": "SOUND", "chapter": "CHAP"}
_BIBTEX_TYPES = {"broadcast": "misc", "chapter": "incollection"}
_LATEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_LIGATURE = re.compile(r"(?<=[-`',<>?!])(?=[-`',<>])")
"""Between two signs that TeX might draw as one."""


def ris(item: Item) -> str:
    """
    One reference in RIS, its lines ended by carriage return and line feed.

    The words stand under AB, what has to be known of them under N1.
    """
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris(item)) + "ER  - \r\n"


def _ris(item: Item) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS_TYPES[item["type"]]
    yield "ID", item["id"]
    for person in item.get("author", ()):
        yield "AU", inverted(person)
    for tag, key in (("TI", "title"), ("T2", "container-title"), ("PB", "publisher")):
        if key in item:
            yield tag, item[key]
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    if parts:
        yield "PY", f"{parts[0]:04}"
        yield "DA", "/".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:]), *[""] * (3 - len(parts))])
    for tag, key in (("LA", "language"), ("M3", "genre"), ("UR", "URL"), ("AB", "abstract"), ("N1", "note")):
        if key in item:
            yield tag, item[key]


def bibtex(item: Item) -> str:
    """
    One entry in BibTeX: UTF-8, with everything that TeX takes for a command written out.

    Braces inside values always come in pairs, for BibTeX counts them whatever stands before.
    """
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _bibtex(item))
    return f"@{_BIBTEX_TYPES[item['type']]}{{{item['id']},\n{fields}}}\n"


def _bibtex(item: Item) -> Iterator[tuple[str, str]]:
    authors = [_bibtex_name(person) for person in item.get("author", ())]
    if authors:
        yield "author", " and ".join(authors)
    # A second pair of braces keeps capitals as they are.
    yield "title", f"{{{_latex(item['title'])}}}"
    container = item.get("container-title")
    if item["type"] == "chapter" and container:
        yield "booktitle", f"{{{_latex(container)}}}"
    if item["type"] == "broadcast":
        yield "howpublished", _latex(", ".join(part for part in (item["genre"], container) if part))
    if "publisher" in item:
        yield "publisher", _latex(item["publisher"])
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    for name, part in zip(("year", "month", "day"), parts, strict=False):
        yield name, f"{part:04}" if name == "year" else str(part)
    if "URL" in item:
        # BibTeX styles set addresses with \url, which takes them as they are.
        yield "url", item["URL"].replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
    for name, key in (("language", "language"), ("abstract", "abstract"), ("note", "note")):
        if key in item:
            yield name, _latex(item[key])


def _bibtex_name(person: dict[str, str]) -> str:
    """Family, suffix, given, as BibTeX has them; in braces of its own what is no person's plain name."""
    if "family" not in person:
        return f"{{{_latex(person['literal'])}}}"
    return ", ".join(_latex(person[part]) for part in ("family", "suffix", "given") if part in person)


def _latex(text: str) -> str:
    # Pieces of a ligature are parted first, for what is written out brings braces of its own.
    return "{}".join("".join(_LATEX.get(c, c) for c in piece) for piece in _LIGATURE.split(text))
