"""
An invented archive as the HTTP doors see it: a recording that can be heard, quotes of every
standing, print, ids that lead elsewhere, and a real index over all of it.

The recording is a staircase of tones: its pitch says which second is being heard.
"""

import hashlib
import wave
from dataclasses import dataclass

import numpy as np

from convarchive.domain.episode import Enclosure, EpisodeId, Feed, FeedId, Item, Recording, Sha256
from convarchive.domain.ids import heard_quote_id, printed_quote_id
from convarchive.domain.quote import AudioSource, Document, DocumentId, Excerpt, PublishedQuote, QuoteId, Selector
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Credit, Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.domain.transcript import Transcript, Word
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.live import LiveIndex
from convarchive.index.search import search
from convarchive.index.similar import similar
from convarchive.store.catalogue import Catalogue
from convarchive.store.holdings import keep
from convarchive.store.write_quotes import NewVersion
from convarchive.store.write_reviews import Hold
from fakes.encoder import HashingEncoder

ADA, BEN = SpeakerId("ada-example"), SpeakerId("ben-sample")
FEED = Feed(FeedId("f1"), "http://127.0.0.1/feed.xml", "The Example Show", "en", fiction=True)
RATE, SECONDS = 16_000, 90

SAID = {
    "cleared": ("S1", 5_000, "We gave the keys to the people who sweep the hall, and the hall was never so full."),
    "probable": (
        "S2",
        15_000,
        "Letting go of control is a skill, and like every skill it is learned by failing at it.",
    ),
    "nameless": ("S3", 25_000, "Nobody asked the people who live there what the harbour was for."),
    "withheld": ("S1", 35_000, "A budget is a promise that somebody else will have to keep."),
    "withdrawn": ("S1", 45_000, "This sentence was taken down at the speaker's own wish."),
    "target": ("S1", 55_000, "Power that is shared does not get smaller."),
    "second": ("S2", 65_000, "A meeting without an end is a meeting without a purpose."),
    "elided": ("S1", 75_000, "Trust is slow [...] and then it is everywhere."),
}
"""Quotes by what they stand for: voice, start in milliseconds, words. Each lasts 6 s."""

PAPER = Document(
    DocumentId("example-paper"),
    "An example paper",
    "Example Press",
    "2030",
    clearance_scope="the words as printed",
    clearance_by="printed publication",
    quotes=(
        PublishedQuote("slow", "Trust is slow work … and worth it.", ADA, "Ada Example", "Director, Example Trust",
                       "section 2", "podcast"),
        PublishedQuote("maps", "Maps are opinions about power.", None, "Tom Atlantis", "Cartographer",
                       "note 3", "other"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """Where it lies and what is in it; `ids` by the names of `SAID`, and `moved`, `split`, `lost`, `slow`, `maps`."""

    home: Home
    recording: Sha256
    episode: EpisodeId
    ids: dict[str, QuoteId]


def staircase(path):
    """90 s of tones; second n sounds at 300 + 20 n Hz."""
    at = np.arange(RATE * SECONDS) / RATE
    pitch = 300 + 20 * np.floor(at)
    sound = (0.4 * np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(sound.tobytes())


def made(home, *, fiction=True, taken_down=True):
    """Build the whole archive in an empty folder; without `taken_down`, nothing in it was withdrawn."""
    home.incoming.mkdir(parents=True, exist_ok=True)
    download = home.incoming / "tones.wav"
    staircase(download)
    digest = Sha256(hashlib.sha256(download.read_bytes()).hexdigest())
    held = Recording(digest, download.stat().st_size, SECONDS * 1000, "audio/wav", "wav", "a test")
    keep(home, download, digest, "wav")
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            episode = _episode(write, held, fiction)
            ids = _quotes(write, digest, episode, fiction, taken_down)
        build(home, catalogue, HashingEncoder(), FaissIndex)
    return Archive(home, digest, episode, ids)


def searcher(home):
    """Answers queries over the archive's index."""
    encoder = HashingEncoder()
    live = LiveIndex(home, FaissIndex.load, encoder.fingerprint)
    return lambda read, query: search(read, live.current(read.index.catalogue()), encoder, query)


def likener(home):
    """Says who else says what a quote says."""
    live = LiveIndex(home, FaissIndex.load, HashingEncoder().fingerprint)
    return lambda read, quote, limit, own: similar(
        read, live.current(read.index.catalogue()), quote, limit, own=own, least=0.0
    )


def _episode(write, held, fiction):
    write.episodes.put_feed(FEED)
    item = Item("guid-1", "A fictional talk", Enclosure("http://127.0.0.1/a.wav"), "2031-01-05", notes="Two talk.")
    episode = write.episodes.put_item(FEED.id, item, fiction=fiction)
    write.episodes.put_recording(episode, held, None)
    words, utterances = [], []
    for label, start, text in SAID.values():
        spoken = text.split()
        pace = 6_000 // len(spoken)
        run = tuple(Word(w, Span(start + i * pace, start + (i + 1) * pace), 0.9) for i, w in enumerate(spoken))
        utterances.append(Utterance(SpeakerLabel(label), len(words), run))
        words += run
    write.speech.put_transcript(episode, held.sha256, Transcript(tuple(words), "en", "heard", "ear 1"))
    write.speech.put_turns(held.sha256, [Turn(u.span, u.label) for u in utterances])
    write.speech.put_utterances(held.sha256, utterances)
    role = (Credit("Director, Example Trust", "the feed"),)
    write.speech.put_speaker(Speaker(ADA, "Ada Example", credits=role, fiction=fiction), "desk")
    write.speech.put_speaker(Speaker(BEN, "Ben Sample", role="host", fiction=fiction), "desk")
    herself = Evidence("self", "says who she is", "“I'm Ada Example, and I run a trust”", Span(0, 2_500))
    named = Evidence("metadata", "named in the notes", "The notes name Ada Example as the guest")
    unlike = Evidence(
        "others", "spoken about", "“As Ben would say” is said in the same turn", Span(15_000, 16_000), -0.5
    )
    write.speech.put_attributions(
        held.sha256,
        [
            Attribution(SpeakerLabel("S1"), ADA, "Ada Example", "guest", "confirmed", 0.97, (herself, named)),
            Attribution(SpeakerLabel("S2"), BEN, "Ben Sample", "host", "probable", 0.71, (named, unlike)),
            Attribution(SpeakerLabel("S3"), None, None, None, "unattributed", 0.0),
        ],
    )
    return episode


def _quotes(write, digest, episode, fiction, taken_down):
    ids = {name: heard_quote_id(digest, start) for name, (_, start, _) in SAID.items()}
    versions = {name: _put(write, digest, episode, name, ids[name], fiction) for name in SAID}
    ids |= {name: heard_quote_id(digest, 80_000 + i) for i, name in enumerate(("moved", "split", "lost"))}
    for name in ("moved", "split", "lost"):
        _put(write, digest, episode, "target", ids[name], fiction)
    write.quotes.retire(ids["moved"], "cut anew", [ids["target"]])
    write.quotes.retire(ids["split"], "cut anew", [ids["cleared"], ids["target"]])
    write.quotes.retire(ids["lost"], "no longer said")
    for name in ("cleared", "withdrawn", "target", "elided"):
        number = write.reviews.add("clear", "An Editor", "heard it", quote=ids[name], version=versions[name])
        write.reviews.clear(versions[name], number)
    for name in ("withheld", "withdrawn") if taken_down else ("withheld",):
        act = {"withheld": "withhold", "withdrawn": "withdraw"}[name]
        number = write.reviews.add(act, "An Editor", "asked to", quote=ids[name], version=versions[name])
        start = SAID[name][1]
        write.reviews.hold(Hold(name, recording=digest, start_ms=start, end_ms=start + 6_000), number)
    write.quotes.put_document(PAPER)
    for printed in PAPER.quotes:
        ids[printed.key] = printed_quote_id(PAPER.id, printed.key)
        quote, version = write.quotes.put_published(PAPER, printed)
        if printed.kind == "podcast":
            number = write.reviews.add("clear", "printed publication", "in print", quote=quote, version=version)
            write.reviews.clear(version, number, PAPER.clearance_scope)
    themes = [
        Theme(ThemeId("leadership"), "Leadership", "How people lead, and what it asks of them."),
        Theme(ThemeId("harbours"), "Harbours", "Where ships lie.", note="Nothing was ever printed about harbours."),
    ]
    write.search.put_themes(themes)
    mine = [ThemeScore(ThemeId("leadership"), 0.81, "print")]
    scores = {versions[name]: mine for name in ("cleared", "probable", "target", "withheld")}
    scores[versions["elided"]] = [ThemeScore(ThemeId("harbours"), 0.6, "print")]
    write.search.put_scores(scores, "print")
    write.count_up("content")
    return ids


def _put(write, digest, episode, name, quote, fiction):
    label, start, text = SAID[name]
    row, named = write.speech.current_attributions(digest)[label]
    whole = Span(start, start + 6_000)
    parts = text.split(" [...] ")
    if len(parts) == 1:
        excerpts = (Excerpt(text, whole),)
    else:
        excerpts = (
            Excerpt(parts[0], Span(start, start + 2_000)),
            Excerpt(parts[1], Span(start + 4_000, start + 6_000)),
        )
    return write.quotes.put(
        NewVersion(
            quote, text, "heard", excerpts, (AudioSource(digest, whole),), Selector(text, span=whole), named.speaker,
            named.name, "Director, Example Trust" if label == "S1" else None, named.role, row, 0.91, (), episode,
            fiction=fiction,
        )
    )  # fmt: skip
