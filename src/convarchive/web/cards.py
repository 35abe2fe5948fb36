"""A quote as the pages show it: its words, who is said to have said them, how sure that is, and how to hear it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from convarchive.domain.passage import Hit
from convarchive.domain.quote import DocumentSource, QuoteId
from convarchive.domain.span import Span
from convarchive.publish import text
from convarchive.publish.record import QuoteRecord, ThemeRecord, permalink, record
from convarchive.store.read_base import MEMBER
from convarchive.store.reader import Reader
from convarchive.store.views import EpisodeView, QuoteView
from convarchive.web import words
from convarchive.web.whys import marks_words, why

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Player:
    """A stretch of sound: `src` played from `start` to `end` (ms); `at` is when it was said, `whole` if more can be."""

    src: str
    start: int
    end: int
    at: str
    lasts: str
    whole: bool

    @property
    def address(self) -> str:
        """The source with its W3C media fragment."""
        return f"{self.src}#{Span(self.start, self.end).fragment}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Another place where much the same was said: the quote's id, and who says it where."""

    quote: QuoteId
    said: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a template needs of one quote; `pieces` are its words, each marked or not."""

    view: QuoteView
    pieces: tuple[tuple[str, bool], ...]
    players: tuple[Player, ...]
    printed: DocumentSource | None
    relevance: float | None
    permalink: str | None
    also: tuple[Repeat, ...] = ()
    """Quotes that say the same in much the same words and are not shown themselves."""
    why: str | None = None
    """What spoke for it as an answer, in a sentence."""
    meant: bool = False
    """Whether the marked piece is what came nearest in meaning, and not words that were searched for."""
    scale: str = "Relevance"
    """What `relevance` counts: the chance that it answers, how near it is, or how far it belongs."""

    @property
    def name(self) -> str:
        """Who is shown to have said it."""
        if self.view.speaker:
            return self.view.speaker.name
        label = self.view.label or ""
        return f"Speaker {label[1:]}, not identified" if label[1:].isdigit() else "Speaker not identified"

    @property
    def credit(self) -> str | None:
        """The person's credit, or the role they play."""
        speaker = self.view.speaker
        if speaker is None:
            return None
        return speaker.credit or (words.ROLE[speaker.role] if speaker.role else "") or None

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """What must be known before the words are repeated: (kind, words)."""
        view = self.view
        fiction = (("fiction", words.FICTION),) if view.fiction else ()
        # A missing name shows itself, and print says for both where they come from.
        plain = view.attribution.status == "unattributed" or view.text_status == "printed"
        name = () if plain else (self._name_mark(),)
        return (*fiction, *name, (view.text_status, words.TEXT[view.text_status]), self._clearance_mark())

    def _name_mark(self) -> tuple[str, str]:
        status = self.view.attribution.status
        said = words.NAME[status]
        return status, f"name {said}" if status in ("confirmed", "probable") else said

    def _clearance_mark(self) -> tuple[str, str]:
        return self.view.clearance, words.openness(self.view)

    @property
    def themes(self) -> tuple[ThemeRecord, ...]:
        """The themes it belongs to, strongest first."""
        return tuple(one for one in self.record["themes"] if one["score"] >= MEMBER)

    @property
    def record(self) -> QuoteRecord:
        """The same as every other door gives it."""
        return record(self.view, public_url=None)

    @property
    def status(self) -> str:
        """The status that travels with copied text, such as "…; name probable; not cleared for publication"."""
        said = text.status(self.record)
        return f"{words.FICTION}; {said}" if self.view.fiction else said

    @property
    def citation(self) -> str:
        """Who said it, where and when, in a line."""
        view = self.view
        who = ", ".join(part for part in (self.name, self.credit) if part)
        where = f"“{view.episode.title}”" if view.episode else self.printed.title if self.printed else None
        day = words.day(view.episode.published) if view.episode else None
        place = self.players[0].at if self.players else None
        return ", ".join(part for part in (who, where, day, place, self.permalink) if part)


class Dealer:
    """Makes cards for one audience; remembers what it may hear of each recording."""

    def __init__(self, read: Reader, public_url: str | None) -> None:
        self._read = read
        self._public_url = public_url
        self._whole: dict[str, bool] = {}

    def card(
        self,
        view: QuoteView,
        highlights: Sequence[tuple[int, int]] = (),
        relevance: float | None = None,
        also: Sequence[QuoteId] = (),
    ) -> Card:
        """One quote as a card; `highlights` are [start, end) offsets into its text, `also` its repeats."""
        printed = next((s for s in view.sources if isinstance(s, DocumentSource)), None)
        address = permalink(view.id, self._public_url)
        found = pieces(view.text, highlights)
        return Card(view, found, self._players(view), printed, relevance, address, self.repeats(also))

    def hit(self, view: QuoteView, hit: Hit) -> Card:
        """An answer as a card, with what spoke for it."""
        card = self.card(view, hit.highlights, hit.relevance, hit.also)
        return replace(card, why=why(hit), meant=hit.highlights != () and not marks_words(hit))

    def repeats(self, quotes: Sequence[QuoteId]) -> tuple[Repeat, ...]:
        """Where these quotes stand, those of them that this audience may see."""
        if not quotes:
            return ()
        return tuple(Repeat(view.id, _said(view)) for view in self._read.quotes(list(quotes)))

    def _players(self, view: QuoteView) -> tuple[Player, ...]:
        found = []
        for position, excerpt in enumerate(view.excerpts):
            span, recording = excerpt.span, excerpt.recording
            if span is None or recording is None or not self._read.may_hear(recording, span):
                continue
            at, lasts = words.clock(span.start), words.length(span.duration)
            if self.hears_whole(recording):
                src = f"{API}/audio/{recording}"
                found.append(Player(src, span.start, span.end, at, lasts, whole=True))
            else:
                src = f"{API}/quotes/{view.id}/clip" + (f"?excerpt={position}" if position else "")
                found.append(Player(src, 0, span.duration, at, lasts, whole=False))
        return tuple(found)

    def hears_whole(self, recording: str) -> bool:
        """Whether this audience may hear a recording from end to end."""
        if recording not in self._whole:
            self._whole[recording] = self._read.may_hear(recording, None)
        return self._whole[recording]

    def line_player(self, episode: EpisodeView, start: int, end: int) -> Player | None:
        """How to hear a stretch of an episode; None where that is not open, or there are no times."""
        if episode.recording is None or end <= start or not self.hears_whole(episode.recording):
            return None
        src = f"{API}/audio/{episode.recording}"
        return Player(src, start, end, words.clock(start), words.length(end - start), whole=True)


def _said(view: QuoteView) -> str:
    who = view.speaker.name if view.speaker else "somebody not identified"
    stands = next((source for source in view.sources if isinstance(source, DocumentSource)), None)
    printed = ", ".join(part for part in (stands.title, stands.place) if part) if stands else "print"
    where = view.episode.title if view.episode else printed
    at = next((excerpt.span for excerpt in view.excerpts if excerpt.span), None)
    return f"{where}, at {words.clock(at.start)}, by {who}" if at else f"{where}, by {who}"


def pieces(whole: str, highlights: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """
    A text cut where highlights begin and end.

    >>> pieces("give power away", [(5, 10)])
    (('give ', False), ('power', True), (' away', False))
    """
    found: list[tuple[str, bool]] = []
    position = 0
    for start, end in sorted(highlights):
        start = max(start, position)
        if end <= start:
            continue
        found += [(whole[position:start], False), (whole[start:end], True)]
        position = end
    found.append((whole[position:], False))
    return tuple(piece for piece in found if piece[0])
