"""A random sample of confirmed quotes for a person to check by ear, and what they said."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from convarchive.domain.checking import Check, Verdict
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.editorial.clearing import living
from convarchive.editorial.saying import said
from convarchive.errors import Changed, NotAllowed, NotFound
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView


@dataclass(frozen=True, slots=True)
class Sampled:
    """A quote of the sample, and the verdict that somebody gave on it as it is now, if any."""

    quote: QuoteView
    check: Check | None


@dataclass(frozen=True, slots=True)
class Sample:
    """Which quotes are drawn: how many at most, and by which seed."""

    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that was kept: the review's number, and what was said of name and words."""

    review: int
    name: Verdict
    words: Verdict


def sample(read: Reader, count: int, seed: int) -> tuple[Sampled, ...]:
    """
    At most `count` confirmed quotes from recordings, each as likely as any other; for one seed always the same ones.

    Quotes are ordered by a digest of seed and id, so that the sample stays what it was when
    others come or go. Only quotes that stand now are in it.
    """
    frame = sorted(read.to_check(), key=lambda quote: hashlib.sha256(f"{seed}:{quote}".encode()).digest())
    checks = {(one.quote, one.version): one for one in read.checks()}
    return tuple(
        Sampled(view, checks.get((view.id, view.version))) for view in read.quotes(frame[:count])
    )  # fmt: skip


def judge(
    catalogue: Catalogue,
    drawn: Sample,
    quote: QuoteId,
    name: Verdict,
    words: Verdict | None,
    *,
    by: str,
    note: str = "",
    version: VersionId | None = None,
) -> Judged:
    """
    Keep what somebody heard of a quote of the sample: whether the name is right, and whether the words are.

    It changes nothing about the quote. A later verdict on the same version takes its place;
    where `words` is None, with what was said of the words before (`unsure` where nothing
    was). Raises BadInput, NotFound, Gone, Changed where the quote is no longer what they
    heard (`version`), and NotAllowed for quotes that are not confirmed, have no sound or
    were not drawn: whoever chooses what is counted measures nothing.
    """
    with catalogue.reading("editor") as read:
        edited = read.decided_by_editor(quote)
        frame = set(read.to_check())
        before = {one.quote.id: one.check for one in sample(read, drawn.count, drawn.seed)}
    earlier = before.get(quote)
    words = words or (earlier.words if earlier else "unsure")
    heard = f"name {name}, words {words}"
    by, why = said(by, f"{heard}: {note}" if note.strip() else f"{heard}, by ear")
    with catalogue.writing() as write:
        found = living(write, quote)
        if quote not in frame:
            raise NotAllowed(f"quote {quote} is not one to check: only confirmed names with sound are")
        if quote not in before:
            raise NotAllowed(
                f"quote {quote} is not among the {drawn.count} that seed {drawn.seed} draws, so it is not counted; "
                f"see them with: convarchive review sample -n {drawn.count} --seed {drawn.seed} --json"
            )
        if version is not None and version != found.version:
            raise Changed(f"quote {quote} has changed since it was heard; listen again before judging")
        scope = json.dumps({"name": name, "words": words, "basis": "editor" if edited else "evidence"})
        number = write.reviews.add("check", by, why, quote=quote, version=found.version, scope=scope)
        write.count_up("review")
    return Judged(number, name, words)


def take_back(catalogue: Catalogue, quote: QuoteId, *, by: str, note: str = "") -> int:
    """
    Take back the newest verdict on a quote, so that the one before it counts again, if any; the review's number.

    Raises BadInput, and NotFound where no verdict stands.
    """
    by, why = said(by, note or "the verdict is taken back")
    with catalogue.reading("editor") as read:
        numbers = [one.review for one in read.checks() if one.quote == quote]
    if not numbers:
        raise NotFound(f"no verdict on quote {quote[:60]!r} stands, so none can be taken back")
    with catalogue.writing() as write:
        number = write.reviews.add("undo", by, why, quote=quote, undoes=max(numbers))
        write.count_up("review")
    return number
