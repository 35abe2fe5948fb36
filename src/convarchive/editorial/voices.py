"""What else an editor says of voices: two are one, one is two, one is nobody's, and that a decision was wrong."""

from __future__ import annotations

from collections.abc import Sequence

from convarchive.domain.episode import EpisodeId
from convarchive.domain.projection import NOT_A_PERSON, Decision, Projected, Timeline, project
from convarchive.domain.span import Span, joined, without
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial.assigning import Assigned, Room, demand_person, given_by, projected, room_of, settled, told
from convarchive.editorial.saying import said
from convarchive.errors import BadInput, Changed, NotAllowed
from convarchive.store.catalogue import Catalogue
from convarchive.store.writer import Writer

LEAST = 1000
"""Milliseconds that each part of a split voice must have, or it could not be known again."""


def merge(
    catalogue: Catalogue,
    episode: EpisodeId,
    label: SpeakerLabel,
    into: SpeakerLabel,
    *,
    by: str,
    why: str,
    seen: str | None = None,
) -> Assigned:
    """
    Decide that two labels of an episode are one voice.

    Whoever an editor said one of them is, both are. What the first said in public under
    another name than the second bears is closed. Raises BadInput, NotFound, Changed, and
    NotAllowed where editors named them differently.
    """
    by, why = said(by, why)
    if label == into:
        raise BadInput(f"{label} and {into} are one voice already; name two")
    with catalogue.writing() as write:
        room = room_of(write, episode, seen)
        theirs = room.spans(label)
        both = joined((*theirs, *room.spans(into)))
        before = projected(write, room.recording)
        person = _one_person(before, label, into)
        for spans in dict.fromkeys((_clear_of_others(room, both, {label, into}), both)):
            after = _tried(write, room, ("merge", spans, person))
            one = _labels(room, after, {label, into})
            if len(one) == 1:
                break
        else:
            raise NotAllowed(f"{label} and {into} speak over others too much to be made one voice")
        number = write.reviews.add("merge", by, why, person=person, episode=episode, scope=f"{label}, {into}")
        write.voices.put(room.recording, "merge", spans, person, number)
        name = person or _named(write, room, into)
        closed = write.reviews.unclear_under_other_names(room.recording, theirs, name, number) if name else ()
        again = write.voices.reopen(room.recording, theirs, name, number) if name else ()
        gone = told(write, room)
    doubts = tuple(one for one in after.questions if one not in before.questions)
    return settled(catalogue, Assigned(number, closed, one.pop(), again, doubts), gone)


def split(
    catalogue: Catalogue,
    episode: EpisodeId,
    label: SpeakerLabel,
    spans: Sequence[Span],
    *,
    by: str,
    why: str,
    speaker: SpeakerId | None = None,
    seen: str | None = None,
) -> Assigned:
    """
    Decide that what a label says in these stretches is another voice than the rest of it, and maybe whose (`speaker`).

    The part gets a label that no voice of the recording has had. The rest keeps its own, and
    the person an editor gave it; a confirmed name becomes this editor's word, for the
    evidence may lie in the part, and a probable one is weighed again on what is left. What
    is public from the stretches under any name but `speaker`'s is closed. Raises BadInput,
    NotFound, Changed, NotAllowed.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        room = room_of(write, episode, seen)
        own = joined(room.spans(label))
        apart = joined([both for one in own for span in spans if (both := one & span)])
        rest = without(own, apart)
        if min(_length(apart), _length(rest)) < LEAST:
            raise BadInput(
                f"{label} speaks less than a second on one side; name a part of it with speech on both sides"
            )
        if speaker is not None:
            demand_person(write, speaker)
        before = projected(write, room.recording)
        wanted: list[Decision] = [("rest", rest, _kept(write, room, before, label, speaker)), ("split", apart, speaker)]
        for decisions in ([(act, _clear_of_others(room, s, {label}), p) for act, s, p in wanted], wanted):
            after = _tried(write, room, *decisions)
            fresh = {turn.label for turn in after.turns} - {turn.label for turn in room.turns}
            if fresh:
                break
        else:
            raise NotAllowed(f"others speak in those stretches of {label} too, so they cannot be set apart from it")
        number = write.reviews.add("split", by, why, person=speaker, episode=episode, scope=label)
        for act, stretches, person in decisions:
            write.voices.put(room.recording, act, stretches, person, number)
        closed = write.reviews.unclear_under_other_names(room.recording, apart, speaker, number)
        again = write.voices.reopen(room.recording, apart, speaker, number) if speaker is not None else ()
        gone = told(write, room)
    doubts = tuple(one for one in after.questions if one not in before.questions)
    return settled(catalogue, Assigned(number, closed, fresh.pop(), again, doubts, rest=label), gone)


def not_a_person(
    catalogue: Catalogue, episode: EpisodeId, label: SpeakerLabel, *, by: str, why: str, seen: str | None = None
) -> Assigned:
    """
    Decide that a label is nobody's voice (a jingle, music, noise): it gets no name, and no quote is cut from it.

    What is public from it under a name is closed here and now, the rest goes when the
    episode is named again. Raises BadInput, NotFound, Changed.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        room = room_of(write, episode, seen)
        spans = room.spans(label)
        before = set(projected(write, room.recording).questions)
        number = write.reviews.add("not-a-person", by, why, episode=episode, scope=label)
        write.voices.put(room.recording, "not-a-person", spans, None, number)
        now = projected(write, room.recording)
        closed = write.reviews.unclear_under_other_names(room.recording, spans, None, number)
        gone = told(write, room)
    doubts = tuple(one for one in now.questions if one not in before)
    return settled(catalogue, Assigned(number, closed, label, (), doubts), gone)


def undo(
    catalogue: Catalogue,
    episode: EpisodeId,
    *,
    by: str,
    why: str,
    review: int | None = None,
    seen: str | None = None,
) -> Assigned:
    """
    Take back the newest decision about the voices of an episode, which must be `review` where that is given.

    What it alone had closed is public again. What was cleared since, under a name that only it
    had given, is closed: it would stay public under the name that is taken back. Raises BadInput,
    NotFound, Changed, and NotAllowed where nothing was decided.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        room = room_of(write, episode, seen)
        last = write.voices.newest(room.recording)
        if last is None:
            raise NotAllowed(f"nothing was decided about the voices of episode {episode}, so nothing can be taken back")
        if review is not None and review != last:
            raise Changed(f"review {review} is not the newest about the voices of episode {episode}: {last} came later")
        number = write.reviews.add("undo", by, why, episode=episode, undoes=last)
        stretches = write.voices.stretches_of(last)
        again = write.voices.undo(last, number)
        left = given_by(projected(write, room.recording))
        closed = write.voices.unclear_since(room.recording, stretches, left, last, number)
        gone = told(write, room)
    return settled(catalogue, Assigned(number, closed, None, again), gone)


def _kept(
    write: Writer, room: Room, before: Projected, label: SpeakerLabel, speaker: SpeakerId | None
) -> SpeakerId | None:
    """Whom the rest of a voice is said to be when a part of it is split off; None where that is decided, or open."""
    if label in before.speakers:
        if speaker is not None and before.speakers[label] == speaker:
            raise NotAllowed(
                f"an editor said that {label} is {speaker}, so a part of it that is somebody else's is not; take that "
                f"back first, with: convarchive speakers undo {room.episode}"
            )
        return None
    found = write.speech.current_attributions(room.recording).get(label)
    one = found[1] if found else None
    return one.speaker if one and one.status == "confirmed" and one.speaker != speaker else None


def _one_person(decided: Projected, *labels: SpeakerLabel) -> SpeakerId | None:
    known = {decided.speakers[label] for label in labels if label in decided.speakers}
    if len(known) > 1 or NOT_A_PERSON in known:
        raise NotAllowed(
            f"editors said different things of {' and '.join(labels)}; take one back first, with: "
            "convarchive speakers undo"
        )
    return known.pop() if known else None


def _named(write: Writer, room: Room, label: SpeakerLabel) -> SpeakerId | None:
    found = write.speech.current_attributions(room.recording).get(label)
    return found[1].speaker if found else None


def _tried(write: Writer, room: Room, *more: Decision) -> Projected:
    """How the recording would look with these decisions."""
    return project([*write.voices.decisions(room.recording), *more], write.speech.heard_turns(room.recording))


def _labels(room: Room, after: Projected, labels: set[SpeakerLabel]) -> set[SpeakerLabel]:
    """What those voices are called afterwards, with whoever else was swept up with them."""
    spans = {turn.span for turn in room.turns if turn.label in labels}
    now = {turn.label for turn in after.turns if turn.span in spans}
    others = {turn.label for turn in room.turns} - labels
    lost = others - {turn.label for turn in after.turns}
    return now | lost


def _clear_of_others(room: Room, spans: Timeline, labels: set[SpeakerLabel]) -> Timeline:
    """The stretches without the moments at which anybody else speaks too, where there are others at all."""
    others = joined([turn.span for turn in room.turns if turn.label not in labels])
    return without(spans, others) or spans


def _length(spans: Timeline) -> int:
    return sum(span.duration for span in spans)
