"""People are gathered once each, with ids that are theirs alone."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.episode import Person
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.naming import speaker_id
from convarchive.naming.candidates import apart, gather, resolve


def test_an_id_is_a_slug_without_titles_accents_and_apostrophes() -> None:
    assert speaker_id("Professor Zoë O’Sample-Example") == "zoe-osample-example"


@given(st.text(max_size=30))
def test_every_name_has_an_id_of_small_letters_digits_and_hyphens(name: str) -> None:
    made = speaker_id(name)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_name_in_other_letters_gets_the_same_id_in_every_process() -> None:
    code = "from convarchive.naming import speaker_id; print(speaker_id('Ада'))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == speaker_id("Ада") != speaker_id("Ева")


def test_one_person_named_by_feed_title_and_archive_is_one_candidate() -> None:
    known = (Speaker(SpeakerId("b-sample"), "Ben Sample", ("Dr Ben Sample",)),)
    found = gather([Person("Benjamin Sample", "guest")], "Beans, with Dr Ben Sample", "Ben Sample keeps beans.", known)
    assert [(person.id, person.name, person.source) for person in found] == [("b-sample", "Ben Sample", "persons")]


def test_a_single_word_alias_in_the_notes_names_nobody() -> None:
    known = (Speaker(SpeakerId("b-sample"), "Ben Sample", ("Ben",)),)
    assert [p.source for p in gather([], "", "Up Ben Nevis, slowly.", known)] == ["archive"]


def test_a_new_person_never_takes_the_id_of_somebody_else() -> None:
    known = (Speaker(SpeakerId("ada-example"), "Ada Mockup"), Speaker(SpeakerId("ada-example-2"), "Ada Fake"))
    fresh = apart(gather([Person("Ada Example", "guest")], "", "", []), known, fiction=False)
    assert [person.id for person in fresh] == ["ada-example-3"]


def test_a_first_name_means_everybody_who_bears_it_and_a_whole_name_only_one() -> None:
    people = gather([Person("Ben Sample"), Person("Benjamin Mockup"), Person("Ada Example")], "", "", [])
    assert {person.name for person in resolve(("ben",), people)} == {"Ben Sample", "Benjamin Mockup"}
    assert [person.name for person in resolve(("ben", "mockup"), people)] == ["Benjamin Mockup"]
    assert resolve(("ben", "fabricated"), people) == ()


def test_a_first_name_may_be_short_for_one_that_no_table_has() -> None:
    people = gather([Person("Rob Sample"), Person("Roberto Example")], "", "", [])
    assert len(resolve(("rob",), people)) == 2
