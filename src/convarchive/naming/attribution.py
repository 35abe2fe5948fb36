"""
Names the voices of a conversation: reads what was heard and what was known, and decides.

`docs/decisions/0005-evidence-families.md` says why the rules are as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Literal

from convarchive.domain.episode import Person
from convarchive.domain.quote import PrintedWords
from convarchive.domain.speaker import Attribution, Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.naming.asking import Question, questions
from convarchive.naming.candidates import (
    Candidate,
    apart,
    gather,
    introduced,
    namesakes,
    places,
    presented,
    printed,
    resolve,
    strangers,
)  # fmt: skip
from convarchive.naming.chances import Chances, chances
from convarchive.naming.floor import stretches
from convarchive.naming.in_print import STRENGTH, Echo, echoes, own_words
from convarchive.naming.in_print import apart as without_print
from convarchive.naming.introductions import Mention, mentions
from convarchive.naming.lettering import lettered
from convarchive.naming.manners import Manners, manners
from convarchive.naming.matching import TITLES, parts
from convarchive.naming.publisher import printed_names
from convarchive.naming.strengths import Basis
from convarchive.naming.tally import Case, Cases, tally
from convarchive.naming.voiceprints import Match
from convarchive.naming.weigh import LIMITS, Limits, Room, likeliest, weigh


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person the archive does not have yet, and whether somebody wrote the name or talk alone brought it."""

    speaker: Speaker
    origin: Literal["feed", "heard"]


@dataclass(frozen=True, slots=True)
class Named:
    """
    Who the voices are: one attribution for each, by first appearance.

    `beside` holds for each printed quote that names a voice what that voice is called without
    it, for the printed words themselves. `newcomers` must be stored before the attributions
    that point at them; `questions` are (kind, detail) pairs for a person to look at.
    """

    attributions: tuple[Attribution, ...]
    newcomers: tuple[Newcomer, ...] = ()
    questions: tuple[Question, ...] = ()
    beside: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A conversation read once: names and print that are said, manners, voices by first appearance with word counts."""

    said: tuple[Mention, ...]
    seen: Mapping[SpeakerLabel, Manners]
    spoken: Mapping[SpeakerLabel, int]
    printed: Mapping[SpeakerLabel, tuple[str, float]] = field(default_factory=dict)
    echoes: tuple[Echo, ...] = ()


def name(
    utterances: Sequence[Utterance],
    *,
    persons: Sequence[Person] = (),
    title: str = "",
    notes: str = "",
    known: Sequence[Speaker] = (),
    decisions: Mapping[SpeakerLabel, Speaker | None] | None = None,
    fiction: bool = False,
    publisher_words: Sequence[Word] | None = None,
    typed: bool = False,
    voices: Mapping[SpeakerLabel, Match] | None = None,
    in_print: Sequence[PrintedWords] = (),
    apart: Set[frozenset[SpeakerLabel]] = frozenset(),
) -> Named:
    """
    One attribution for every voice of a conversation, by first appearance.

    `utterances` stand in order of time; `persons`, `title` and `notes` are the publisher's;
    `known` are the archive's people whose names somebody wrote (desk or feed, not those
    only ever heard), of whom only those as fictional as the episode can be meant;
    `decisions` are an editor's, already laid on these labels, and final: a person, or None
    for a voice that shall have no name; `publisher_words` are the words of the
    publisher's own transcript, with printed names in `voice`; `typed` tells that a person
    wrote the words, and with them the names that are only said; `voices` are those that sound
    like a voiceprint of somebody in `known`; `in_print` are quotes printed elsewhere under
    the names of people in `known`; `apart` are pairs of labels of which an editor said that
    they are two people.
    """
    names = [person.name for person in persons] + [name for one in known for name in (one.name, *one.aliases)]
    heard = replace(listen(utterances, publisher_words, names), echoes=echoes(utterances, in_print))
    return conclude(
        heard, persons=persons, title=title, notes=notes, known=known, decisions=decisions, fiction=fiction,
        typed=typed, voices=voices, apart=apart,
    )  # fmt: skip


def listen(
    utterances: Sequence[Utterance], publisher_words: Sequence[Word] | None = None, names: Sequence[str] = ()
) -> Heard:
    """
    Read from a conversation all that naming needs, whoever the names may mean.

    `names`, those known beforehand, matter only where the words have no capitals.
    """
    floor = stretches(lettered(utterances, names))
    spoken: dict[SpeakerLabel, int] = {}
    for stretch in floor:
        spoken[stretch.label] = spoken.get(stretch.label, 0) + len(stretch.tokens)
    return Heard(mentions(floor), manners(floor), spoken, printed_names(utterances, publisher_words))


def conclude(
    heard: Heard,
    *,
    persons: Sequence[Person] = (),
    title: str = "",
    notes: str = "",
    known: Sequence[Speaker] = (),
    decisions: Mapping[SpeakerLabel, Speaker | None] | None = None,
    fiction: bool = False,
    typed: bool = False,
    voices: Mapping[SpeakerLabel, Match] | None = None,
    limits: Limits = LIMITS,
    apart: Set[frozenset[SpeakerLabel]] = frozenset(),
) -> Named:
    """Decide what was `heard`; the same conversation can be concluded under several lists of people."""
    people = _people(heard, persons, title, notes, known, fiction)
    sound = {label: match for label, match in (voices or {}).items() if label in heard.spoken}
    fixed = {label: _decided(label, who) for label, who in (decisions or {}).items() if label in heard.spoken}

    def weighed(found: Sequence[Echo]) -> tuple[Room, Cases, tuple[Attribution, ...]]:
        here = {match.speaker for match in sound.values()} | {echo.printed.speaker for echo in found}
        room = replace(_room(heard, _present(people, heard.said, here), limits), typed=typed)
        cases = tally(heard.said, room.people)
        _read_print(heard, cases, room.people)
        _read_voices(sound, cases, room.people)
        _read_echoes(found, cases)
        return room, cases, weigh(room, cases, _likely(heard, room, cases, fixed), fixed, apart)

    found = own_words(heard.echoes, heard.said, people)
    room, cases, given = weighed(found)
    beside = without_print(found, given, lambda fewer: weighed(fewer)[2])
    newcomers = _newcomers((*given, *beside), people, known, fiction)
    return Named(given, newcomers, questions(room, cases, given, fixed), beside)


def chances_of(heard: Heard, persons: Sequence[Person] = ()) -> Iterator[tuple[SpeakerLabel, Candidate, Basis, float]]:
    """Each voice's likeliest person and their chance before it is calibrated, for measuring."""
    room = _room(heard, _present(_people(heard, persons), heard.said, frozenset()), LIMITS)
    cases = tally(heard.said, room.people)
    likely = _likely(heard, room, {}, {})
    for label in room.labels:
        person = likeliest(room, likely, label)
        if person is not None and person.source != "stranger":
            basis = room.basis(person, cases.get((label, person.id), Case()))
            yield label, person, basis, likely[label, person.id]


def _people(
    heard: Heard,
    persons: Sequence[Person],
    title: str = "",
    notes: str = "",
    known: Sequence[Speaker] = (),
    fiction: bool = False,
) -> tuple[Candidate, ...]:
    """Everybody whom a voice may be, whoever says so."""
    people = gather(persons, title, notes, [speaker for speaker in known if speaker.fiction == fiction])
    people = (*people, *printed((name for name, _ in heard.printed.values()), people))
    return apart((*people, *introduced(heard.said, people)), known, fiction)


def _likely(heard: Heard, room: Room, cases: Cases, fixed: Mapping[SpeakerLabel, Attribution]) -> Chances:
    """How likely every voice that no editor decided is every person whom no editor placed."""
    placed = {attribution.speaker for attribution in fixed.values()}
    return chances(
        heard.said,
        [person for person in room.people if person.id not in placed],
        room.spoken,
        room.accounted,
        {pair: share for pair, case in cases.items() if (share := _shown_share(case))},
        fixed.keys(),
    )


def _shown_share(case: Case) -> float:
    """How surely something other than what is said of names shows whose the voice is: 0 to 1."""
    return 1.0 if case.voice else max(case.printed, case.quoted)


def _room(heard: Heard, present: tuple[Candidate, ...], limits: Limits) -> Room:
    whole = {mention.words for mention in heard.said if mention.whole and places(mention)}
    named = frozenset(person.id for words in whole for person in resolve(words, present))
    room = Room(
        tuple(heard.spoken), heard.spoken, heard.seen, present,
        namesakes(heard.said, present), named, presented(heard.said, present), _spelt(heard.said, present), limits,
    )  # fmt: skip
    # Where the list fits the voices, a first name that is not on it is a nickname or no name at all.
    return room if room.accounted else replace(room, people=(*present, *strangers(heard.said, present)))


def _spelt(said: Sequence[Mention], people: Sequence[Candidate]) -> dict[SpeakerId, Counter[tuple[str, ...]]]:
    """How whole names of people whom nobody wrote down were heard, and how often."""
    found: dict[SpeakerId, Counter[tuple[str, ...]]] = {}
    for person in people:
        if not person.written:
            found[person.id] = Counter(
                tuple(word for word in mention.words if word not in TITLES)
                for mention in said
                if mention.whole and places(mention) and person in resolve(mention.words, people)
            )
    return found


def _read_print(heard: Heard, cases: Cases, people: Sequence[Candidate]) -> None:
    for label, (shown, share) in heard.printed.items():
        for person in resolve(parts(shown), people):
            case = cases.setdefault((label, person.id), Case())
            case.printed = max(case.printed, share)
            detail = f"printed as “{shown}” over {share:.0%} of this voice's words"
            case.reasons.append(Evidence("publisher", "publisher's transcript", detail, None, 3.0))


def _read_voices(sound: Mapping[SpeakerLabel, Match], cases: Cases, people: Sequence[Candidate]) -> None:
    for label, match in sound.items():
        for person in (one for one in people if one.id == match.speaker):
            case = cases.setdefault((label, person.id), Case())
            case.voice = True
            case.reasons.append(match.evidence(person.name))


def _read_echoes(found: Sequence[Echo], cases: Cases) -> None:
    for echo in found:
        case = cases.setdefault((echo.label, echo.printed.speaker), Case())
        # Print gives the whole name, as it is written.
        case.quoted, case.whole, case.exact = STRENGTH, True, True
        case.reasons.append(echo.reason)


def _decided(label: SpeakerLabel, who: Speaker | None) -> Attribution:
    reason = (Evidence("editor", "decision", "decided by an editor"),)
    if who is None:
        return Attribution(label, None, None, None, "unattributed", 0.0, reason)
    return Attribution(label, who.id, who.name, who.role, "confirmed", 1.0, reason)


def _newcomers(
    given: Sequence[Attribution], people: Sequence[Candidate], known: Sequence[Speaker], fiction: bool
) -> tuple[Newcomer, ...]:
    """Whoever gets a voice, and everybody in the publisher's list, that the archive does not have."""
    old = {speaker.id for speaker in known}
    needed = {a.speaker: a.role for a in given if a.speaker is not None}
    return tuple(
        Newcomer(
            Speaker(p.id, p.name, role=p.role or needed.get(p.id) or "guest", fiction=fiction),
            "feed" if p.written else "heard",
        )
        for p in people
        if p.id not in old and (p.id in needed or p.source == "persons")
    )


def _present(people: Sequence[Candidate], said: Sequence[Mention], sound: Set[SpeakerId]) -> tuple[Candidate, ...]:
    """
    The people who may be here: whoever the publisher lists or prints, talk introduces, or a voice sounds like.

    Somebody whom only the archive knows must be named in full in this conversation;
    otherwise every first name would mean all who ever bore it.
    """
    called: set[SpeakerId] = set()
    for words in {mention.words for mention in said if mention.way != "talk" and len(mention.words) > 1}:
        called.update(person.id for person in resolve(words, people))
    return tuple(p for p in people if p.source != "archive" or p.id in called | sound)
