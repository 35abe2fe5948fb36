"""A quote as it is pasted: the status travels with the words, and words never become markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from convarchive.publish.packet import quote_as
from convarchive.publish.text import as_markdown, as_text, plain, status
from fakes.records import PLAIN, PRINTED


def test_a_quote_as_text_names_its_source_and_says_how_sure_it_is():
    assert as_text(PLAIN) == (
        "“Power that is shared grows.”\n"
        "— Ada Example, Director, Example Trust\n"
        "A fictional talk, A fictional show, 2031-01-01, 0:01:01–0:01:04\n"
        "(words heard by machine, not checked; name probable; not cleared for publication)"
    )


def test_a_quote_as_markdown_carries_the_same():
    made = as_markdown(PLAIN | {"permalink": "https://archive.example/q/q1"})
    assert made == (
        "> “Power that is shared grows.”\n"
        ">\n"
        "> — Ada Example, Director, Example Trust "
        "*(words heard by machine, not checked; name probable; not cleared for publication)*\n"
        ">\n"
        "> A fictional talk, A fictional show, 2031-01-01, 0:01:01–0:01:04\n"
        ">\n"
        "> <https://archive.example/q/q1>"
    )


@pytest.mark.parametrize(
    ("words", "attribution", "clearance", "said"),
    [
        ("checked", "confirmed", "cleared", "words checked by ear; name confirmed; cleared for publication"),
        ("heard", "probable", "unreviewed",
         "words heard by machine, not checked; name probable; not cleared for publication"),
        ("heard", "unattributed", "unreviewed",
         "words heard by machine, not checked; speaker not identified; not cleared for publication"),
        ("checked", "confirmed", "withheld", "words checked by ear; name confirmed; withheld; not for publication"),
        ("heard", "confirmed", "withdrawn",
         "words heard by machine, not checked; name confirmed; withdrawn; not for publication"),
    ],
)  # fmt: skip
def test_every_status_is_said_in_words(words, attribution, clearance, said):
    made = PLAIN | {"attribution": {"status": attribution, "confidence": None, "evidence": None}, "text_status": words}
    assert status(made | {"clearance": clearance}) == said


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_print_says_that_nobody_checked_it_against_sound(form):
    made = quote_as(PRINTED, form, "public")
    assert "as printed; not checked against audio; cleared for publication" in made
    assert "An example paper, section 2" in made


def test_print_under_nobodys_name_still_says_that_it_is_print():
    nobody = PRINTED | {"speaker": None, "attribution": {"status": "unattributed", "confidence": None}}
    assert status(nobody).startswith("as printed; not checked against audio; speaker not identified")


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_fiction_is_said_before_anything_else(form):
    assert quote_as(PLAIN | {"fiction": True}, form, "researcher").lstrip("> *").startswith("FICTION")
    assert "FICTION" not in quote_as(PLAIN, form, "researcher")


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_no_name_is_printed_where_there_is_none_to_see(form):
    assert "Speaker not identified" in quote_as(PLAIN | {"speaker": None}, form, "researcher")


def test_a_source_without_a_title_is_not_left_out():
    (source,) = PLAIN["sources"]
    assert "untitled recording" in as_text(PLAIN | {"sources": [source | {"title": None}], "episode": None})


@given(st.text(max_size=80))
def test_whatever_the_words_are_the_markdown_is_one_quotation_of_just_them(words):
    made = as_markdown(PLAIN | {"text": f"x{words}"})
    tokens = MarkdownIt("commonmark").parse(made)
    kinds = [token.type for token in tokens if token.type != "inline"]
    expected = ["blockquote_open", *["paragraph_open", "paragraph_close"] * 3, "blockquote_close"]
    assert kinds == expected
    first = next(token for token in tokens if token.type == "inline")
    assert {child.type for child in first.children} <= {"text", "text_special"}
    assert "".join(child.content for child in first.children) == f"“{plain(f'x{words}')}”"


@pytest.mark.parametrize("title", ["1. First", "- dash", "# heading", "+ plus", "=====", "---", "12) x", "> quoted"])
def test_a_title_never_starts_a_list_or_a_heading(title):
    (source,) = PLAIN["sources"]
    tokens = MarkdownIt("commonmark").parse(as_markdown(PLAIN | {"sources": [source | {"title": title}]}))
    assert {token.tag for token in tokens} <= {"blockquote", "p", ""}


@given(st.text(max_size=80))
def test_text_from_outside_can_neither_move_a_cursor_nor_turn_a_line(words):
    made = plain(words)
    assert made.isprintable() or all(c.isprintable() or not c.isascii() for c in made)
    assert not set(made) & set("\x1b\x07\x08\r\n\t\u202e\u2066\u2028")


@pytest.mark.parametrize("text", ["a \x00", "\u202e a\x00", "a\x00\x1b", " \u2066 a \u2069 "])
def test_nothing_is_left_where_a_control_character_was(text):
    assert plain(text) == "a"
