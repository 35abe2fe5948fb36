import tomllib

import pytest

from convarchive.domain.desk import FeedEntry, Withdrawal
from convarchive.domain.episode import EpisodeId, Person
from convarchive.domain.ids import printed_quote_id
from convarchive.domain.quote import Document, PublishedQuote
from convarchive.domain.span import Span
from convarchive.domain.speaker import Credit, Speaker
from convarchive.errors import BadInput, SettingsError
from convarchive.home import Home
from convarchive.ingest.desk_changes import add_feed, add_speaker
from convarchive.ingest.desks import (
    quote_references,
    read_feeds,
    read_lexicon,
    read_published,
    read_speakers,
)
from convarchive.ingest.withdrawals import add_withdrawals, read_withdrawals, remove_withdrawals

DIGEST = "0123456789abcdef" * 4
ADA = Speaker("ada-example", "Ada Example", ("Dr Ada Example",))
DOCUMENT = """\
id = "example-review"
title = "Example Review"
[[quotes]]
key = "ada-on-gardens"
kind = "podcast"
speaker = "ada-example"
name = "Dr Ada Example"
credit = "Director, Example Trust"
place = "Chapter 2"
themes = ["gardens"]
text = "A garden is [...] never finished..."
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "ingest" / "published").mkdir(parents=True)
    return Home(tmp_path)


def refusal(read, *arguments, **named):
    with pytest.raises(SettingsError) as caught:
        read(*arguments, **named)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_desk_files_are_empty_desks(home):
    assert read_feeds(home) == read_speakers(home) == read_lexicon(home) == read_withdrawals(home) == ()
    assert read_published(home, ()) == ()


def test_feeds_come_from_an_address_an_apple_id_or_a_folder(home):
    home.feeds.write_text("""
[[feeds]]
url = "https://podcast.example/feed.xml"
language = "en-GB"
fiction = true
[[feeds.persons]]
name = "Bo Sample"
[[feeds]]
apple_id = 1234567890
[[feeds]]
folder = "recordings"
title = "Example Hour"
""")
    assert read_feeds(home) == (
        FeedEntry(
            url="https://podcast.example/feed.xml", language="en-GB", fiction=True, persons=(Person("Bo Sample"),)
        ),
        FeedEntry(apple_id=1234567890),
        FeedEntry(folder="recordings", title="Example Hour"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[feed]]\nurl = 'x'", "feeds.toml:1: unknown key 'feed'; did you mean 'feeds'?"),
        ("[[feeds]]\ntitle = 'x'", "feeds.toml:1: a feed needs exactly one of url, apple_id and folder"),
        ("[[feeds]]\nfolder = 'x'\napple_id = 1", "exactly one of url, apple_id and folder, not 2"),
        ("[[feeds]]\nurl = 'file:///etc/passwd'", "feeds.toml:2: url must be an address"),
        ("[[feeds]]\nurl = 'http://[::1'", "feeds.toml:2: url must be an address"),
        ("[[feeds]]\napple_id = '12'", "feeds.toml:2: apple_id must be a whole number, not a text"),
        ("[[feeds]]\napple_id = 12\nlanguage = '1'", "feeds.toml:3: language is '1'; write a language code"),
        ("[[feeds]]\nfolder = 'a'\n[[feeds]]\nfolder = 'a'", "feeds.toml:4: folder 'a' stands twice (first on line 2)"),
        ("[[feeds]]\nfolder = 'a'\n[[feeds.persons]]\nnane = 'B'", "feeds.toml:4: unknown key 'nane'; did you mean"),
    ],
)
def test_a_wrong_feed_is_refused_on_its_line(home, text, says):
    home.feeds.write_text(text)
    assert says in refusal(read_feeds, home)


def test_speakers_have_aliases_roles_and_credits(home):
    home.speakers.write_text("""
[[speakers]]
id = "ada-example"
name = "Ada Example"
aliases = ["Dr Ada Example"]
role = "host"
role_basis = "Named as host in the feed."
[[speakers.credits]]
name = "Dr Ada Example"
text = "Director, Example Trust"
place = "Example Review, page 4"
since = 2031-01-15
""")
    credit = Credit("Director, Example Trust", "Example Review, page 4", "2031-01-15", "Dr Ada Example")
    assert read_speakers(home) == (
        Speaker(
            "ada-example", "Ada Example", ("Dr Ada Example",), "host", "Named as host in the feed.", credits=(credit,)
        ),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id = 'Ada Example'\nname = 'x'", "speakers.toml:2: id is 'Ada Example'; write lower-case letters"),
        ("id = 'a'\nname = 'x'\nrole = 'gest'", "speakers.toml:4: role is 'gest'; did you mean 'guest'?"),
        ("id = 'a'\nname = 'x'\nalias = ['y']", "unknown key 'alias'; did you mean 'aliases'?"),
        ("id = 'a'\nname = 'x'\n[[speakers]]\nid = 'a'\nname = 'y'", "id 'a' stands twice (first on line 2)"),
        (
            "id = 'a'\nname = 'Ada'\n[[speakers]]\nid = 'b'\nname = 'Bo'\naliases = ['Bob', 'ADA']",
            "speakers.toml:7: the name 'ada' stands twice (first on line 3)",
        ),
    ],
)
def test_a_wrong_speaker_is_refused_on_its_line(home, text, says):
    home.speakers.write_text("[[speakers]]\n" + text)
    assert says in refusal(read_speakers, home)


def test_the_lexicon_holds_correct_spellings_only(home):
    home.lexicon.write_text('names = ["Exampleshire"]\nterms = ["co-production", "Exampleshire"]\n')
    assert read_lexicon(home) == ("Exampleshire", "co-production")
    home.lexicon.write_text("names = []\nmisheard = {a = 'b'}\n")
    assert "lexicon.toml:2: unknown key 'misheard'" in refusal(read_lexicon, home)
    home.lexicon.write_text("terms = [\n'a',\n'" + "b" * 81 + "']\n")
    assert "lexicon.toml:3: terms holds a hint longer than 80" in refusal(read_lexicon, home)


def test_a_document_keeps_the_print_as_it_is(home):
    (home.published / "review.toml").write_text(DOCUMENT)
    assert read_published(home, (ADA,), {"gardens"}) == (
        Document(
            "example-review",
            "Example Review",
            quotes=(
                PublishedQuote(
                    "ada-on-gardens", "A garden is [...] never finished...", "ada-example", "Dr Ada Example",
                    "Director, Example Trust", "Chapter 2", "podcast", themes=("gardens",),
                ),
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('"ada-example"', '"ada-exmple"', "review.toml:6: unknown speaker 'ada-exmple'; did you mean 'ada-example'?"),
        ('"Dr Ada Example"', '"Dr Bo Example"', "review.toml:7: name 'Dr Bo Example' is no name of 'ada-example'"),
        ('["gardens"]', '["garden"]', "review.toml:10: unknown theme 'garden'; did you mean 'gardens'?"),
        ('"podcast"', '"podcasts"', "review.toml:5: kind is 'podcasts'; did you mean 'podcast'?"),
        ('"podcast"', '"other"', "review.toml:3: cited_from is missing"),
        ("text =", "cited_from = 'x'\ntext =", "review.toml:11: cited_from is for quotes of kind 'other'"),
        ('place = "Chapter 2"\n', "", "review.toml:3: place is missing"),
        ("[[quotes]]", "clearance_scope = 'x'\n[[quotes]]", "clearance_scope and clearance_by belong together"),
        ("[[quotes]]", "published = '2031-02-30'\n[[quotes]]", "review.toml:3: published is '2031-02-30', a date that"),
    ],
)
def test_a_wrong_document_is_refused_on_its_line(home, before, after, says):
    (home.published / "review.toml").write_text(DOCUMENT.replace(before, after))
    assert says in refusal(read_published, home, (ADA,), {"gardens"})


def test_a_key_and_a_document_id_stand_once(home):
    quote = DOCUMENT[DOCUMENT.index("[[quotes]]") :]
    (home.published / "review.toml").write_text(DOCUMENT + quote)
    assert "review.toml:13: the key 'ada-on-gardens' stands twice (first on line 4)" in refusal(
        read_published, home, (ADA,)
    )
    (home.published / "review.toml").write_text(DOCUMENT)
    (home.published / "second.toml").write_text(DOCUMENT)
    message = refusal(read_published, home, (ADA,))
    assert "second.toml:1: the document id 'example-review' stands twice" in message
    assert "review.toml:1)" in message


def test_a_key_used_in_two_documents_needs_its_document(home):
    (home.published / "review.toml").write_text(DOCUMENT)
    one = quote_references(read_published(home, (ADA,)))
    assert one["ada-on-gardens"] == one["example-review/ada-on-gardens"]
    (home.published / "second.toml").write_text(DOCUMENT.replace("example-review", "second"))
    two = quote_references(read_published(home, (ADA,)))
    assert set(two) == {"example-review/ada-on-gardens", "second/ada-on-gardens"}
    assert two["second/ada-on-gardens"] == printed_quote_id("second", "ada-on-gardens")


WITHDRAWALS = (
    Withdrawal("withdrawn", recording=DIGEST, spans=(Span(1000, 2500),), since="2031-01-15"),
    Withdrawal(
        "withdrawn", recording=DIGEST, spans=(Span(0, 900), Span(3000, 4000)), episode=EpisodeId("e" + "a2" * 6)
    ),
    Withdrawal("withheld", episode=EpisodeId("e" + "b3" * 6)),
    Withdrawal("withdrawn", recording=DIGEST),
    Withdrawal("withdrawn", document="example-review", key="ada-on-gardens"),
    Withdrawal("withheld", person="ada-example", since="2031-01", until="2031-06-30"),
)


def test_withdrawals_are_written_read_and_undone(home):
    home.withdrawals.write_text("# kept\n")
    add_withdrawals(home, WITHDRAWALS[:2])
    add_withdrawals(home, WITHDRAWALS)
    assert read_withdrawals(home) == WITHDRAWALS
    assert remove_withdrawals(home, [WITHDRAWALS[1]])
    assert not remove_withdrawals(home, [WITHDRAWALS[1]])
    assert read_withdrawals(home) == (WITHDRAWALS[0], *WITHDRAWALS[2:])
    assert home.withdrawals.read_text().startswith("# kept\n")


def test_a_withdrawal_has_no_room_for_words(home):
    home.withdrawals.write_text(f"[[withdrawals]]\nrecording = '{DIGEST}'\ntext = 'what was said'\n")
    assert "withdrawals.toml:3: unknown key 'text'" in refusal(read_withdrawals, home)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("state = 'withdrawn'", "withdrawals.toml:1: a withdrawal names exactly one of"),
        ("recording = 'abc'", "withdrawals.toml:2: recording is 'abc'; write the sha256"),
        (f"recording = '{DIGEST}'\nstart_ms = 5", "end_ms is missing"),
        (f"recording = '{DIGEST}'\nstart_ms = 5\nend_ms = 4", "end_ms must lie between 5 and"),
        (f"recording = '{DIGEST}'\nspans = [[0, 4], [9, 5]]", "spans must list pairs of whole numbers between 0 and"),
        (f"recording = '{DIGEST}'\nspans = [[0, 4]]\nstart_ms = 1\nend_ms = 2", "spans stands beside start_ms"),
        (f"recording = '{DIGEST}'\nepisode = 'Talk 1'", "episode is 'Talk 1'; write an id that episodes list prints"),
        ("person = 'a'\nepisode = 'eaaaaaaaaaaaa'", "a withdrawal names exactly one of"),
        ("document = 'a'", "key is missing"),
        ("person = 'a'\nkey = 'b'", "withdrawals.toml:3: key belongs to a document, not to a person"),
        ("person = 'a'\nuntil = 2031-01-01", "withdrawals.toml:3: until is for what is withheld"),
    ],
)
def test_a_wrong_withdrawal_is_refused_on_its_line(home, text, says):
    home.withdrawals.write_text("[[withdrawals]]\n" + text)
    assert says in refusal(read_withdrawals, home)


def test_added_feeds_and_speakers_are_read_back(home):
    feed = FeedEntry(folder="recordings", title="Example Hour", fiction=True, persons=(Person("Bo Sample", "guest"),))
    assert add_feed(home, feed)
    assert not add_feed(home, feed)
    assert read_feeds(home) == (feed,)
    bo = Speaker("bo-sample", "Bo Sample", credits=(Credit("Gardener", "the feed", "2031", "Bo Sample"),))
    add_speaker(home, ADA)
    add_speaker(home, bo)
    assert read_speakers(home) == (ADA, bo)


def test_a_speaker_whose_name_is_taken_is_not_added(home):
    add_speaker(home, ADA)
    before = home.speakers.read_bytes()
    with pytest.raises(BadInput, match="nothing was added, because the name 'ada example' stands twice"):
        add_speaker(home, Speaker("another", "Bo Sample", ("Ada Example",)))
    assert home.speakers.read_bytes() == before
    assert tomllib.loads(before.decode())
