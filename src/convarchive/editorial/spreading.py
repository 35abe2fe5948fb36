"""What a decision about a voice changed in its episode: names, quotes, and what is no longer public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.quote import Clearance, QuoteId
from convarchive.domain.speaker import Status
from convarchive.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Named:
    """A voice's name (None: nobody's) and how sure it is."""

    name: str | None
    status: Status


@dataclass(frozen=True, slots=True)
class Looks:
    """An episode's voices by label, and its quotes: under which name, and whether they may be repeated."""

    voices: Mapping[str, Named]
    quotes: Mapping[QuoteId, tuple[Named, Clearance]]


@dataclass(frozen=True, slots=True)
class Spread:
    """
    What is otherwise than before.

    `voices` maps labels whose name changed, or who are new or gone (None), to how they were
    and are; `quotes` says how many quotes came under which name, or are surer or less sure of it;
    `gone` and `fresh` count quotes that stand no longer, and new ones; `unreviewed` those
    that were cleared and wait for review again, `uncleared` those under another name than before
    that nobody cleared under it; `public` are those that are cleared and whose new name the
    public sees from now on; `pending` passages wait for the search index.
    """

    voices: Mapping[str, tuple[Named | None, Named | None]]
    quotes: Mapping[Named, int]
    gone: int
    fresh: int
    unreviewed: int
    uncleared: int
    public: frozenset[QuoteId]
    pending: int


def look(read: Reader, episode: EpisodeId) -> Looks:
    """How an episode looks now, to an editor. Raises NotFound."""
    voices = {voice.label: Named(voice.name, voice.status) for voice in read.voices(episode)}
    views = read.listed(Query("", episode=episode))
    quotes = {
        view.id: (Named(view.speaker.name if view.speaker else None, view.attribution.status), view.clearance)
        for view in views
        if view.label is not None
    }
    return Looks(voices, quotes)


def spread(before: Looks, after: Looks, pending: int) -> Spread:
    """What changed between two looks at one episode."""
    labels = sorted({*before.voices, *after.voices}, key=lambda one: (len(one), one))
    both = [(before.quotes[quote], now) for quote, now in after.quotes.items() if quote in before.quotes]
    others = {
        quote: now
        for quote, now in after.quotes.items()
        if quote in before.quotes and before.quotes[quote][0] != now[0]
    }
    moved = Counter(name for name, _ in others.values())
    unreviewed = sum(was[1] == "cleared" and now[1] == "unreviewed" for was, now in both)
    public = frozenset(
        quote for quote, (name, stands) in others.items() if stands == "cleared" and name.status == "confirmed"
    )
    return Spread(
        {
            label: (before.voices.get(label), after.voices.get(label))
            for label in labels
            if before.voices.get(label) != after.voices.get(label)
        },
        dict(moved),
        len(before.quotes.keys() - after.quotes.keys()),
        len(after.quotes.keys() - before.quotes.keys()),
        unreviewed,
        sum(stands == "unreviewed" for _, stands in others.values()),
        public,
        pending,
    )
