"""Knocks at every door after a withdrawal, as each audience that must not get in, and says where it knocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from convarchive.domain.audience import Audience
from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.quote import AudioSource, QuoteId
from convarchive.domain.theme import ThemeId
from convarchive.errors import NotFound
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView

SHUT_OUT: tuple[Audience, ...] = ("public", "researcher", "comms")
"""Who must not meet withdrawn words; editors decide about them."""


def still_open(catalogue: Catalogue, quotes: Sequence[QuoteId]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    The doors that were tried, by name, and among them those behind which a withdrawn quote can still be met.

    Each audience looks in a snapshot of its own, taken after the decision, as a visitor's request would.
    """
    with catalogue.reading("editor") as read:
        views = read.quotes(quotes)
    failed = []
    for audience in SHUT_OUT:
        with catalogue.reading(audience) as read:
            failed += [door for door, met in _doors() if met(read, views)]
    return tuple(door for door, _ in _doors()), tuple(dict.fromkeys(failed))


Met = Callable[[Reader, Sequence[QuoteView]], bool]


def _doors() -> Iterator[tuple[str, Met]]:
    yield "quotes", lambda read, views: bool(read.quotes([view.id for view in views]))
    yield "search", _in_search
    yield "exports", lambda read, views: _any(read.listed(Query("")), views)
    yield "speakers", _by_speaker
    yield "themes", _in_themes
    yield "episodes", _by_episode
    yield "transcripts", _in_transcripts
    yield "sound", _in_sound


def _any(found: Sequence[QuoteView], views: Sequence[QuoteView]) -> bool:
    return not {one.id for one in found}.isdisjoint(view.id for view in views)


def _in_search(read: Reader, views: Sequence[QuoteView]) -> bool:
    ours = {view.id for view in views}
    return any(passage.quote in ours for passage in read.passages(Query("")))


def _by_speaker(read: Reader, views: Sequence[QuoteView]) -> bool:
    people = {view.speaker.id for view in views if view.speaker and view.speaker.id}
    return any(_any(read.listed(Query("", speaker=person)), views) for person in people)


def _in_themes(read: Reader, views: Sequence[QuoteView]) -> bool:
    themes = [ThemeId(theme.id) for theme in read.themes()]
    examples = any(_any(read.theme_examples(theme), views) for theme in themes)
    return examples or any(_any(read.listed(Query("", theme=theme)), views) for theme in themes)


def _by_episode(read: Reader, views: Sequence[QuoteView]) -> bool:
    episodes = {EpisodeId(view.episode.id) for view in views if view.episode}
    return any(_any(read.listed(Query("", episode=episode)), views) for episode in episodes)


def _in_transcripts(read: Reader, views: Sequence[QuoteView]) -> bool:
    for view in views:
        spans = [excerpt.span for excerpt in view.excerpts if excerpt.span]
        if view.episode is None:
            continue
        try:
            lines = read.lines(view.episode.id)
        except NotFound:
            continue
        for line in lines:
            heard = any(word[1] < span.end and word[2] > span.start for word in line.words for span in spans)
            if heard or (not spans and view.text in line.text):
                return True
    return False


def _in_sound(read: Reader, views: Sequence[QuoteView]) -> bool:
    places = [source for view in views for source in view.sources if isinstance(source, AudioSource)]
    return any(read.may_hear(place.recording, place.span) for place in places)
