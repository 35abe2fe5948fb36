"""Doing what an editor decided about a voice, letting it spread, and telling what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from convarchive import wiring
from convarchive.cli.elsewhere import NOWHERE, Elsewhere, elsewhere_record, known_by_print, tell_elsewhere, weigh_again
from convarchive.cli.output import as_json, note, say
from convarchive.domain.episode import EpisodeId
from convarchive.editorial.assigning import Assigned
from convarchive.editorial.desks import load_desks
from convarchive.editorial.spreading import Named, Spread, look, spread
from convarchive.errors import ArchiveError
from convarchive.home import Home
from convarchive.index.checking import status
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    A decision and what it changed, in its episode and `elsewhere`.

    `trouble` says what kept names and quotes from following at once; `names` how the episode's
    voices are called now.
    """

    decided: Assigned
    spread: Spread
    trouble: tuple[str, ...]
    elsewhere: Elsewhere = NOWHERE
    names: Mapping[str, Named] = field(default_factory=dict)


def decide(place: Home, command: str, episode: EpisodeId, do: Callable[[Catalogue], Assigned]) -> Outcome:
    """Take a decision, name the episode again, and compare. Raises what `do` raises, and HomeBusy."""
    with holding(place, command), Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        with catalogue.reading("editor") as read:
            before = look(read, episode)
        elsewhere = known_by_print(catalogue)
        decided = do(catalogue)
        try:
            trouble = wiring.rename(place, catalogue, episode)
        except ArchiveError as error:
            # What was decided stands, whatever keeps the names from following.
            trouble = (str(error),)
        with catalogue.reading("editor") as read:
            after = look(read, episode)
        others = weigh_again(place, catalogue, decided.elsewhere, lambda done, of: None, elsewhere)
        changed = spread(before, after, status(place, catalogue).pending)
        return Outcome(decided, changed, trouble, others, after.voices)


def tell(outcome: Outcome) -> None:
    """What changed, for a person."""
    changed = outcome.spread
    label, rest = outcome.decided.label, outcome.decided.rest
    if label and rest:
        called = {one: _named(outcome.names[one]) if one in outcome.names else "not named" for one in (label, rest)}
        say(f"  the part is {label} now: {called[label]}; the rest stays {rest}: {called[rest]}")
    for line in lines(changed):
        say(line)
    if back := set(outcome.decided.again) - changed.public:
        say(f"  {_quotes(len(back))} cleared as before")
    if not changed.voices and not changed.quotes and not changed.gone and not changed.fresh:
        say("  no name and no quote is otherwise than before")
    for person in outcome.decided.unprinted:
        say(f"  the voiceprint of {person} from this recording is erased; make it anew with: speakers enrol {person}")
    tell_elsewhere(outcome.elsewhere, lines)
    if changed.pending:
        note(f"{waiting(changed.pending)} for the search index: convarchive index build")
    for doubt in outcome.decided.doubts:
        note(f"left open: {doubt}")
    for trouble in outcome.trouble:
        note(f"the decision is kept; names follow with: convarchive ingest ({trouble})")


def lines(changed: Spread) -> Iterator[str]:
    """What changed in one episode, a line for each thing."""
    for label, (was, now) in changed.voices.items():
        if now is None:
            yield f"  {label} is no voice of its own any more"
        else:
            yield f"  {label}: {_named(now)}" + (f", was {_named(was)}" if was else ", a voice of its own")
    for name, count in changed.quotes.items():
        yield f"  {_quotes(count)} now under {_named(name) if name.name else 'no name'}"
    if changed.gone or changed.fresh:
        yield f"  {_quotes(changed.gone)} gone, {changed.fresh} cut anew"
    if changed.unreviewed:
        yield f"  {_quotes(changed.unreviewed)} back to unreviewed: not public until somebody clears them"
    if (others := changed.uncleared - changed.unreviewed) > 0:
        yield f"  {_quotes(others)} not cleared under this name: not public until somebody clears them"
    if changed.public:
        yield f"  {_quotes(len(changed.public))} cleared before: public under this name from now on"


def tell_json(episode: str, outcome: Outcome, warnings: Sequence[str] = ()) -> None:
    """The same for a script."""
    decided, changed = outcome.decided, outcome.spread
    as_json({
        "review": decided.review,
        "episode": episode,
        "label": decided.label,
        "rest": decided.rest,
        "no_longer_public": list(decided.closed),
        "public_again": list(decided.again),
        "left_open": list(decided.doubts),
        "warnings": list(warnings),
        **fields(changed),
        "voiceprints_erased": list(decided.unprinted),
        "elsewhere": elsewhere_record(outcome.elsewhere, fields),
        "index_pending": changed.pending,
        "trouble": list(outcome.trouble),
    })  # fmt: skip


def fields(changed: Spread) -> dict[str, object]:
    """What changed in one episode, for a script."""
    return {
        "voices": [
            {"label": label, "before": _record(was), "after": _record(now)}
            for label, (was, now) in changed.voices.items()
        ],
        "quotes": [
            {"name": name.name, "status": name.status, "count": count} for name, count in changed.quotes.items()
        ],
        "quotes_gone": changed.gone,
        "quotes_new": changed.fresh,
        "quotes_unreviewed_again": changed.unreviewed,
        "quotes_not_cleared_under_new_name": changed.uncleared,
        "quotes_public_under_new_name": len(changed.public),
    }


def _record(named: Named | None) -> dict[str, str | None] | None:
    return None if named is None else {"name": named.name, "status": named.status}


def _named(named: Named) -> str:
    return f"{named.name} ({named.status})" if named.name else "not named"


def waiting(count: int) -> str:
    """How many passages wait, as the beginning of a sentence."""
    return "1 passage waits" if count == 1 else f"{count} passages wait"


def _quotes(count: int) -> str:
    return "1 quote" if count == 1 else f"{count} quotes"
