"""What was withdrawn does not come back: not cut anew, heard anew, told apart anew, fetched anew or from a backup."""

import shutil

import pytest

from convarchive.domain.passage import Query
from convarchive.domain.speaker import SpeakerId
from convarchive.editorial.clearing import clear, undo, withdraw, withhold
from convarchive.editorial.whole import Whole, close
from convarchive.ingest.withdrawals import read_withdrawals
from convarchive.store.catalogue import Catalogue
from fakes.walk import TALK

pytestmark = pytest.mark.slow(alone=False)

SAID = {"by": "An Editor", "why": "the speaker asked for it"}
GONE = "letting go of control"
NEIGHBOUR = "hide the small mistakes"
BENS = ("letting go of control", "hide the small mistakes", "A good public service", "look after a small council")
EVERYWHERE = {"quotes", "search", "transcript"}
SHUT_OUT = ("public", "researcher", "comms")


def withdrawn(walk, part=GONE):
    """Withdraw the quote that holds these words, which had been public."""
    quote = walk.quote(part).id
    with Catalogue.for_writing(walk.home) as catalogue:
        clear(catalogue, walk.home, quote, **SAID)
        withdraw(catalogue, walk.home, quote, **SAID)
    return quote


def withdrawn_person(walk):
    with Catalogue.for_writing(walk.home) as catalogue:
        close(catalogue, walk.home, Whole(person=walk.quote(GONE).speaker.id), "withdrawn", **SAID)


def met(walk, part, audience="researcher"):
    """Where somebody of this audience meets these words."""

    def ask(read):
        episodes = [one.id for one in read.episodes()]
        return {
            "quotes": any(part in one.text for one in read.listed(Query(""))),
            "search": any(part in passage.text for passage in read.passages(Query(""))),
            "transcript": any(part in line.text for one in episodes for line in read.lines(one)),
        }

    return {door for door, open_ in walk.read(ask, audience).items() if open_}


def nowhere(walk, *parts):
    for part in parts:
        for audience in SHUT_OUT:
            assert met(walk, part, audience) == set(), (part, audience)
    return True


def anew(walk):
    """Lose the catalogue and everything else that is derived or held; the desks stay."""
    shutil.rmtree(walk.home.holdings)
    assert walk.ingest().failed == []


def heard_otherwise(walk, change):
    """Let the ears hear other words, or other voices, from now on."""
    walk.ears.words_by, walk.ears.turns_by = "other words", "other turns"
    for digest, (talk, offset) in walk.ears.talks.items():
        walk.ears.talks[digest] = (tuple((voice, change(text)) for voice, text in talk), offset)


def with_an_advert(walk, talk=TALK, offset=45_000):
    """The publisher puts an advert in front: other bytes, and every word later."""
    walk.lists("one", talk, offset=offset, seed="with an advert", name="one-again.wav")
    walk.publish()


def test_the_words_are_met_before_they_are_withdrawn(walked):
    assert met(walked, GONE) == EVERYWHERE


def test_cutting_and_hearing_again_brings_nothing_back(walked):
    withdrawn(walked)
    for stage in ("quote", "utter", "name", "diarize", "transcribe"):
        assert walked.ingest(again=stage).failed == []
        assert nowhere(walked, GONE)
    assert met(walked, NEIGHBOUR) == EVERYWHERE


def test_words_heard_and_cut_otherwise_stay_withdrawn(walked):
    withdrawn(walked)
    heard_otherwise(walked, lambda text: text.replace("and that was the moment when", "That was the moment at which"))
    assert walked.ingest().failed == []
    assert nowhere(walked, GONE, "the moment at which my team began")


def test_adding_the_feed_again_brings_nothing_back(walked):
    withdrawn(walked)
    anew(walked)
    assert nowhere(walked, GONE)
    assert met(walked, NEIGHBOUR) == EVERYWHERE


def test_an_old_catalogue_put_back_brings_nothing_back(walked, tmp_path):
    quote = walked.quote(GONE).id
    with Catalogue.for_writing(walked.home) as catalogue:
        clear(catalogue, walked.home, quote, **SAID)
    shutil.copytree(walked.home.holdings, tmp_path / "old")
    withdrawn(walked)
    shutil.rmtree(walked.home.holdings)
    shutil.copytree(tmp_path / "old", walked.home.holdings)
    assert walked.ingest().failed == []
    assert nowhere(walked, GONE)


def test_the_same_talk_with_an_advert_in_front_stays_withdrawn_at_its_new_place(walked):
    withdrawn(walked)
    with_an_advert(walked)
    assert walked.ingest().failed == []
    assert nowhere(walked, GONE)
    assert met(walked, NEIGHBOUR) == EVERYWHERE
    newest = walked.recording("one").sha256
    (entry,) = [one for one in read_withdrawals(walked.home) if one.recording == newest]
    assert entry.episode == walked.episode("one").id
    assert not walked.read(lambda read: read.may_hear(newest, entry.spans[0]), "researcher")
    # And once more, from nothing but the desks.
    anew(walked)
    assert nowhere(walked, GONE)
    assert met(walked, NEIGHBOUR) == EVERYWHERE


def test_before_the_new_sound_is_heard_all_of_the_episode_is_closed(walked):
    withdrawn(walked)
    with_an_advert(walked)
    walked.ears.talks = {}
    assert walked.ingest().failed != []
    for audience in SHUT_OUT:
        assert walked.read(lambda read: read.episodes(), audience) == ()
        assert walked.quotes(audience) == {}


def test_where_the_words_cannot_be_found_the_whole_episode_is_closed_and_an_editor_is_asked(walked):
    withdrawn(walked)
    with_an_advert(walked)
    anew(walked)
    assert nowhere(walked, GONE, NEIGHBOUR)
    asked = walked.read(lambda read: read.questions())
    assert [(one.stage, one.kind) for one in asked if one.kind == "withdrawal"] == [("quote", "withdrawal")]
    # An editor still sees the words, to decide about them at their new place.
    assert met(walked, GONE, "editor") == EVERYWHERE


def test_what_is_withheld_moves_along_as_well(walked):
    quote = walked.quote(GONE).id
    with Catalogue.for_writing(walked.home) as catalogue:
        clear(catalogue, walked.home, quote, **SAID)
        withhold(catalogue, walked.home, quote, **SAID)
    with_an_advert(walked)
    assert walked.ingest().failed == []
    assert met(walked, GONE, "public") == set()
    assert walked.quote(GONE, "researcher").clearance == "withheld"


def test_a_decision_that_moved_along_is_undone_whole(walked):
    quote = withdrawn(walked)
    with_an_advert(walked)
    assert walked.ingest().failed == []
    with Catalogue.for_writing(walked.home) as catalogue:
        undo(catalogue, walked.home, quote, **SAID)
    assert read_withdrawals(walked.home) == ()
    assert met(walked, GONE) == EVERYWHERE


@pytest.mark.parametrize("how", ["as before", "with the name misheard", "in another catalogue", "with an advert"])
def test_a_person_who_withdrew_stays_away_even_where_they_are_not_known_again(walked, how):
    withdrawn_person(walked)
    if how == "with the name misheard":
        heard_otherwise(walked, lambda text: text.replace("Ben", "Bend").replace("Sample", "Simple"))
        assert walked.ingest().failed == []
    elif how == "in another catalogue":
        heard_otherwise(walked, lambda text: text.replace("Ben", "Bend").replace("Sample", "Simple"))
        anew(walked)
    elif how == "with an advert":
        with_an_advert(walked)
        heard_otherwise(walked, lambda text: text.replace("Ben", "Bend").replace("Sample", "Simple"))
        assert walked.ingest().failed == []
    assert nowhere(walked, *BENS)
    if how != "with the name misheard":
        assert met(walked, "People who clean a building") == EVERYWHERE


def test_an_episode_withdrawn_stays_away_with_other_bytes_and_no_catalogue(walked):
    episode = walked.episode("one").id
    with Catalogue.for_writing(walked.home) as catalogue:
        close(catalogue, walked.home, Whole(episode=episode), "withdrawn", **SAID)
    with_an_advert(walked)
    anew(walked)
    assert nowhere(walked, GONE, NEIGHBOUR)
    assert walked.read(lambda read: read.episodes(), "researcher") == ()


def test_a_persons_entries_say_where_they_speak_and_never_what(walked):
    withdrawn_person(walked)
    text = walked.home.withdrawals.read_text()
    assert SpeakerId("ben-sample") in text
    assert not [word for part in BENS for word in part.split() if len(word) > 4 and word in text]
