"""An editor's word on whose a voice is: final, and bound to the sound it was said about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.projection import NOT_A_PERSON, Projected, Timeline, project
from convarchive.domain.quote import QuoteId
from convarchive.domain.span import Span, joined, without
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.editorial.saying import said
from convarchive.errors import BadInput, Changed, NotAllowed, NotFound
from convarchive.store.catalogue import Catalogue
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Assigned:
    """
    A decision about a voice: the review's number, and the quotes that are no longer public because of it.

    They wait for somebody to clear them under the right name. `label` is what the voice is
    called from here on, `again` are quotes whose earlier clearing stands once more, `doubts` sentences
    about what the decision left open. `unprinted` are people whose voiceprint from this recording
    was erased, for it was made of what they are no longer given; `elsewhere` the other
    episodes whose voices wait to be weighed without it. `rest` is what the rest of a voice is
    called, of which the part `label` was split off.
    """

    review: int
    closed: tuple[QuoteId, ...] = ()
    label: SpeakerLabel | None = None
    again: tuple[QuoteId, ...] = ()
    doubts: tuple[str, ...] = ()
    unprinted: tuple[SpeakerId, ...] = ()
    elsewhere: tuple[EpisodeId, ...] = ()
    rest: SpeakerLabel | None = None


@dataclass(frozen=True, slots=True)
class Unprinted:
    """People whose voiceprint from the recording went, and the other episodes that were named by it."""

    people: tuple[SpeakerId, ...] = ()
    elsewhere: tuple[EpisodeId, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """
    A recording of which voices are decided about, as it is in this transaction before the decision.

    `given` are the stretches of whoever an editor gave a voice to.
    """

    episode: EpisodeId
    recording: Sha256
    turns: tuple[Turn, ...]
    given: Mapping[SpeakerId, Timeline]

    def spans(self, label: SpeakerLabel) -> tuple[Span, ...]:
        """Where this voice speaks. Raises NotFound, naming the voices there are."""
        found = tuple(turn.span for turn in self.turns if turn.label == label)
        if not found:
            known = ", ".join(sorted({turn.label for turn in self.turns})) or "none yet"
            raise NotFound(f"no voice {label[:60]!r} in episode {self.episode}; there are: {known}")
        return found


def room_of(write: Writer, episode: EpisodeId, seen: str | None = None) -> Room:
    """
    The newest recording of an episode with its voices of today.

    Raises NotFound, and Changed where they are not what was looked at (`seen`, as
    `VoiceWrites.seen` gave it).
    """
    if episode not in {one.id for one in write.episodes.episodes()}:
        raise NotFound(f"no episode {episode[:60]!r} here; list them with: convarchive episodes list")
    held = write.episodes.recording_of(episode)
    if held is None:
        raise NotFound(f"episode {episode} has no recording yet, so nobody's voice; run: convarchive ingest")
    recording = held[0].sha256
    if seen is not None and seen != write.voices.seen(recording):
        raise Changed(
            f"the voices of episode {episode} were decided about, or told apart anew, since they were looked at; "
            f"look again with: convarchive speakers show {episode}"
        )
    return Room(episode, recording, write.speech.turns(recording), given_by(projected(write, recording)))


def demand_person(write: Writer, speaker: SpeakerId) -> None:
    """Raises NotFound where nobody is known by this id, BadInput for none."""
    if not speaker.strip():
        raise BadInput("say whose voice it is")
    if speaker not in {one.id for one in write.speech.register()}:
        raise NotFound(
            f"no speaker {speaker[:60]!r} here; list them with: convarchive speakers list; whoever is new has to stand "
            "in ingest/speakers.toml, where speakers assign --new puts them"
        )


def projected(write: Writer, recording: Sha256) -> Projected:
    """What editors decided, laid on today's labels."""
    return project(write.voices.decisions(recording), write.speech.heard_turns(recording))


def given_by(decided: Projected) -> dict[SpeakerId, Timeline]:
    """Where everybody speaks whom an editor gave a voice to."""
    people = {who for who in decided.speakers.values() if who is not None and who != NOT_A_PERSON}
    return {
        who: joined([turn.span for turn in decided.turns if decided.speakers.get(turn.label) == who]) for who in people
    }


def told(write: Writer, room: Room) -> Unprinted:
    """
    What every decision about voices ends with; whose voiceprints it left without a ground.

    A print may be made only of what an editor gives to the person. Where some of that is taken
    back, the print of this recording goes in the same transaction.
    """
    write.search.sync_passages()
    write.count_up("review")
    now = given_by(projected(write, room.recording))
    lost = [
        one for one in write.voiceprints.people(room.recording) if without(room.given.get(one, ()), now.get(one, ()))
    ]
    if not lost:
        return Unprinted()
    went = write.voiceprints.drop(lost, room.recording)
    write.order_erasure()
    return Unprinted(tuple(lost), tuple(one for one in went.episodes if one != room.episode))


def assign(
    catalogue: Catalogue,
    episode: EpisodeId,
    label: SpeakerLabel,
    speaker: SpeakerId,
    *,
    by: str,
    why: str,
    seen: str | None = None,
    alone: bool = False,
) -> Assigned:
    """
    Decide that a voice of an episode is this person, who must be known already.

    The decision is kept on the stretches in which the voice speaks now, so that it
    survives a new diarization. Names and quotes follow when the episode's `name` stage
    runs again, which this makes stale: call `ingest.run` afterwards. What was public under
    another name is closed here and now, and what was cleared under this one before another
    name closed it stands again. Raises BadInput, NotFound, Changed, and where it is to be
    their only voice (`alone`), NotAllowed if an editor gave them another one.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        room = room_of(write, episode, seen)
        spans = room.spans(label)
        demand_person(write, speaker)
        decided = projected(write, room.recording)
        other = next((one for one, who in decided.speakers.items() if who == speaker and one != label), None)
        if alone and other is not None:
            raise NotAllowed(
                f"an editor said that {other} is {speaker}; where {label} is the same voice, say so with: convarchive "
                f"speakers merge {episode} {label} {other}; where one person has both, add --also"
            )
        number = write.reviews.add("assign", by, why, person=speaker, episode=episode, scope=label)
        before = set(decided.questions)
        write.voices.put(room.recording, "assign", spans, speaker, number)
        now = projected(write, room.recording)
        closed = write.reviews.unclear_under_other_names(room.recording, spans, speaker, number)
        again = write.voices.reopen(room.recording, spans, speaker, number)
        gone = told(write, room)
    doubts = tuple(one for one in now.questions if one not in before)
    return settled(catalogue, Assigned(number, closed, label, again, doubts), gone)


def settled(catalogue: Catalogue, decided: Assigned, gone: Unprinted) -> Assigned:
    """The decision with the voiceprints that went by it, whose traces are wiped now or by the next command."""
    if gone.people:
        catalogue.erase()
    return replace(decided, unprinted=gone.people, elsewhere=gone.elsewhere)
