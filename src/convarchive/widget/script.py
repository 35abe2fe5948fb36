"""The widget's script as it is served: its bytes, the name that its digest gives it, and what embeds it."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import urlencode

PLACE = "/widget/v1/"
"""Where the script is served. A release that pages of today would not understand gets another number."""
NAME = "quote-search.js"
TAG = "quote-search"


@dataclass(frozen=True, slots=True)
class Script:
    """One version of the widget's script; `packed` is the same, gzipped."""

    source: bytes
    packed: bytes
    digest: bytes

    @classmethod
    def of(cls, source: bytes) -> Script:
        """A script from its bytes."""
        # Without a time in it, so that every process packs the same bytes.
        return cls(source, gzip.compress(source, 9, mtime=0), hashlib.sha256(source).digest())

    @property
    def pinned(self) -> str:
        """The name under which these bytes, and never others, are served."""
        return f"{TAG}.{self.digest.hex()[:16]}.js"

    @property
    def integrity(self) -> str:
        """What a page writes into `integrity` (W3C Subresource Integrity)."""
        return f"sha256-{base64.b64encode(self.digest).decode()}"


@cache
def current() -> Script:
    """The script of this release."""
    return Script.of((files("convarchive.widget") / NAME).read_bytes())


@cache
def pinned() -> dict[str, Script]:
    """This release's script and those of earlier ones, by the names that pages have pinned."""
    return shelf(files("convarchive.widget") / "released") | {current().pinned: current()}


def shelf(folder: Traversable) -> dict[str, Script]:
    """
    The scripts of a folder by their names.

    Raises ValueError where a file is not what its name says, for a page that pinned it
    would refuse it.
    """
    found = {one.name: Script.of(one.read_bytes()) for one in folder.iterdir() if one.name.endswith(".js")}
    for name, script in found.items():
        if name != script.pinned:
            raise ValueError(f"{name} holds what belongs into {script.pinned}; released files are never changed")
    return found


def snippet(archive: str, attributes: Mapping[str, str] | None = None, *, pin: bool = False) -> str:
    """
    The two lines that put the widget into a page, and the link that stands there without scripts.

    `archive` is its public address without a slash at its end. A pinned one loads exactly
    these bytes, or nothing.
    """
    address, script, given = escape(archive), current(), attributes or {}
    src, check = (script.pinned, f' integrity="{script.integrity}"') if pin else (NAME, "")
    more = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
    return (
        f'<script type="module" src="{address}{PLACE}{src}"{check}></script>\n'
        f'<{TAG} archive="{address}"{more}><a href="{escape(_page(archive, given))}">Search the archive</a></{TAG}>'
    )


def frame(archive: str, title: str, attributes: Mapping[str, str] | None = None) -> str:
    """The same as an iframe on the archive's own page, for whoever may run no scripts."""
    given = attributes or {}
    src = f"{archive}/embed" + (f"?{urlencode(given)}" if given else "")
    height = 320 if "quote" in given else 640
    return (
        f'<iframe src="{escape(src)}" title="{escape(f"Quotes from {title}")}" '
        f'width="100%" height="{height}" loading="lazy"></iframe>'
    )


def _page(archive: str, given: Mapping[str, str]) -> str:
    if "quote" in given:
        return f"{archive}/q/{given['quote']}"
    return f"{archive}/" + (f"?{urlencode(given)}" if given else "")
