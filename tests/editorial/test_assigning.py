"""An editor's word on a voice: kept on its sound, and what stood under another name is no longer public."""

import shutil

import pytest

from convarchive.domain.episode import EpisodeId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial.assigning import assign
from convarchive.editorial.clearing import clear
from convarchive.errors import BadInput, NotFound
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical
from fakes import small_archive as small

SAID = {"by": "An Editor", "why": "knows the voice"}
S1 = SpeakerLabel("S1")


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
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        yield catalogue


@pytest.fixture
def episode(catalogue):
    with catalogue.writing() as write:
        return write.episodes.episodes()[0].id


def public(catalogue):
    with catalogue.reading("public") as read:
        return {view.id for view in read.quotes()}


def test_the_decision_is_kept_on_the_stretches_the_voice_has_now(catalogue, episode):
    assigned = assign(catalogue, episode, S1, small.BEN, **SAID)
    with catalogue.writing() as write:
        (kept,) = write.voices.decisions(small.SOUND)
    assert kept == ("assign", (small.SAID["confirmed"][1], small.SAID["second"][1]), small.BEN)
    with catalogue.reading("editor") as read:
        review = read.reviews()[-1]
    assert (review.number, review.act, review.person, review.episode) == (assigned.review, "assign", small.BEN, episode)


def test_what_was_public_under_another_name_is_closed_in_the_same_transaction(catalogue, home, episode):
    for name in ("confirmed", "second", "probable"):
        clear(catalogue, home, small.HEARD[name], **SAID)
    assigned = assign(catalogue, episode, S1, small.BEN, **SAID)
    assert assigned.closed == (small.HEARD["confirmed"], small.HEARD["second"])
    assert public(catalogue) == {small.HEARD["probable"], small.PRINTED["slow-work"]}


def test_an_older_cleared_version_under_another_name_is_closed_too(catalogue, home, episode):
    clear(catalogue, home, small.HEARD["confirmed"], **SAID)
    with catalogue.writing() as write:
        rows = write.speech.current_attributions(small.SOUND)
        small.put_quote(write, episode, "confirmed", rows, words="Newer words, not cleared.")
    assert small.HEARD["confirmed"] in public(catalogue)
    assign(catalogue, episode, S1, small.BEN, **SAID)
    assert small.HEARD["confirmed"] not in public(catalogue)


def test_confirming_the_name_it_has_closes_nothing(catalogue, home, episode):
    clear(catalogue, home, small.HEARD["confirmed"], **SAID)
    assert assign(catalogue, episode, S1, small.ADA, **SAID).closed == ()
    assert small.HEARD["confirmed"] in public(catalogue)


def test_words_cleared_without_a_name_stay_public(catalogue, home, episode):
    clear(catalogue, home, small.HEARD["unattributed"], **SAID)
    assign(catalogue, episode, SpeakerLabel("S3"), small.BEN, **SAID)
    assert small.HEARD["unattributed"] in public(catalogue)


@pytest.mark.parametrize(
    ("error", "says", "change"),
    [
        (NotFound, "no episode", {"episode": EpisodeId("enone")}),
        (NotFound, "there are: S1, S2, S3", {"label": SpeakerLabel("S9")}),
        (NotFound, "speakers.toml", {"speaker": SpeakerId("nobody-known")}),
        (BadInput, "--by", {"by": " "}),
        (BadInput, "--why", {"why": ""}),
    ],
)
def test_what_cannot_be_decided_changes_nothing(catalogue, episode, error, says, change):
    asked = {"episode": episode, "label": S1, "speaker": small.BEN, **SAID} | change
    before = list(canonical(catalogue))
    with pytest.raises(error, match=says) as refused:
        assign(catalogue, **asked)
    assert "\n" not in str(refused.value)
    assert list(canonical(catalogue)) == before


def test_an_episode_without_voices_says_that_there_are_none_yet(catalogue, episode):
    with catalogue.writing() as write:
        write.speech.put_turns(small.SOUND, [])
    with pytest.raises(NotFound, match="none yet"):
        assign(catalogue, episode, S1, small.BEN, **SAID)
