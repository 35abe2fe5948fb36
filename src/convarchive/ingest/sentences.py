"""Where one sentence ends and the next begins in what a voice said.

The boundaries are sentencex's; where the recogniser wrote no punctuation, pauses stand in for it.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sentencex

from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word

HANGING = frozenset("and but or so because the a an to of like that if when um uh well i".split())
"""Words after which an ellipsis is a hesitation, not an end."""
BREATH = 2500
"""Milliseconds after which the same voice, interrupted, no longer goes on but begins anew."""
PAUSE = 600
"""Milliseconds of silence that end a sentence where nobody wrote a full stop."""
BACKCHANNEL = frozenset(
    "yeah yes yep yup right okay ok mhm mm hmm hm uh huh uh-huh mm-hmm sure exactly absolutely totally wow oh ah true "
    "indeed cool great nice good definitely of course interesting really totally i see no".split()
)
TERMINAL = re.compile(r"""[.!?…。！？]["'”’)\]]*$""")
BROKEN = re.compile(r"""(?:--+|[–—]|-)["'”’)\]]*[.,]?$""")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word with its position in the transcript."""

    at: int
    word: Word


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    What one voice said without handing over the floor: one utterance, or several with
    only another voice's back-channel ("yeah", "right") between them.
    """

    label: SpeakerLabel | None
    words: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Consecutive words of one voice that sentencex, or a pause, marks off."""

    words: tuple[Spoken, ...]

    @property
    def text(self) -> str:
        return " ".join(spoken.word.text for spoken in self.words)

    @property
    def start(self) -> int:
        """When its first word begins, in milliseconds."""
        return self.words[0].word.span.start

    @property
    def end(self) -> int:
        """When its last word ends, in milliseconds."""
        return max(spoken.word.span.end for spoken in self.words)

    @property
    def question(self) -> bool:
        return self.text.rstrip("\"'”’)]").endswith("?")

    @property
    def broken(self) -> bool:
        """Whether the voice broke off before the end."""
        return bool(BROKEN.search(self.text))


def bare(text: str) -> str:
    """A word's letters and digits, lower case, apostrophes kept straight: what is compared with word lists."""
    return re.sub(r"[^\w'-]", "", text.replace("’", "'").casefold()).strip("'-_")


def stretches(utterances: Sequence[Utterance]) -> tuple[Stretch, ...]:
    """
    Join each voice's utterances over another voice's back-channel, in order of time.

    At most four words of agreement, with less than `BREATH` ms between the halves, do not
    take the floor. The other voice's words never enter the stretch.
    """
    open_: list[tuple[SpeakerLabel | None, list[Spoken]]] = []
    held: list[Utterance] = []
    for utterance in utterances:
        if not utterance.words:
            continue
        words = [Spoken(utterance.first + n, word) for n, word in enumerate(utterance.words)]
        if held and _goes_on(open_, held, utterance):
            open_[_last_of(open_, utterance.label)][1].extend(words)
        else:
            open_.append((utterance.label, words))
        held = [*held[-3:], utterance]
    return tuple(Stretch(label, tuple(words)) for label, words in open_)


def _last_of(open_: list[tuple[SpeakerLabel | None, list[Spoken]]], label: SpeakerLabel | None) -> int:
    return next(n for n in range(len(open_) - 1, -1, -1) if open_[n][0] == label)


def _goes_on(
    open_: list[tuple[SpeakerLabel | None, list[Spoken]]], held: list[Utterance], utterance: Utterance
) -> bool:
    if utterance.label is None:
        return False
    between: list[Utterance] = []
    for earlier in reversed(held):
        if earlier.label == utterance.label:
            break
        between.append(earlier)
    else:
        return False
    before = open_[_last_of(open_, utterance.label)][1][-1].word.span.end
    close = utterance.words[0].span.start - before <= BREATH
    return close and all(backchannel(word.text for word in u.words) for u in between)


def backchannel(texts: Iterable[str]) -> bool:
    """Whether these words only show that somebody listens ("Yeah, right, exactly")."""
    words = [bare(text) for text in texts]
    return len(words) <= 4 and all(word in BACKCHANNEL or not word for word in words)


def sentences(stretch: Stretch, language: str = "en") -> tuple[Sentence, ...]:
    """Cut a stretch into sentences; every word lands in exactly one of them."""
    words = stretch.words
    starts: list[int] = []
    offset = 0
    for spoken in words:
        starts.append(offset)
        offset += len(spoken.word.text) + 1
    text = " ".join(spoken.word.text for spoken in words)
    cuts = {0}
    for boundary in sentencex.get_sentence_boundaries(language, text):
        n = bisect.bisect_left(starts, boundary["start_index"])
        if n < len(words) and not _inside(words, n):
            cuts.add(n)
    cuts |= _after_ellipses(words, cuts)
    if len(words) > 60 * len(cuts) or not any(TERMINAL.search(s.word.text) for s in words):
        cuts |= {n for n in range(1, len(words)) if _silence(words, n) >= PAUSE}
    # A voice that breaks off and begins anew has begun another sentence, whatever the punctuation says.
    cuts |= {n for n in range(1, len(words)) if _silence(words, n) >= BREATH}
    order = [*sorted(cuts), len(words)]
    return tuple(Sentence(words[a:b]) for a, b in itertools.pairwise(order) if b > a)


def _silence(words: Sequence[Spoken], n: int) -> int:
    return words[n].word.span.start - words[n - 1].word.span.end


def _after_ellipses(words: Sequence[Spoken], cuts: set[int]) -> set[int]:
    """Further cuts where a thought trails off outside quotation marks."""
    found: set[int] = set()
    open_marks = 0
    for n in range(1, len(words)):
        open_marks = words[n - 1].word.text.count('"') + (0 if n - 1 in cuts else open_marks)
        if open_marks % 2 == 0 and _ellipsis_ends(words, n):
            found.add(n)
    return found


def _ellipsis_ends(words: Sequence[Spoken], n: int) -> bool:
    """Whether a thought trailed off before this word and another begins with it."""
    before, after = words[n - 1].word.text.rstrip("\"'”’"), words[n].word.text
    return before.endswith(("...", "…")) and after[:1].isupper() and bare(before) not in HANGING


def _inside(words: Sequence[Spoken], n: int) -> bool:
    """Whether a boundary is none: an ellipsis mid-thought, or a word that cannot open a sentence after it."""
    before, after = words[n - 1].word.text, words[n].word.text
    return before.rstrip("\"'”’").endswith(("...", "…")) and after[:1].islower()
