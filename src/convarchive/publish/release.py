"""
Decides whether a quote may leave in a form made for publication: the one place that refuses.

The public and comms get such forms only of quotes that are cleared and whose name is sure;
researchers and editors get all, each marked with its status.
"""

from __future__ import annotations

from convarchive.domain.audience import PERMISSIONS, Audience
from convarchive.errors import NotPublishable
from convarchive.publish.record import QuoteRecord

WORKING_FORMS = frozenset({"text", "json", "jsonl", "csv"})
"""Working material, which says its own status and is never refused; every other form is made for publication."""

_CLOSED = {
    "unreviewed": "nobody has cleared its words",
    "withheld": "it is withheld",
    "withdrawn": "it is withdrawn",
}
_OPENED = {
    "unreviewed": "ask an editor to clear it",
    "withheld": "ask the editor who withheld it",
    "withdrawn": "leave it: it was taken down",
}
_UNSURE = {"probable": "its name is only probable", "unattributed": "its speaker is not identified"}


def obstacles(record: QuoteRecord) -> tuple[str, ...]:
    """
    What stands in the way of publishing a quote, in words; empty where nothing does.

    A name an editor gave counts as confirmed; one that is printed is as sure as its print.
    """
    found = [_CLOSED[record["clearance"]]] if record["clearance"] in _CLOSED else []
    if found and _waits_for(record):
        found = [f"it is under embargo until {_waits_for(record)}"]
    status = record["attribution"]["status"]
    if status in _UNSURE or record["speaker"] is None:
        found.append(_UNSURE.get(status, _UNSURE["unattributed"]))
    return tuple(found)


def may_leave(record: QuoteRecord, form: str, audience: Audience) -> bool:
    """Whether this audience may take the quote away in this form."""
    marked = PERMISSIONS[audience].exports in ("marked", "all")
    return marked or form in WORKING_FORMS or not obstacles(record)


def refuse_unpublishable(record: QuoteRecord, form: str, audience: Audience) -> None:
    """Raise NotPublishable where this audience may not take the quote away in this form, saying what is missing."""
    if may_leave(record, form, audience):
        return
    waits = record["clearance"] == "unreviewed"
    ways = [_OPENED[record["clearance"]]] if record["clearance"] in _OPENED else []
    if _waits_for(record):
        ways = ["wait for that day"]
    if record["attribution"]["status"] in _UNSURE:
        ways.append("ask an editor whose voice it is")
    if waits and record["edits"]:
        ways.append("take the wording that is public, with audience public")
    raise NotPublishable(
        f"quote {record['id']} cannot be had as {form} for publication: {' and '.join(obstacles(record))}; "
        f"{', or '.join(ways) if ways else 'ask an editor'}, or read it as text"
    )


def _waits_for(record: QuoteRecord) -> str | None:
    """The day on which an embargo ends, for those who may know of it."""
    cleared = record["cleared"]
    return cleared["day"] if cleared and record["clearance"] == "unreviewed" else None
