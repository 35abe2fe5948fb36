"""
Opening quotes to the public, closing them, and taking a decision back.

Each decision is one transaction: the review, what follows from it, the passages and the
desk `withdrawals.toml` change together. The desk is written last before the commit, and
whatever interrupts, what is left over closes a quote rather than opens it.

Clearing words that were only heard is the reviewer's statement that they checked them by
ear. A clearing names a version, never a voice: a name that is not confirmed stays unseen
by the public.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from convarchive.domain.desk import Withdrawal
from convarchive.domain.quote import AudioSource, Clearance, QuoteId, VersionId
from convarchive.editorial.desks import take_off_desk
from convarchive.editorial.saying import instant, said
from convarchive.errors import Changed, Gone, NotAllowed, NotFound
from convarchive.home import Home
from convarchive.ingest.barring import follow_withdrawals
from convarchive.ingest.withdrawals import add_withdrawals
from convarchive.store.catalogue import Catalogue
from convarchive.store.decisions import Bearing, Standing
from convarchive.store.releases import keep_release
from convarchive.store.write_reviews import Hold
from convarchive.store.writer import Writer

Closed = Literal["withheld", "withdrawn"]
_SCOPE = {
    "heard": "the words, checked by ear against the recording",
    "checked": "the words, checked against the recording",
    "printed": "the words as printed",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """
    What was decided: the review's number in the log, and how the quote now stands.

    `erased` is False where traces in the catalogue's file wait for a reading process to
    end; the next writing command finishes that. `undone` is the number of the review that
    was taken back, and what it had done.
    """

    review: int
    quote: QuoteId
    version: VersionId
    clearance: Clearance
    erased: bool = True
    undone: tuple[int, str] | None = None


def clear(
    catalogue: Catalogue,
    home: Home,
    quote: QuoteId,
    *,
    by: str,
    why: str,
    version: VersionId | None = None,
    seen: int | None = None,
    scope: str | None = None,
    not_before: str | None = None,
    release: Path | None = None,
) -> Decided:
    """
    Open a quote's newest version to the public, from `not_before` on where an embargo is meant.

    A `release` form is kept, and the review names its digest. Raises BadInput without `by` or
    `why` or for a form that cannot be read, NotFound, Gone, Changed, and NotAllowed while a hold
    closes the quote: that has to be taken back first.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        found = _looked_at(write, quote, version, seen)
        if found.holds:
            raise NotAllowed(
                f"quote {quote} cannot be cleared while it is {_reasons(found)}; take that back first: {_ways(found)}"
            )
        opens = None if not_before is None else instant(not_before, "not-before", write.now)
        scope = scope or _SCOPE[found.text_status]
        act: Literal["clear", "embargo"] = "clear" if opens is None else "embargo"
        form = None if release is None else keep_release(home, release)
        number = write.reviews.add(
            act, by, why, quote=quote, version=found.version, scope=scope, until=opens, release=form
        )
        write.reviews.clear(found.version, number, scope, opens)
        _told(write)
    return Decided(number, quote, found.version, "cleared" if opens is None else "unreviewed")


def withhold(
    catalogue: Catalogue,
    home: Home,
    quote: QuoteId,
    *,
    by: str,
    why: str,
    version: VersionId | None = None,
    seen: int | None = None,
    until: str | None = None,
) -> Decided:
    """
    Close a quote, and all that is cut from the same place, to the public (`until` a day or an instant).

    Raises BadInput, NotFound, Gone, Changed, and NotAllowed for what is withdrawn already.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        found = _looked_at(write, quote, version, seen)
        if any(hold.state == "withdrawn" for hold in found.holds):
            raise NotAllowed(f"quote {quote} is withdrawn already, which closes it to more people than withholding")
        ends = None if until is None else instant(until, "until", write.now)
        number = write.reviews.add("withhold", by, why, quote=quote, version=found.version, until=ends)
        _close(write, home, found, number, "withheld", ends)
    return Decided(number, quote, found.version, "withheld")


def withdraw(
    catalogue: Catalogue,
    home: Home,
    quote: QuoteId,
    *,
    by: str,
    why: str,
    version: VersionId | None = None,
    seen: int | None = None,
) -> Decided:
    """
    Take a quote, and all that is cut from the same place, out of everybody's sight but the editors'.

    It is hidden in the transaction that records it, also in processes that run already;
    then the traces of older wordings are wiped from the file (`Decided.erased`). Raises
    BadInput, NotFound, Gone, Changed.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        found = _looked_at(write, quote, version, seen)
        number = write.reviews.add("withdraw", by, why, quote=quote, version=found.version)
        write.order_erasure()
        _close(write, home, found, number, "withdrawn", None)
    return Decided(number, quote, found.version, "withdrawn", erased=catalogue.erase())


def undo(
    catalogue: Catalogue,
    home: Home,
    quote: QuoteId,
    *,
    by: str,
    why: str,
    version: VersionId | None = None,
    seen: int | None = None,
) -> Decided:
    """
    Take back the strictest decision about this very quote: its withdrawal, else its withholding, else its clearing.

    What closes it from elsewhere (its speaker, its episode, a quote that shares its place,
    a line an owner wrote on the desk) stays, and while it does, its clearing is not touched:
    whoever wants it opened would lose it. Raises BadInput, NotFound, Gone, Changed, and
    NotAllowed where there is nothing of its own to take back.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        found = _looked_at(write, quote, version, seen)
        own = [hold for hold in found.holds if hold.quote == quote and hold.review is not None]
        for state, act in (("withdrawn", "withdrawal"), ("withheld", "withholding")):
            reviews = [hold.review for hold in own if hold.state == state and hold.review is not None]
            if reviews:
                last, what = max(reviews), act
                number = write.reviews.add("undo", by, why, quote=quote, version=found.version, undoes=last)
                take_off_desk(home, write.reviews.lift(quote, state, number))
                follow_withdrawals(write, home)
                break
        else:
            if found.holds or not found.clearings:
                raise NotAllowed(_nothing_to_undo(found))
            last, what = found.clearings[-1], "clearing"
            number = write.reviews.add("undo", by, why, quote=quote, version=found.version, undoes=last)
            write.reviews.unclear(quote, number)
        _told(write)
        now = living(write, quote)
    return Decided(number, quote, now.version, now.clearance, undone=(last, what))


def _looked_at(write: Writer, quote: QuoteId, version: VersionId | None, seen: int | None) -> Standing:
    found = living(write, quote)
    if version is not None and version != found.version:
        raise Changed(f"quote {quote} has changed since it was looked at; look again before deciding")
    last = write.reviews.newest(quote)
    if seen is not None and seen != last:
        raise Changed(f"quote {quote} was decided about since it was looked at (review {last}); look again first")
    return found


def demand_all(catalogue: Catalogue, quotes: Sequence[QuoteId]) -> None:
    """Raise NotFound or Gone, before anything is decided, unless each of several quotes can be decided about."""
    with catalogue.writing() as write:
        for quote in dict.fromkeys(quotes):
            living(write, quote)


def living(write: Writer, quote: QuoteId) -> Standing:
    """How a quote stands that can be decided about. Raises NotFound, Gone."""
    found = write.reviews.standing(quote)
    if found is None:
        raise NotFound(
            f"no quote {quote[:60]!r} here, so nothing was decided; list what there is with: convarchive search"
        )
    if found.retired is not None:
        raise Gone(f"quote {quote} no longer stands ({found.retired}); decide about what took its place")
    return found


def _nothing_to_undo(found: Standing) -> str:
    if not found.holds:
        return f"nothing was decided about quote {found.quote}, so there is nothing to take back"
    return f"quote {found.quote} is {_reasons(found)}; take that back: {_ways(found)}"


def _reasons(found: Standing) -> str:
    return "; ".join(dict.fromkeys(hold.says(found.quote) for hold in _told_once(found)))


def _ways(found: Standing) -> str:
    return ", and ".join(dict.fromkeys(hold.way_out for hold in _told_once(found)))


def _told_once(found: Standing) -> list[Bearing]:
    # Decisions stand on the desk as well; what was decided leads there, not the other way round.
    decided = {hold.state for hold in found.holds if hold.desk is None}
    return [hold for hold in found.holds if hold.desk is None or hold.state not in decided]


def _close(write: Writer, home: Home, found: Standing, review: int, state: Closed, until: str | None) -> None:
    # By its id as well: a new transcript may move a quote's place, never its id.
    write.reviews.hold(Hold(state, quote=found.quote, until=until), review)
    entries = [replace(entry, since=write.now[:10], until=until) for entry in _entries(write, found, state)]
    for entry in entries:
        for hold in Hold.of(entry):
            write.reviews.hold(hold, review)
    add_withdrawals(home, entries)
    follow_withdrawals(write, home)
    _told(write)


def _entries(write: Writer, found: Standing, state: Closed) -> Iterator[Withdrawal]:
    held = write.episodes.recording_of(found.episode) if found.episode else None
    for one in found.sources:
        if isinstance(one, AudioSource):
            newest = found.episode if held and held[0].sha256 == one.recording else None
            yield Withdrawal(state, recording=one.recording, spans=(one.span,), episode=newest)
        else:
            yield Withdrawal(state, document=one.document, key=one.key)


def _told(write: Writer) -> None:
    write.search.sync_passages()
    write.count_up("review")
