"""What an editor's desk reads: what waits, in the order it was said, and how sure each word was heard."""

import pytest

from convarchive.domain.passage import Query
from convarchive.domain.span import Span
from convarchive.editorial.clearing import clear, undo, withhold
from convarchive.errors import NotAllowed
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small

SAID = {"by": "An Editor", "why": "for this test"}
HEARD = [small.HEARD[name] for name in ("confirmed", "probable", "unattributed", "second")]


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
        yield catalogue


def waiting(catalogue, **filters):
    with catalogue.reading("editor") as read:
        return list(read.waiting(Query("", **filters)))


def test_what_nobody_decided_about_waits_in_the_order_it_was_said(catalogue, home):
    assert waiting(catalogue) == [small.PRINTED["other-work"], *HEARD]
    clear(catalogue, home, HEARD[0], **SAID)
    withhold(catalogue, home, HEARD[1], **SAID)
    clear(catalogue, home, HEARD[3], not_before="2999-01-01", **SAID)
    assert waiting(catalogue) == [small.PRINTED["other-work"], HEARD[2]]
    undo(catalogue, home, HEARD[3], **SAID)
    assert waiting(catalogue) == [small.PRINTED["other-work"], HEARD[2], HEARD[3]]


def test_the_queue_can_be_narrowed_to_an_episode_or_a_person(catalogue):
    with catalogue.reading("editor") as read:
        (episode,) = read.episodes()
    assert waiting(catalogue, episode=episode.id) == HEARD
    assert waiting(catalogue, speaker=small.ADA) == [HEARD[0], HEARD[3]]


def test_changed_words_wait_again(catalogue, home):
    clear(catalogue, home, HEARD[0], **SAID)
    with catalogue.reading("editor") as read:
        before = read.quote(HEARD[0])
    with catalogue.writing() as write:
        rows = write.speech.current_attributions(small.SOUND)
        (episode,) = write.episodes.episodes()
        small.put_quote(write, episode.id, "confirmed", rows, words="Power that is shared goes.")
        write.search.sync_passages()
    assert HEARD[0] in waiting(catalogue)
    with catalogue.reading("editor") as read:
        earlier = read.earlier(before.version)
    assert (earlier.quote, earlier.text, earlier.name) == (HEARD[0], small.SAID["confirmed"][2], "Ada Example")


def test_each_word_comes_with_how_sure_it_was_heard(catalogue):
    _, span, said = small.SAID["probable"]
    with catalogue.reading("editor") as read:
        words = read.heard(small.SOUND, span)
        assert read.heard("b" * 64, Span(0, 10)) == ()
    assert [word.text for word in words] == said.split()
    assert {word.probability for word in words} == {0.9}


@pytest.mark.parametrize("audience", ["public", "researcher", "comms"])
def test_the_desk_is_for_editors(catalogue, audience):
    with catalogue.reading(audience) as read:
        for look in (
            lambda: read.waiting(Query("")),
            lambda: read.earlier("v"),
            lambda: read.heard(small.SOUND, Span(0, 9)),
            lambda: read.newest_review(HEARD[0]),
        ):
            with pytest.raises(NotAllowed):
                look()
