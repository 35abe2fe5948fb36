"""Stage: a transcript that came without its sound to quotes as printed there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from convarchive.domain.episode import Episode
from convarchive.domain.ids import printed_quote_id
from convarchive.domain.quote import Document, DocumentId, DocumentSource, Draft, Excerpt, Selector
from convarchive.domain.run import Stage, digest
from convarchive.domain.speaker import Speaker
from convarchive.domain.speech import SpeakerLabel
from convarchive.domain.transcript import Transcript
from convarchive.home import Home
from convarchive.ingest.ports import Grader, Report
from convarchive.ingest.quoting import cut
from convarchive.ingest.reprinting import reprinted
from convarchive.ingest.stages.stage import Plan, sound_of, words_digest, words_of
from convarchive.ingest.utterances import by_voice
from convarchive.naming import speaker_id
from convarchive.store.write_quotes import NewVersion
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Text:
    """A transcript, and the people its printed names may mean."""

    transcript: Transcript
    known: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Quotes, and the name printed beside each voice."""

    drafts: tuple[Draft, ...]
    names: dict[SpeakerLabel, str]


@dataclass(frozen=True, slots=True)
class Printed:
    """Cuts quotes from print; they have no sound, and say so."""

    home: Home
    grader: Callable[[], Grader]
    name: ClassVar[Stage] = "quote"

    def plan(self, write: Writer, episode: Episode) -> Plan[Text] | None:
        words = words_of(write, episode, None)
        if words is None or sound_of(self.home, write, episode) is not None:
            return None
        known = tuple(person for person in write.speech.speakers("desk") if person.fiction == episode.fiction)
        covered = digest(words_digest(words), [repr(person) for person in known], episode.title,
                         episode.published, episode.link, episode.rights, episode.fiction)  # fmt: skip
        return Plan(covered, f"print 2, {self.grader().fingerprint}", Text(words, known))

    def work(self, inputs: Text, report: Report) -> Said:
        read = by_voice(inputs.transcript.words)
        drafts = cut(read.utterances, self.grader().grade, language=inputs.transcript.language)
        return Said(drafts, dict(read.names))

    def keep(self, write: Writer, episode: Episode, inputs: Text, made: Said) -> str:
        document = Document(DocumentId(f"transcript-{episode.id}"), f"Transcript of {episode.title}",
                            published=episode.published, url=episode.link, fiction=episode.fiction)  # fmt: skip
        write.quotes.put_document(document, kind="transcript")
        gone = write.quotes.printed_keys(document.id)
        people = {label: _person(write, episode, name, inputs.known) for label, name in made.names.items()}
        for draft in made.drafts:
            key = f"w{draft.first}"
            gone.pop(key, None)
            person = people.get(draft.label) if draft.label else None
            quote = printed_quote_id(document.id, key)
            before = write.edits.wording(quote)
            write.quotes.put(
                NewVersion(
                    quote=quote,
                    text=draft.text,
                    text_status="printed",
                    excerpts=(Excerpt(draft.text),),
                    sources=(DocumentSource(document.id, key, _place(draft, inputs.transcript), document.title),),
                    selector=Selector(draft.selector.exact, draft.selector.prefix, draft.selector.suffix),
                    speaker=person.id if person else None,
                    name=person.name if person else None,
                    role=person.role if person else None,
                    episode=episode.id,
                    language=inputs.transcript.language,
                    rights=episode.rights,
                    fiction=episode.fiction,
                )
            )
            if before and before.edited:
                reprinted(write, quote, before.text)
        for quote in gone.values():
            write.quotes.retire(quote, "the transcript it was printed in was replaced")
        write.search.sync_passages()
        return f"{len(made.drafts)} quotes"


def _person(write: Writer, episode: Episode, name: str, known: Sequence[Speaker]) -> Speaker:
    """Whom a printed name means: somebody known who bears it, else a person of that name."""
    for one in known:
        if name.casefold() in {alias.casefold() for alias in (one.name, *one.aliases)}:
            return one
    roles = {person.name.casefold(): person.plays for person in episode.persons}
    person = Speaker(speaker_id(name), name, role=roles.get(name.casefold(), "other"), fiction=episode.fiction)
    write.speech.put_speaker(person, "heard")
    return person


def _place(draft: Draft, transcript: Transcript) -> str:
    if transcript.timed:
        seconds = draft.span.start // 1000
        return f"at {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"words {draft.first + 1} to {draft.first + draft.words}"
