"""The audience table beyond single quotes: lists, counts, transcripts, sound and the log, cell by cell."""

import pytest

from convarchive.domain.audience import AUDIENCES
from convarchive.domain.episode import Item
from convarchive.domain.passage import Query
from convarchive.domain.quote import AudioSource, Excerpt, QuoteId, Selector
from convarchive.domain.span import Span
from convarchive.domain.theme import ThemeId
from convarchive.errors import Gone, NotAllowed, NotFound
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_quotes import NewVersion
from convarchive.store.write_reviews import Hold
from fakes import small_archive as small
from fakes.blank import blank_home

INSIDE = ("researcher", "comms")
OPEN, WAITING, WITHHELD, WITHDRAWN = "confirmed", "probable", "unattributed", "second"
"""The talk's four quotes, each in another state."""


def words(name):
    return small.SAID[name][2]


def span(name):
    return small.SAID[name][1]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """One quote of the talk cleared, one waiting, one withheld, one withdrawn; a second talk nothing is cleared of."""
    with Catalogue.for_writing(Home(tmp_path_factory.mktemp("home"))) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
            write.episodes.put_item(None, Item("guid-2", "Another talk", None, "2032-01-01", notes="Names in notes"))
            for name, state in ((WITHHELD, "withheld"), (WITHDRAWN, "withdrawn")):
                quote = small.HEARD[name]
                version = write.reviews.standing(quote).version
                number = write.reviews.add("clear", "An Editor", "cleared first", quote=quote, version=version)
                write.reviews.clear(version, number)
                act = {"withheld": "withhold", "withdrawn": "withdraw"}[state]
                number = write.reviews.add(act, "An Editor", "asked to", quote=quote)
                place = span(name)
                write.reviews.hold(Hold(state, small.SOUND, place.start, place.end), number)
            version = write.reviews.standing(small.HEARD[OPEN]).version
            number = write.reviews.add("clear", "An Editor", "heard it", quote=small.HEARD[OPEN], version=version)
            write.reviews.clear(version, number)
            write.search.sync_passages()
        yield catalogue


@pytest.fixture
def read(catalogue, request):
    with catalogue.reading(request.param) as read:
        yield read


@pytest.fixture
def episode(catalogue):
    with catalogue.reading("editor") as read:
        return next(one.id for one in read.episodes() if one.title == "A fictional talk")


def as_(*audiences):
    return pytest.mark.parametrize("read", audiences, indirect=True)


def everything(read, episode):
    """All that a reader answers about quotes, lists and transcripts."""
    return repr(
        (read.quotes(), read.listed(Query("")), read.passages(Query("")), read.episodes(), read.speakers(),
         read.themes(), read.lines(episode), read.voices(episode), read.timed(episode))
    )  # fmt: skip


# -- nothing leaks --------------------------------------------------------------------


@as_("public")
def test_the_public_is_told_no_word_and_no_name_that_is_not_cleared_and_confirmed(read, episode):
    told = everything(read, episode)
    assert words(OPEN) in told
    assert "Ada Example" in told
    for name in (WAITING, WITHHELD, WITHDRAWN):
        assert words(name) not in told
        assert not any(word in told for word in words(name).split() if len(word) > 6)
    for hidden in ("Ben Sample", "ben-sample", "Another talk", "An Editor", "S1", "I'm Ada"):
        assert hidden not in told


@as_(*INSIDE)
def test_inside_the_house_all_but_the_withdrawn_words_are_told(read, episode):
    told = everything(read, episode)
    for name in (OPEN, WAITING, WITHHELD):
        assert words(name) in told
    assert words(WITHDRAWN) not in told
    assert "argument" not in told
    assert "An Editor" not in told


@as_("editor")
def test_editors_are_told_everything(read, episode):
    told = everything(read, episode)
    for name in small.SAID:
        assert words(name) in told


# -- lists and counts -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "counted"),
    [("public", {"A fictional talk": 1}), *[(a, {"A fictional talk": 3, "Another talk": 0}) for a in INSIDE],
     ("editor", {"A fictional talk": 4, "Another talk": 0})],
    indirect=["read"],
)  # fmt: skip
def test_episodes_are_listed_and_counted_over_what_is_seen(read, counted):
    assert {one.title: one.quotes for one in read.episodes()} == counted


@as_(*AUDIENCES)
def test_how_an_episode_was_worked_on_is_told_inside_only(read, episode):
    one = read.episode(episode)
    shown = read.audience != "public"
    assert bool(one.recording) is bool(one.stages) is bool(one.failure) is bool(one.duration_ms) is shown


@as_("public")
def test_an_episode_nothing_is_cleared_of_does_not_exist_for_the_public(read, catalogue):
    with catalogue.reading("editor") as full:
        other = next(one.id for one in full.episodes() if one.title == "Another talk")
    for ask in (read.episode, read.lines, read.voices):
        with pytest.raises(NotFound):
            ask(other)


@pytest.mark.parametrize(
    ("read", "counted"),
    [("public", {"Ada Example": 2}), *[(a, {"Ada Example": 2, "Ben Sample": 1}) for a in INSIDE],
     ("editor", {"Ada Example": 3, "Ben Sample": 1})],
    indirect=["read"],
)  # fmt: skip
def test_people_are_counted_over_what_is_seen_under_their_names(read, counted):
    assert {one.name: one.quotes for one in read.speakers()} == counted


@pytest.mark.parametrize(
    ("read", "counted"), [("public", 1), *[(a, 3) for a in INSIDE], ("editor", 4)], indirect=["read"]
)
def test_themes_are_counted_over_what_is_seen(read, counted):
    assert [one.quotes for one in read.themes()] == [counted]
    assert len(read.listed(Query("", theme=ThemeId("leadership")))) == counted


@as_(*AUDIENCES)
def test_voices_and_their_evidence_are_told_inside_only(read, episode):
    voices = read.voices(episode)
    if read.audience == "public":
        assert voices == ()
    else:
        assert [(one.label, one.name, one.status) for one in voices] == [
            ("S1", "Ada Example", "confirmed"),
            ("S2", "Ben Sample", "probable"),
            ("S3", None, "unattributed"),
        ]
        assert voices[0].evidence


# -- transcripts ----------------------------------------------------------------------


@as_("public")
def test_the_public_reads_cleared_excerpts_only(read, episode):
    (line,) = read.lines(episode)
    assert (line.text, line.name, line.label, line.start_ms) == (words(OPEN), "Ada Example", None, 0)


@as_(*INSIDE)
def test_withdrawn_stretches_are_masked_with_neither_words_nor_name(read, episode):
    lines = read.lines(episode)
    assert [line.text for line in lines if not line.masked] == [words(n) for n in (OPEN, WAITING, WITHHELD)]
    (masked,) = [line for line in lines if line.masked]
    assert (masked.text, masked.words, masked.name, masked.start_ms) == ("", (), None, span(WITHDRAWN).start)


@as_("editor")
def test_editors_read_the_whole_transcript(read, episode):
    assert [line.text for line in read.lines(episode)] == [said for _, _, said in small.SAID.values()]


# -- sound ----------------------------------------------------------------------------

HEARD_BY = {
    OPEN: set(AUDIENCES),
    WAITING: {"researcher", "comms", "editor"},
    WITHHELD: {"researcher", "comms", "editor"},
    WITHDRAWN: {"editor"},
    None: {"editor"},
}


@as_(*AUDIENCES)
@pytest.mark.parametrize("name", HEARD_BY)
def test_sound_is_heard_as_far_as_the_words_may_be_read(read, name):
    asked = None if name is None else span(name)
    assert read.may_hear(small.SOUND, asked) is (read.audience in HEARD_BY[name])


@as_("public")
def test_the_public_hears_no_more_than_the_cleared_stretch(read):
    place = span(OPEN)
    assert read.may_hear(small.SOUND, Span(place.start, place.end - 1))
    assert not read.may_hear(small.SOUND, Span(place.start, place.end + 1))


@as_(*INSIDE)
def test_a_stretch_that_only_touches_what_is_withdrawn_is_silent_too(read):
    place = span(WITHDRAWN)
    assert not read.may_hear(small.SOUND, Span(place.start - 500, place.start + 1))
    assert read.may_hear(small.SOUND, Span(place.start - 500, place.start))


def test_a_whole_recording_nothing_is_withdrawn_of_is_heard_inside_and_not_outside(tmp_path):
    with Catalogue.for_writing(blank_home(tmp_path)) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
        for audience in AUDIENCES:
            with catalogue.reading(audience) as read:
                assert read.may_hear(small.SOUND, None) is (audience != "public")


# -- the log --------------------------------------------------------------------------


@as_(*AUDIENCES)
def test_reviews_questions_and_holdings_are_for_editors(read):
    for ask in (read.reviews, read.questions, read.recordings):
        if read.audience == "editor":
            assert ask()
        else:
            with pytest.raises(NotAllowed):
                ask()


# -- persons and episodes -------------------------------------------------------------


def test_a_withdrawn_person_or_episode_is_gone_from_every_list(tmp_path):
    with Catalogue.for_writing(blank_home(tmp_path)) as catalogue:
        with catalogue.writing() as write:
            episode = small.fill(write)
            number = write.reviews.add("withdraw", "An Editor", "asked to", person=small.ADA)
            write.reviews.hold(Hold("withdrawn", person=small.ADA), number)
        with catalogue.reading("researcher") as read:
            assert "Ada Example" not in {one.name for one in read.speakers()}
            assert not read.may_hear(small.SOUND, span("second"))
            told = " ".join(line.text for line in read.lines(episode))
            assert words("second") not in told
            assert words("probable") in told
        with catalogue.writing() as write:
            number = write.reviews.add("withdraw", "An Editor", "asked to", episode=episode)
            write.reviews.hold(Hold("withdrawn", episode=episode), number)
        with catalogue.reading("researcher") as read:
            assert read.episodes() == ()
            assert not read.may_hear(small.SOUND, span("probable"))


def test_a_withdrawal_outranks_a_redirect(tmp_path):
    gone, heir = small.HEARD["confirmed"], QuoteId("qheir")
    with Catalogue.for_writing(blank_home(tmp_path)) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
            place = Span(50_000, 54_000)
            write.quotes.put(
                NewVersion(heir, "Power grows.", "heard", (Excerpt("Power grows.", place),),
                           (AudioSource(small.SOUND, place),), Selector("Power grows.", span=place))
            )  # fmt: skip
            version = write.reviews.standing(heir).version
            number = write.reviews.add("clear", "An Editor", "heard it", quote=heir, version=version)
            write.reviews.clear(version, number)
            number = write.reviews.add("withdraw", "An Editor", "asked to", quote=gone)
            write.reviews.hold(Hold("withdrawn", quote=gone), number)
            write.quotes.retire(gone, "cut anew", [heir])
        with catalogue.reading("public") as read:
            assert read.elsewhere(gone) is None
            with pytest.raises(Gone, match="withdrawn"):
                read.quote(gone)
