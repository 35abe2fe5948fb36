"""Cuts what people said into quotes that can be understood on their own.

A quote is one voice's words from one sentence boundary to another, mostly 8 to 80 words,
verbatim. A sentence that leans on the one before it is joined to it; where that is not
possible, or nobody said the one before in this voice, it is left out.

Quotes never overlap. Words at the edges that only set speech going ("Yeah, so") or tag it
(", right?") are left out of the quote by starting later or ending sooner, never from inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from convarchive.domain.quote import Draft
from convarchive.domain.speaker import Role
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.ingest import cues, drafting
from convarchive.ingest.sentences import BREATH, TERMINAL, Sentence, Spoken, Stretch, bare, sentences, stretches
from convarchive.ingest.sharing import NO_SHARES, Share
from convarchive.ingest.standing import Standing, advert, complete_in_few, judge, naming

FEWEST = 8
MOST = 80
"""How many words a quote has as a rule; a shorter sentence may come out where it is a saying of its own."""
LIKELY = 0.93
"""Likelihood of being understood alone from which sentences become a quote."""
SURE = 0.98
"""The same for a few words, and where words before the quote's first were left out: both hide more than they show."""
FEW = 12
FURTHER = 2
"""How many groups of sentences that follow may be taken in to make a quote understood."""
AROUND_ADVERT = 4
"""Sentences on either side of an advert's words that are taken for the advert's own."""

Grade = Callable[[Sequence[str]], Sequence[float]]
"""Says of each text how likely it can be understood alone; see `ports.Grader`."""

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
    grade: Grade,
    *,
    language: str = "en",
    roles: Mapping[SpeakerLabel, Role] = NO_ROLES,
    shares: Mapping[int, Share] = NO_SHARES,
) -> tuple[Draft, ...]:
    """
    Cut utterances, in order of time, into quotes, in order of their first word.

    `grade` says of English texts how likely each can be understood alone (0 to 1); other
    languages are not graded. `roles` says which voices are hosts: their words are quotes
    too, but an advert among them takes the whole of its stretch with it. `shares` says which
    words may be another voice's; a draft that holds such words says so. Every draft's
    first word differs, which is what an id is minted from.
    """
    scene = drafting.Scene.of(utterances, shares)
    drafts: list[Draft] = []
    for stretch in stretches(utterances):
        host = stretch.label is not None and roles.get(stretch.label) == "host"
        for words, doubt in _chosen(_groups(_judged(stretch, language, host)), grade, language):
            drafts.append(drafting.draft(stretch, words, scene, doubt))
    return tuple(sorted(drafts, key=lambda draft: draft.first))


def _chosen(groups: Sequence[Group], grade: Grade, language: str) -> Iterator[tuple[tuple[Spoken, ...], str]]:
    """
    The words of every group that makes a quote, and its doubt.

    A group that cannot be understood alone is tried with groups that follow, then without
    its last sentences.
    """
    n = 0
    while n < len(groups):
        words, taken = _best(list(_variants(groups, n, language)), grade, language)
        if words:
            yield words, groups[n].doubt
        else:
            # What leaned on a sentence that is left out may stand as a definition of its own.
            for later in _later(groups[n]):
                words, _ = _best(list(_variants([later], 0, language)), grade, language)
                if words:
                    yield words, later.doubt
                    break
        n += taken


def _later(group: Group) -> Iterator[Group]:
    """The group without its first sentences, wherever another of them can open one."""
    for k in range(1, len(group.parts)):
        begun = _begin(group.parts[k])
        if begun is not None:
            yield Group(group.parts[k:], begun.doubt)


def _best(
    tried: Sequence[tuple[tuple[Spoken, ...], int]], grade: Grade, language: str
) -> tuple[tuple[Spoken, ...], int]:
    """The first of these words likely enough to be understood, and how many groups they take; none of one else."""
    if not tried:
        return (), 1
    texts = [" ".join(spoken.word.text for spoken in words) for words, _ in tried]
    grades = grade(texts) if language.startswith("en") else [1.0] * len(texts)
    return next((one for one, likely in zip(tried, grades, strict=True) if likely >= _least(one[0])), ((), 1))


def _least(words: Sequence[Spoken]) -> float:
    """How likely these words must be understood to become a quote."""
    cut_into = words[0].word.text[:1].islower()
    return SURE if cut_into or len(words) < FEW else LIKELY


def _variants(groups: Sequence[Group], n: int, language: str) -> Iterator[tuple[tuple[Spoken, ...], int]]:
    """The words that may be made a quote of from group `n` on, most wanted first, and how many groups they take."""
    whole = groups[n]
    yield from ((words, 1) for words in _kept(whole, len(whole.parts), language))
    for further in range(n + 1, min(n + 1 + FURTHER, len(groups))):
        if not _adjoins(whole, groups[further]):
            break
        whole = Group((*whole.parts, *groups[further].parts), whole.doubt)
        yield from ((words, further - n + 1) for words in _kept(whole, len(whole.parts), language))
    for count in range(len(groups[n].parts) - 1, 0, -1):
        yield from ((words, 1) for words in _kept(groups[n], count, language))


def _adjoins(one: Group, other: Group) -> bool:
    """Whether nothing was left out between two groups of sentences, and they have room in one quote."""
    last, first = one.parts[-1].sentence, other.parts[0].sentence
    near = last.words[-1].at + 1 == first.words[0].at and first.start - one.end <= BREATH
    return near and one.words + other.words <= MOST


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
        return None if _ragged(_texts(part)[standing.skip]) else Group((part,))
    words = len(part.sentence.words) - standing.skip - standing.tail
    if standing.defining and words >= FEWEST:
        return Group((part,), f"leans on the sentence before: {standing.why}")
    return None


def _ragged(first: str) -> bool:
    """Whether a beginning shows that what it hangs on was left out with the openers ("[and] generally spread …")."""
    word = bare(first)
    hanging = word.endswith(("ing", "ed", "ly")) and len(word) > 4 and not word.endswith(("thing", "family"))
    return first[:1].islower() and (
        hanging or not first.rstrip(",").replace("'", "").replace("’", "").replace("-", "").isalpha()
    )


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


def _kept(group: Group, count: int, language: str) -> Iterator[tuple[Spoken, ...]]:
    """The words of the group's first `count` sentences without what goes at the edges, if they may make a quote."""
    parts = group.parts[:count]
    if parts[-1].standing.worth or _unfinished(parts[-1]) or (count > 1 and _idle(parts[-1], language)):
        return
    words = tuple(spoken for part in parts for spoken in part.sentence.words)
    skip = 0 if parts[0].standing.worth else parts[0].standing.skip
    words = words[skip : len(words) - parts[-1].standing.tail]
    few = language.startswith("en") and complete_in_few([spoken.word.text for spoken in words])
    if FEWEST <= len(words) <= MOST or (few and len(words) < FEWEST):
        yield words


def _unfinished(part: Judged) -> bool:
    """Whether the sentence trails off: the next may go on from it, but no quote ends so."""
    return not part.standing.tail and part.sentence.text.endswith(("...", "…"))


def _idle(part: Judged, language: str) -> bool:
    """Whether a sentence names nothing at all ("I don't know.", "And that's it."): it ends no quote."""
    return language.startswith("en") and len(part.sentence.words) < FEWEST and not naming(_texts(part))
