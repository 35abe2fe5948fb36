"""One editor's walk through the voices that wait: shows a voice, takes a key, does what it says, goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import typer

from convarchive.cli.clipping import Clip, Clips
from convarchive.cli.output import clock, say
from convarchive.cli.voice_deciding import decide, tell
from convarchive.cli.voice_parts import part_of
from convarchive.cli.voice_people import put_on_desk
from convarchive.cli.voices import headed, say_reasons, say_turns
from convarchive.domain.episode import EpisodeId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial import voices
from convarchive.editorial.assigning import Assigned, assign
from convarchive.editorial.meaning import near
from convarchive.editorial.queueing import Waiting, find_people, people_called, waiting
from convarchive.errors import ArchiveError
from convarchive.home import Home
from convarchive.publish.record import listen_at
from convarchive.store.catalogue import Catalogue
from convarchive.store.views import WaitingView

KEYS = "number: it is them · a somebody else · m merge · s split · n not a person · k skip · u undo · q quit"


def clips_of(cut: Clips, one: Waiting) -> tuple[Clip, ...]:
    return cut.of(one.room.recording, one.clips, f"{one.head.episode}-{one.head.label}")


class Quit(Exception):
    """The editor has had enough, or stdin ended."""


@dataclass(slots=True)
class Session:
    """One editor's walk through the queue; what they skip stays for the next one."""

    place: Home
    by: str
    base: str | None
    clips: Clips
    episode: str | None
    most: int
    passed: set[tuple[str, str]] = field(default_factory=set)
    done: list[tuple[str, int]] = field(default_factory=list)
    """Decisions of this walk, as (episode, review)."""
    every: bool = False
    """Whether sure names are asked about too."""
    apart: tuple[str, str] | None = None
    """The part that was just split off, which comes next."""

    def run(self) -> None:
        """Until nothing waits, or they quit."""
        try:
            while (one := self._next()) is not None or self._taken_back():
                if one is not None:
                    self._show(one)
                    while not self._answered(one):
                        pass
        except Quit:
            pass
        say(f"{len(self.done)} decided, {len(self.passed)} skipped")
        if self.done:
            say(f"take the last one back with: convarchive speakers undo {self.done[-1][0]} --by WHO --why TEXT")

    def _taken_back(self) -> bool:
        """At the end, whether the last decision was taken back after all, so that there is more to ask."""
        while self.done:
            key = ask("u takes the last decision back, Enter ends: ").casefold()
            if key == "u":
                self._undo()
                return True
            if key in ("", "q"):
                break
        return False

    def _next(self) -> Waiting | None:
        with Catalogue.for_reading(self.place) as catalogue, catalogue.reading("editor") as read:
            if self.episode is not None:
                read.episode(self.episode)
            heads = [one for one in read.voices_waiting(every=self.every) if self._wanted(one)]
            if heads and len(self.done) >= self.most:
                say(f"as many as you asked for; {len(heads)} still wait")
                return None
            if not heads:
                say("nothing more waits" if self.done or self.passed else "nothing waits")
                return None
            say(f"\n{len(heads)} to go")
            first = next((one for one in heads if (one.episode, one.label) == self.apart), heads[0])
            return waiting(read, first)

    def _wanted(self, head: WaitingView) -> bool:
        return (head.episode, head.label) not in self.passed and self.episode in (None, head.episode)

    # -- showing ----------------------------------------------------------------------

    def _show(self, one: Waiting) -> None:
        head = one.head
        day = f", {head.published[:10]}" if head.published else ""
        say(f"“{head.title}”{day}{' [fiction]' if head.fiction else ''}  {head.episode}")
        say(headed(one.voice))
        say_reasons(one.evidence, head.episode, self.base)
        made = {clip.span: clip.path for clip in clips_of(self.clips, one)}
        for span in one.clips:
            link = listen_at(head.episode, span.start, self.base)
            heard = "  ".join(str(part) for part in (made.get(span), link) if part)
            say(f"  listen {clock(span.start)}–{clock(span.end)}  {heard}".rstrip())
        if not one.clips:
            say("  it never speaks alone for long enough to be known by")
        for number, each in enumerate(one.candidates, 1):
            taken = f" — but {each.taken} is them already" if each.taken else ""
            say(f"  {number}  {each.name} ({each.id}): {', '.join(each.reasons)}{taken}")
        for other in one.others:
            say(f"     beside it: {headed(other)}")

    # -- answering --------------------------------------------------------------------

    def _answered(self, one: Waiting) -> bool:
        """Ask once; whether that settles this voice for now."""
        say(KEYS)
        key = ask("> ").casefold()
        try:
            if key.isdecimal():
                return self._candidate(one, int(key))
            act = {
                "a": self._somebody, "m": self._merge, "s": self._split, "n": self._nobody, "k": self._skip,
                "u": lambda one: self._undo(), "q": _quit,
            }.get(key)  # fmt: skip
            if act is None:
                say("no such key")
                return False
            return act(one)
        except ArchiveError as error:
            say(f"nothing was decided: {error}")
            return False

    def _candidate(self, one: Waiting, number: int) -> bool:
        if not 1 <= number <= len(one.candidates):
            say(f"there is no {number}; a number is one of the people above")
            return False
        chosen = one.candidates[number - 1]
        who = chosen.id if chosen.known else self._new(one, chosen.name)
        return who is not None and self._assign(one, who)

    def _somebody(self, one: Waiting) -> bool:
        text = ask("who (id or name, Enter for nobody): ")
        if not text:
            return False
        with Catalogue.for_reading(self.place) as catalogue, catalogue.reading("editor") as read:
            found = people_called(read, text, fiction=one.head.fiction)
            those = found or find_people(read, text, fiction=one.head.fiction)
            alike = near(read, text, fiction=one.head.fiction)
        if len(found) == 1:
            say(f"{found[0].name} ({found[0].id})")
            return self._assign(one, found[0].id)
        if those:
            say("there are: " + ", ".join(f"{person.name} ({person.id})" for person in those[:8]) + "; give an id")
            return False
        who = self._new(one, text, "".join(f", though {person.name} ({person.id}) is alike" for person in alike[:3]))
        return who is not None and self._assign(one, who)

    def _new(self, one: Waiting, name: str, but: str = "") -> SpeakerId | None:
        """Somebody whom the register does not have, once the editor says so."""
        if ask(f"nobody here is called {name}{but}; put them into ingest/speakers.toml? [y/N] ").casefold() != "y":
            return None
        return put_on_desk(self.place, name, one.voice.role, one.head.fiction)

    def _assign(self, one: Waiting, who: SpeakerId) -> bool:
        if (taken := next((other.label for other in one.others if other.speaker == who), None)) is not None:
            question = f"{taken} is {who} already; if they are one voice, merge them. Both are {who}? [y/N] "
            if ask(question).casefold() != "y":
                return False

        def do(catalogue: Catalogue, why: str) -> Assigned:
            which = (EpisodeId(one.head.episode), SpeakerLabel(one.head.label))
            return assign(catalogue, *which, who, by=self.by, why=why, seen=one.room.seen)

        return self._decide(one, do)

    def _merge(self, one: Waiting) -> bool:
        into = ask(f"one voice with ({', '.join(other.label for other in one.others) or 'there is no other'}): ")
        if not into:
            return False

        def do(catalogue: Catalogue, why: str) -> Assigned:
            labels = (SpeakerLabel(one.head.label), SpeakerLabel(into.upper()))
            return voices.merge(
                catalogue, EpisodeId(one.head.episode), *labels, by=self.by, why=why, seen=one.room.seen
            )

        return self._decide(one, do)

    def _split(self, one: Waiting) -> bool:
        say_turns(one.turns)
        text = ask("somebody else's are the turns (2,4-6), or all from a time on (at 12:30): ")
        if not text:
            return False
        if text.casefold().startswith("at "):
            part = part_of(one.turns, text[3:], None)
        else:
            part = part_of(one.turns, None, text)

        def do(catalogue: Catalogue, why: str) -> Assigned:
            which = (EpisodeId(one.head.episode), SpeakerLabel(one.head.label))
            return voices.split(catalogue, *which, part, by=self.by, why=why, seen=one.room.seen)

        return self._decide(one, do)

    def _nobody(self, one: Waiting) -> bool:
        def do(catalogue: Catalogue, why: str) -> Assigned:
            which = (EpisodeId(one.head.episode), SpeakerLabel(one.head.label))
            return voices.not_a_person(catalogue, *which, by=self.by, why=why, seen=one.room.seen)

        return self._decide(one, do)

    def _decide(self, one: Waiting, do: Callable[[Catalogue, str], Assigned]) -> bool:
        usual = "heard its clips and read its evidence"
        why = ask(f"why [{usual}]: ") or usual
        episode = one.head.episode
        outcome = decide(self.place, "convarchive speakers review", episode, lambda catalogue: do(catalogue, why))
        self.done.append((episode, outcome.decided.review))
        # Of a voice that was split, the new part comes next.
        self.apart = (episode, outcome.decided.label or "")
        tell(outcome)
        return True

    def _skip(self, one: Waiting) -> bool:
        self.passed.add((one.head.episode, one.head.label))
        return True

    def _undo(self) -> bool:
        if not self.done:
            say("nothing was decided on this walk; for older decisions: convarchive speakers undo EPISODE")
            return False
        episode, number = self.done[-1]

        def do(catalogue: Catalogue) -> Assigned:
            return voices.undo(catalogue, EpisodeId(episode), by=self.by, why="taken back at once", review=number)

        outcome = decide(self.place, "convarchive speakers review", EpisodeId(episode), do)
        self.done.pop()
        say(f"review {number} is taken back")
        tell(outcome)
        return True


def _quit(one: Waiting) -> bool:
    raise Quit


def ask(question: str) -> str:
    """A line from the person at the terminal. Raises Quit where there is none any more."""
    typer.echo(question, nl=False)
    line = sys.stdin.readline()
    if not line:
        raise Quit
    return line.strip()
