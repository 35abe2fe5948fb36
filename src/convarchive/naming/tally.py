"""
Collects, for every voice and every person, the reasons heard for and against their being one.

Each reason carries where it was heard, so that it can be played, and how often its kind was
right where that was measured. How likely a name is, all reasons together, `chances` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from convarchive.domain.speaker import Evidence, SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.candidates import Candidate, resolve
from convarchive.naming.introductions import Mention
from convarchive.naming.kinds import Place, place
from convarchive.naming.strengths import meant, record

_TELLING = 0.3
"""How often a kind of saying must have meant a voice to be a reason for it."""
_ANSWERED = 0.85
"""How often a question under a name must have meant whoever speaks next, for that voice to answer to the name."""


@dataclass(slots=True)
class Case:
    """
    What was heard for one voice being one person; each saying counts as often as its kind was right.

    `own`: the voice names itself; `answers`: it takes the welcome that was said under the
    name; `asked`: it speaks up where something is asked under the name; `others`: neighbours
    introduce or address it; `printed`: the share of its words that a publisher's transcript
    prints under the name; `quoted`: it says what is printed elsewhere under the
    name. `whole` tells that the whole name was said, `exact` that it was
    said as it is written; `voice` that it sounds like the person's voiceprint; `begins` that the
    voice's first words are the whole name and no more; `beside` that it speaks of the person as
    somebody next to it; `heard` holds the whole names as they were heard.
    """

    own: float = 0.0
    answers: float = 0.0
    asked: float = 0.0
    others: float = 0.0
    printed: float = 0.0
    quoted: float = 0.0
    whole: bool = False
    exact: bool = False
    voice: bool = False
    begins: bool = False
    beside: bool = False
    heard: set[tuple[str, ...]] = field(default_factory=set)
    reasons: list[Evidence] = field(default_factory=list)


Cases = dict[tuple[SpeakerLabel, SpeakerId], Case]


def tally(said: Sequence[Mention], people: Sequence[Candidate]) -> Cases:
    """Sort every saying that can mean one person only; ambiguous names are reasons for nobody."""
    cases: Cases = {}
    cache: dict[tuple[str, ...], tuple[Candidate, ...]] = {}
    for mention in said:
        who = cache.get(mention.words)
        if who is None:
            who = cache[mention.words] = resolve(mention.words, people)
        if len(who) == 1:
            _speaker(cases, mention, who[0])
            for label in dict.fromkeys((mention.after, mention.before)):
                if label is not None and label != mention.label:
                    _neighbour(cases, mention, label, who[0])
    return cases


def _speaker(cases: Cases, mention: Mention, person: Candidate) -> None:
    case = cases.setdefault((mention.label, person.id), Case())
    share = meant(mention)["speaker"]
    case.begins = case.begins or (mention.torn and mention.whole)
    case.beside = case.beside or (mention.beside and mention.way not in ("self", "own"))
    if mention.way in ("self", "own") and share > _TELLING:
        _hear(case, mention, person)
        case.own += share
        detail = f"says “{mention.text}” of itself; {_record(mention, 'speaker', 'such words meant the speaker')}"
        case.reasons.append(Evidence("self", "self-introduction", detail, mention.span, round(share, 3)))
    elif not mention.torn:
        kind = "talks about" if mention.way in ("talk", "refer", "own") else "names somebody else"
        detail = f"says “{mention.text}”; {_record(mention, 'speaker', 'such words meant the speaker')}"
        case.reasons.append(Evidence("others", kind, detail, mention.span, round(share - 1.0, 3)))


def _neighbour(cases: Cases, mention: Mention, label: SpeakerLabel, person: Candidate) -> None:
    where = place(mention, label)
    share = meant(mention)[where]
    shown = mention.way in ("intro", "hint") or mention.hailed
    if not (shown or mention.way in ("call", "refer")) or mention.torn or share < _TELLING:
        return
    case = cases.setdefault((label, person.id), Case())
    _hear(case, mention, person)
    kind = "introduced" if shown else "referred to" if mention.way == "refer" else "addressed"
    if mention.way != "refer":
        case.others += share
    detail = f"{kind} as “{mention.text}” beside it; {_record(mention, where, 'such words meant this voice')}"
    case.reasons.append(Evidence("others", kind, detail, mention.span, round(share, 3)))
    welcomed = shown or (mention.way == "call" and not mention.thanks)
    if mention.taken and welcomed and where in ("after", "both") and mention.last >= mention.size - 120:
        case.answers += share
        how = "thanks for the welcome" if mention.taken == "welcome" else "greets or thanks"
        detail = f"{how} right after being named “{mention.text}”"
        case.reasons.append(Evidence("self", "answers to the name", detail, mention.reply, round(share, 3)))
    elif kind == "addressed" and mention.asks and share >= _ANSWERED and where in ("after", "both"):
        case.asked += share
        detail = f"speaks up where something is asked under “{mention.text}”"
        case.reasons.append(Evidence("self", "answers when asked", detail, mention.reply, round(share, 3)))


def _hear(case: Case, mention: Mention, person: Candidate) -> None:
    case.whole = case.whole or mention.whole
    case.exact = case.exact or mention.whole or person.called(mention.words[0]) == 1.0
    if mention.whole:
        case.heard.add(mention.words)


def _record(mention: Mention, where: Place, what: str) -> str:
    right, total = record(mention, where)
    return f"{what} {right} of {total} times" if total else "never measured"
