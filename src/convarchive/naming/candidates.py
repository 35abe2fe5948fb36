"""
Gathers the people whom a voice may belong to, and says which of them a spoken name can mean.

People come from the publisher (persons, title, notes: one family of evidence), from the
archive's own list of speakers (who gives ids and spellings, but no evidence), and from
whole names heard when somebody is introduced.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from convarchive.domain.episode import Person
from convarchive.domain.run import digest
from convarchive.domain.speaker import Role, Speaker, SpeakerId
from convarchive.naming.introductions import Mention
from convarchive.naming.matching import TITLES, alike, fold, parts, same_name

_IN_TITLE = re.compile(
    r"(?:\bwith|\bfeaturing|\bfeat\.?|\bft\.?|\bguests?:?|\binterview:|\bmeet|\bjoined by|\btalks? to|\bspeaks? (?:to|with)"
    r"|\bin conversation with|\band|&|,)\s+"
    r"((?:(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Dame|Lord|Lady|Baroness)\.?\s+)?"
    r"[A-ZÀ-Þ][\w'’\-]+(?:\s+(?:[A-Z]\.|van|von|de|der|den|da|di|al|bin|le|la|Mc|Mac|O['’])){0,2}(?:\s+[A-ZÀ-Þ][\w'’\-]+){1,2})"
)


_JOINED = frozenset({"and", "i", "the", "or", "me"})
"""Words that stand between names, or after them, and in none."""

_OPENING = 6
"""Stretches at a recording's start in which somebody is talked about because they are about to speak."""
_TWICE = 2

Source = Literal["persons", "title", "notes", "print", "archive", "talk", "stranger"]
"""Who says that a person may be here: the publisher (four ways), the archive's list, or only talk."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    Somebody a voice may be. `names` are tuples of folded words, the proper name first.

    `role` is what the publisher or the archive says they do; `source` is the best word
    there is for their being here. A `stranger` is a first name nobody here bears.
    """

    id: SpeakerId
    name: str
    names: tuple[tuple[str, ...], ...]
    role: Role | None = None
    source: Source = "archive"

    @property
    def listed(self) -> bool:
        """Whether the publisher names the person beside the recording: the `metadata` family."""
        return self.source in ("persons", "title", "notes")

    @property
    def written(self) -> bool:
        """Whether anybody wrote the name down, so that its spelling can be trusted."""
        return self.source not in ("talk", "stranger")

    @property
    def whole(self) -> tuple[tuple[str, ...], ...]:
        """The names of at least two words."""
        return tuple(name for name in self.names if len(name) > 1)

    def called(self, word: str) -> float:
        """How far a single word can be this person's first name or surname: 0 to 1."""
        firsts = max((alike(word, name[0]) for name in self.names), default=0.0)
        lasts = max((alike(word, name[-1]) for name in self.names), default=0.0)
        best = max(firsts, lasts)
        # One short word that is only nearly right could be anybody.
        return best if best >= 0.9 and (best == 1 or len(word) > 2) else 0.0

    def shortens(self, word: str) -> bool:
        """Whether the word begins this person's first name, so that it may be a short form nobody listed."""
        return len(word) > 2 and any(name[0].startswith(word) for name in self.names)


def speaker_id(name: str) -> SpeakerId:
    """
    Mint the id of a person whom the archive does not know yet: a slug of the name without titles.

    >>> speaker_id("Dr Zoë O'Sample")
    'zoe-osample'
    """
    words = name.split()
    while len(words) > 1 and fold(words[0]) in TITLES:
        words = words[1:]
    plain = unicodedata.normalize("NFKD", " ".join(words).replace("'", "").replace("’", ""))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    # A name in other letters leaves nothing to spell an id with.
    return SpeakerId(slug or f"person-{digest(name)[:8]}")


def gather(persons: Sequence[Person], title: str, notes: str, known: Sequence[Speaker]) -> tuple[Candidate, ...]:
    """The people named beforehand, each once, listed ones first in the publisher's order."""
    found: list[Candidate] = []
    for person in persons:
        # "Ada and I" in a list names nobody.
        if parts(person.name) and not {"and", "i"} & set(parts(person.name)):
            found.append(_candidate(person.name, person.plays, "persons", known))
    found += [_candidate(name, None, "title", known) for name in _named_in(title, known)]
    found += [_candidate(name, None, "notes", known) for name in _named_in(notes, known)]
    found += [_candidate(speaker.name, speaker.role, "archive", known) for speaker in known]
    return _once(found)


def _named_in(text: str, known: Sequence[Speaker]) -> list[str]:
    """Names that stand in a title or notes: after "with" and its like, and anybody the archive knows."""
    plain = re.sub(r"<[^>]+>", " ", text)
    names = [match.group(1) for match in re.finditer(r"(?=" + _IN_TITLE.pattern + ")", plain)]
    opening = re.match(r"\s*(?:[#\d.:\-–\s]*)([A-ZÀ-Þ][\w'’\-]+\s+[A-ZÀ-Þ][\w'’\-]+)\s*(?::|\bon\b|[–—|-]\s)", plain)
    if opening:
        names.append(opening.group(1))
    # Two-word phrases in capitals are often no people: a name from free text needs no list
    # to be believed only because it must also be heard before a voice gets it.
    folded = f" {' '.join(fold(w) for w in plain.split())} "
    for speaker in known:
        whole = [p for p in map(parts, (speaker.name, *speaker.aliases)) if len(p) > 1]
        if any(f" {' '.join(name)} " in folded for name in whole):
            names.append(speaker.name)
    return names


def _candidate(name: str, role: Role | None, source: Source, known: Sequence[Speaker]) -> Candidate:
    own = parts(name)
    for speaker in known:
        spellings = tuple(dict.fromkeys(parts(n) for n in (speaker.name, *speaker.aliases) if parts(n)))
        if own in spellings or any(same_name(own, spelling) >= 0.95 for spelling in spellings):
            names = tuple(dict.fromkeys((*spellings, own)))
            return Candidate(speaker.id, speaker.name, names, role or speaker.role, source)
    return Candidate(speaker_id(name), name, (own,), role, source)


def _once(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    kept: dict[str, Candidate] = {}
    for candidate in found:
        twin = kept.get(candidate.id) or next(
            (k for k in kept.values() if any(same_name(a, b) >= 0.95 for a in k.whole for b in candidate.whole)), None
        )
        if twin is None:
            kept[candidate.id] = candidate
        else:
            names = tuple(dict.fromkeys((*twin.names, *candidate.names)))
            kept[twin.id] = replace(twin, names=names, role=twin.role or candidate.role)
    return tuple(kept.values())


def apart(people: Iterable[Candidate], known: Sequence[Speaker], fiction: bool) -> tuple[Candidate, ...]:
    """
    The same people, those new to the archive under ids that nobody there has.

    `known` are all of the archive's people: a namesake keeps the id, and so does a real
    person from a fictional one (or the other way round).
    """
    owners = {speaker.id: speaker.name if speaker.fiction == fiction else "" for speaker in known}
    kept: list[Candidate] = []
    for person in people:
        number, fresh = 2, person.id
        while owners.get(fresh, person.name) != person.name:
            fresh, number = SpeakerId(f"{person.id}-{number}"), number + 1
        kept.append(person if fresh == person.id else replace(person, id=fresh))
    return tuple(kept)


def resolve(words: tuple[str, ...], people: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """
    Whom a run of capitalised words can mean: nobody, one person, or several.

    A whole name decides; a first name or surname alone means everybody who bears
    it. A first name followed by another surname is somebody else.
    """
    return _resolve(words, tuple(people))


@lru_cache(maxsize=16384)
def _resolve(words: tuple[str, ...], people: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    best: list[tuple[float, Candidate]] = []
    for size in range(min(4, len(words)), 1, -1):
        for start in range(len(words) - size + 1):
            window = words[start : start + size]
            best += [(s, c) for c in people if (s := max((same_name(window, n) for n in c.whole), default=0.0)) > 0]
        if best:
            top = max(score for score, _ in best)
            return tuple(dict.fromkeys(c for score, c in best if score >= top - 0.05))
    if len(words) != 1:
        return ()
    # The ear cannot tell Erik from Eric, and Rob may be short for Roberto: whoever it can be is meant.
    found = tuple(candidate for candidate in people if candidate.called(words[0]))
    return found and tuple(c for c in people if c in found or c.shortens(words[0]))


def introduced(said: Sequence[Mention], people: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """
    People whom no list has: whole names with which voices introduce themselves or others, and
    those told of as the talk opens by whose first names somebody is addressed afterwards.
    """
    called = Counter(m.words[0] for m in said if m.way == "call" and len(m.words) == 1)
    fresh: list[Candidate] = []
    for mention in (*(m for m in said if names_newcomer(m)), *(m for m in said if _told(m, called))):
        if resolve(mention.words, (*people, *fresh)):
            continue
        name = " ".join(word for word in mention.text.split() if fold(word) not in TITLES)
        fresh.append(Candidate(speaker_id(name), name, (parts(name),), source="talk"))
    return tuple(fresh)


def names_newcomer(mention: Mention) -> bool:
    """Whether a run is a whole name in a place where people are presented ("Lady Ada" is not, nor "REST API")."""
    presents = mention.way in ("self", "intro", "own", "hint") or mention.hailed
    if not presents and not (mention.way == "call" and (mention.led or mention.fresh)):
        return False
    return _named(mention)


def places(mention: Mention) -> bool:
    """Whether a saying can tell who is here: everything but talk about somebody, unless the recording only opens."""
    return mention.way != "talk" or (mention.place < _OPENING and not mention.torn)


def _told(mention: Mention, called: Mapping[str, int]) -> bool:
    """Whether the talk opens with a whole name by whose first word somebody is then addressed, more than once."""
    return mention.way == "talk" and places(mention) and _named(mention) and called.get(mention.words[0], 0) >= _TWICE


def _named(mention: Mention) -> bool:
    bare = tuple(word for word in mention.words if word not in TITLES)
    shouted = any(len(word) > 2 and word.isupper() for word in mention.text.split())
    if any(letter.isdigit() for letter in mention.text):
        return False
    if not _JOINED.isdisjoint(re.split(r"[\s\-–]+", mention.text.casefold())):
        return False
    return 2 <= len(bare) <= 4 and len(set(bare)) == len(bare) and all(len(w) > 1 for w in bare) and not shouted


def namesakes(said: Sequence[Mention], people: Sequence[Candidate]) -> frozenset[SpeakerId]:
    """
    People whose first name alone is doubtful here: a whole name that begins with it, and is
    not theirs, is said while people are presented or as the talk opens.
    """
    found: set[SpeakerId] = set()
    for words in {m.words for m in said if len(m.words) == 2 and (m.way != "talk" or m.place < 8)}:
        meant = {person.id for person in resolve(words, people)}
        found |= {p.id for p in people if p.id not in meant and any(alike(words[0], n[0]) >= 0.9 for n in p.names)}
    return frozenset(found)


def presented(said: Sequence[Mention], people: Sequence[Candidate]) -> frozenset[SpeakerId]:
    """
    People whose whole name is said while they are presented: by themselves, by others, as
    somebody new answers, or as the talk opens.
    """
    found: set[SpeakerId] = set()
    for words in {m.words for m in said if m.whole and not m.torn and _presents(m)}:
        who = resolve(words, people)
        if len(who) == 1:
            found.add(who[0].id)
    return frozenset(found)


def _presents(said: Mention) -> bool:
    if said.way in ("talk", "call"):
        return said.hailed or (places(said) if said.way == "talk" else said.fresh)
    return said.early if said.way == "self" else said.way in ("intro", "hint")


def strangers(said: Sequence[Mention], people: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """
    First names by which somebody is addressed at least twice and which nobody here bears.

    Nobody is ever named after them, but a voice that is called Zoe is hardly the listed Ada.
    """
    counted = Counter(m.words for m in said if m.way == "call" and len(m.words) == 1 and len(m.words[0]) > 2)
    return tuple(
        Candidate(SpeakerId(f"?{words[0]}"), words[0], (words,), source="stranger")
        for words, count in counted.items()
        if count > 1 and not resolve(words, people)
    )


def printed(names: Iterable[str], people: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """People whom only the publisher's transcript names, in full."""
    fresh: list[Candidate] = []
    for name in names:
        if len(parts(name)) > 1 and not resolve(parts(name), (*people, *fresh)):
            fresh.append(Candidate(speaker_id(name), name, (parts(name),), source="print"))
    return tuple(fresh)
