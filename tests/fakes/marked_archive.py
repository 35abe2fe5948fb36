"""
An invented archive in which every fact is a word of its own, so that an answer shows what it gave away.

A quote in every standing under every kind of name; each has words, a speaker, a credit,
evidence, doubts and a context that occur nowhere else. `Fact` says which of them it is, and
`may_see` which audience may meet it: the audience table, written down a second time and by hand.
"""

import hashlib
from dataclasses import dataclass

from convarchive.domain.episode import Enclosure, EpisodeId, Feed, FeedId, Item, Recording, Sha256
from convarchive.domain.ids import heard_quote_id, printed_quote_id
from convarchive.domain.quote import AudioSource, Document, DocumentId, Excerpt, PublishedQuote, QuoteId, Selector
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Credit, Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.domain.transcript import Transcript, Word
from convarchive.editorial.clearing import clear, undo, withdraw, withhold
from convarchive.editorial.whole import Whole, close
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.store.catalogue import Catalogue
from convarchive.store.holdings import keep
from convarchive.store.write_quotes import NewVersion
from fakes.encoder import HashingEncoder
from fakes.reading_archive import SECONDS, staircase

STATES = ("cleared", "unreviewed", "withheld", "withdrawn", "embargoed", "undone", "renewed", "byperson")
NAMES = ("confirmed", "probable", "unattributed")
LASTS = 3_000
"""Milliseconds of each quote."""

SEEN_AS = {
    "cleared": "cleared", "renewed": "cleared", "unreviewed": "unreviewed", "embargoed": "unreviewed",
    "undone": "unreviewed", "withheld": "withheld", "withdrawn": "withdrawn", "byperson": "withdrawn",
}  # fmt: skip
"""Which clearance each standing amounts to."""

INSIDE = ("researcher", "comms", "editor")


@dataclass(frozen=True)
class Fact:
    """One word that stands for one fact: its `kind`, and the standing and kind of name of the quote it belongs to."""

    word: str
    kind: str
    state: str = ""
    name: str = ""


@dataclass(frozen=True)
class Marked:
    """The archive and its facts."""

    home: Home
    recordings: tuple[Sha256, ...]
    episodes: tuple[EpisodeId, ...]
    quotes: dict[tuple[str, str], QuoteId]
    gone: tuple[QuoteId, ...]
    printed: tuple[QuoteId, ...]
    speakers: tuple[SpeakerId, ...]
    facts: tuple[Fact, ...]


def may_see(audience, fact):
    """The audience table, once more, by hand."""
    standing = SEEN_AS.get(fact.state)
    if fact.kind == "name" and fact.state == "withdrawn" and audience in INSIDE:
        # One quote of theirs was withdrawn; whose voice it is goes on being known.
        return fact.name != "unattributed"
    if fact.kind in ("review", "question", "retired"):
        return audience == "editor" and fact.kind != "retired"
    if fact.kind == "hidden episode":
        return audience == "editor"
    if fact.kind == "inside":
        return audience in INSIDE
    shown = {"public": ("cleared",), "editor": ("cleared", "unreviewed", "withheld", "withdrawn")}
    if standing not in shown.get(audience, ("cleared", "unreviewed", "withheld")):
        return False
    if fact.kind == "older words":
        return audience == "public"
    if fact.kind == "words":
        # Of a quote whose words changed, the public keeps the cleared version and the others have the new one.
        return not (audience == "public" and fact.state == "renewed")
    if fact.kind in ("name", "credit"):
        if fact.name == "unattributed":
            return False
        return fact.name == "confirmed" or audience in INSIDE
    assert fact.kind in ("evidence", "doubt", "basis")
    return audience in INSIDE


def word(kind, state, name):
    return "q" + kind.replace(" ", "") + state + name


def marked(home):
    """Build it in an empty home."""
    home.incoming.mkdir(parents=True, exist_ok=True)
    sounds = []
    for n in range(3):
        download = home.incoming / f"{n}.wav"
        staircase(download)
        with download.open("ab") as file:
            file.write(bytes(n))
        digest = Sha256(hashlib.sha256(download.read_bytes()).hexdigest())
        size = download.stat().st_size
        keep(home, download, digest, "wav")
        sounds.append(Recording(digest, size, SECONDS * 1000, "audio/wav", "wav", "a test"))
    facts: list[Fact] = []
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            episodes = _episodes(write, sounds, facts)
            speakers = _voices(write, sounds[0].sha256, facts)
            quotes = _quotes(write, sounds[0].sha256, episodes[0], facts)
            hidden = _hidden_episode(write, sounds[1].sha256, episodes[1], facts)
            gone = _gone(write, sounds[0].sha256, episodes[0], facts)
            printed = _print(write, facts)
            write.search.put_themes([Theme(ThemeId("leadership"), "Leadership", "How people lead.")])
            everything = [write.reviews.standing(one).version for one in (*quotes.values(), hidden)]
            write.search.put_scores({v: [ThemeScore(ThemeId("leadership"), 0.9, "model")] for v in everything}, "model")
            write.search.sync_passages()
        _decide(catalogue, home, quotes, episodes, facts)
        build(home, catalogue, HashingEncoder(), FaissIndex)
    every = {**quotes, ("hidden episode", "unattributed"): hidden}
    digests = tuple(one.sha256 for one in sounds)
    return Marked(home, digests, episodes, every, gone, printed, speakers, tuple(facts))


def _each():
    for i, (state, name) in enumerate((state, name) for state in STATES for name in NAMES):
        yield i, state, name


def _noted(facts, kind, state="", name=""):
    the_word = word(kind, state, name)
    facts.append(Fact(the_word, kind, state, name))
    return the_word


def _episodes(write, sounds, facts):
    feed = Feed(FeedId("f1"), "http://127.0.0.1/feed.xml", "The Marked Show", "en", fiction=True)
    write.episodes.put_feed(feed)
    ids = []
    for n, sound in enumerate(sounds):
        # The first has quotes of every kind, the second is withdrawn whole, and nothing of the third was decided about.
        kind = "hidden episode" if n == 1 else "inside"
        title = "A marked talk" if n == 0 else _noted(facts, kind, "title", str(n))
        notes = _noted(facts, kind, "notes", str(n))
        item = Item(f"guid-{n}", title, Enclosure(f"http://127.0.0.1/{n}.wav"), f"2031-01-0{n + 1}", notes=notes)
        episode = write.episodes.put_item(feed.id, item, fiction=True)
        write.episodes.put_recording(episode, sound, None)
        write.episodes.ask(episode, "name", [("voice", _noted(facts, "question", str(n)))])
        write.episodes.put_failure(episode, "printed", _noted(facts, kind, "failure", str(n)))
        ids.append(episode)
    return tuple(ids)


def _voices(write, sound, facts):
    attributions, speakers = [], []
    for i, state, name in _each():
        label = SpeakerLabel(f"S{i + 1}")
        if name == "unattributed":
            attributions.append(Attribution(label, None, None, None, "unattributed", 0.0))
            continue
        person = SpeakerId(f"person-{i}")
        called = f"{_noted(facts, 'name', state, name)} Example"
        credit = Credit(_noted(facts, "basis", state, name + "credit"), "a test", None)
        facts[-1] = Fact(facts[-1].word, "basis", state, name)
        basis = _noted(facts, "basis", state, name)
        write.speech.put_speaker(Speaker(person, called, (), "guest", basis, (credit,), True), "heard")
        why = Evidence(
            "self", "says who it is", _noted(facts, "evidence", state, name), Span(i * LASTS, i * LASTS + 900)
        )
        attributions.append(Attribution(label, person, called, "guest", name, 0.9, (why,)))
        speakers.append(person)
    write.speech.put_attributions(sound, attributions)
    return tuple(speakers)


def _quotes(write, sound, episode, facts):
    rows = write.speech.current_attributions(sound)
    quotes, words, utterances = {}, [], []
    for i, state, name in _each():
        start = i * LASTS
        said = f"We shared power {_noted(facts, 'words', state, name)} and it grew."
        quotes[state, name] = _put(write, sound, episode, i, said, rows, facts, state, name)
        if state == "renewed":
            # It was heard anew since; the transcript holds what is heard now.
            facts[facts.index(Fact(word("words", state, name), "words", state, name))] = Fact(
                word("words", state, name), "older words", state, name
            )
            said = f"We shared power {_noted(facts, 'words', state, name + 'anew')} and it grew."
            facts[-1] = Fact(facts[-1].word, "words", state, name)
        spoken = [*said.split(), _noted(facts, "inside", "between", f"{state}{name}")]
        pace = LASTS // len(spoken)
        run = tuple(Word(w, Span(start + n * pace, start + (n + 1) * pace), 0.9) for n, w in enumerate(spoken))
        # What is said in a stretch that was withdrawn is as closed as the quote.
        if SEEN_AS[state] == "withdrawn":
            facts[-1] = Fact(facts[-1].word, "hidden episode")
        utterances.append(Utterance(SpeakerLabel(f"S{i + 1}"), len(words), run))
        words += run
    write.speech.put_transcript(episode, sound, Transcript(tuple(words), "en", "heard", "ear 1"))
    write.speech.put_turns(sound, [Turn(one.span, one.label) for one in utterances])
    write.speech.put_utterances(sound, utterances)
    return quotes


def _put(write, sound, episode, i, said, rows, facts, state, name):
    start = i * LASTS
    row, who = rows[f"S{i + 1}"]
    span = Span(start, start + LASTS)
    quote = heard_quote_id(sound, start)
    credit = _noted(facts, "credit", state, name) if who.name else None
    doubt = _noted(facts, "doubt", state, name)
    # What stands around a quote is never shown to anybody.
    context = _noted(facts, "retired", "context", f"{state}{name}")
    new = NewVersion(
        quote, said, "heard", (Excerpt(said, span),), (AudioSource(sound, span),),
        Selector(said, context, context, span), who.speaker, who.name, credit, who.role, row, 0.9, (doubt,), episode,
        fiction=True,
    )  # fmt: skip
    write.quotes.put(new)
    return quote


def _hidden_episode(write, sound, episode, facts):
    said = f"We shared power {_noted(facts, 'hidden episode', 'words')} and it grew."
    quote, span = heard_quote_id(sound, 0), Span(0, LASTS)
    write.quotes.put(
        NewVersion(quote, said, "heard", (Excerpt(said, span),), (AudioSource(sound, span),), Selector(said, span=span),
                   episode=episode, fiction=True)
    )  # fmt: skip
    spoken = tuple(Word(w, Span(n * 300, n * 300 + 290), 0.9) for n, w in enumerate(said.split()))
    write.speech.put_transcript(episode, sound, Transcript(spoken, "en", "heard", "ear 1"))
    write.speech.put_utterances(sound, [Utterance(None, 0, spoken)])
    return quote


def _gone(write, sound, episode, facts):
    """Quotes that no longer stand; nobody may be told their words."""
    rows = write.speech.current_attributions(sound)
    ids = []
    for n in range(2):
        quote = heard_quote_id(sound, 85_000 + n)
        said = f"We shared power {_noted(facts, 'retired', 'words', str(n))} and it grew."
        span = Span(85_000 + n * 100, 85_100 + n * 100)
        row, who = rows["S1"]
        write.quotes.put(
            NewVersion(quote, said, "heard", (Excerpt(said, span),), (AudioSource(sound, span),),
                       Selector(said, span=span), who.speaker, who.name, None, None, row, 0.9, (), episode)
        )  # fmt: skip
        ids.append(quote)
    write.quotes.retire(ids[0], _noted(facts, "inside", "reason"))
    write.quotes.retire(ids[1], "cut anew", [heard_quote_id(sound, LASTS * STATES.index("withdrawn") * len(NAMES))])
    return tuple(ids)


def _print(write, facts):
    texts = {one: f"Printed power {_noted(facts, 'words', one, 'print')} here." for one in ("cleared", "unreviewed")}
    names = {one: f"{_noted(facts, 'name', one, 'confirmedprint')} Example" for one in texts}
    paper = Document(
        DocumentId("marked-paper"), "A marked paper", "Example Press", "2030", clearance_scope="as printed",
        clearance_by="print", fiction=True,
        quotes=tuple(
            PublishedQuote(key, text, None, names[key], "", "p. 1", "podcast") for key, text in texts.items()
        ),
    )  # fmt: skip
    write.quotes.put_document(paper)
    ids = []
    for printed in paper.quotes:
        quote, version = write.quotes.put_published(paper, printed)
        if printed.key == "cleared":
            write.reviews.clear(version, write.reviews.add("clear", "print", "in print", quote=quote, version=version))
        ids.append(printed_quote_id(paper.id, printed.key))
    for i, fact in enumerate(facts):
        if fact.name in ("print", "confirmedprint"):
            facts[i] = Fact(fact.word, fact.kind, fact.state, "confirmed")
    return tuple(ids)


def _decide(catalogue, home, quotes, episodes, facts):
    said = {"by": _noted(facts, "review", "by"), "why": _noted(facts, "review", "why")}
    for (state, name), quote in quotes.items():
        if state != "unreviewed":
            later = {"not_before": "2999-01-01"} if state == "embargoed" else {}
            clear(catalogue, home, quote, **said, **later)
        if state == "undone":
            undo(catalogue, home, quote, **said)
        if state in ("withheld", "withdrawn"):
            {"withheld": withhold, "withdrawn": withdraw}[state](catalogue, home, quote, **said)
        if state == "byperson" and name != "unattributed":
            with catalogue.reading("editor") as read:
                person = read.quote(quote).speaker.id
            close(catalogue, home, Whole(person=person), "withdrawn", **said)
        elif state == "byperson":
            withdraw(catalogue, home, quote, **said)
    with catalogue.writing() as write:
        sound = write.episodes.recording_of(episodes[0])[0].sha256
        rows = write.speech.current_attributions(sound)
        for i, state, name in _each():
            if state == "renewed":
                said_now = f"We shared power {word('words', state, name + 'anew')} and it grew."
                _put(write, sound, episodes[0], i, said_now, rows, [], state, name)
        write.search.sync_passages()
    close(catalogue, home, Whole(episode=episodes[1]), "withdrawn", **said)
