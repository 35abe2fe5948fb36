"""The audience table, cell by cell: who sees which clearance, and whose name."""

import pytest

from convarchive.domain.audience import AUDIENCES
from convarchive.domain.episode import Enclosure, Item, Recording, Sha256
from convarchive.domain.ids import heard_quote_id
from convarchive.domain.passage import Query
from convarchive.domain.quote import AudioSource, Excerpt, Selector
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.errors import Gone, NotFound
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_quotes import NewVersion
from convarchive.store.write_reviews import Hold
from fakes.blank import blank_home

SOUND = Sha256("a" * 64)
STATES = ("unreviewed", "cleared", "withheld", "withdrawn")
NAMES = ("confirmed", "probable", "unattributed")
SEEN = {
    "public": {"cleared"},
    "researcher": {"unreviewed", "cleared", "withheld"},
    "comms": {"unreviewed", "cleared", "withheld"},
    "editor": {"unreviewed", "cleared", "withheld", "withdrawn"},
}
NAMED = {
    "public": {"confirmed"},
    "researcher": {"confirmed", "probable"},
    "comms": {"confirmed", "probable"},
    "editor": {"confirmed", "probable"},
}


def start_of(state: str, name: str) -> int:
    return (STATES.index(state) * len(NAMES) + NAMES.index(name)) * 10_000


def the_id(state: str, name: str):
    return heard_quote_id(SOUND, start_of(state, name))


@pytest.fixture
def catalogue(tmp_path):
    """Twelve quotes: every clearance under every kind of name."""
    with Catalogue.for_writing(blank_home(tmp_path)) as catalogue:
        with catalogue.writing() as write:
            item = Item("guid-1", "A fictional talk", Enclosure("http://127.0.0.1/a.mp3"), "2031-01-01")
            episode = write.episodes.put_item(None, item, fiction=True)
            write.episodes.put_recording(episode, Recording(SOUND, 9, 200_000, "audio/mpeg", "mp3", "test"), None)
            person = SpeakerId("ada-example")
            write.speech.put_speaker(Speaker(person, "Ada Example"), "desk")
            reason = (Evidence("self", "says who she is", "I'm Ada Example", Span(0, 900)),)
            write.speech.put_attributions(
                SOUND,
                [
                    Attribution(SpeakerLabel("S1"), person, "Ada Example", "guest", "confirmed", 0.97, reason),
                    Attribution(SpeakerLabel("S2"), person, "Ada Example", "guest", "probable", 0.7, reason),
                    Attribution(SpeakerLabel("S3"), None, None, None, "unattributed", 0.0),
                ],
            )
            rows = write.speech.current_attributions(SOUND)
            for state in STATES:
                for label, name in zip(("S1", "S2", "S3"), NAMES, strict=True):
                    self_made(write, episode, state, name, rows[label])
            write.search.sync_passages()
        yield catalogue


def self_made(write, episode, state, name, attributed):
    start = start_of(state, name)
    quote, span, words = the_id(state, name), Span(start, start + 5000), f"A {state} sentence by a {name} voice."
    row, attribution = attributed
    version = write.quotes.put(
        NewVersion(
            quote, words, "heard", (Excerpt(words, span),), (AudioSource(SOUND, span),), Selector(words, span=span),
            attribution.speaker, attribution.name, None, attribution.role, row, 0.9, (), episode,
        )
    )  # fmt: skip
    if state != "unreviewed":
        act = {"cleared": "clear", "withheld": "withhold", "withdrawn": "withdraw"}[state]
        number = write.reviews.add(act, "An Editor", "for this test", quote=quote, version=version)
        # What is withheld or withdrawn was cleared before: the stricter state has to win.
        write.reviews.clear(version, number)
        if state != "cleared":
            write.reviews.hold(Hold(state, recording=SOUND, start_ms=start, end_ms=start + 100), number)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("state", STATES)
def test_an_audience_sees_only_the_clearances_of_its_row(catalogue, audience, state):
    with catalogue.reading(audience) as read:
        listed = {view.id for view in read.quotes()}
        searched = {passage.quote for passage in read.passages(Query("sentence"))}
    expected = state in SEEN[audience]
    assert (the_id(state, "confirmed") in listed) is expected
    assert (the_id(state, "confirmed") in searched) is expected


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", NAMES)
def test_an_audience_sees_only_the_names_of_its_row(catalogue, audience, name):
    with catalogue.reading(audience) as read:
        view = read.quote(the_id("cleared", name))
        by_filter = {p.quote for p in read.passages(Query("x", speaker=SpeakerId("ada-example")))}
    expected = name in NAMED[audience]
    assert (view.speaker is not None) is expected
    assert (view.id in by_filter) is expected
    assert (view.attribution.evidence is not None) is (audience != "public")
    assert (view.attribution.confidence is not None) is (audience != "public")
    if audience == "public" and name != "confirmed":
        assert view.attribution.status == "unattributed"


def test_a_withdrawn_quote_is_gone_and_an_uncleared_one_unknown_to_the_public(catalogue):
    with catalogue.reading("public") as read:
        with pytest.raises(Gone):
            read.quote(the_id("withdrawn", "confirmed"))
        with pytest.raises(NotFound) as unknown:
            read.quote(the_id("unreviewed", "confirmed"))
    assert not isinstance(unknown.value, Gone)


def test_a_hold_counts_at_once_in_another_connection(catalogue, tmp_path):
    with Catalogue.for_reading(Home(tmp_path)) as elsewhere:
        with elsewhere.reading("public") as read:
            assert read.quote(the_id("cleared", "confirmed"))
        with catalogue.writing() as write:
            number = write.reviews.add("withdraw", "An Editor", "asked to", person=SpeakerId("ada-example"))
            write.reviews.hold(Hold("withdrawn", person="ada-example"), number)
        with elsewhere.reading("public") as read, pytest.raises(Gone):
            read.quote(the_id("cleared", "confirmed"))


def test_an_embargo_ends_by_itself(catalogue):
    quote = the_id("unreviewed", "confirmed")
    with catalogue.reading("editor") as read:
        version = read.quote(quote).version
    with catalogue.writing() as write:
        number = write.reviews.add("embargo", "An Editor", "until print", quote=quote, version=version)
        write.reviews.clear(version, number, not_before="2999-01-01T00:00:00+00:00")
    with catalogue.reading("public") as read, pytest.raises(NotFound):
        read.quote(quote)
    with catalogue.writing() as write:
        number = write.reviews.add("embargo", "An Editor", "already printed", quote=quote, version=version)
        write.reviews.clear(version, number, not_before="2001-01-01T00:00:00+00:00")
    with catalogue.reading("public") as read:
        assert read.quote(quote).clearance == "cleared"
