"""What a visitor of the search page asks, as its address says it, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast, get_args
from urllib.parse import urlencode

from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query, SourceKind
from convarchive.domain.quote import Clearance
from convarchive.domain.speaker import Role, SpeakerId
from convarchive.domain.theme import ThemeId

LONGEST = 10_000
"""Characters of a question."""

DEEPEST = 1000
"""How far down a list of hits the pages go."""

FILTERS = ("theme", "speaker", "role", "episode", "since", "until", "source", "clearance")
CHOICES: dict[str, tuple[str, ...]] = {
    "role": get_args(Role),
    "source": get_args(SourceKind),
    "clearance": get_args(Clearance),
}
"""Filters that are one of a few words."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The fields of the search form, as typed; empty where nothing was."""

    text: str = ""
    theme: str = ""
    speaker: str = ""
    episode: str = ""
    since: str = ""
    until: str = ""
    skip: int = 0
    after: str = ""
    role: str = ""
    source: str = ""
    clearance: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Asking:
        """What an address asks; fields it does not know are not looked at."""
        skip = given.get("from", "")
        return cls(
            " ".join(given.get("q", "").split()),
            given.get("theme", "").strip(),
            given.get("speaker", "").strip(),
            given.get("episode", "").strip(),
            given.get("since", "").strip(),
            given.get("until", "").strip(),
            min(int(skip), DEEPEST) if re.fullmatch(r"[0-9]{1,6}", skip) else 0,
            given.get("after", "").strip(),
            *(given.get(name, "").strip() for name in CHOICES),
        )

    @classmethod
    def again(cls, query: Query) -> Asking:
        """What somebody would have typed to ask this query."""
        filters: dict[str, Any] = {name: getattr(query, name) or "" for name in FILTERS}
        return cls(query.text, **filters)

    @property
    def filtered(self) -> bool:
        """Whether anything but words was asked for."""
        return bool(self.filters)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The filters that are set, by field."""
        return tuple((name, getattr(self, name)) for name in FILTERS if getattr(self, name))

    @property
    def refined(self) -> bool:
        """Whether a filter of the fold-away part is set."""
        return any(name not in ("theme", "episode") for name, _ in self.filters)

    def faults(self) -> dict[str, str]:
        """What cannot be acted on, by field, in words for whoever typed it."""
        found = {}
        if len(self.text) > LONGEST:
            found["q"] = f"That is {len(self.text):,} characters; ask in at most {LONGEST:,}."
        for field in ("since", "until"):
            typed = getattr(self, field)
            if typed and not _is_day(typed):
                found[field] = f"“{typed[:40]}” is no date; write it as 2031-01-31."
        for field, choices in CHOICES.items():
            typed = getattr(self, field)
            if typed and typed not in choices:
                found[field] = f"There is no {field} “{typed[:40]}”; choose one of: {', '.join(choices)}."
        if not found and self.since and self.until and self.since > self.until:
            found["until"] = "The last day lies before the first."
        return found

    def day(self, field: str) -> str:
        """What was typed as a date, where it is one: a browser's date field takes nothing else."""
        typed: str = getattr(self, field)
        return typed if _is_day(typed) else ""

    def query(self, limit: int) -> Query:
        """The same as a query of the archive."""
        return Query(
            self.text,
            ThemeId(self.theme) if self.theme else None,
            SpeakerId(self.speaker) if self.speaker else None,
            EpisodeId(self.episode) if self.episode else None,
            self.since or None,
            self.until or None,
            limit,
            cast("Role | None", self.role or None),
            cast("SourceKind | None", self.source or None),
            cast("Clearance | None", self.clearance or None),
        )

    def address(self, path: str = "/", /, **changes: object) -> str:
        """The search page's address for this question with some fields changed, from its first page on."""
        asked = replace(self, **({"skip": 0, "after": ""} | changes))  # type: ignore[arg-type]
        return asked.here(path)

    def here(self, path: str = "/", /, **further: str) -> str:
        """The address of just this page of the answer, at another `path` with `further` parameters where given."""
        said = urlencode([*self.named.items(), *further.items()])
        return f"{path}?{said}" if said else path

    @property
    def plain(self) -> str:
        """The address of the same words without any filter."""
        return Asking(self.text).here()

    def without(self, fields: Iterable[str]) -> str:
        """The address of this question without some of its fields, called as in an address."""
        return self.address(**{"text" if name == "q" else name: "" for name in fields})

    @property
    def named(self) -> dict[str, str]:
        """Every field that says something, by its name in an address."""
        fields = {"q": self.text, **dict(self.filters)}
        places = {"from": str(self.skip) if self.skip else "", "after": self.after}
        return {name: value for name, value in (fields | places).items() if value}


def _is_day(typed: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        return False
    try:
        date.fromisoformat(typed)
    except ValueError:
        return False
    return True
