"""What a visitor of the search page asks, as its address says it, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId

LONGEST = 10_000
"""Characters of a question."""

DEEPEST = 1000
"""How far down a list of hits the pages go."""


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
        )

    @property
    def filtered(self) -> bool:
        """Whether anything but words was asked for."""
        return bool(self.theme or self.speaker or self.episode or self.since or self.until)

    @property
    def refined(self) -> bool:
        """Whether a filter of the fold-away part is set."""
        return bool(self.speaker or self.episode or self.since or self.until)

    def faults(self) -> dict[str, str]:
        """What cannot be acted on, by field, in words for whoever typed it."""
        found = {}
        if len(self.text) > LONGEST:
            found["q"] = f"That is {len(self.text):,} characters; ask in at most {LONGEST:,}."
        for field in ("since", "until"):
            typed = getattr(self, field)
            if typed and not _is_day(typed):
                found[field] = f"“{typed[:40]}” is no date; write it as 2031-01-31."
        if not found and self.since and self.until and self.since > self.until:
            found["until"] = "The last day lies before the first."
        return found

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
        )

    def address(self, **changes: object) -> str:
        """The search page's address for this question with some fields changed, from its first page on."""
        asked = replace(self, **({"skip": 0, "after": ""} | changes))  # type: ignore[arg-type]
        named = {
            "q": asked.text,
            "theme": asked.theme,
            "speaker": asked.speaker,
            "episode": asked.episode,
            "since": asked.since,
            "until": asked.until,
            "from": str(asked.skip) if asked.skip else "",
            "after": asked.after,
        }
        said = urlencode({name: value for name, value in named.items() if value})
        return f"/?{said}" if said else "/"


def _is_day(typed: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        return False
    try:
        date.fromisoformat(typed)
    except ValueError:
        return False
    return True
