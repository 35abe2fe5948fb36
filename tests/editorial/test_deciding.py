"""Decisions that come in through a server's doors: beside an ingest, refused whole, and followed by the names."""

import shutil
import threading

import pytest

from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial.deciding import Decision, Decisions
from convarchive.editorial.renaming import Renaming
from convarchive.errors import BadInput, Changed, HomeBusy, ModelMissing
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small

ADAS = small.HEARD["confirmed"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"))
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
    return home.root


@pytest.fixture
def home(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


@pytest.fixture
def served(home):
    """The catalogue as a server has it open."""
    with Catalogue.for_reading(home) as catalogue:
        yield catalogue


@pytest.fixture
def named():
    return []


@pytest.fixture
def decisions(home, named):
    return Decisions(home, Renaming(named.append, pause_s=0.01))


def looked(served, quote=ADAS):
    with served.reading("editor") as read:
        return read.quote(quote).version


def asked(served, act="clear", **more):
    return Decision(act, "B. Editor", "listened to it", looked(served), **more)


def test_a_decision_counts_for_a_server_that_only_reads(served, decisions):
    assert decisions.decide(ADAS, asked(served)).clearance == "cleared"
    with served.reading("public") as read:
        assert read.quote(ADAS).clearance == "cleared"
    with pytest.raises(Changed):
        decisions.decide(ADAS, asked(served, "withhold", seen=0))
    assert decisions.decide(ADAS, asked(served, "withdraw")).erased
    assert decisions.decide(ADAS, asked(served, "undo")).clearance == "cleared"


@pytest.mark.parametrize("act", ["clear", "withhold", "withdraw", "undo"])
def test_a_date_that_an_act_does_not_know_is_refused(served, decisions, act):
    for field in {"not_before", "until"} - {{"clear": "not_before", "withhold": "until"}.get(act)}:
        with pytest.raises(BadInput, match=field):
            decisions.decide(ADAS, asked(served, act, **{field: "2999-01-01"}))


def test_a_decision_waits_its_turn_while_an_ingest_writes(home, served, decisions):
    wrote, go = threading.Event(), threading.Event()

    def ingest():
        with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
            write.count_up("content")
            wrote.set()
            go.wait(10)

    busy = threading.Thread(target=ingest)
    busy.start()
    wrote.wait(10)
    threading.Timer(0.3, go.set).start()
    assert decisions.decide(ADAS, asked(served)).clearance == "cleared"
    busy.join()


def test_a_decision_that_cannot_get_its_turn_says_so_and_changes_nothing(home, served, decisions, monkeypatch):
    monkeypatch.setattr("convarchive.store.opening.BUSY_TIMEOUT_MS", 50)
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        write.count_up("content")
        with pytest.raises(HomeBusy):
            decisions.decide(ADAS, asked(served))
    assert decisions.decide(ADAS, asked(served)).clearance == "cleared"


def test_names_follow_a_voice_that_was_assigned(served, decisions, named):
    decisions.decide(ADAS, asked(served))
    with served.reading("editor") as read:
        episode = read.quote(ADAS).episode.id
    assigned = decisions.assign(episode, SpeakerLabel("S1"), small.BEN, by="B. Editor", why="his voice")
    assert ADAS in assigned.closed
    decisions.renaming.settled()
    assert named == [episode]
    assert decisions.renaming.under_way() == frozenset()


def test_naming_waits_for_an_ingest_and_then_is_done():
    tries = []

    def rename(episode):
        tries.append(episode)
        if len(tries) < 3:
            raise HomeBusy("being ingested")

    renaming = Renaming(rename, pause_s=0.01)
    renaming.order("e1")
    renaming.settled()
    assert tries == ["e1"] * 3


def test_what_is_decided_while_names_are_made_is_named_once_more():
    begun, go, done = threading.Event(), threading.Event(), []

    def rename(episode):
        begun.set()
        go.wait(10)
        done.append(episode)

    renaming = Renaming(rename)
    renaming.order("e1")
    begun.wait(10)
    renaming.order("e2")
    renaming.order("e1")
    assert renaming.under_way() == {"e1", "e2"}
    go.set()
    renaming.settled()
    assert done == ["e1", "e2", "e1"]


def test_naming_that_cannot_be_done_here_is_left_to_the_next_ingest(caplog):
    def rename(episode):
        raise ModelMissing("no model")

    renaming = Renaming(rename)
    for _ in range(2):
        renaming.order("e1")
        renaming.settled()
    assert renaming.under_way() == frozenset()
    assert "next ingest" in caplog.text
