"""
Lays what editors decided about voices on the labels that a recording has now.

Labels change with every new diarization, so a decision is kept on the stretches of sound
that the editor meant. It is carried over where those stretches, and hardly anything
else, make up a label of today. Where they do not, nothing is named: a wrong name under
an editor's authority is worse than a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from convarchive.domain.span import Span, joined, without
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn

MAJORITY = 0.5
"""A decision goes to the label that holds more than this part of what is heard in its stretches."""
FILLED = 0.75
"""The part of a label that lies in a decision's stretches at least, for the decision to name all of it."""
SPILL = 0.1
"""Parts smaller than this are how two diarizations of the same speech always differ."""

Timeline = tuple[Span, ...]

NOT_A_PERSON = SpeakerId("(no person)")
"""Stands in a projection for whoever is behind a label that is a jingle, music or noise; no person has such an id."""

Decision = tuple[str, Timeline, SpeakerId | None]
"""An editor's act on voices: (act, spans in ms, speaker)."""


@dataclass(frozen=True, slots=True)
class Projected:
    """
    Decisions on today's labels. `turns` have the merges and splits done; `speakers` says
    who a label was decided to be (None: nobody who may be named; NOT_A_PERSON: nobody at
    all); `questions` are sentences for a person to look at, each about a decision that was
    not fully applied; `apart` holds pairs of labels that were split, and are two people.
    """

    turns: tuple[Turn, ...]
    speakers: Mapping[SpeakerLabel, SpeakerId | None]
    questions: tuple[str, ...]
    apart: frozenset[frozenset[SpeakerLabel]] = frozenset()


def project(decisions: Sequence[Decision], turns: Sequence[Turn]) -> Projected:
    """
    Carry decisions (oldest first) over to these turns.

    `assign`: the voice heard in the stretches is this person. `merge`: all voices in them
    are one. `rest` and `split`, in this order: the voice in the stretches of the second is
    not the one in those of the first, which keeps its label and the name it had; the other
    gets a label that none has had yet. `not-a-person`: what is heard in them is nobody's
    voice. A later decision about the same stretches outranks an earlier one. Raises
    ValueError for another act.
    """
    current = tuple(sorted(turns))
    used = {turn.label for turn in current}
    rest: Timeline = ()
    apart: set[frozenset[SpeakerLabel]] = set()
    questions: list[str] = []
    for act, spans, _ in decisions:
        doubts: list[str] = []
        if act == "merge":
            current, doubts = _merged(joined(spans), current)
        elif act == "split":
            current, doubts = _split(joined(spans), rest, current, _unused(used))
            used |= {turn.label for turn in current}
            apart |= _two(joined(spans), rest, current, apart) if not doubts else set()
        elif act not in ("assign", "rest", "not-a-person"):
            raise ValueError(f"an editor's act on voices is assign, merge, rest, split or not-a-person, not {act!r}")
        rest = joined(spans) if act == "rest" else ()
        questions += doubts
    speakers, doubts = _assigned(_standing(decisions), current)
    return Projected(current, speakers, (*questions, *doubts), frozenset(apart))


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a decision still says about whom, after later ones have taken their part of it."""

    spans: Timeline
    speaker: SpeakerId | None
    decided: int

    def without(self, taken: Timeline) -> _Claim:
        return replace(self, spans=without(self.spans, taken))

    def apart_from(self, other: Timeline) -> _Claim:
        """What it says of the rest of its voice, once a part of that proved to be somebody else's."""
        left = without(self.spans, other)
        return replace(self, spans=left, decided=self.decided - (_length(self.spans) - _length(left)))


def _standing(decisions: Sequence[Decision]) -> tuple[_Claim, ...]:
    """Who was decided to speak when, no two claims about the same instant, the latest decision first in right."""
    standing: list[_Claim] = []
    for act, spans, speaker in decisions:
        new = joined(spans)
        if act == "split":
            standing = [claim.apart_from(new) for claim in standing]
        # Merging or splitting may name the voice at the same time; without a name it says nothing about people.
        if act in ("assign", "not-a-person") or speaker is not None:
            standing = [claim.without(new) for claim in standing]
            standing.append(_Claim(new, NOT_A_PERSON if act == "not-a-person" else speaker, _length(new)))
    # Slivers of an overruled decision are where two diarizations differ, no decision of their own.
    return tuple(claim for claim in standing if claim.spans and _length(claim.spans) > (1 - FILLED) * claim.decided)


def _assigned(
    claims: Sequence[_Claim], turns: Sequence[Turn]
) -> tuple[dict[SpeakerLabel, SpeakerId | None], list[str]]:
    """Give each label to the one person whose stretches fill it; ask about every other label they touch."""
    voices = _alone(_voices(turns))
    speakers: dict[SpeakerLabel, SpeakerId | None] = {}
    doubts: list[tuple[SpeakerLabel | None, str]] = []
    named: dict[SpeakerLabel, dict[SpeakerId | None, float]] = {label: {} for label in voices}
    for label, own in voices.items():
        for claim in claims:
            part = _shared(claim.spans, own) / _length(own)
            named[label][claim.speaker] = named[label].get(claim.speaker, 0.0) + part
    for claim in claims:
        parts = {label: part for label, own in voices.items() if (part := _shared(claim.spans, own))}
        if not parts:
            who, when = _who(claim.speaker), _when(claim.spans)
            doubts.append((None, f"nobody is heard any more where an editor named {who} ({when})"))
        for label, part in parts.items():
            doubt = _doubt(label, claim.speaker, part / sum(parts.values()), named[label])
            if doubt is None:
                speakers[label] = claim.speaker
            else:
                doubts.append((label, doubt))
    # Another decision about the same person may have settled what this one leaves open.
    return speakers, list(dict.fromkeys(doubt for label, doubt in doubts if doubt and label not in speakers))


def _doubt(
    label: SpeakerLabel, speaker: SpeakerId | None, share: float, named: Mapping[SpeakerId | None, float]
) -> str | None:
    """
    Why a label does not get the person of a decision: None where it does, empty where it is not touched.

    `share` is the part of the decision's stretches that the label holds; `named` says
    how much of the label was decided to be whom.
    """
    filled = named.get(speaker, 0.0)
    if share <= SPILL and filled < FILLED:
        return ""
    if rivals := sorted(_who(other) for other, part in named.items() if other != speaker and part > SPILL):
        everyone = " and ".join(sorted([_who(speaker), *rivals]))
        return f"{label} is now one voice where an editor named {everyone}"
    if filled < FILLED:
        return f"only {filled:.0%} of what {label} says was named {_who(speaker)} by an editor"
    if share <= MAJORITY:
        return f"is {label} {_who(speaker)}? It speaks {share:.0%} of what an editor gave to {_who(speaker)}"
    return None


def _merged(spans: Timeline, turns: tuple[Turn, ...]) -> tuple[tuple[Turn, ...], list[str]]:
    """Make the labels that lie in the stretches one: the first of them to be heard."""
    voices = _voices(turns)
    inside = [label for label, own in voices.items() if _shared(spans, own) >= FILLED * _length(own)]
    heard = sum(_shared(spans, own) for own in voices.values())
    outside = [
        label for label, own in voices.items() if label not in inside and _shared(spans, own) > SPILL * max(1, heard)
    ]
    doubts = [
        f"an editor made one voice of {_when(spans)}, but {label} also speaks elsewhere and was left as it is"
        for label in outside
    ]
    one = inside[0] if inside else None
    merged = {Turn(t.span, one) if one is not None and t.label in inside else t for t in turns}
    return tuple(sorted(merged)), doubts


def _unused(labels: Iterable[SpeakerLabel]) -> SpeakerLabel:
    """A label after all of these."""
    return SpeakerLabel(f"S{1 + max((int(one[1:]) for one in labels if one[1:].isdecimal()), default=0)}")


def _split(
    spans: Timeline, rest: Timeline, turns: tuple[Turn, ...], fresh: SpeakerLabel
) -> tuple[tuple[Turn, ...], list[str]]:
    """Take the stretches out of the label they lie in with the rest of its voice, and give them another one."""
    voices = _voices(turns)
    parts = {label: _shared(spans, own) for label, own in voices.items()}
    heard = sum(parts.values())
    if not heard:
        return turns, [f"nobody is heard any more where an editor set a voice apart ({_when(spans)})"]
    label = max(parts, key=parts.__getitem__)
    if parts[label] < FILLED * heard:
        return turns, [f"an editor set one voice apart at {_when(spans)}, where several are heard now"]
    of_rest = {one: _shared(rest, own) for one, own in voices.items()}
    if of_rest[label] <= MAJORITY * sum(of_rest.values()) if rest else parts[label] >= FILLED * _length(voices[label]):
        # This diarization tells that voice apart by itself.
        return turns, []
    own = joined([turn.span for turn in turns if turn.label == label])
    # What is in neither, as where somebody else speaks too, goes with the one that it is nearer to.
    between = without(own, joined((*spans, *rest))) if rest else ()
    part = joined((*spans, *(one for one in between if _away(one, spans) < _away(one, rest))))
    taken = [Turn(both, fresh) for t in turns if t.label == label for s in part if (both := t.span & s)]
    left = [Turn(piece, label) for t in turns if t.label == label for piece in without((t.span,), part)]
    return tuple(sorted([t for t in turns if t.label != label] + taken + left)), []


def _two(
    spans: Timeline, rest: Timeline, turns: tuple[Turn, ...], apart: Set[frozenset[SpeakerLabel]]
) -> set[frozenset[SpeakerLabel]]:
    """The labels that a split says are two people; whoever the voice it parted was not, the part is not either."""
    voices = _voices(turns)
    one, other = (max(voices, key=lambda label: _shared(where, voices[label])) for where in (spans, rest))
    if one == other or not rest:
        return set()
    return {frozenset((one, other)), *(frozenset((pair - {other}) | {one}) for pair in apart if other in pair)}


def _away(one: Span, spans: Timeline) -> int:
    """Milliseconds from a stretch to the nearest of others."""
    return min(max(0, other.start - one.end, one.start - other.end) for other in spans)


def _voices(turns: Sequence[Turn]) -> dict[SpeakerLabel, Timeline]:
    """When each label speaks, in order of first appearance."""
    spans: dict[SpeakerLabel, list[Span]] = {}
    for turn in sorted(turns):
        if turn.span.duration:
            spans.setdefault(turn.label, []).append(turn.span)
    return {label: joined(own) for label, own in spans.items()}


def _alone(voices: Mapping[SpeakerLabel, Timeline]) -> dict[SpeakerLabel, Timeline]:
    """When each label speaks and no other does: where two speak, stretches say nothing about which was meant."""
    found: dict[SpeakerLabel, Timeline] = {}
    for label, own in voices.items():
        others = joined([span for other, spans in voices.items() if other != label for span in spans])
        found[label] = without(own, others) or own
    return found


def _length(spans: Timeline) -> int:
    return sum(span.duration for span in spans)


def _shared(one: Timeline, other: Timeline) -> int:
    """Milliseconds that two timelines (in order, without overlap) have in common."""
    total, a, b = 0, 0, 0
    while a < len(one) and b < len(other):
        total += one[a].overlap(other[b])
        if one[a].end <= other[b].end:
            a += 1
        else:
            b += 1
    return total


def _who(speaker: SpeakerId | None) -> str:
    return "no person at all" if speaker == NOT_A_PERSON else speaker or "nobody who may be named"


def _when(spans: Timeline) -> str:
    """Where a decision stands, for a person: from its first to its last second."""
    first, last = spans[0].start // 1000, -(-spans[-1].end // 1000)
    return f"{first // 60}:{first % 60:02}–{last // 60}:{last % 60:02}"
