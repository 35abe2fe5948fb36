"""Turns the words of a cut quote into a draft: its times, its selector, and what is doubtful about it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from convarchive.domain.quote import Draft, Excerpt, Selector
from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.ingest import cues
from convarchive.ingest.sentences import TERMINAL, Spoken, Stretch, bare
from convarchive.ingest.sharing import NO_SHARES, Share

AROUND = 32
"""Letters of context kept on either side in whole words, by which a quote is found again."""
UNSURE = 0.4
"""A word probability below which the recogniser is said to have been unsure."""
HEAVY = 0.12
"""Share of fillers and repeated words from which a quote is called halting."""
TOUCH = 100
"""Milliseconds two voices' words must share to count as spoken at the same time."""
CLOSE = 300
"""Milliseconds between two voices within which a boundary between them may be misplaced."""


AT_ONCE = "another voice speaks at the same time"
CHANGING = "the voice changes near this quote, in the middle of a sentence"
OVERLAP = "words said while another voice speaks"
BOUNDARY = "words where one voice takes over from another"


def may_be_anothers(doubts: Iterable[str]) -> bool:
    """Whether a quote's doubts say that some of its words may be another voice's: such a quote has no sure name."""
    return any(doubt in (AT_ONCE, CHANGING) or doubt.startswith((OVERLAP, BOUNDARY)) for doubt in doubts)


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole recording's words in the order of the transcript, with the voice of each and how surely it is its."""

    words: tuple[Spoken, ...]
    voices: tuple[SpeakerLabel | None, ...]
    place: dict[int, int]
    shares: Mapping[int, Share]

    @classmethod
    def of(cls, utterances: Sequence[Utterance], shares: Mapping[int, Share] = NO_SHARES) -> Scene:
        rows = sorted(
            ((u.first + n, word, u.label) for u in utterances for n, word in enumerate(u.words)), key=lambda row: row[0]
        )
        words = tuple(Spoken(at, word) for at, word, _ in rows)
        return cls(
            words, tuple(label for _, _, label in rows), {spoken.at: n for n, spoken in enumerate(words)}, shares
        )

    def before(self, start: int) -> str:
        """The last words before position `start`, as many as fit into `AROUND` letters."""
        return " ".join(
            reversed(_fitting(spoken.word.text for spoken in reversed(self.words[max(0, start - 20) : start])))
        )

    def after(self, end: int) -> str:
        """The first words from position `end` on, as many as fit into `AROUND` letters."""
        return " ".join(_fitting(spoken.word.text for spoken in self.words[end : end + 20]))


def _fitting(texts: Iterable[str]) -> list[str]:
    """The first words that fit into `AROUND` letters; the very first in any case."""
    found: list[str] = []
    for text in texts:
        if found and len(" ".join((*found, text))) > AROUND:
            break
        found.append(text)
    return found


def draft(stretch: Stretch, words: Sequence[Spoken], scene: Scene, doubt: str) -> Draft:
    """
    Make the draft of these words of one voice.

    It has one excerpt: another voice's back-channel between the words is none of them and
    nothing of this voice is left out. `first` is its first word's position in the
    transcript, `words` counts its own words only.
    """
    text = " ".join(spoken.word.text for spoken in words)
    span = Span(words[0].word.span.start, max(spoken.word.span.end for spoken in words))
    start, end = scene.place[words[0].at], scene.place[words[-1].at] + 1
    chances = [s.word.probability for s in words if s.word.probability is not None]
    return Draft(
        label=stretch.label,
        excerpts=(Excerpt(text, span),),
        first=words[0].at,
        words=len(words),
        selector=Selector(text, scene.before(start), scene.after(end), span),
        confidence=sum(chances) / len(chances) if chances else None,
        doubts=tuple(
            filter(
                None,
                (
                    doubt,
                    _unsure(words),
                    _untimed(words),
                    _voices(stretch, scene, start, end),
                    *_shared(words, scene),
                    _halting(words),
                ),
            )
        ),
    )


def _unsure(words: Sequence[Spoken]) -> str:
    doubtful = [s.word.text for s in words if s.word.probability is not None and s.word.probability < UNSURE]
    if not doubtful:
        return ""
    count = "1 word" if len(doubtful) == 1 else f"{len(doubtful)} words"
    more = ", …" if len(doubtful) > 5 else ""
    return f"{count} the recogniser was unsure of: {', '.join(doubtful[:5])}{more}"


def _untimed(words: Sequence[Spoken]) -> str:
    return "" if any(spoken.word.span.duration for spoken in words) else "the words have no measured times"


def _voices(stretch: Stretch, scene: Scene, start: int, end: int) -> str:
    """A doubt where another voice speaks at the same time, or takes over in the middle of a sentence."""
    first, last = scene.words[start].word, scene.words[end - 1].word
    around = range(max(0, start - 20), min(len(scene.words), end + 20))
    own = [scene.words[n].word.span for n in range(start, end) if scene.voices[n] == stretch.label]
    others = [scene.words[n].word.span for n in around if scene.voices[n] != stretch.label]
    if any(span.overlap(other) > TOUCH for other in others for span in own):
        return AT_ONCE
    before = scene.words[start - 1].word if start and scene.voices[start - 1] != stretch.label else None
    after = scene.words[end].word if end < len(scene.words) and scene.voices[end] != stretch.label else None
    if (before and _runs_on(before, first)) or (after and _runs_on(last, after)):
        return CHANGING
    return ""


def _shared(words: Sequence[Spoken], scene: Scene) -> Iterator[str]:
    """Doubts that name the words which may be another voice's."""
    for mark, doubt in (("overlap", OVERLAP), ("boundary", BOUNDARY)):
        marked = [s.word.text for s in words if s.at in scene.shares and scene.shares[s.at].mark == mark]
        if marked:
            yield f"{doubt}: {', '.join(marked[:5])}{', …' if len(marked) > 5 else ''}"


def _runs_on(one: Word, other: Word) -> bool:
    """Whether the second word follows so closely, with no full stop between, that the boundary may be misplaced."""
    return not TERMINAL.search(one.text) and other.span.gap(one.span) < CLOSE


def _halting(words: Sequence[Spoken]) -> str:
    tokens = [bare(spoken.word.text) for spoken in words]
    text = " ".join(tokens)
    fillers = sum(token in cues.FILLERS for token in tokens) + 2 * sum(text.count(p) for p in cues.FILLER_PHRASES)
    again = sum(a == b and a != "" for a, b in itertools.pairwise(tokens))
    broken = sum(spoken.word.text.endswith("--") for spoken in words[:-1])
    share = (fillers + again + 2 * broken) / len(tokens)
    return "halting: fillers, repeated words or false starts are left as spoken" if share > HEAVY else ""
