"""Reading a hand-written TOML file strictly: what it may say, of which type, and on which line it errs."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NoReturn, TypeVar

from convarchive.errors import SettingsError
from convarchive.tomlfile.lines import KeyPath, key_lines

_Choice = TypeVar("_Choice", bound=str)
_D = TypeVar("_D")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


def read(path: Path) -> Table:
    """Read a TOML file. Raises SettingsError where it is missing, unreadable or not TOML."""
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise SettingsError(f"{path}: cannot be read ({exc.strerror}); put it back or fix its rights") from exc
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise SettingsError(f"{path}:{line}: is not UTF-8 text; save the file as UTF-8") from exc
    return parse(text, path)


def parse(text: str, path: Path) -> Table:
    """Take TOML from a text; `path` is only named in errors. Raises SettingsError and nothing else."""
    try:
        values = tomllib.loads(text)
    except RecursionError as exc:
        raise SettingsError(f"{path}:1: lists or tables are nested too deeply; flatten them") from exc
    except ValueError as exc:
        message = str(exc)
        where = _WHERE.search(message)
        line = (where and where[1]) or ((text.count("\n") + 1) if where else 1)
        what = _one_line(_WHERE.sub("", message))
        raise SettingsError(f"{path}:{line}: is not TOML: {what}; correct this line") from exc
    try:
        lines = key_lines(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError, IndexError):
        lines = {}  # Better an error without its exact line than none at all.
    return Table(path, values, lines)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant, else list them all; a clause without a full stop."""
    choices = sorted(known)
    near = difflib.get_close_matches(word.casefold(), choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    if len(choices) > 12:
        return f"there are {len(choices)} to choose from, such as {choices[0]!r}"
    return "use one of: " + ", ".join(choices) if choices else "there is none to choose from"


class Table:
    """
    A table of a TOML file with typed readers.

    A reader with a `default` makes its key optional. Every reader raises SettingsError,
    one line long, naming file, line and key.
    """

    __slots__ = ("_lines", "_path", "_values", "file")

    def __init__(
        self, file: Path, values: Mapping[str, object], lines: Mapping[KeyPath, int], path: KeyPath = ()
    ) -> None:
        self.file = file
        self._values = values
        self._lines = lines
        self._path = path

    def __contains__(self, key: str) -> bool:
        return key in self._values

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys as written, in order."""
        return tuple(self._values)

    def line(self, *within: str | int) -> int:
        """The line of a key of this table, or of the table itself."""
        path = (*self._path, *within)
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def fail(self, problem: str, *within: str | int) -> NoReturn:
        """Raise SettingsError about a key of this table, or the table itself."""
        raise SettingsError(f"{self.file}:{self.line(*within)}: {_one_line(problem)}")

    def only(self, *known: str) -> None:
        """Refuse every key that is not known, with a suggestion."""
        for key in self._values:
            if key not in known:
                self.fail(f"unknown key {_clip(key)}; {suggestion(key, known)}", key)

    def text(self, key: str) -> str:
        """A required text: not empty, without control characters, runs of white space made one space."""
        value = self._need(key)
        if not isinstance(value, str):
            self.fail(f"{key} must be a text in quotation marks, not {_kind(value)}", key)
        bad = _CONTROL.search(value)
        if bad:
            self.fail(f"{key} holds the control character U+{ord(bad[0]):04X}; remove it", key)
        words = " ".join(value.split())
        if not words:
            self.fail(f"{key} is empty; give it a text" + self._or_leave_out(key), key)
        return words

    def text_or(self, key: str, default: _D) -> str | _D:
        """An optional text, checked as `text` checks it."""
        return self.text(key) if key in self else default

    def choice(self, key: str, choices: Collection[_Choice], default: _Choice | None = None) -> _Choice:
        """One of a few words; required where there is no default."""
        if default is not None and key not in self:
            return default
        word = self.text(key)
        for choice in choices:
            if word == choice:
                return choice
        self.fail(f"{key} is {_clip(word)}; {suggestion(word, choices)}", key)

    def matching(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        """A required text that matches the whole pattern; `what` describes it to a person."""
        word = self.text(key)
        if not pattern.fullmatch(word):
            self.fail(f"{key} is {_clip(word)}; write {what}", key)
        return word

    def texts(self, key: str) -> tuple[str, ...]:
        """An optional list of texts; empty where the key is missing, never with the same text twice."""
        found: list[str] = []
        for position, value in enumerate(self._list(key, "texts")):
            if not isinstance(value, str) or not value.strip() or _CONTROL.search(value):
                self.fail(f"{key} must list texts in quotation marks, not {_kind(value)}", key, position)
            words = " ".join(value.split())
            if words in found:
                self.fail(f"{key} lists {_clip(words)} twice; remove one", key, position)
            found.append(words)
        return tuple(found)

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds, both included; required where there is no default."""
        if default is not None and key not in self:
            return default
        value = self._need(key)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(f"{key} must be a whole number, not {_kind(value)}", key)
        if not least <= value <= most:
            self.fail(f"{key} must lie between {least} and {most}", key)
        return value

    def pairs(self, key: str, *, least: int, most: int) -> tuple[tuple[int, int], ...]:
        """An optional list of [from, to] pairs of whole numbers within bounds, none running backwards."""
        found = []
        for position, value in enumerate(self._list(key, "pairs such as [0, 4000]")):
            whole = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
            if not (isinstance(value, list) and whole and least <= value[0] <= value[1] <= most):
                self.fail(
                    f"{key} must list pairs of whole numbers between {least} and {most}, none running backwards",
                    key,
                    position,
                )
            found.append((value[0], value[1]))
        return tuple(found)

    def flag(self, key: str, default: bool) -> bool:
        """An optional true or false."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            self.fail(f"{key} must be true or false, not {_kind(value)}", key)
        return value

    def date_or(self, key: str, default: _D) -> str | _D:
        """
        An optional date as ISO 8601: a TOML date or date-time, or a text of a year, month or day.

        Returns `2031`, `2031-01`, `2031-01-15` or a date-time with its offset.
        """
        if key not in self:
            return default
        value = self._values[key]
        if isinstance(value, dt.datetime):
            if value.tzinfo is None:
                self.fail(f"{key} is a date-time without an offset; write the date alone, or add Z or +01:00", key)
            return value.isoformat()
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                dt.date.fromisoformat(f"{value}-01-01"[:10] if len(value) != 7 else f"{value}-01")
            except ValueError:
                self.fail(f"{key} is {_clip(value)}, a date that does not exist; write one such as 2031-01-15", key)
            return value
        self.fail(f"{key} must be a date such as 2031-01-15, not {_kind(value)}", key)

    def table_or(self, key: str, default: _D) -> Table | _D:
        """An optional table."""
        if key not in self:
            return default
        value = self._values[key]
        if not isinstance(value, dict):
            self.fail(f"{key} must be a table, written [{key}], not {_kind(value)}", key)
        return Table(self.file, value, self._lines, (*self._path, key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """An optional list of tables, each written under `[[key]]`."""
        found = []
        for position, value in enumerate(self._list(key, f"tables; write each under [[{key}]]")):
            if not isinstance(value, dict):
                self.fail(f"{key} must list tables, each written under [[{key}]], not {_kind(value)}", key, position)
            found.append(Table(self.file, value, self._lines, (*self._path, key, position)))
        return tuple(found)

    def _list(self, key: str, of: str) -> list[object]:
        value = self._values.get(key, [])
        if not isinstance(value, list):
            self.fail(f"{key} must be a list of {of}, not {_kind(value)}", key)
        return value

    def _need(self, key: str) -> object:
        if key not in self._values:
            self.fail(f"{key} is missing; add a line {key} = …")
        return self._values[key]

    @staticmethod
    def _or_leave_out(key: str) -> str:
        return f", or remove the line if {key} is not needed"


class Once:
    """Refuses an id, key or name that stands twice, naming both lines."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def add(self, value: str, table: Table, key: str, *within: str | int, what: str | None = None) -> None:
        """Remember `value`, written at `key` of `table`. Raises SettingsError the second time."""
        first = self._seen.get(value)
        here = table.line(key, *within)
        if first is not None:
            where = first.removeprefix(f"{table.file}:")
            where = f"line {where}" if where != first else first
            table.fail(
                f"{what or key} {_clip(value)} stands twice (first on {where}); change or remove one", key, *within
            )
        self._seen[value] = f"{table.file}:{here}"


def _one_line(text: str) -> str:
    return _CONTROL.sub("�", " ".join(text.split()))


def _clip(text: str) -> str:
    """A value as an error shows it: in quotation marks and never long."""
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "an empty text" if not value.strip() else "a text"
        case int() | float():
            return "a number"
        case dt.date() | dt.time():
            return "a date or time"
        case list():
            return "a list"
        case _:
            return "a table"
