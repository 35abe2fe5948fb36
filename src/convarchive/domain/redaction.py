"""
What was erased and must not be taken in again: stretches of recordings, and names that can be known again but not read.

A name is kept as a salted digest of its words. Whoever guesses the name can check the
guess; nobody can read it off. Without that much, the next reading of the feed would bring
the name back.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from convarchive.domain.episode import Item, Sha256
from convarchive.domain.span import Span
from convarchive.domain.transcript import Transcript, Word

IN_PLACE = "[name]"
"""What stands where a name was."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TAIL = re.compile(r"[^\w\s]*$")
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A name of so many `words`, as the SHA-256 (hex) of `salt` and its words."""

    words: int
    salt: str
    digest: str


def mark(name: str, salt: str | None = None) -> Mark:
    """
    A name as it can be known again; with a fresh salt if none is given.

    >>> Redactor([mark("Ada Example", "00")]).text("I asked ADA Example's sister.")
    'I asked [name] sister.'
    """
    salt = salt or secrets.token_hex(16)
    keys = tuple(key for key, _, _ in _keys(name))
    return Mark(len(keys), salt, _digest(salt, keys))


class Redactor:
    """Knows marked names again, in whatever case, accents kept, and with whatever stands between their words."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self._marks = tuple(marks)

    def holds(self, text: str | None) -> bool:
        """Whether a marked name stands in a text."""
        return bool(text) and next(self._found(text or ""), None) is not None

    def text(self, text: str) -> str:
        """The text with `[name]` in every marked name's place."""
        done = 0
        parts = []
        for start, end in self._found(text):
            parts += [text[done:start], IN_PLACE]
            done = end
        return "".join([*parts, text[done:]]) if parts else text

    def words(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The same words, each one that belongs to a marked name replaced by `[name]`."""
        if not self._marks:
            return tuple(words)
        text, starts = "", []
        for word in words:
            starts.append(len(text))
            text += word.text + " "
        named: set[int] = set()
        for start, end in self._found(text):
            named |= {i for i, at in enumerate(starts) if at < end and at + len(words[i].text) > start}
        return tuple(
            replace(word, text=IN_PLACE + _TAIL.search(word.text)[0]) if i in named else word  # type: ignore[index]
            for i, word in enumerate(words)
        )

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        """[start, end) of every marked name, from left to right, none inside another."""
        if not self._marks:
            return
        keys = list(_keys(text))
        at = 0
        while at < len(keys):
            length = next((one.words for one in self._marks if self._is(one, keys[at : at + one.words])), 0)
            if length:
                yield keys[at][1], keys[at + length - 1][2]
            at += length or 1

    @staticmethod
    def _is(one: Mark, keys: Sequence[tuple[str, int, int]]) -> bool:
        return 0 < one.words == len(keys) and _digest(one.salt, tuple(key for key, _, _ in keys)) == one.digest


@dataclass(frozen=True)
class Erased:
    """Everything that was erased and must stay so: marked names, and stretches (ms) of recordings by digest."""

    marks: tuple[Mark, ...] = ()
    spans: Mapping[Sha256, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def redactor(self) -> Redactor:
        """What knows the names again."""
        return Redactor(self.marks)

    def item(self, item: Item) -> Item:
        """What a feed lists, without erased names in its title, notes, link and people."""
        if not self.marks:
            return item
        known = self.redactor
        return replace(
            item,
            title=known.text(item.title),
            notes=known.text(item.notes),
            link=None if known.holds(item.link) else item.link,
            persons=tuple(one for one in item.persons if not known.holds(one.name)),
        )

    def keeps(self, recording: Sha256 | None, word: Word) -> bool:
        """Whether a word may be kept: it was not said in an erased stretch, nor by somebody whose name was erased."""
        spans = self.spans.get(recording, ()) if recording else ()
        if any(span.overlap(word.span) or word.span.start in span for span in spans):
            return False
        return not (word.voice and self.redactor.holds(word.voice))

    def transcript(self, recording: Sha256 | None, transcript: Transcript) -> Transcript:
        """A transcript without erased words, and with `[name]` where others say an erased name."""
        if not self.marks and not self.spans:
            return transcript
        kept = tuple(word for word in transcript.words if self.keeps(recording, word))
        spans = self.spans.get(recording, ()) if recording else ()
        dropped = tuple(
            replace(one, text=self.redactor.text(one.text))
            for one in transcript.dropped
            if not any(span.overlap(one.span) for span in spans)
        )
        return replace(transcript, words=self.redactor.words(kept), dropped=dropped)


def _keys(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word as it is compared, with where it stands."""
    for match in _WORD.finditer(text):
        # The possessive goes with the name it hangs on.
        yield _POSSESSIVE.sub("", unicodedata.normalize("NFKC", match[0]).casefold()), match.start(), match.end()


def _digest(salt: str, keys: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join((salt, *keys)).encode()).hexdigest()
