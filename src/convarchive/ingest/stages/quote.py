"""Stage: utterances and names to quotes that keep their ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from convarchive.alignment.carry import Carried, minted
from convarchive.domain.episode import Episode, Sha256
from convarchive.domain.quote import AudioSource, Draft, QuoteId, TextStatus
from convarchive.domain.run import Stage, digest
from convarchive.domain.speaker import Attribution, Credit, SpeakerId
from convarchive.domain.speech import Turn, Utterance
from convarchive.domain.transcript import Transcript
from convarchive.home import Home
from convarchive.ingest.barring import move_along
from convarchive.ingest.drafting import may_be_anothers
from convarchive.ingest.keeping import recut
from convarchive.ingest.ports import Grader, Report
from convarchive.ingest.reprinting import reprinted
from convarchive.ingest.sharing import shares
from convarchive.ingest.stages.stage import (
    Plan,
    decided_on,
    of_persons,
    sound_of,
    turns_digest,
    utterances_digest,
    words_digest,
    words_of,
)
from convarchive.naming.in_print import UNCOUNTED
from convarchive.store.write_quotes import HeldQuote, NewVersion
from convarchive.store.writer import Writer

PROBABLE = 0.9
"""How sure a name is at most beside words that may be another voice's."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Who said what, and the quotes that were cut from it before."""

    recording: Sha256
    transcript: Transcript
    utterances: tuple[Utterance, ...]
    attributions: dict[str, tuple[int, Attribution]]
    credits: dict[SpeakerId, tuple[Credit, ...]]
    held: tuple[HeldQuote, ...]
    turns: tuple[Turn, ...] = ()
    beside: tuple[tuple[int, Attribution], ...] = ()
    """What voices are called in words that are printed, on all evidence but that print."""

    def named(self, draft: Draft) -> tuple[int, Attribution] | None:
        """Whose words these are: no print says who said itself."""
        of_print = self.in_print(draft)
        return of_print[0] if of_print else self.attributions.get(draft.label or "")

    def in_print(self, draft: Draft) -> tuple[tuple[int, Attribution], ...]:
        """What the voice is called without each print that has some of these very words."""
        return tuple(
            (row, one)
            for row, one in self.beside
            if one.label == draft.label and (at := one.evidence[-1].span) is not None and at & draft.span
        )


@dataclass(frozen=True, slots=True)
class Cutting:
    """New quotes, and where each old one leads."""

    drafts: tuple[Draft, ...]
    carried: Carried


@dataclass(frozen=True, slots=True)
class Quoted:
    """Cuts quotes and carries old ids over to them."""

    home: Home
    grader: Callable[[], Grader]
    name: ClassVar[Stage] = "quote"

    def plan(self, write: Writer, episode: Episode) -> Plan[Talk] | None:
        sound = sound_of(self.home, write, episode)
        words = words_of(write, episode, sound)
        if sound is None or words is None:
            return None
        recording = sound.recording.sha256
        decided = decided_on(write, recording)
        utterances = of_persons(write.speech.utterances(recording, words), decided)
        attributions = write.speech.current_attributions(recording)
        credits = write.speech.credits()
        beside = write.speech.attributions_beside(recording, UNCOUNTED)
        names = sorted((one.label, repr(one)) for _, one in (*attributions.values(), *beside))
        turns = decided.turns
        if words.words and all(word.voice for word in words.words):
            turns = ()  # The transcript itself says whose each word is.
        covered = digest(recording, words_digest(words), utterances_digest(utterances), turns_digest(turns), names,
                         episode.published, episode.rights, episode.fiction,
                         sorted((who, repr(many)) for who, many in credits.items()))  # fmt: skip
        held = write.quotes.of_episode(episode.id, recording)
        talk = Talk(recording, words, utterances, attributions, credits, held, turns, beside)
        tool = f"quote 3, {self.grader().fingerprint}"
        return Plan(covered, tool, talk)

    def work(self, inputs: Talk, report: Report) -> Cutting:
        roles = {
            one.label: one.role for _, one in inputs.attributions.values() if one.role and one.status == "confirmed"
        }
        language, grade = inputs.transcript.language, self.grader().grade
        return Cutting(*recut(inputs.utterances, inputs.held, grade, language=language, roles=roles,
                              shares=shares(inputs.utterances, inputs.turns)))  # fmt: skip

    def keep(self, write: Writer, episode: Episode, inputs: Talk, made: Cutting) -> str:
        ids = minted(made.carried, made.drafts, inputs.recording, write.quotes.ever_minted(episode.id))
        earlier = {one.id: one for one in inputs.held}
        unsure: dict[int, tuple[int, Attribution]] = {}
        for draft, quote in zip(made.drafts, ids, strict=True):
            named = inputs.named(draft)
            # Of several prints in one quote each was left out alone, so that they may vouch for each other.
            unsettled = may_be_anothers(draft.doubts) or len(inputs.in_print(draft)) > 1
            if named and named[1].status == "confirmed" and unsettled:
                # One row serves all such quotes of a voice.
                if named[0] not in unsure:
                    unsure[named[0]] = _less_sure(write, inputs.recording, named[1])
                named = unsure[named[0]]
            write.quotes.put(_version(quote, draft, episode, inputs, earlier.get(quote), named))
        for old in made.carried.retired:
            write.quotes.retire(old.id, old.reason, [ids[i] for i in old.targets])
        unfit = _edited_again(write, ids, earlier)
        lost = move_along(write, self.home, episode.id, inputs.recording, inputs.transcript.words)
        questions = [("withdrawal", question) for question in lost] + [("edit", question) for question in unfit]
        write.episodes.ask(episode.id, "quote", questions)
        write.search.sync_passages()
        return f"{len(ids)} quotes"


def _edited_again(write: Writer, ids: Sequence[QuoteId], earlier: Mapping[QuoteId, HeldQuote]) -> list[str]:
    """Print edited quotes in their edited form again; those of which that cannot be, as questions."""
    goes_on = set(ids)
    unfit = []
    for quote, held in earlier.items():
        if not held.edited:
            continue
        if quote not in goes_on:
            unfit.append(f"{quote} was edited, and its words were cut anew: edit the quotes that took its place")
        elif not reprinted(write, quote, held.text):
            unfit.append(f"{quote} was edited, and its words have changed: edit it again")
    return unfit


def _less_sure(write: Writer, recording: Sha256, who: Attribution) -> tuple[int, Attribution]:
    """The same name on the same evidence, no longer confirmed: some of the words may be another voice's."""
    lesser = replace(who, status="probable", confidence=min(who.confidence, PROBABLE))
    return write.speech.put_beside(recording, lesser), lesser


def _version(
    quote: QuoteId,
    draft: Draft,
    episode: Episode,
    inputs: Talk,
    earlier: HeldQuote | None,
    named: tuple[int, Attribution] | None,
) -> NewVersion:
    row, who = named or (None, None)
    kept: Sequence[AudioSource] = earlier.elsewhere if earlier else ()
    return NewVersion(
        quote=quote,
        text=draft.text,
        text_status=_status(inputs.transcript),
        excerpts=draft.excerpts,
        sources=(AudioSource(inputs.recording, draft.span), *kept),
        selector=draft.selector,
        speaker=who.speaker if who else None,
        name=who.name if who else None,
        credit=_credit(inputs.credits.get(who.speaker, ()), episode) if who and who.speaker else None,
        role=who.role if who else None,
        attribution=row,
        confidence=draft.confidence,
        doubts=draft.doubts,
        episode=episode.id,
        language=inputs.transcript.language,
        rights=episode.rights,
        fiction=episode.fiction,
    )


def _status(transcript: Transcript) -> TextStatus:
    """
    Words that were handed in with their recording were written down by somebody who heard it.

    Handing them in is that person's word for it; `docs/decisions/0012-words-handed-in.md` says why.
    """
    return "checked" if transcript.origin == "supplied" else "heard"


def _credit(credits: Sequence[Credit], episode: Episode) -> str | None:
    """How the person was described when the episode came out; nothing is borrowed from later."""
    day = (episode.published or "")[:10]
    dated = [one for one in credits if one.since and day and one.since <= day]
    return max(dated, key=lambda one: one.since or "").text if dated else None
