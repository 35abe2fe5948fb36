"""Erased names are known again wherever and however they are written, and nothing else is touched."""

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from convarchive.domain.episode import Item, Person, Sha256
from convarchive.domain.redaction import Erased, Redactor, mark
from convarchive.domain.span import Span
from convarchive.domain.transcript import Dropped, Transcript, Word

ADA = Redactor([mark("Ada Example")])
SOUND = Sha256("a" * 64)
NAMES = st.lists(st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=8), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Ada Example said so.", "[name] said so."),
        ("ADA  EXAMPLE’S garden", "[name] garden"),
        ("ada-example", "[name]"),
        ("https://show.example/talk_with_ada_example.html", "https://show.example/talk_with_[name].html"),
        ("Ada, Example", "[name]"),
        ("Ada Ada Example Example", "Ada [name] Example"),
        ("Ada Examples and Adam Example", "Ada Examples and Adam Example"),
        ("Ada met Example", "Ada met Example"),
        ("", ""),
    ],
)
def test_a_name_is_known_in_every_dress(text, reads):
    assert ADA.text(text) == reads
    assert ADA.holds(text) is (text != reads)


@given(NAMES, st.text(max_size=30), st.text(max_size=30), st.sampled_from([" ", "  ", "-", "_", ", ", "\n"]))
def test_every_name_is_taken_out_of_every_text(name, before, after, gap):
    known = Redactor([mark(" ".join(name))])
    text = f"{before} {gap.join(name).upper()} {after}"
    assume(all(part.upper().casefold() == part.casefold() for part in name))
    assert known.holds(text)
    assert not known.holds(known.text(text))


@given(st.text(max_size=60))
def test_a_text_without_the_name_stays_as_it_is(text):
    if not ADA.holds(text):
        assert ADA.text(text) == text


def test_a_mark_does_not_hold_the_name_and_differs_each_time():
    first, second = mark("Ada Example"), mark("Ada Example")
    assert first != second
    assert "example" not in repr(first).lower()
    assert Redactor([second]).holds("ada example")


def words(text, voice=None):
    return tuple(Word(token, Span(i * 100, i * 100 + 90), 0.9, voice) for i, token in enumerate(text.split()))


def test_a_transcript_loses_what_was_erased_and_keeps_its_times():
    erased = Erased((mark("Ada Example"),), {SOUND: (Span(200, 300),)})
    noise = (Dropped(Span(210, 220), "um", "noise"),)
    heard = Transcript(words("I met Ben, Ada Example, twice"), "en", "heard", "x", noise)
    made = erased.transcript(SOUND, heard)
    assert [word.text for word in made.words] == ["I", "met", "[name]", "[name],", "twice"]
    assert made.words[-1].span == Span(500, 590)
    assert made.dropped == ()


def test_what_an_erased_person_says_in_a_printed_transcript_goes_with_their_name():
    erased = Erased((mark("Ada Example"),))
    made = erased.transcript(
        None, Transcript((*words("Good morning", "Ada Example"), *words("And you", "Bo Sample")), "en", "supplied", "x")
    )
    assert [word.text for word in made.words] == ["And", "you"]


def test_a_feeds_item_loses_the_name_everywhere_but_in_the_address_of_its_sound():
    erased = Erased((mark("Ada Example"),))
    item = Item(
        "guid-1", "Ada Example on maps", None, link="https://show.example/ada-example", notes="With Ada Example.",
        persons=(Person("Ada Example", "guest"), Person("Bo Sample", "host")),
    )  # fmt: skip
    made = erased.item(item)
    assert (made.title, made.link, made.notes) == ("[name] on maps", None, "With [name].")
    assert [one.name for one in made.persons] == ["Bo Sample"]
