"""Edited forms in the catalogue: they stay on top of the words they are made of, and are as sure of the name."""

import pytest

from convarchive.domain.speaker import Attribution, Evidence
from convarchive.domain.speech import SpeakerLabel
from convarchive.domain.theme import ThemeId, ThemeScore
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small
from fakes.blank import blank_home

BENS = small.HEARD["probable"]
FORM, EDITS = "We stopped counting [...]", ("left out “the minutes.”",)


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue.for_writing(blank_home(tmp_path)) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
        yield catalogue


def edited(write):
    return write.edits.put(write.edits.wording(BENS).version, FORM, EDITS)


def test_the_same_words_put_again_leave_the_edited_form_on_top_as_sure_as_they_are_now(catalogue):
    reason = (Evidence("editor", "says so", "B. Editor", None),)
    with catalogue.writing() as write:
        version = edited(write)
        episode = write.episodes.episodes()[0].id
        write.speech.put_attributions(
            small.SOUND,
            [Attribution(SpeakerLabel("S2"), small.BEN, "Ben Sample", "host", "confirmed", 0.99, reason)],
        )
        rows = write.speech.current_attributions(small.SOUND)
        small.put_quote(write, episode, "probable", rows)
        assert write.edits.wording(BENS).version == version
    with catalogue.reading("researcher") as read:
        assert (read.quote(BENS).text, read.quote(BENS).attribution.status) == (FORM, "confirmed")


def test_other_words_put_in_their_place_are_printed_as_they_are(catalogue):
    with catalogue.writing() as write:
        edited(write)
        rows = write.speech.current_attributions(small.SOUND)
        episode = write.episodes.episodes()[0].id
        small.put_quote(write, episode, "probable", rows, words="We stopped counting the hours.")
        assert write.edits.wording(BENS).text == "We stopped counting the hours."
        assert not write.edits.wording(BENS).edited


def test_an_editors_themes_go_with_the_words_and_a_models_do_not(catalogue):
    with catalogue.writing() as write:
        version = write.edits.wording(BENS).version
        write.search.put_scores({version: [ThemeScore(ThemeId("leadership"), 1.0, "editor")]}, "editor")
        edited(write)
    with catalogue.reading("researcher") as read:
        assert [(one.score, one.by) for one in read.quote(BENS).themes] == [(1.0, "editor")]


def test_putting_the_same_form_twice_makes_one_version(catalogue):
    with catalogue.writing() as write:
        assert edited(write) == edited(write)
        assert write.edits.wording(BENS).edited
        assert write.edits.wording("qnothing") is None
