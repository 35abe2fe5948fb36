"""An invented show on a loopback server, a home that follows it, and ears that know by heart what is said in it."""

from __future__ import annotations

import hashlib
import io
import random
import threading
import wave
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

from convarchive import wiring
from convarchive.domain.audience import Audience
from convarchive.domain.passage import Query
from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.domain.transcript import Transcript, Word
from convarchive.editorial.desks import load_desks
from convarchive.ingest.gathering import gather
from convarchive.ingest.run import run
from convarchive.ingest.voiceprinting import Voiceprinting
from convarchive.naming.voiceprints import Voice
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical
from fakes.scripted import ScriptedGrader
from fakes.show import home_at
from servers import Answer

PACE = 330
"""Milliseconds from one word's start to the next one's."""

TALK = (
    ("Ada Example", "Hello, and welcome to the show. I'm Ada Example. My guest today is Ben Sample. Welcome, Ben."),
    ("Ben Sample", "Thank you, Ada. My name is Ben Sample, and I look after a small council in a made up valley."),
    ("Ada Example", "Ben, what did you have to change first, the council or yourself?"),
    (
        "Ben Sample",
        "The hardest thing I have ever done was letting go of control, and that was the moment when my team began to "
        "lead. A leader who has to check every decision will soon find that clever people stop deciding.",
    ),
    ("Ada Example", "And what happens when somebody makes a mistake?"),
    (
        "Ben Sample",
        "Mistakes that people can talk about are the cheapest lessons that any organisation will ever buy. When "
        "people are afraid, they hide the small mistakes until they have grown into large ones.",
    ),
    (
        "Ada Example",
        "People who clean a building every night know more about a box of pencils than the architect who drew the "
        "plans.",
    ),
    (
        "Ben Sample",
        "A good public service starts with a conversation, because no form has enough boxes for a whole life.",
    ),
)


def lasting(talk, offset=0):
    """Milliseconds a recording of the talk needs."""
    return offset + PACE * sum(len(text.split()) for _, text in talk) + 1000


def vtt(talk=TALK):
    """The talk as WebVTT, a cue a turn, with who speaks."""
    at, cues = 0, []
    for who, text in talk:
        end = at + PACE * len(text.split())
        cues.append(f"{_clock(at)} --> {_clock(end)}\n<v {who}>{text}\n")
        at = end
    return "WEBVTT\n\n" + "\n".join(cues)


def _clock(at):
    return f"{at // 60_000:02}:{at % 60_000 / 1000:06.3f}"


def noise(milliseconds, seed):
    """A WAV file of this length, its bytes its own."""
    chance = random.Random(seed)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 4000, 0, "NONE", ""))
        sound.writeframes(chance.randbytes(4 * milliseconds))
    return file.getvalue()


class Ears:
    """Hears, by a recording's digest, the talk it was made of; counts what it was asked to listen to."""

    def __init__(self):
        self.words_by, self.turns_by = "scripted words 1", "scripted turns 1"
        self.talks: dict[str, tuple[tuple[tuple[str, str], ...], int]] = {}
        self.heard: list[str] = []
        self.told_apart: list[str] = []
        self.relabel = lambda label: label
        self.also: tuple[Turn, ...] = ()
        self._lock = threading.Lock()

    def lines(self, path):
        talk, at = self.talks[path.stem]
        for voice, text in talk:
            tokens = text.split()
            yield voice, [(token, Span(at + PACE * n, at + PACE * n + 300)) for n, token in enumerate(tokens)]
            at += PACE * len(tokens)


@dataclass(frozen=True)
class Hearing:
    """The Transcriber of some Ears."""

    ears: Ears

    @property
    def fingerprint(self):
        return self.ears.words_by

    def transcribe(self, audio, *, hints=(), language=None, report=None):
        self.ears.heard.append(audio.stem)
        words = tuple(Word(t, span, 0.9) for _, said in self.ears.lines(audio) for t, span in said)
        return Transcript(words, language or "en", "heard", self.fingerprint)


@dataclass(frozen=True)
class Telling:
    """The Diarizer of some Ears."""

    ears: Ears

    @property
    def fingerprint(self):
        return self.ears.turns_by

    def diarize(self, audio, *, most_voices=None, report=None):
        self.ears.told_apart.append(audio.stem)
        labels: dict[str, str] = {}
        turns = []
        for voice, said in self.ears.lines(audio):
            label = self.ears.relabel(labels.setdefault(voice, f"S{len(labels) + 1}"))
            turns.append(Turn(Span(said[0][1].start, said[-1][1].end), SpeakerLabel(label)))
        return (*turns, *self.ears.also)


def sounding(ears, *, fingerprint="scripted voices 1"):
    """What tells how voices sound: whoever speaks in the stretches, by the script, sounds like nobody else."""
    everybody: list[str] = []

    def listen(audio, voices):
        found = {}
        for label, spans in voices.items():
            said = [
                (sum(one.overlap(span) for _, one in words for span in spans), who) for who, words in ears.lines(audio)
            ]
            _, who = max(said)
            if who not in everybody:
                everybody.append(who)
            ms = sum(span.duration for span in spans)
            found[label] = Voice(vector_of(everybody.index(who)), ms, max(spans, key=lambda span: span.duration))
        return found

    return Voiceprinting(fingerprint, listen)


def vector_of(number):
    """How the person of this number sounds: like nobody else, and in bytes that stand nowhere by chance."""
    chance = random.Random(f"voice {number}")
    raw = [0.1 * chance.random() if n != number else 10.0 + chance.random() for n in range(48)]
    length = sum(one * one for one in raw) ** 0.5
    return tuple(one / length for one in raw)


@dataclass
class Listed:
    """An episode as the feed lists it."""

    guid: str
    title: str
    url: str
    length: int
    seconds: int
    further: str = ""
    day: int = 6


@dataclass
class Walk:
    """A show one can change, and the home that follows it."""

    server: object
    home: object
    ears: Ears = field(default_factory=Ears)
    items: dict[str, Listed] = field(default_factory=dict)
    head: str = ""
    printing: Voiceprinting | None = None

    # -- the publisher ----------------------------------------------------------------

    def sound(self, name, talk=TALK, *, offset=0, seed=None):
        """Put a recording of a talk on the server; its address and size."""
        body = noise(lasting(talk, offset), seed or name)
        self.ears.talks[hashlib.sha256(body).hexdigest()] = (talk, offset)
        return self.server.put(f"/{name}", Answer(body, "audio/wav")), len(body)

    def lists(self, guid, talk=TALK, *, title=None, further="", offset=0, seed=None, name=None, day=6):
        """List an episode, or list it otherwise than before."""
        url, size = self.sound(name or f"{guid}.wav", talk, offset=offset, seed=seed)
        self.items[guid] = Listed(guid, title or f"Talk {guid}", url, size, lasting(talk, offset) // 1000, further, day)

    def publish(self):
        """Write the feed as it is to be; its address."""
        items = "".join(
            f"<item><title>{escape(one.title)}</title><guid>{one.guid}</guid>"
            f"<pubDate>Tue, {one.day:02} Jan 2026 09:00:00 +0000</pubDate>"
            f"<enclosure url={quoteattr(one.url)} length='{one.length}' type='audio/wav'/>"
            f"<itunes:duration>{one.seconds}</itunes:duration>{one.further}</item>"
            for one in self.items.values()
        )
        names = (
            'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
            'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
        )
        body = f'<rss version="2.0" {names}><channel><title>An invented show</title>{self.head}{items}</channel></rss>'
        return self.server.put("/feed.xml", Answer(body.encode(), "application/rss+xml"))

    # -- the archive ------------------------------------------------------------------

    def ingest(self, *, feeds=True, tell=lambda event: None, **choices):
        """What `convarchive ingest` does, with these ears; gives the summary."""
        settings = load(self.home)
        models = {
            "transcriber": lambda: Hearing(self.ears),
            "diarizer": lambda: Telling(self.ears),
            "grader": ScriptedGrader,
            "voiceprinting": (lambda: self.printing) if settings.voiceprints and self.printing else None,
        }
        tools = replace(wiring.tools(settings), **models)
        with Catalogue.for_writing(self.home) as catalogue:
            load_desks(self.home, catalogue)
            if feeds:
                assert [one.trouble for one in gather(self.home, catalogue, tools.fetcher)] == [None]
            return run(catalogue, wiring.stages(self.home, settings, tools), tell=tell, **choices)

    def lines(self):
        """The canonical lines of the catalogue, which must be sound."""
        with Catalogue.for_writing(self.home) as catalogue:
            assert catalogue.check() == ()
            return list(canonical(catalogue))

    def read(self, ask, audience: Audience = "editor"):
        """What `ask` finds out from a Reader."""
        with Catalogue.for_reading(self.home) as catalogue, catalogue.reading(audience) as read:
            return ask(read)

    def write(self, do):
        """What `do` does with a Writer."""
        with Catalogue.for_writing(self.home) as catalogue, catalogue.writing() as write:
            return do(write)

    def episode(self, guid):
        """The one episode with this guid."""
        return next(one for one in self.write(lambda write: write.episodes.episodes()) if one.guid == guid)

    def recording(self, guid):
        """The episode's newest recording."""
        episode = self.episode(guid).id
        return self.write(lambda write: write.episodes.recording_of(episode))[0]

    def transcript(self, guid, origin):
        """The episode's transcript of this origin, for its newest recording if it has one."""
        episode = self.episode(guid).id

        def ask(write):
            held = write.episodes.recording_of(episode)
            return write.speech.transcript(episode, held[0].sha256 if held else None, origin)

        return self.write(ask)

    def quotes(self, audience: Audience = "editor"):
        """Every quote by its words."""
        return {one.text: one for one in self.read(lambda read: read.listed(Query("")), audience)}

    def quote(self, part, audience: Audience = "editor"):
        """The one quote that holds these words."""
        found = [one for text, one in self.quotes(audience).items() if part in text]
        assert len(found) == 1, f"{len(found)} quotes hold {part!r}"
        return found[0]


def walking(server, root, *guids):
    """A walk whose show lists these guids, each with the same talk, followed by a fresh home; nothing ingested yet."""
    walk = Walk(server, None)
    for day, guid in enumerate(guids, 6):
        walk.lists(guid, day=day)
    walk.home = home_at(root, walk.publish())
    return walk
