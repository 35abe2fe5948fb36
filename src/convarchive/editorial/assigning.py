"""An editor's word on whose a voice is: final, and bound to the sound it was said about."""

from __future__ import annotations

from dataclasses import dataclass

from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import QuoteId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial.saying import said
from convarchive.errors import BadInput, NotFound
from convarchive.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Assigned:
    """
    The review's number, and the quotes that were public under another name and are no longer.

    They wait for somebody to clear them under the right one.
    """

    review: int
    closed: tuple[QuoteId, ...]


def assign(
    catalogue: Catalogue, episode: EpisodeId, label: SpeakerLabel, speaker: SpeakerId, *, by: str, why: str
) -> Assigned:
    """
    Decide that a voice of an episode is this person, who must be known already.

    The decision is kept on the stretches in which the voice speaks now, so that it
    survives a new diarization. Names and quotes follow when the episode's `name` stage
    runs again, which this makes stale: call `ingest.run` afterwards. What was public under
    another name is closed here and now. Raises BadInput, NotFound.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        if episode not in {one.id for one in write.episodes.episodes()}:
            raise NotFound(f"no episode {episode[:60]!r} here; list them with: convarchive episodes list")
        held = write.episodes.recording_of(episode)
        turns = write.speech.turns(held[0].sha256) if held else ()
        spans = tuple(turn.span for turn in turns if turn.label == label)
        if held is None or not spans:
            known = ", ".join(sorted({turn.label for turn in turns})) or "none yet"
            raise NotFound(f"no voice {label[:60]!r} in episode {episode}; there are: {known}")
        if speaker not in {one.id for one in write.speech.speakers()}:
            raise BadInput(
                f"unknown speaker {speaker[:60]!r}; add the person to ingest/speakers.toml, then run: "
                "convarchive ingest"
            )
        recording = held[0].sha256
        number = write.reviews.add("assign", by, why, person=speaker, episode=episode)
        write.speech.put_decision(recording, "assign", spans, speaker, number)
        closed = write.reviews.unclear_under_other_names(recording, spans, speaker, number)
        write.search.sync_passages()
        write.count_up("review")
    return Assigned(number, closed)
