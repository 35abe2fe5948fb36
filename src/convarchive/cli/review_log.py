"""Commands that show what was decided, and what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from convarchive.cli.options import HomeOption, JsonOption, home_of
from convarchive.cli.output import as_json, note, say, shortened, table
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId, Review, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.publish.lists import question_record, review_record
from convarchive.store.catalogue import Catalogue
from convarchive.store.releases import release_file
from convarchive.store.standing import VOICE_ACTS

SHOWN = 20
"""Waiting quotes that are listed for reading; a show's hundreds would bury the rest."""


def listing(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    List what waits for a person, then what was decided.

    Example: convarchive review list
    """
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading("editor") as read:
        questions, reviews = read.questions(), read.reviews()
        waiting = read.quotes(read.waiting(Query("")))
        names = {person.id: person.name for person in read.register()}
    if json:
        as_json({
            "waiting": [quote.id for quote in waiting],
            "questions": [question_record(q) for q in questions],
            "reviews": [review_record(r) for r in reviews],
        })  # fmt: skip
        return
    if waiting:
        quotes = [(q.id, q.speaker.name if q.speaker else "", shortened(q.text)) for q in waiting[:SHOWN]]
        table(("waits for review", "speaker", "words"), quotes)
        if len(waiting) > SHOWN:
            say(f"and {len(waiting) - SHOWN} more; all of them with: convarchive review list --json")
        note("read one with: convarchive quote ID; then decide with: convarchive review clear ID --by WHO --why TEXT")
    if waiting and (questions or reviews):
        say()
    if questions:
        table(("episode", "stage", "question"), [(q.episode, q.stage, q.detail) for q in questions])
    if questions and reviews:
        say()
    if reviews:
        undone = {act.undoes: act.number for act in reviews if act.undoes is not None}
        rows = [(r.number, r.at[:10], r.act, _on(r, names), r.by, r.why, _further(r, undone, {})) for r in reviews]
        table(("no.", "day", "act", "on", "by", "why", ""), rows)
    if not waiting and not questions and not reviews:
        say("nothing waits, and nothing was decided yet")


def history(
    quote_id: Annotated[str, typer.Argument(help="A quote's id.", metavar="QUOTE")],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """
    Show what was decided about a quote, also with its speaker or episode: when, by whom, why, about which words, and on
    which release form.

    Example: convarchive review history QUOTE
    """
    place = home_of(home)
    with Catalogue.for_reading(place) as catalogue, catalogue.reading("editor") as read:
        acts = read.history(QuoteId(quote_id))
        names = {person.id: person.name for person in read.register()}
        said = {act.version: found.text for act in acts if act.version and (found := read.earlier(act.version))}
    undone = {act.undoes: act.number for act in acts if act.undoes is not None}
    if json:
        as_json([review_record(act) | {"undone_by": undone.get(act.number)} for act in acts])
        return
    if not acts:
        say("nothing was decided about it yet")
        return
    rows = [
        (
            act.number,
            act.at[:10],
            act.act,
            _on(act, names) if act.act in VOICE_ACTS else act.person or act.episode or "this quote",
            act.by,
            act.why,
            _further(act, undone, said),
        )
        for act in acts
    ]
    table(("no.", "day", "act", "on", "by", "why", ""), rows)
    for form in dict.fromkeys(act.release_sha256 for act in acts if act.release_sha256):
        kept = release_file(place, form)
        say(f"release form {form[:12]}: {kept or 'no longer held, or no longer the same file'}")


def _on(act: Review, names: Mapping[SpeakerId, str]) -> str:
    """What an act was about: a quote, a person, or voices of an episode and whose they are."""
    person = names.get(act.person, act.person) if act.person else ""
    if act.quote:
        return act.quote
    if act.act not in VOICE_ACTS:
        return act.person or act.episode or ""
    which = " ".join(part for part in (act.episode, act.scope) if part)
    return f"{which}: {person}" if person else which


def _further(act: Review, undone: dict[int, int], said: dict[VersionId, str]) -> str:
    parts = [
        f"{'from' if act.act == 'embargo' else 'until'} {act.until}" if act.until else "",
        # Which wording was looked at: an edited quote has several.
        f"“{shortened(said[act.version])}”" if act.version in said else "",
        f"release form {act.release_sha256[:12]}" if act.release_sha256 else "",
        f"theme {act.scope}" if act.act in ("tag", "untag") else "",
        f"undoes {act.undoes}" if act.undoes else "",
        f"undone by {undone[act.number]}" if act.number in undone else "",
    ]
    return "; ".join(part for part in parts if part)
