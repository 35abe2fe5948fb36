"""Writes a reference the way a manual of style wants it: APA, MLA, Chicago or Harvard, by citeproc-py."""

from __future__ import annotations

import re
import warnings
from html import escape
from importlib.resources import as_file, files
from types import SimpleNamespace
from typing import Literal, get_args

from convarchive.errors import EngineMissing
from convarchive.publish.citation import Item

Style = Literal["apa", "mla", "chicago", "harvard"]
STYLES: tuple[Style, ...] = get_args(Style)

_USED = ("id", "type", "title", "container-title", "author", "publisher", "issued", "URL")
"""What the styles need of an item. citeproc-py breaks down over some other variables, genre among them."""


_OPEN, _CLOSE = "\ue000", "\ue001"
"""Mark what a style wants slanted, until all the rest has been escaped; never part of an item's text."""


class _Slanted(str):
    """What citeproc-py calls to slant a text."""

    def __new__(cls, text: object) -> _Slanted:
        return super().__new__(cls, f"{_OPEN}{text}{_CLOSE}")


_FORM = SimpleNamespace(
    preformat=str, Italic=_Slanted, Oblique=_Slanted, Bold=str, Light=str, Underline=str, Superscript=str,
    Subscript=str, SmallCaps=str,
)  # fmt: skip
"""A formatter that escapes nothing: citeproc-py's own HTML lets markup inside titles through."""


def formatted(item: Item, style: Style, *, html: bool = False) -> str:
    """
    One reference, as plain text or as HTML in which nothing is markup but `<i>` around a title.

    Raises EngineMissing where citeproc-py is not installed.
    """
    try:
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
        from citeproc.source.json import CiteProcJSON
    except ImportError as error:
        raise EngineMissing(
            "citeproc-py is not installed, without which no style can be had; get it with: "
            "pip install 'convarchive[serve]'"
        ) from error
    with as_file(files("convarchive.publish") / "csl" / f"{style}.csl") as path, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Read anew each time (a few milliseconds): what is read keeps state, and threads share this module.
        parsed = CitationStylesStyle(str(path), validate=False)
        bibliography = CitationStylesBibliography(parsed, CiteProcJSON([_reduced(item)]), _FORM)
        bibliography.register(Citation([CitationItem(item["id"])]))
        (made,) = bibliography.bibliography()
    # A title that ends a sentence itself needs no full stop.
    text = re.sub(r"(?<=[?!…])\.”", "”", str(made))
    if not html:
        return text.replace(_OPEN, "").replace(_CLOSE, "")
    return escape(text, quote=False).replace(_OPEN, "<i>").replace(_CLOSE, "</i>")


def _reduced(item: Item) -> Item:
    found: Item = {key: _unmarked(item[key]) for key in _USED if key in item}
    if "date-parts" not in found.get("issued", {}):
        found.pop("issued", None)
    # Every style sets its own stop behind a title.
    found["title"] = re.sub(r"(?<=[^.])\.$", "", found["title"])
    return found


def _unmarked(value: object) -> object:
    return value.replace(_OPEN, "").replace(_CLOSE, "") if isinstance(value, str) else value
