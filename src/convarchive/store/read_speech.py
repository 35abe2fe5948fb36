"""Reads what was said and heard: voices, transcripts with withdrawn words masked, and what may be listened to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, Select, and_, select

from convarchive.domain.episode import Recording, Sha256
from convarchive.domain.quote import QuoteId
from convarchive.domain.span import Span, joined
from convarchive.domain.speaker import SpeakerId, Status
from convarchive.domain.speech import Turn
from convarchive.domain.transcript import Word
from convarchive.errors import NotFound
from convarchive.store import enclosures
from convarchive.store import schema as s
from convarchive.store.blobs import unpack_words
from convarchive.store.read_archive import ArchiveReads
from convarchive.store.standing import bearing, binding, closed_episodes, shown
from convarchive.store.stating import NOW, kept, some
from convarchive.store.turns_now import turns_now
from convarchive.store.views import Line, RecordingView, VoiceView

EVERYTHING = Span(0, 2**53)


class SpeechReads(ArchiveReads):
    """Transcripts and sound, as far as this audience may go into them."""

    def voices(self, episode: str) -> tuple[VoiceView, ...]:
        """The voices of an episode's newest recording, by label; none for the public. Raises NotFound."""
        self.episode(episode)
        recording = self._recording_of(episode)
        if self._outside or recording is None:
            return ()
        spoken: dict[str, int] = {}
        for turn in turns_now(self._connection, recording):
            spoken[turn.label] = spoken.get(turn.label, 0) + turn.span.duration
        rows = self._attributions(recording)
        evidence = self._evidence([row["id"] for row in rows.values()])
        away = self._withdrawn_people()
        views = []
        for label in sorted({*spoken, *rows}, key=lambda one: (len(one), one)):
            row = rows.get(label)
            status: Status = row["status"] if row else "unattributed"
            named = row is not None and status in self._may.names and row["speaker"] is not None
            if row is not None and row["speaker"] in away:
                row, status, named = None, "unattributed", False
            views.append(
                VoiceView(
                    label=label,
                    speech_ms=spoken.get(label, 0),
                    speaker=SpeakerId(row["speaker"]) if row and named else None,
                    name=row["name"] if row and named else None,
                    role=row["role"] if row and named else None,
                    status=status,
                    confidence=row["confidence"] if row else 0.0,
                    evidence=evidence.get(row["id"], ()) if row else (),
                )
            )
        return tuple(views)

    def turns(self, episode: str) -> tuple[Turn, ...]:
        """Who speaks when in an episode's newest recording, in order; nothing for the public. Raises NotFound."""
        self.episode(episode)
        recording = self._recording_of(episode)
        return () if self._outside or recording is None else turns_now(self._connection, recording)

    def _recording_of(self, episode: str) -> Sha256 | None:
        held = s.episode_recording.c
        query = select(held.recording).where(held.episode == episode).order_by(held.position.desc())
        found = self._connection.execute(query).scalar()
        return Sha256(found) if found else None

    def _attributions(self, recording: str) -> dict[str, RowMapping]:
        query = select(s.attribution).where(s.attribution.c.recording == recording, s.attribution.c.current)
        return {row["label"]: row for row in self._connection.execute(query).mappings()}

    def _withdrawn_people(self) -> frozenset[str]:
        """Whose name this audience may not meet beside a voice any more, for they withdrew all they said."""
        if "withdrawn" in self._may.clearances:
            return frozenset()
        h = s.hold.c
        gone = select(h.person).where(binding(self._now), h.state == "withdrawn", h.person.is_not(None))
        return frozenset(self._connection.execute(gone).scalars())

    # -- transcripts ------------------------------------------------------------------

    def lines(self, episode: str) -> tuple[Line, ...]:
        """
        An episode's transcript: cleared excerpts for the public, withdrawn stretches masked for most.

        Raises NotFound where there is no such episode.
        """
        self.episode(episode)
        if self._may.transcript == "excerpts":
            return self._cleared_lines(episode)
        recording = self._recording_of(episode)
        transcript = self._transcript(episode, recording)
        if transcript is None:
            return ()
        words = unpack_words(transcript["words"])
        if recording is None:
            lines = tuple(_printed(words))
            return lines if self._may.transcript == "whole" else _without(lines, *self._withdrawn_print(episode))
        masks = () if self._may.transcript == "whole" else self.withdrawn_spans(recording)
        away = self._withdrawn_people()
        names = {
            label: row["name"]
            for label, row in self._attributions(recording).items()
            if row["status"] in self._may.names and row["speaker"] not in away
        }
        rows = self._connection.execute(
            select(s.utterance.c.label, s.utterance.c.first_word, s.utterance.c.word_count)
            .where(s.utterance.c.recording == recording)
            .order_by(s.utterance.c.position)
        )
        found: list[Line] = []
        for label, first, count in rows:
            found += _masked(label, names.get(label), words[first : first + count], masks)
        return tuple(found)

    def _withdrawn_print(self, episode: str) -> tuple[set[str], set[str]]:
        """Withdrawn quotes' words in a transcript without sound; and those withdrawn with all that somebody said."""
        closed, version = bearing(self._now), s.version.c
        rows = self._connection.execute(
            select(version.text, s.hold.c.person)
            .join(s.quote, s.quote.c.id == version.quote)
            .join(closed, closed.c.version == version.id)
            .join(s.hold, s.hold.c.id == closed.c.hold)
            .where(s.quote.c.episode == episode, closed.c.state == "withdrawn")
        ).all()
        return {text for text, _ in rows}, {text for text, person in rows if person is not None}

    def timed(self, episode: str) -> bool:
        """Whether the transcript's words have measured times."""
        transcript = self._transcript(episode, self._recording_of(episode))
        return transcript is not None and bool(transcript["timed"])

    def _transcript(self, episode: str, recording: str | None) -> RowMapping | None:
        """The transcript that the utterances stand on: handed in with times, else heard, else handed in."""
        table = s.transcript
        rows = (
            self._connection.execute(
                select(table).where(table.c.episode == episode, table.c.current).order_by(table.c.id.desc())
            )
            .mappings()
            .all()
        )
        order = {("supplied", True): 0, ("heard", True): 1, ("supplied", False): 2}
        usable = [
            row
            for row in rows
            if (row["origin"], bool(row["timed"])) in order
            and (row["recording"] == recording or (row["origin"] == "supplied" and row["recording"] is None))
        ]
        return min(usable, key=lambda row: order[row["origin"], bool(row["timed"])], default=None)

    def _cleared_lines(self, episode: str) -> tuple[Line, ...]:
        lines = [
            Line(
                None,
                quote.speaker.name if quote.speaker else None,
                excerpt.span.start if excerpt.span else 0,
                excerpt.span.end if excerpt.span else 0,
                excerpt.text,
                (),
            )
            for quote in self._quotes_of(episode)
            for excerpt in quote.excerpts
        ]
        return tuple(sorted(lines, key=lambda line: (line.start_ms, line.end_ms)))

    def _quotes_of(self, episode: str) -> Iterable[Any]:
        ids = self._connection.execute(select(s.quote.c.id).where(s.quote.c.episode == episode)).scalars().all()
        return self.quotes([QuoteId(one) for one in ids])

    def withdrawn_spans(self, recording: Sha256) -> tuple[Span, ...]:
        """The stretches of a recording that may not be read or heard any more, in order."""
        ask = _withdrawn_in()
        direct = self._asked(ask.spans, [recording]).all()
        spans = [EVERYTHING if start is None else Span(start, end) for start, end in direct]
        if self._asked(ask.episodes, [recording]).first() is not None:
            spans.append(EVERYTHING)
        spans += [Span(start, end) for start, end in self._asked(ask.quotes, [recording])]
        labels = set(self._asked(ask.voices, [recording]).scalars())
        if labels:
            spans += [turn.span for turn in turns_now(self._connection, recording) if turn.label in labels]
        return joined(spans)

    # -- sound ------------------------------------------------------------------------

    def recording(self, sha256: str) -> RecordingView:
        """What is known of a recording. Raises NotFound."""
        row = self._connection.execute(select(s.recording).where(s.recording.c.sha256 == sha256)).mappings().first()
        if row is None:
            raise NotFound(f"no recording {sha256[:16]!r} here")
        return RecordingView(Sha256(row["sha256"]), row["media_type"], row["suffix"], row["duration_ms"])

    def recordings(self) -> tuple[Recording, ...]:
        """Every recording that is held, by digest. Raises NotAllowed for all but editors."""
        self._editors_only("the holdings")
        rows = self._connection.execute(select(s.recording).order_by(s.recording.c.sha256)).mappings()
        return tuple(
            Recording(Sha256(r["sha256"]), r["bytes"], r["duration_ms"], r["media_type"], r["suffix"], r["origin"])
            for r in rows
        )

    def enclosures(self, sha256: str) -> tuple[str, ...]:
        """The addresses a recording was fetched from. Raises NotAllowed for all but editors."""
        self._editors_only("the holdings")
        return enclosures.addresses(self._connection, Sha256(sha256))

    def heard_at_publisher(self, sha256: str) -> str | None:
        """Where its publisher serves exactly this recording, as somebody checked lately; ask `may_hear` first."""
        return enclosures.seen(self._connection, self._now, Sha256(sha256))

    def may_hear(self, sha256: str, span: Span | None) -> bool:
        """Whether this audience may listen to a stretch of a recording, or (without a span) to all of it."""
        if self._may.audio == "all":
            return True
        recording = Sha256(sha256)
        if self._may.audio == "spans":
            asked = span or EVERYTHING
            return not any(asked.overlap(closed) for closed in self.withdrawn_spans(recording))
        return span is not None and any(span in open_ for open_ in self._cleared_spans(recording))

    def _cleared_spans(self, recording: Sha256) -> Sequence[Span]:
        """What the public may listen to: just the words that were cleared, where they were checked."""
        return [Span(start, end) for start, end in self._asked(_cleared_in(), [recording])]


class _Withdrawn(NamedTuple):
    """What closes parts of `some()` recordings: spans of them, whole episodes, quotes' spans, and voices."""

    spans: Select[Any]
    episodes: Select[Any]
    quotes: Select[Any]
    voices: Select[Any]


@kept
def _withdrawn_in() -> _Withdrawn:
    h, source, a, held = s.hold.c, s.source.c, s.attribution.c, s.episode_recording.c
    in_force = and_(binding(NOW), h.state == "withdrawn")
    closed = closed_episodes(NOW)
    ours = select(held.episode).where(held.recording.in_(some()))
    return _Withdrawn(
        select(h.start_ms, h.end_ms).where(in_force, h.recording.in_(some())),
        select(closed.c.hold).where(closed.c.state == "withdrawn", closed.c.episode.in_(ours)),
        select(source.start_ms, source.end_ms)
        .join(s.hold, h.quote == source.quote)
        .where(in_force, source.recording.in_(some())),
        select(a.label).join(s.hold, h.person == a.speaker).where(in_force, a.recording.in_(some()), a.current),
    )


@kept
def _cleared_in() -> Select[Any]:
    e = s.excerpt.c
    said = select(e.version).where(e.recording.in_(some()))
    among = select(s.version.c.quote).where(s.version.c.id.in_(said))
    visible = shown("public", NOW, among).subquery()
    return select(e.start_ms, e.end_ms).join(visible, visible.c.version == e.version).where(e.recording.in_(some()))


def _printed(words: Sequence[Word]) -> Iterable[Line]:
    """A transcript without sound, by the names that stand in it."""
    for voice, run in groupby(words, key=lambda word: word.voice):
        said = list(run)
        yield Line(voice, voice, said[0].span.start, said[-1].span.end, " ".join(word.text for word in said), ())


def _without(lines: Sequence[Line], withdrawn: set[str], whole_voice: set[str]) -> tuple[Line, ...]:
    """Lines that hold any of these words, and all lines of voices that said any of the others, without their words."""
    voices = {line.label for line in lines if any(text in line.text for text in whole_voice)}
    return tuple(
        replace(line, name=None, text="", masked=True)
        if line.label in voices or any(text in line.text for text in withdrawn)
        else line
        for line in lines
    )


def _masked(label: str | None, name: str | None, words: Sequence[Word], masks: Sequence[Span]) -> Iterable[Line]:
    """One utterance as lines, its masked stretches without words."""
    for hidden, run in groupby(words, key=lambda word: any(_touches(word.span, mask) for mask in masks)):
        said = list(run)
        start, end = said[0].span.start, max(word.span.end for word in said)
        if hidden:
            yield Line(label, None, start, end, "", (), masked=True)
        else:
            times = tuple((word.text, word.span.start, word.span.end) for word in said)
            yield Line(label, name, start, end, " ".join(word.text for word in said), times)


def _touches(word: Span, mask: Span) -> bool:
    return word.start < mask.end and max(word.end, word.start + 1) > mask.start
