"""
Measures whether voiceprints know the right people, and never a wrong one, with every other voice as an impostor.

Whose voice is whose was marked by people. Everybody who speaks enough is enrolled from
what they say alone, a print for each recording, and portions of everybody's speech are
compared with the prints: with those of one other person alone, where no margin helps; with
those of all others; and with the person's own from other recordings among all of them.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from convarchive.domain.episode import Sha256
from convarchive.domain.run import digest
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.transcript import Word
from convarchive.domain.voiceprint import Voiceprint
from convarchive.errors import BadInput
from convarchive.evaluation.speech import Reference, Stretch, references
from convarchive.ingest.clean_speech import SHORTEST, clean_speech
from convarchive.ingest.voiceprinting import Listen
from convarchive.naming.voiceprints import RULE, Rule, Voice, likenesses, matches

ROUNDING = 50
"""Milliseconds that may be lost where a portion is cut into pieces."""
CLIP = 30_000
"""Milliseconds that a clip for enrolment lasts at most."""
THRESHOLDS = tuple(n / 100 for n in range(30, 95, 5))


@dataclass(frozen=True, slots=True)
class Portion:
    """Some speech of one person in one recording, compared as a voice would be."""

    person: SpeakerId
    recording: str
    voice: Voice


@dataclass(frozen=True, slots=True)
class Print:
    """A person's print from one recording; a `narrow` one the product would not keep."""

    recording: str
    kept: Voiceprint
    narrow: bool


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to compare: portions of speech, and prints of everybody who says enough for one."""

    portions: tuple[Portion, ...]
    prints: tuple[Print, ...]

    def prints_of(self, person: SpeakerId, but: str = "") -> tuple[Voiceprint, ...]:
        """A person's prints from all recordings but one."""
        return tuple(one.kept for one in self.prints if one.kept.speaker == person and one.recording != but)

    def enrolled(self, person: SpeakerId, but: str = "") -> bool:
        """Whether what is left of a person's speech would do to enrol them."""
        return sum(one.speech_ms for one in self.prints_of(person, but)) >= RULE.enrolled

    @property
    def usable(self) -> Material:
        """What the product would use: nothing by telephone."""
        wide = tuple(one for one in self.portions if not one.voice.narrow)
        return Material(wide, tuple(one for one in self.prints if not one.narrow))

    @property
    def people(self) -> tuple[SpeakerId, ...]:
        """Everybody who can be enrolled."""
        return tuple(p for p in dict.fromkeys(one.kept.speaker for one in self.prints) if self.enrolled(p))


@dataclass(frozen=True, slots=True)
class Trial:
    """
    One portion against one person's prints, everybody else being away. `own`: it is that person.

    `narrow`: its sound, or all of theirs, is by telephone, and the product compares it with nobody.
    """

    portion: int
    truth: SpeakerId
    recording: str
    person: SpeakerId
    likeness: float
    own: bool
    narrow: bool


@dataclass(frozen=True, slots=True)
class Score:
    """
    What came out. `trials` are pairs; `false_open`: portions of people who are not enrolled,
    all others being, that were taken for somebody, of `open`; `right` and `wrong`: portions
    of people who are enrolled from other recordings, of `closed`, the smallest of whose leads
    over the likest other person is `least_lead`.
    """

    trials: tuple[Trial, ...]
    open: int
    false_open: int
    closed: int
    right: int
    wrong: int
    least_lead: float
    curve: tuple[tuple[float, int, int], ...]

    @property
    def impostors(self) -> tuple[Trial, ...]:
        """The pairs of different people that the product would compare."""
        return tuple(one for one in self.trials if not one.own and not one.narrow)


def upper_bound(wrong: int, trials: int) -> float:
    """
    The share that `wrong` of `trials` is below with 95 % confidence, one-sided (Clopper and Pearson, 1934).

    For none of n it is near 3/n, the rule of three.

    >>> round(upper_bound(0, 100), 4)
    0.0295
    """
    if wrong >= trials:
        return 1.0
    low, high = wrong / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, trials, middle) > 0.05:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, trials: int, share: float) -> float:
    logs = (
        math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        + k * math.log(share) + (trials - k) * math.log1p(-share)
        for k in range(wrong + 1)
    )  # fmt: skip
    return sum(math.exp(one) for one in logs) if 0 < share < 1 else float(share <= 0)


def material(data: Path, listen: Listen) -> Material:
    """Listen to every recording with a reference, and to `speech/enrol/PERSON__*.flac`. Raises BadInput."""
    portions: list[Portion] = []
    prints: list[Print] = []
    seen: set[tuple[str, str]] = set()
    for one in (*references(data), *_clips(data)):
        clean = _clean(one, seen)
        seen |= {(stretch.speaker, stretch.text) for stretch in one.said if stretch.text}
        wanted: dict[SpeakerLabel, tuple[Span, ...]] = {
            SpeakerLabel(f"all {who}"): spans for who, spans in clean.items()
        }
        for who, spans in clean.items():
            for number, some in enumerate(_portions(spans, RULE.heard + ROUNDING)):
                wanted[SpeakerLabel(f"{number} {who}")] = some
        for label, voice in listen(one.audio, wanted).items():
            part, _, who = label.partition(" ")
            if part == "all" and voice.speech_ms >= RULE.made:
                prints.append(_print(SpeakerId(who), one.id, voice))
            elif part != "all" and voice.speech_ms >= RULE.heard:
                portions.append(Portion(SpeakerId(who), one.id, voice))
    if len({one.kept.speaker for one in prints}) < 2:
        raise BadInput(f"{data} holds no two people who speak {RULE.made // 1000} s alone; nothing can be compared")
    return Material(tuple(portions), tuple(prints))


def _clips(data: Path) -> Iterator[Reference]:
    folder = (data / "speech" if (data / "speech").is_dir() else data) / "enrol"
    for audio in sorted(folder.glob("*__*.flac")):
        whole = Stretch(Span(0, CLIP), audio.stem.partition("__")[0])
        yield Reference(f"enrol/{audio.stem}", audio, (whole,), ())


def _clean(one: Reference, seen: set[tuple[str, str]]) -> dict[str, tuple[Span, ...]]:
    """Where each person speaks alone, save what they read in an earlier recording too: that is the same sound."""
    again = [s.span for s in one.said if s.text and (s.speaker, s.text) in seen]
    turns = [Turn(s.span, SpeakerLabel(s.speaker)) for s in one.spoken]
    said = [Utterance(turn.label, 0, (Word("", turn.span),)) for turn in turns]
    return {_whose(one, label): spans for label, spans in clean_speech(turns, said, again).items()}


def _whose(one: Reference, label: str) -> str:
    """A person's id over all recordings where it has a number; a part such as `caller` is another person in each."""
    return label if any(char.isdigit() for char in label) else f"{one.id}:{label}"


def _portions(spans: Sequence[Span], size: int) -> Iterator[tuple[Span, ...]]:
    """Stretches of `size` ms together or little more, one after the other; what is left over is not used."""
    some: list[Span] = []
    wanted = size
    for span in spans:
        start = span.start
        while span.end - start >= max(wanted, SHORTEST):
            end = start + max(wanted, SHORTEST)
            yield (*some, Span(start, end))
            start, some, wanted = end, [], size
        if span.end - start >= SHORTEST:
            some.append(Span(start, span.end))
            wanted -= span.end - start


def _print(person: SpeakerId, recording: str, voice: Voice) -> Print:
    made = Voiceprint(0, person, Sha256(digest(recording)), "", voice.speech_ms, voice.vector)
    return Print(recording, made, voice.narrow)


def score(found: Material, rule: Rule = RULE) -> Score:
    """Every trial that the material allows, and the curve over thresholds: (threshold, false, found)."""
    trials = tuple(_trials(found))
    usable = found.usable
    right = wrong = closed = false_open = 0
    least_lead = 2.0
    for portion in usable.portions:
        others = [p for who in usable.people if who != portion.person for p in usable.prints_of(who)]
        false_open += _known(portion, others, rule) is not None
        if usable.enrolled(portion.person, portion.recording):
            given = _known(portion, [*others, *usable.prints_of(portion.person, portion.recording)], rule)
            closed, right = closed + 1, right + (given == portion.person)
            wrong += given not in (None, portion.person)
            own = likenesses(portion.voice.vector, usable.prints_of(portion.person, portion.recording))[portion.person]
            rivals = likenesses(portion.voice.vector, others).values()
            least_lead = min(least_lead, own - max(rivals, default=-1.0))
    curve = []
    for threshold in THRESHOLDS:
        over = [one for one in trials if one.likeness >= threshold and not one.narrow]
        curve.append((threshold, sum(not one.own for one in over), sum(one.own for one in over)))
    return Score(trials, len(usable.portions), false_open, closed, right, wrong, least_lead, tuple(curve))


def _known(portion: Portion, prints: Sequence[Voiceprint], rule: Rule) -> SpeakerId | None:
    label = SpeakerLabel("S1")
    match = matches({label: portion.voice}, prints, rule).get(label)
    return match.speaker if match else None


def _trials(found: Material) -> Iterator[Trial]:
    for number, portion in enumerate(found.portions):
        for person in found.people:
            own = person == portion.person
            prints = found.prints_of(person, portion.recording if own else "")
            if own and not found.enrolled(person, portion.recording):
                continue
            narrow = portion.voice.narrow or any(one.narrow for one in found.prints if one.kept.speaker == person)
            likeness = likenesses(portion.voice.vector, prints)[person]
            yield Trial(number, portion.person, portion.recording, person, likeness, own, narrow)


def write(found: Score, folder: Path) -> None:
    """Write every trial as a line of `voiceprints.csv`, for others to score; no vectors."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "voiceprints.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["portion", "recording", "person", "compared_with", "likeness", "own", "narrow"])
        for one in found.trials:
            own, narrow = int(one.own), int(one.narrow)
            rows.writerow([one.portion, one.recording, one.truth, one.person, f"{one.likeness:.4f}", own, narrow])


def facts(found: Score, rule: Rule = RULE) -> Mapping[str, object]:
    """The figures, for a machine."""
    impostors = found.impostors
    false = [one for one in impostors if one.likeness >= rule.threshold]
    pairs = {(one.truth, one.person) for one in impostors}
    wrong_pairs = {(one.truth, one.person) for one in false}
    own = [one for one in found.trials if one.own and not one.narrow]
    return {
        "threshold": rule.threshold,
        "margin": rule.margin,
        "impostor_trials": len(impostors),
        "false": len(false),
        "upper_bound": upper_bound(len(false), len(impostors)),
        "pairs": len(pairs),
        "false_pairs": len(wrong_pairs),
        "pairs_upper_bound": upper_bound(len(wrong_pairs), len(pairs)),
        "highest_impostor": max(one.likeness for one in impostors),
        "lowest_own": min((one.likeness for one in own), default=None),
        "open": found.open,
        "false_open": found.false_open,
        "closed": found.closed,
        "right": found.right,
        "wrong": found.wrong,
        "least_lead": found.least_lead if found.closed else None,
        "curve": found.curve,
    }


def report(found: Score, rule: Rule = RULE) -> str:
    """The figures and the curve as Markdown."""
    told = facts(found, rule)
    narrow = [one for one in found.trials if one.narrow and not one.own]
    own = [one for one in found.trials if one.own and not one.narrow]
    lines = [
        f"threshold {rule.threshold}, margin {rule.margin}; portions of {RULE.heard // 1000} s",
        "",
        "| trial | wrong | of | 95 % upper bound |",
        "|---|---|---|---|",
        f"| one other person enrolled | {told['false']} | {told['impostor_trials']} | {told['upper_bound']:.2%} |",
        f"| the same, by pairs of people | {told['false_pairs']} | {told['pairs']} | {told['pairs_upper_bound']:.2%} |",
        f"| all others enrolled, the speaker not | {found.false_open} | {found.open} "
        f"| {upper_bound(found.false_open, found.open):.2%} |",
        f"| everybody enrolled, from other recordings | {found.wrong} | {found.closed} "
        f"| {upper_bound(found.wrong, max(1, found.closed)):.2%} |",
        "",
        f"found {found.right} of {found.closed} portions of people enrolled from other recordings, each of which leads "
        f"the likest other person by {told['least_lead'] or 0:.2f} at least; the likest impostor "
        f"{told['highest_impostor']:.2f}, the least like own voice {told['lowest_own'] or 0:.2f}",
        f"by telephone, which is compared with nobody: {len(narrow)} impostor trials more, the likest "
        f"{max((one.likeness for one in narrow), default=0):.2f}",
        "",
        "| threshold | impostors taken for the person | own voices found |",
        "|---|---|---|",
        *(
            f"| {at:.2f} | {false} of {told['impostor_trials']} | {true} of {len(own)} |"
            for at, false, true in found.curve
        ),
    ]
    return "\n".join(lines)
