"""A small fictional archive: one talk of three voices, four quotes of it, and two quotes in print."""

from convarchive.domain.episode import Enclosure, Feed, FeedId, Item, Person, Recording, Sha256, TranscriptLink
from convarchive.domain.ids import heard_quote_id, printed_quote_id
from convarchive.domain.quote import (
    AudioSource,
    Document,
    DocumentId,
    Excerpt,
    PublishedQuote,
    Selector,
)
from convarchive.domain.run import Run
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Credit, Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.domain.transcript import Dropped, Transcript, Word
from convarchive.store.write_quotes import NewVersion

SOUND = Sha256("a" * 64)
ADA = SpeakerId("ada-example")
BEN = SpeakerId("ben-sample")
FEED = Feed(FeedId("f1"), "http://127.0.0.1/feed.xml", "A fictional show", "en", fiction=True)
ITEM = Item(
    "guid-1",
    "A fictional talk",
    Enclosure("http://127.0.0.1/a.mp3", "audio/mpeg", 9),
    "2031-01-01",
    persons=(Person("Ada Example", "guest"),),
    transcripts=(TranscriptLink("http://127.0.0.1/a.vtt", "text/vtt"),),
)
RECORDING = Recording(SOUND, 9, 60_000, "audio/mpeg", "mp3", "test")

SAID = {
    "confirmed": ("S1", Span(0, 4000), "Power that is shared grows."),
    "probable": ("S2", Span(10_000, 14_000), "We stopped counting the minutes."),
    "unattributed": ("S3", Span(20_000, 24_000), "Nobody asked the people who live there."),
    "second": ("S1", Span(30_000, 34_000), "A garden is a slow argument."),
}
"""The talk's quotes by how their voice is named (`second` is Ada's again): label, span, words."""

HEARD = {name: heard_quote_id(SOUND, span.start) for name, (_, span, _) in SAID.items()}

BOOK = Document(
    DocumentId("example-paper"),
    "An example paper",
    "Example Press",
    "2030",
    language="en",
    clearance_scope="the words as printed",
    clearance_by="printed publication",
    quotes=(
        PublishedQuote("slow-work", "Trust is slow work … and worth it.", ADA, "Ada Example", "Director, Example Trust",
                       "section 2", "podcast"),
        PublishedQuote("other-work", "Maps are opinions.", None, "Tom Atlantis", "Cartographer", "note 3", "other"),
    ),
)  # fmt: skip
PRINTED = {quote.key: printed_quote_id(BOOK.id, quote.key) for quote in BOOK.quotes}


def fill(write, *, fiction=False):
    """Write all of it in one transaction; returns the episode's id."""
    episode = fill_sound(write, fiction=fiction)
    fill_speech(write, episode)
    fill_quotes(write, episode, fiction=fiction)
    fill_print(write)
    write.search.sync_passages()
    write.count_up("content")
    return episode


def fill_sound(write, *, fiction=False):
    write.episodes.put_feed(FEED)
    episode = write.episodes.put_item(FEED.id, ITEM, fiction=fiction)
    write.episodes.put_recording(episode, RECORDING, "http://127.0.0.1/a.mp3")
    write.episodes.put_run(Run(episode, "fetch", "input-1", "fetcher 1", 1.5, write.now))
    return episode


def fill_speech(write, episode):
    words = tuple(
        Word(word, Span(span.start + 300 * i, span.start + 300 * (i + 1)), 0.9, None)
        for _, span, text in SAID.values()
        for i, word in enumerate(text.split())
    )
    dropped = (Dropped(Span(50_000, 51_000), "Thanks for watching", "no voice there"),)
    write.speech.put_transcript(episode, SOUND, Transcript(words, "en", "heard", "ear 1", dropped))
    write.speech.put_turns(SOUND, [Turn(span, SpeakerLabel(label)) for label, span, _ in SAID.values()])
    first, utterances = 0, []
    for label, _, text in SAID.values():
        count = len(text.split())
        utterances.append(Utterance(SpeakerLabel(label), first, words[first : first + count]))
        first += count
    write.speech.put_utterances(SOUND, utterances)
    write.speech.put_speaker(
        Speaker(ADA, "Ada Example", ("Dr Ada Example",), credits=(Credit("Director, Example Trust", "section 2"),)),
        "desk",
    )
    write.speech.put_speaker(Speaker(BEN, "Ben Sample"), "desk")
    reason = (Evidence("self", "says who she is", "I'm Ada Example", Span(0, 900)),)
    write.speech.put_attributions(
        SOUND,
        [
            Attribution(SpeakerLabel("S1"), ADA, "Ada Example", "guest", "confirmed", 0.97, reason),
            Attribution(SpeakerLabel("S2"), BEN, "Ben Sample", "host", "probable", 0.7, reason),
            Attribution(SpeakerLabel("S3"), None, None, None, "unattributed", 0.0),
        ],
    )
    write.episodes.ask(episode, "name", [("unnamed voice", "S3 speaks for 4 s")])
    write.episodes.put_failure(episode, "quote", "something went wrong")


def fill_quotes(write, episode, *, fiction=False):
    rows = write.speech.current_attributions(SOUND)
    write.search.put_themes([Theme(ThemeId("leadership"), "Leadership", "Leading and being led")])
    scores = {}
    for name in SAID:
        version = put_quote(write, episode, name, rows, fiction=fiction)
        scores[version] = [ThemeScore(ThemeId("leadership"), 0.75, "model")]
    write.search.put_scores(scores, "model")


def put_quote(write, episode, name, rows, *, words=None, fiction=False):
    label, span, said = SAID[name]
    row, named = rows[label]
    words = words or said
    return write.quotes.put(
        NewVersion(
            quote=HEARD[name],
            text=words,
            text_status="heard",
            excerpts=(Excerpt(words, span),),
            sources=(AudioSource(SOUND, span),),
            selector=Selector(words, span=span),
            speaker=named.speaker,
            name=named.name,
            role=named.role,
            attribution=row,
            confidence=0.9,
            doubts=("spoken fast",),
            episode=episode,
            fiction=fiction,
        )
    )


def fill_print(write):
    write.quotes.put_document(BOOK)
    for printed in BOOK.quotes:
        quote, version = write.quotes.put_published(BOOK, printed)
        if printed.kind == "podcast":
            review = write.reviews.add(
                "clear", BOOK.clearance_by, "printed in An example paper", quote=quote, version=version,
                scope=BOOK.clearance_scope,
            )  # fmt: skip
            write.reviews.clear(version, review, BOOK.clearance_scope)
