"""Which line of a TOML text each key stands on, so that an error can point at it."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

KeyPath = tuple[str | int, ...]
"""The way to a value: table names, keys and positions in lists, outermost first."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BETWEEN = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}\r\n#]*")
_STRINGS = {
    '"""': re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{1,2}(?!"))?', re.DOTALL),
    "'''": re.compile(r"'''.*?'''(?:'{1,2}(?!'))?", re.DOTALL),
    '"': re.compile(r'"(?:[^"\\]|\\.)*"'),
    "'": re.compile(r"'[^']*'"),
}


def key_lines(text: str) -> dict[KeyPath, int]:
    """
    Return the line (from 1) of every table, key and list element of a *valid* TOML text.

    A table written in several places counts where it was first named. Raises ValueError
    where the text turns out not to be TOML after all.
    """
    return _Scanner(text).scan()


class _Scanner:
    """Walks a text that the real parser has already accepted, so it need not check the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.breaks = [match.start() for match in re.finditer("\n", text)]
        self.found: dict[KeyPath, int] = {}
        self.lists: dict[KeyPath, int] = {}
        """How many tables each `[[list]]` holds so far."""

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self.skip(_BETWEEN) < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.found

    def skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"not TOML at character {self.at}")
        self.at = match.end()
        return self.at

    def note(self, path: KeyPath, at: int) -> None:
        self.found.setdefault(path, bisect_left(self.breaks, at) + 1)

    def header(self) -> KeyPath:
        start = self.at
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.at += brackets
        keys = self.dotted()
        self.at += brackets
        path: KeyPath = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            self.note(path, start)
            if brackets == 2 and position == len(keys) - 1:
                self.lists[path] = self.lists.get(path, 0) + 1
            if path in self.lists:
                path = (*path, self.lists[path] - 1)
                self.note(path, start)
        return path

    def dotted(self) -> list[str]:
        keys = []
        while True:
            self.skip(_BLANK)
            start = self.at
            if self.text[start : start + 1] in ("'", '"'):
                self.skip(_STRINGS[self.text[start]])
                keys.append(str(tomllib.loads(f"k={self.text[start : self.at]}")["k"]))
            else:
                self.skip(_BARE)
                keys.append(self.text[start : self.at])
            self.skip(_BLANK)
            if self.text[self.at : self.at + 1] != ".":
                return keys
            self.at += 1

    def pair(self, table: KeyPath) -> None:
        start = self.at
        for key in self.dotted():
            table = (*table, key)
            self.note(table, start)
        self.at += 1  # the equals sign
        self.skip(_BLANK)
        self.value(table)

    def value(self, path: KeyPath) -> None:
        rest = self.text[self.at : self.at + 3]
        for quote, pattern in _STRINGS.items():
            if rest.startswith(quote):
                self.skip(pattern)
                return
        if rest[:1] == "[":
            self.array(path)
        elif rest[:1] == "{":
            self.inline_table(path)
        else:
            self.skip(_SCALAR)

    def array(self, path: KeyPath) -> None:
        self.at += 1
        position = 0
        while self.next_member("]"):
            self.note((*path, position), self.at)
            self.value((*path, position))
            position += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self.next_member("}"):
            self.pair(path)

    def next_member(self, closing: str) -> bool:
        """Step over blanks and a comma to the next member; False after the closing bracket."""
        self.skip(_BETWEEN)
        if self.text[self.at : self.at + 1] == ",":
            self.at += 1
            self.skip(_BETWEEN)
        if self.at >= len(self.text):
            raise ValueError("a list or table is not closed")
        if self.text[self.at] == closing:
            self.at += 1
            return False
        return True
