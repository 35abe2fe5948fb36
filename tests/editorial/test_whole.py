"""Closing everything that somebody said, or all of an episode: now, later, and after the catalogue is gone."""

import pytest

from convarchive.domain.passage import Query
from convarchive.editorial.clearing import clear, undo, withhold
from convarchive.editorial.desks import load_desks
from convarchive.editorial.doors import still_open
from convarchive.editorial.whole import Whole, close, reopen
from convarchive.errors import BadInput, NotAllowed, NotFound
from convarchive.home import Home
from convarchive.ingest.withdrawals import read_withdrawals
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small

ADAS, BENS = small.HEARD["confirmed"], small.HEARD["probable"]
SAID = {"by": "An Editor", "why": "for this test"}
ADA = Whole(person=small.ADA)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
        yield catalogue


@pytest.fixture
def talk(catalogue):
    with catalogue.writing() as write:
        (episode,) = write.episodes.episodes()
    return Whole(episode=episode.id)


def seen(catalogue, audience):
    with catalogue.reading(audience) as read:
        return {quote.id for quote in read.listed(Query(""))}


def test_withdrawing_a_person_hides_what_they_said_and_what_they_wrote_and_nobody_elses(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    done = close(catalogue, home, ADA, "withdrawn", **SAID)
    assert ADAS in done.quotes
    assert still_open(catalogue, done.quotes)[1] == ()
    assert done.erased
    for audience in ("public", "researcher", "comms"):
        left = seen(catalogue, audience)
        assert ADAS not in left
        assert small.PRINTED["slow-work"] not in left
    assert ADAS in seen(catalogue, "editor")
    assert BENS in seen(catalogue, "researcher")


def test_withdrawing_an_episode_hides_its_quotes_and_leaves_print(catalogue, home, talk):
    before = seen(catalogue, "researcher")
    close(catalogue, home, talk, "withdrawn", **SAID)
    assert before - seen(catalogue, "researcher") == set(small.HEARD.values())
    with catalogue.reading("researcher") as read:
        assert read.episodes() == ()
        assert not read.may_hear(small.SOUND, None)


@pytest.mark.parametrize("whose", ["a person", "an episode"])
def test_it_outlives_the_catalogue(catalogue, home, talk, whose, tmp_path_factory):
    what = ADA if whose == "a person" else talk
    close(catalogue, home, what, "withdrawn", **SAID)
    anew = Home(tmp_path_factory.mktemp("anew"))
    anew.withdrawals.parent.mkdir(parents=True)
    anew.withdrawals.write_text(home.withdrawals.read_text())
    with Catalogue.for_writing(anew) as other:
        with other.writing() as write:
            small.fill(write)
        load_desks(anew, other)
        assert ADAS not in seen(other, "researcher")


def test_what_is_taken_back_stands_as_was_decided_about_each_quote(catalogue, home, talk):
    clear(catalogue, home, ADAS, **SAID)
    withhold(catalogue, home, BENS, **SAID)
    close(catalogue, home, talk, "withheld", **SAID)
    close(catalogue, home, talk, "withdrawn", **SAID)
    reopen(catalogue, home, talk, **SAID)
    assert ADAS not in seen(catalogue, "public")
    assert ADAS in seen(catalogue, "researcher")
    reopen(catalogue, home, talk, **SAID)
    assert ADAS in seen(catalogue, "public")
    assert [entry.state for entry in read_withdrawals(home)] == ["withheld"]
    undo(catalogue, home, BENS, **SAID)
    assert read_withdrawals(home) == ()


def test_a_withholding_ends_by_itself(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    close(catalogue, home, ADA, "withheld", until="2999-01-01", **SAID)
    assert ADAS not in seen(catalogue, "public")
    assert read_withdrawals(home)[0].until == "2999-01-01"


def test_knocking_tells_which_doors_let_a_quote_through(catalogue):
    tried, met = still_open(catalogue, [ADAS])
    assert set(tried) >= {"quotes", "search", "exports", "speakers", "themes", "episodes", "transcripts", "sound"}
    assert set(met) >= {"quotes", "search", "exports", "speakers", "episodes", "transcripts", "sound"}


def test_what_cannot_be_decided_is_said(catalogue, home, talk):
    with pytest.raises(NotFound, match="no speaker"):
        close(catalogue, home, Whole(person="nobody-here"), "withdrawn", **SAID)
    with pytest.raises(NotFound, match="no episode"):
        close(catalogue, home, Whole(episode="enothere"), "withdrawn", **SAID)
    with pytest.raises(BadInput, match="--why"):
        close(catalogue, home, talk, "withdrawn", by="An Editor", why=" ")
    with pytest.raises(NotAllowed, match="nothing was decided"):
        reopen(catalogue, home, talk, **SAID)


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("whose", ["a person", "an episode"])
@pytest.mark.parametrize("state", ["withheld", "withdrawn"])
def test_a_quote_that_is_closed_with_others_says_where_to_take_that_back_and_keeps_its_clearing(
    catalogue, home, talk, whose, state
):
    what = ADA if whose == "a person" else talk
    clear(catalogue, home, ADAS, **SAID)
    close(catalogue, home, what, state, **SAID)
    load_desks(home, catalogue)
    way = f"convarchive review undo --{'person' if what.person else 'episode'} {what.person or what.episode}"
    for act in (clear, undo):
        with pytest.raises(NotAllowed) as refused:
            act(catalogue, home, ADAS, **SAID)
        assert str(refused.value).endswith(way)
    reopen(catalogue, home, what, **SAID)
    assert ADAS in seen(catalogue, "public")
