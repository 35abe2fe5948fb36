"""
The desk `withdrawals.toml`: what may not come back, without its words.

It outlives the catalogue: every import, ingest and restore reads it first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Literal

from convarchive.domain.desk import Withdrawal
from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.quote import DocumentId
from convarchive.domain.redaction import Erased, Mark
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId
from convarchive.home import Home
from convarchive.ingest.desk_changes import given
from convarchive.ingest.desks import SLUG, SLUG_RULE
from convarchive.tomlfile import Entry, Table, append, read, remove

LONGEST_MS = 7 * 24 * 3600 * 1000
"""No recording is longer than a week; a larger number is a slip of the pen."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{2,64}")
_EPISODE = re.compile(r"e[a-z2-7]{12}")
_STATES: tuple[Literal["withheld", "withdrawn"], ...] = ("withheld", "withdrawn")
_TARGETS = ("recording", "document", "person", "episode")
_BELONGS = {
    "key": "document",
    "start_ms": "recording",
    "end_ms": "recording",
    "spans": "recording",
    "erased": "recording",
}


def read_withdrawals(home: Home) -> tuple[Withdrawal, ...]:
    """What `withdrawals.toml` keeps from coming back. Raises SettingsError naming the line."""
    return withdrawals_in(read(home.withdrawals)) if home.withdrawals.exists() else ()


def withdrawals_in(top: Table) -> tuple[Withdrawal, ...]:
    """What a parsed `withdrawals.toml` says. Raises SettingsError naming the line."""
    top.only("withdrawals", "names")
    return tuple(_withdrawal(entry) for entry in top.tables("withdrawals"))


def add_withdrawals(home: Home, withdrawals: Sequence[Withdrawal]) -> None:
    """
    Add what may not come back and does not stand there yet.

    Raises SettingsError where the desk itself is broken, HomeNotWritable.
    """
    known = set(read_withdrawals(home))
    new = [one for one in dict.fromkeys(withdrawals) if one not in known]
    if new:
        append(home.withdrawals, "withdrawals", [_entry(one) for one in new], withdrawals_in)


def remove_withdrawals(home: Home, withdrawals: Sequence[Withdrawal]) -> bool:
    """Take entries out; False where none of them stands there. Raises as `add_withdrawals`."""
    gone = set(withdrawals)

    def same(top: Table) -> list[int]:
        return [position for position, one in enumerate(withdrawals_in(top)) if one in gone]

    return remove(home.withdrawals, "withdrawals", same)


def read_erased(home: Home) -> Erased:
    """What was erased and may not be taken in again. Raises SettingsError naming the line."""
    if not home.withdrawals.exists():
        return Erased()
    top = read(home.withdrawals)
    spans: dict[Sha256, tuple[Span, ...]] = {}
    for one in withdrawals_in(top):
        if one.erased and one.recording:
            spans[one.recording] = (*spans.get(one.recording, ()), *(one.spans or (Span(0, LONGEST_MS),)))
    return Erased(names_in(top), spans)


def names_in(top: Table) -> tuple[Mark, ...]:
    """The erased names of a parsed `withdrawals.toml`, as digests. Raises SettingsError naming the line."""
    found = []
    for entry in top.tables("names"):
        entry.only("words", "salt", "digest")
        words = entry.whole("words", least=1, most=20)
        salt = entry.matching("salt", _SALT, "the hex digits that were written here")
        found.append(Mark(words, salt, entry.matching("digest", _DIGEST, "the 64 hex digits that were written here")))
    return tuple(found)


def add_names(home: Home, marks: Sequence[Mark]) -> None:
    """Add erased names, as digests. Raises as `add_withdrawals`."""
    if marks:
        append(home.withdrawals, "names", [given(words=m.words, salt=m.salt, digest=m.digest) for m in marks], names_in)


def _withdrawal(entry: Table) -> Withdrawal:
    entry.only("state", *_TARGETS, *_BELONGS, "since", "until", "erased")
    state = entry.choice("state", _STATES, "withdrawn")
    bound = tuple(key for key in _TARGETS if key in entry)
    if len(bound) != 1 and bound != ("recording", "episode"):
        entry.fail(
            "a withdrawal names exactly one of recording, document (with key), person and episode; only a recording "
            "may have its episode beside it"
        )
    for key, belongs in _BELONGS.items():
        if key in entry and belongs != bound[0]:
            entry.fail(f"{key} belongs to a {belongs}, not to a {bound[0]}; remove one", key)
    if "until" in entry and state == "withdrawn":
        entry.fail("until is for what is withheld; a withdrawal has no end", "until")
    sound = bound[0] == "recording"
    recording = entry.matching("recording", _DIGEST, "the sha256 of the audio file, 64 hex digits") if sound else None
    episode = entry.matching("episode", _EPISODE, "an id that episodes list prints") if "episode" in entry else None
    return Withdrawal(
        state=state,
        recording=Sha256(recording) if recording else None,
        spans=_spans(entry),
        episode=EpisodeId(episode) if episode else None,
        document=DocumentId(entry.matching("document", SLUG, SLUG_RULE)) if bound[0] == "document" else None,
        key=entry.matching("key", SLUG, SLUG_RULE) if bound[0] == "document" else None,
        person=SpeakerId(entry.matching("person", SLUG, SLUG_RULE)) if bound[0] == "person" else None,
        since=entry.date_or("since", None),
        until=entry.date_or("until", None),
        erased=entry.flag("erased", False),
    )


def _spans(entry: Table) -> tuple[Span, ...]:
    """One stretch as `start_ms` and `end_ms`, or several as `spans`; none for a whole recording."""
    pairs = entry.pairs("spans", least=0, most=LONGEST_MS)
    if "start_ms" not in entry and "end_ms" not in entry:
        return tuple(Span(start, end) for start, end in pairs)
    if pairs:
        entry.fail("spans stands beside start_ms and end_ms; move those two into spans", "spans")
    start = entry.whole("start_ms", least=0, most=LONGEST_MS)
    return (Span(start, entry.whole("end_ms", least=start, most=LONGEST_MS)),)


def _entry(withdrawal: Withdrawal) -> Entry:
    one = withdrawal.spans[0] if len(withdrawal.spans) == 1 else None
    return given(
        state=withdrawal.state,
        recording=withdrawal.recording,
        start_ms=one.start if one else None,
        end_ms=one.end if one else None,
        spans=[[span.start, span.end] for span in withdrawal.spans] if len(withdrawal.spans) > 1 else None,
        episode=withdrawal.episode,
        document=withdrawal.document,
        key=withdrawal.key,
        person=withdrawal.person,
        since=_date(withdrawal.since),
        until=_date(withdrawal.until),
        erased=withdrawal.erased or None,
    )


def _date(text: str | None) -> dt.date | dt.datetime | str | None:
    """A date as TOML writes it, without quotation marks; a year or month alone stays a text."""
    if text is None or len(text) < len("2031-01-15"):
        return text
    return dt.date.fromisoformat(text) if len(text) == len("2031-01-15") else dt.datetime.fromisoformat(text)
