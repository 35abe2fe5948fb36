"""Printed forms: whatever is changed is marked, and what is not marked is what was said."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convarchive.alignment.marking import marked
from convarchive.errors import BadInput

SAID = "They give, well, all their power away. We can't stop that — not now."


def edits(form, *, said=(SAID,), in_print=False):
    return marked(form, said, in_print=in_print).edits


def test_the_words_as_said_are_no_edit():
    assert marked(SAID, [SAID]).edits == ()


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("They give, [...] all their power away. We can't stop that — not now.", ("left out “well,”",)),
        ("They give, […] all their power away. We can't stop that — not now.", ("left out “well,”",)),
        ("[The council] give, well, all their power away. [...]",
         ("put [The council] for “They”", "left out “We can't stop that — not now.” (a negation)")),
        ("They give, well, all [of] their power away. We can't stop that — not now.", ("put in [of]",)),
        ("[...] [W]e can't stop that — not now.",
         ("left out “They give, well, all their power away.”", "wrote “[W]e” for “We”")),
        ("They gave[d] up", None),
        ("They give, well, all their power away. We can't stop that — [...] now.", ("left out “not” (a negation)",)),
        ("They give, well, all their power away. We [can] stop that — not now.",
         ("put [can] for “can't” (a negation)",)),
    ],
)  # fmt: skip
def test_every_change_that_is_marked_is_told(form, told):
    if told is None:
        with pytest.raises(BadInput):
            edits(form)
    else:
        assert edits(form) == told


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("They give, well, all their power away. We can’t stop that – not now.", ()),
        ("They give – well – all their power away. We can't stop that. Not now.",
         ("wrote “give –” for “give,”", "wrote “well –” for “well,”", "wrote “that.” for “that —”",
          "wrote “Not” for “not”")),
        ("they give, well, all their power away. We can't stop that — not now",
         ("wrote “they” for “They”", "wrote “now” for “now.”")),
    ],
)  # fmt: skip
def test_stops_and_a_sentences_first_letter_may_change_and_are_told(form, told):
    assert edits(form) == told


@pytest.mark.parametrize(
    ("form", "culprit"),
    [
        ("They give all their power away. [...]", "“all”"),
        ("They give, well, some power away. [...]", "“some”"),
        ("They gave, well, all their power away. [...]", "“gave,”"),
        ("They give, well, all their Power away. [...]", "“Power”"),
        ("They give, well, all their power away? [...]", "“away?”"),
        ("They give, well, all their power away! [...]", "“away!”"),
        ("They give, well, all their “power” away. [...]", "“power”"),
        ("They give, well, all their power away.", "We can't stop that"),
        ("They give, well, all their power away. We can stop that — not now.", "“can”"),
        ("[...] We can always stop that — not now.", "“can”"),
        ("[...] They give, well, all their power away. [...]", "“They”"),
        (f"{SAID} [...]", "nothing is left out"),
        (f"{SAID} Indeed.", "“Indeed.”"),
        ("all their power away. [...]", "“all”"),
    ],
)
def test_a_change_without_a_mark_is_refused_and_named(form, culprit):
    with pytest.raises(BadInput) as refused:
        edits(form)
    assert culprit in str(refused.value)
    assert str(refused.value).startswith("text: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "form",
    ["", "   ", "[...]", "[nothing of theirs]", "They [give", "They give], well", "They [gi[v]e]", "They [] give",
     "[?!]",
     "They give[...] away", "They\u202e give", "They [" + "very " * 13 + "] give", "x" * 20_000, "g[1]ve"],
)  # fmt: skip
def test_what_is_no_printed_form_is_refused_in_a_line(form):
    with pytest.raises(BadInput) as refused:
        edits(form)
    assert len(str(refused.value)) < 300


def test_quotation_marks_and_the_like_come_in_with_no_mark():
    with pytest.raises(BadInput, match="beside a mark"):
        edits("“[The council]” give, well, all their power away. [...]")


def test_in_print_the_stops_are_the_printers():
    printed = ("Trust is slow work … and, in the end, worth it.",)
    assert edits("Trust is slow work … and, in the end, worth it", said=printed, in_print=True)
    assert edits("Trust is slow [...] and, in the end, worth it.", said=printed, in_print=True)
    with pytest.raises(BadInput, match="and"):
        edits("Trust is slow work … and in the end, worth it.", said=printed, in_print=True)
    assert edits("Trust is slow work … and in the end, worth it.", said=printed)


def test_what_print_had_marked_is_nobodys_edit():
    printed = ("[The council] gave [...] away.",)
    assert edits("[The council] gave [...] away.", said=printed, in_print=True) == ()
    with pytest.raises(BadInput):
        edits("The council gave [...] away.", said=printed, in_print=True)


def test_between_two_excerpts_something_is_left_out_and_stays_marked():
    pieces = ("Trust is slow", "and then it is everywhere.")
    assert edits("Trust is slow [...] and then it is everywhere.", said=pieces) == ()
    with pytest.raises(BadInput, match="“and”"):
        edits("Trust is slow and then it is everywhere.", said=pieces)


# -- whatever is done ------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from("we give power away not, together. now “so” 2,500 it's o’clock".split()), min_size=1, max_size=12
)
ACTS = st.sampled_from(["keep", "keep", "leave out", "put in", "replace"])
INSERTED = st.sampled_from(["the council", "they", "(that is) all", "never", "3 of 5"])


@st.composite
def forms(draw):
    """Words, a form of them in which everything is marked, and what it leaves of them."""
    said = draw(WORDS)
    form, left = [], []
    for word in said:
        act = draw(ACTS)
        if act == "put in":
            form.append(f"[{draw(INSERTED)}]")
        if act in ("keep", "put in"):
            form.append(word)
            left.append(word)
        else:
            form.append("[...]" if act == "leave out" else f"[{draw(INSERTED)}]")
    assume(left)
    return said, " ".join(form), left


@given(forms())
def test_whatever_is_marked_is_taken_and_says_what_it_did(made):
    said, form, left = made
    found = marked(form, [" ".join(said)])
    assert (found.edits == ()) == (len(left) == len(said) and "[" not in form)
    assert re.sub(r"\[[^\]]*\]", " ", found.text).split() == left
    # Taking it again changes nothing, and so may be done as often as the words come in anew.
    assert marked(found.text, [" ".join(said)]) == found


@given(forms())
def test_what_was_told_gives_the_words_back(made):
    said, form, left = made
    told = marked(form, [" ".join(said)]).edits
    # left out and replaced words, as told, with those that were kept, are all words there were
    gone = [
        words
        for one in told
        for words in re.findall(r"^(?:left out|put \[[^\]]*\] for) “(.*)”(?: \(a negation\))?$", one)
    ]
    assert sorted([word for words in gone for word in words.split()] + left) == sorted(said)


@given(forms(), st.sampled_from(["shout", "invent", "drop"]), st.data())
def test_nothing_unmarked_gets_through(made, how, data):
    said, form, _ = made
    pieces = re.findall(r"\[[^\]]*\]|\S+", form)
    kept = [n for n, piece in enumerate(pieces) if piece[0] != "["]
    n = data.draw(st.sampled_from(kept))
    if how == "invent":
        pieces.insert(n, "invented")
    elif how == "shout":
        assume(pieces[n].upper() != pieces[n])
        assume(sum(c.isalpha() for c in pieces[n]) > 1)
        pieces[n] = pieces[n].upper()
    else:
        # beside a mark the mark would take it in
        assume(0 < n < len(pieces) - 1 and pieces[n - 1][0] != "[" and pieces[n + 1][0] != "[")
        assume(pieces[n] not in (pieces[n - 1], pieces[n + 1]))
        del pieces[n]
        assume(len(set(said)) == len(said))
    with pytest.raises(BadInput):
        marked(" ".join(pieces), [" ".join(said)])


@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_any_two_texts_are_either_taken_or_refused_in_a_line(form, said):
    try:
        found = marked(form, [said])
    except BadInput as refused:
        assert "\n" not in str(refused)
        assert len(str(refused)) < 400
    else:
        assert found.text
