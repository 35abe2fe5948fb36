"""Spellings are one person's name when they sound alike, and two people's when they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.naming.matching import alike, distance, parts, same_name

LETTERS = st.text("abcdeinorstvz", max_size=9)


@pytest.mark.parametrize(
    ("left", "right"),
    [("erik", "eric"), ("sample", "sampel"), ("benjamin", "ben"), ("katherine", "catherine"), ("jon", "john")],
)
def test_words_that_sound_alike_or_are_short_forms_can_be_one_name(left: str, right: str) -> None:
    assert alike(left, right) >= 0.9
    assert alike(right, left) == alike(left, right)


@pytest.mark.parametrize(("left", "right"), [("ada", "ida"), ("alexander", "alexandra"), ("ben", "dan"), ("", "ada")])
def test_different_names_stay_apart(left: str, right: str) -> None:
    assert alike(left, right) < 0.9


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Dr. Ada Example", "Ada Example"),
        ("Lord Ben Sample OBE, Chair", "Ben Sample OBE"),
        ("Zoë Example", "Zoe Example"),
        ("Ben Kettle Sen", "Ben Kettlesen"),
        ("Mara Ofbord Example", "Mara Ofbord"),
        ("Ada J. Example", "Ada Example"),
    ],
)
def test_whole_names_match_through_titles_accents_initials_and_split_surnames(left: str, right: str) -> None:
    assert same_name(parts(left), parts(right)) > 0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ada Example", "Ada Sample"),
        ("Ada Example", "Ben Example"),
        ("Ada", "Ada Example"),
        ("Ada van Sample", "Ada van Mockup"),
    ],
)
def test_one_shared_word_does_not_make_one_person(left: str, right: str) -> None:
    assert same_name(parts(left), parts(right)) == 0


@given(LETTERS, LETTERS, LETTERS)
def test_distance_is_a_measure_of_letters(a: str, b: str, c: str) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == distance(b, a) <= max(len(a), len(b))
    assert (distance(a, b) == 0) == (a == b)


@given(LETTERS, LETTERS)
def test_likeness_runs_from_0_to_1_either_way_round(a: str, b: str) -> None:
    assert 0 <= alike(a, b) == alike(b, a) <= 1
