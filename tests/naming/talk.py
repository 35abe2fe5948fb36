"""Conversations for tests, written as a script: a label, a colon, the words."""

from collections.abc import Sequence

from convarchive.domain.episode import Person
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.naming import Named

FILLER = (
    "I think the part that people often forget is how long it takes before a garden pays anything back "
    "and how many small jobs there are in between which nobody would ever put on a poster."
)
"""Talk that names nobody, so that a voice says enough to count."""

ADA = Person("Ada Example", "host")
BEN = Person("Ben Sample", "guest")
CLEO = Person("Cleo Specimen", "guest")
INTERVIEW = (
    "S1: Hello and welcome to the show. I'm Ada Example. My guest today is Ben Sample. Welcome, Ben.",
    "S2: Thank you, Ada. It is good to be here. My name is Ben Sample and I keep a garden. ...",
    "S1: Ben, what did you plant first? ...",
    "S2: Beans. ...",
    "S1: Thank you for coming, Ben.",
    "S2: Thank you, Ada.",
)
"""Two voices who say and are told who they are."""


def talk(*lines: str) -> tuple[Utterance, ...]:
    """Utterances from `LABEL: words`; a word lasts 300 ms, and `...` in a line stands for talk that names nobody."""
    made: list[Utterance] = []
    first = at = 0
    for line in lines:
        label, _, text = line.partition(": ")
        words = []
        for token in text.replace("...", FILLER).split():
            words.append(Word(token, Span(at, at + 250)))
            at += 300
        made.append(Utterance(SpeakerLabel(label), first, tuple(words)))
        first += len(words)
    return tuple(made)


def relabelled(utterances: Sequence[Utterance], labels: dict[str, str]) -> tuple[Utterance, ...]:
    """The same talk with its labels exchanged."""
    return tuple(Utterance(SpeakerLabel(labels[u.label or ""]), u.first, u.words) for u in utterances)


def who(named: Named) -> dict[str, tuple[str | None, str]]:
    """Name and status of each label."""
    return {a.label: (a.name, a.status) for a in named.attributions}


def of(named: Named, label: str) -> Attribution:
    """The attribution of one label."""
    return next(a for a in named.attributions if a.label == label)
