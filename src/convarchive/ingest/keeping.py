"""
Cuts a recording again without losing a quote whose words are still heard.

A newer transcript sets its full stops elsewhere, and rules change. What was once a quote
and would now be none is cut once more at its old words, so that its id lives on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convarchive.alignment.carry import NEAR, Carried, Held, carry
from convarchive.alignment.find import place
from convarchive.domain.quote import Draft
from convarchive.domain.speaker import Role
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.ingest import drafting
from convarchive.ingest.quoting import NO_ROLES, Grade, cut
from convarchive.ingest.sentences import Spoken, Stretch, stretches
from convarchive.ingest.sharing import NO_SHARES, Share

STILL = 0.8
"""Share of a quote's words that must be heard in order, by one voice, for it to be cut once more."""
KEPT = "kept from an earlier transcript: the newer one would not have cut it here"


def recut(
    utterances: Sequence[Utterance],
    held: Sequence[Held],
    grade: Grade,
    *,
    language: str = "en",
    roles: Mapping[SpeakerLabel, Role] = NO_ROLES,
    shares: Mapping[int, Share] = NO_SHARES,
) -> tuple[tuple[Draft, ...], Carried]:
    """Cut utterances as `quoting.cut` does, keep what was held, and say which draft goes on under which id."""
    drafts = cut(utterances, grade, language=language, roles=roles, shares=shares)
    carried = carry(held, drafts)
    nowhere = {old.id for old in carried.retired if not old.targets}
    lost = [quote for quote in held if quote.id in nowhere]
    again = _once_more(utterances, drafts, lost, shares)
    if not again:
        return drafts, carried
    drafts = tuple(sorted((*drafts, *again), key=lambda draft: draft.first))
    return drafts, carry(held, drafts)


def _once_more(
    utterances: Sequence[Utterance], drafts: Sequence[Draft], lost: Sequence[Held], shares: Mapping[int, Share]
) -> list[Draft]:
    """The lost quotes whose words are still heard and are in no other quote, as drafts."""
    if not lost:
        return []
    scene = drafting.Scene.of(utterances, shares)
    spoken = stretches(utterances)
    free = _free(spoken, drafts)
    found: list[Draft] = []
    for quote in lost:
        for stretch in spoken:
            words = _heard(quote, stretch)
            if words and all(spoken_.at in free for spoken_ in words):
                found.append(drafting.draft(stretch, words, scene, KEPT))
                free -= {spoken_.at for spoken_ in words}
                break
    return found


def _free(spoken: Sequence[Stretch], drafts: Sequence[Draft]) -> set[int]:
    """Positions of the words that stand in no draft."""
    taken: set[int] = set()
    first = {draft.first: draft.words for draft in drafts}
    for stretch in spoken:
        places = [word.at for word in stretch.words]
        for n, at in enumerate(places):
            if at in first:
                taken.update(places[n : n + first[at]])
    return {word.at for stretch in spoken for word in stretch.words} - taken


def _heard(quote: Held, stretch: Stretch) -> tuple[Spoken, ...]:
    """The words of a stretch, near the quote's old time, in which it is still heard; empty if it is not."""
    span = quote.selector.span
    words = stretch.words
    if span is not None and span.duration:
        words = tuple(spoken for spoken in words if spoken.word.span.gap(span) <= NEAR)
    found = place(quote.selector.exact, [spoken.word for spoken in words], least=STILL)
    return words[found.first : found.first + found.words] if found else ()
