"""
Keeps the catalogue's holds in line with `withdrawals.toml`, also when an episode's sound is replaced.

A publisher puts another advert in front, and every second of the talk moves. What was
withdrawn is then looked for in the new recording's words, told by the old one's; where it
is found, the entry moves there, and where it is not, the whole episode stays closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from convarchive.alignment.find import place
from convarchive.alignment.words import units
from convarchive.domain.desk import Withdrawal
from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.span import Span
from convarchive.domain.transcript import Word
from convarchive.home import Home
from convarchive.ingest.withdrawals import add_withdrawals, read_erased, read_withdrawals, remove_withdrawals
from convarchive.store.write_reviews import Hold
from convarchive.store.writer import Writer

WITHDRAWALS = "ingest/withdrawals.toml"
STILL = 0.8
"""Share of the words that must be heard in order for them to count as found."""
EDGE_MS = 500
"""How far a found stretch is widened where its first or last word is heard otherwise now."""


def follow_withdrawals(write: Writer, home: Home) -> None:
    """Bring holds in line with `withdrawals.toml` as it is now."""
    entries = read_withdrawals(home)
    write.reviews.holds_from_desk(WITHDRAWALS, [hold for entry in entries for hold in Hold.of(entry)])
    write.keep_away(read_erased(home))


def move_along(
    write: Writer, home: Home, episode: EpisodeId, recording: Sha256, words: Sequence[Word]
) -> tuple[str, ...]:
    """
    Bind what was closed in the episode's earlier recording to its newest one, whose `words` these are.

    Returns what an editor has to look at. Until then all of the episode is closed, which
    `store.standing.closed_episodes` sees to by itself.
    """
    questions = []
    for entry in read_withdrawals(home):
        if entry.episode != episode or entry.recording in (None, recording):
            continue
        spans = _found(write, entry, words)
        if spans is None:
            questions.append(
                f"words were {entry.state} in recording {str(entry.recording)[:12]}…, and in this newer one they were "
                "not found, so all of the episode is closed; decide about the same words here, then take the old "
                f"entry out of {WITHDRAWALS}"
            )
            continue
        moved = replace(entry, recording=recording, spans=spans)
        left = replace(entry, episode=None)
        write.reviews.move(Hold.of(entry), Hold.of(moved))
        # The new entries stand before the old one goes: whatever interrupts closes too much rather than too little.
        add_withdrawals(home, [moved, left])
        remove_withdrawals(home, [entry])
        follow_withdrawals(write, home)
    return tuple(questions)


def _found(write: Writer, entry: Withdrawal, words: Sequence[Word]) -> tuple[Span, ...] | None:
    """Where the entry's stretches are in the new words; None unless every one is found, () for a whole recording."""
    old = write.speech.latest_words(entry.recording) if entry.recording else ()
    found = []
    for span in entry.spans:
        said = [word.text for word in old if span.overlap(word.span) or word.span.start in span]
        at = place(" ".join(said), words, least=STILL)
        if at is None:
            return None
        first, last = words[at.first].text, words[at.first + at.words - 1].text
        before, after = (0 if _same(a, b) else EDGE_MS for a, b in ((said[0], first), (said[-1], last)))
        found.append(Span(max(0, at.span.start - before), at.span.end + after))
    return tuple(found)


def _same(one: str, other: str) -> bool:
    return [unit.key for unit in units([one])] == [unit.key for unit in units([other])]
