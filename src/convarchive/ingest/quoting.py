"""Cuts what people said into quotes that can be understood on their own.

A quote is one voice's words from one sentence boundary to another, mostly 8 to 80 words,
verbatim. A sentence that leans on the one before it is joined to it; where that is not
possible, or nobody said the one before in this voice, it is left out.

Quotes never overlap. Words at the edges that only set speech going ("Yeah, so") or tag it
(", right?") are left out of the quote by starting later or ending sooner, never from inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from convarchive.domain.quote import Draft
from convarchive.domain.speaker import Role
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.ingest import cues, drafting
from convarchive.ingest.sentences import BREATH, TERMINAL, Sentence, Spoken, Stretch, bare, sentences, stretches
from convarchive.ingest.standing import Standing, advert, complete_in_few, judge, naming

FEWEST = 8
MOST = 80
"""How many words a quote has as a rule; a shorter sentence may come out where it is a saying of its own."""
AROUND_ADVERT = 4
"""Sentences on either side of an advert's words that are taken for the advert's own."""

NO_ROLES: Mapping[SpeakerLabel, Role] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, its standing, and where it lies in its stretch."""

    sentence: Sentence
    standing: Standing


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that will be one quote, and the doubt with which it began."""

    parts: tuple[Judged, ...]
    doubt: str = ""

    @property
    def words(self) -> int:
        return sum(len(part.sentence.words) for part in self.parts)

    @property
    def end(self) -> int:
        return self.parts[-1].sentence.end


def cut(
    utterances: Sequence[Utterance],
    *,
    language: str = "en",
    roles: Mapping[SpeakerLabel, Role] = NO_ROLES,
) -> tuple[Draft, ...]:
    """
    Cut utterances, in order of time, into quotes, in order of their first word.

    `roles` says which voices are hosts: their words are quotes too, but an advert among
    them takes the whole of its stretch with it. Every draft's first word differs, which
    is what an id is minted from.
    """
    scene = drafting.Scene.of(utterances)
    drafts: list[Draft] = []
    for stretch in stretches(utterances):
        host = stretch.label is not None and roles.get(stretch.label) == "host"
        for group in _groups(_judged(stretch, language, host)):
            words = _kept(group, language)
            if words:
                drafts.append(drafting.draft(stretch, words, scene, group.doubt))
    return tuple(sorted(drafts, key=lambda draft: draft.first))


def _judged(stretch: Stretch, language: str, host: bool) -> list[Judged | None]:
    """Every sentence with its standing, None in place of an advert's."""
    parts: list[Sentence] = []
    for sentence in sentences(stretch, language):
        parts.extend(_shortened(sentence, language))
    texts = [[spoken.word.text for spoken in part.words] for part in parts]
    adverts = [n for n, words in enumerate(texts) if advert(words, language)]
    reach = len(parts) if host and len(adverts) > 1 else AROUND_ADVERT
    return [
        None if any(abs(n - a) <= reach for a in adverts) else Judged(part, judge(texts[n], language))
        for n, part in enumerate(parts)
    ]


def _shortened(sentence: Sentence, language: str) -> tuple[Sentence, ...]:
    """A sentence of more than `MOST` words cut at a clause boundary where each half stands; else as it was."""
    words = sentence.words
    if len(words) <= MOST:
        return (sentence,)
    places = sorted(
        (n for n in range(FEWEST, len(words) - FEWEST) if _clause_begins(words, n)),
        key=lambda n: (not TERMINAL.search(words[n - 1].word.text), abs(n - len(words) // 2)),
    )
    for n in places:
        second = judge([s.word.text for s in words[n:]], language)
        if second.lean == "stands" and not second.worth:
            return (*_shortened(Sentence(words[:n]), language), *_shortened(Sentence(words[n:]), language))
    return (sentence,)


def _clause_begins(words: Sequence[Spoken], n: int) -> bool:
    before, after = words[n - 1].word, words[n].word
    if TERMINAL.search(before.text) and bare(before.text) != "":
        return True
    stops = before.text.endswith((",", ";", ":", "-", "—", "–")) or after.span.start - before.span.end >= 400
    return stops and bare(after.text) in {"and", "so", "but", "i", "we", "you", "the", "people", "there"}


def _groups(parts: Sequence[Judged | None]) -> list[Group]:
    """Join what leans to what it leans on; see the module's first lines."""
    done: list[Group] = []
    current: Group | None = None
    asked: Judged | None = None
    for part in parts:
        if part is None or part.standing.worth or len(part.sentence.words) > MOST:
            if current is not None:
                done.append(current)
            current = None
            asked = part if part is not None and part.standing.worth == "a question" else None
            continue
        joined = _join(current, part)
        if joined is None and current is None and asked is not None and part.standing.lean != "stands":
            joined = _answer(asked, part)
        if joined is None:
            if current is not None:
                done.append(current)
            joined = _begin(part)
        current, asked = joined, None
    if current is not None:
        done.append(current)
    return done


def _join(current: Group | None, part: Judged) -> Group | None:
    """The group with this sentence added, if it belongs there and there is room."""
    if current is None or current.words + len(part.sentence.words) > MOST:
        return None
    if part.sentence.start - current.end > BREATH:
        return None
    leans = part.standing.lean != "stands"
    slight = current.words < FEWEST and not complete_in_few(_texts(current.parts[-1]))
    short = len(part.sentence.words) < FEWEST and not complete_in_few(_texts(part))
    if leans or slight or short or _elaborates(current.parts[-1], part):
        return Group((*current.parts, part), current.doubt)
    return None


def _begin(part: Judged) -> Group | None:
    """A new group, if this sentence can open one."""
    standing = part.standing
    if standing.lean == "stands":
        return Group((part,))
    words = len(part.sentence.words) - standing.skip - standing.tail
    if standing.defining and words >= FEWEST:
        return Group((part,), f"leans on the sentence before: {standing.why}")
    return None


def _answer(asked: Judged, part: Judged) -> Group | None:
    """A question with its answer in the same voice, if the question stands and is a whole one."""
    question = judge([*_texts(asked)[:-1], _texts(asked)[-1].rstrip("?")])
    whole = len(asked.sentence.words) >= 5 and naming(_texts(asked)) >= 2 and not question.worth
    fits = len(asked.sentence.words) + len(part.sentence.words) <= MOST
    near = part.sentence.start - asked.sentence.end <= BREATH
    return Group((asked, part)) if whole and fits and near and question.lean == "stands" else None


def _elaborates(before: Judged, part: Judged) -> bool:
    """Whether a short sentence takes up a word of the one before, under the same subject or as "more" of it."""
    first, second = ([bare(text).removesuffix("'") for text in _texts(p)] for p in (before, part))
    shared = (set(first) - cues.FUNCTION) & set(second)
    same = second[0] in {"we", "you", "they"} and second[0] in first
    return len(second) <= 20 and bool(shared) and (same or second[0] == "more")


def _texts(part: Judged) -> list[str]:
    return [spoken.word.text for spoken in part.sentence.words]


def _kept(group: Group, language: str) -> tuple[Spoken, ...]:
    """The words of as many of the group's sentences, from its first, as make a quote; empty if none do."""
    for count in range(len(group.parts), 0, -1):
        parts = group.parts[:count]
        if count > 1 and _idle(parts[-1], language):
            continue
        words = tuple(spoken for part in parts for spoken in part.sentence.words)
        skip = 0 if parts[0].standing.worth else parts[0].standing.skip
        words = words[skip : len(words) - parts[-1].standing.tail]
        if words and not parts[-1].standing.worth and _worth_keeping(words, language):
            return words
    return ()


def _idle(part: Judged, language: str) -> bool:
    """Whether a sentence names nothing at all ("I don't know.", "And that's it."): it ends no quote."""
    return language.startswith("en") and len(part.sentence.words) < FEWEST and not naming(_texts(part))


def _worth_keeping(words: Sequence[Spoken], language: str) -> bool:
    texts = [spoken.word.text for spoken in words]
    if not language.startswith("en"):
        return FEWEST <= len(words) <= MOST
    if len(words) < FEWEST:
        return complete_in_few(texts)
    return len(words) <= MOST and naming(texts) >= (2 if len(words) < 20 else 4)
