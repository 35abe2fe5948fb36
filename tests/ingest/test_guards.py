"""Each guard against invented words, at its edges, and that together they never invent any."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.domain.transcript import Word
from convarchive.ingest.guards import (
    LARGEST_GAP,
    LOOPED,
    Hearing,
    believed,
    better,
    doubt,
    in_order,
    loops,
    only_hints,
    snapped,
)
from convarchive.ingest.packing import Chunk


def words(text, start=1_000, each=300, probability=0.9):
    return tuple(
        Word(token, Span(start + i * each, start + (i + 1) * each), probability) for i, token in enumerate(text.split())
    )


def hearing(heard, *, speech=None, logprob=-0.2, no_speech=0.05, compression=1.4, hints=()):
    spoken = speech or (Span(1_000, 20_000),)
    return Hearing(Chunk(Span(0, 25_000), spoken), tuple(heard), logprob, no_speech, compression, hints)


TALK = "we gave the budget to the people who live there and they built a library with it"


def reasons(one):
    return {dropped.reason for dropped in believed(one)[1]}


def test_what_was_plainly_said_is_kept_whole():
    kept, dropped = believed(hearing(words(TALK)))
    assert " ".join(word.text for word in kept) == TALK
    assert dropped == ()
    assert doubt(hearing(words(TALK, each=1_100))) is None


def test_a_hearing_of_nothing_but_hints_is_no_hearing():
    one = hearing(words("Ada Example, Ben Sample."), hints=("Ada Example", "Ben Sample", "Example Trust"))
    assert doubt(one) == "only hints"
    assert believed(one)[0] == ()
    assert reasons(one) == {"nothing but the hints the recogniser was given"}
    assert only_hints(words("Ada Example said"), ("Ada Example",)) is False
    assert believed(replace(one, hints=()))[0] != ()


def test_a_loop_is_said_once_and_the_rest_dropped():
    one = hearing(words("and then " + "we go on " * 6 + "home"))
    assert doubt(one) == "loops"
    kept, dropped = believed(one)
    assert " ".join(word.text for word in kept) == "and then we go on home"
    assert dropped[0].reason.startswith("a loop")
    assert dropped[0].text == " ".join(["we go on"] * 5)


def test_people_do_repeat_themselves():
    assert loops(words("no no no no I mean it")) == []
    assert loops(words("very very good and very very bad")) == []
    assert len(loops(words("no " * 8))) == 1


def test_text_that_repeats_itself_is_heard_again():
    assert doubt(hearing(words(TALK), compression=LOOPED + 0.1)) == "loops"


def test_the_recognisers_own_doubt_counts_only_with_both_signs():
    assert believed(hearing(words("Thank you."), no_speech=0.9, logprob=-0.9))[0] == ()
    assert believed(hearing(words(TALK), no_speech=0.9, logprob=-0.1))[0] != ()
    assert believed(hearing(words(TALK), logprob=-1.6))[0] == ()


def test_a_stock_phrase_over_noise_is_dropped_but_thanks_are_not():
    short = (Span(1_000, 1_600),)
    assert reasons(hearing(words("Thank you."), speech=short, no_speech=0.4)) == {"a stock phrase written over noise"}
    assert believed(hearing(words("Thank you."), speech=short, no_speech=0.02, logprob=-0.2))[0] != ()


def test_a_word_far_before_its_speech_is_moved_to_it():
    early = (Word("Welcome", Span(0, 860), 0.9), *words("to the show", 9_000))
    moved = snapped(early, (Span(8_000, 12_000),))
    assert [word.span for word in moved[:2]] == [Span(8_140, 9_000), Span(9_000, 9_300)]
    assert snapped(early, (Span(0, 900), Span(8_000, 12_000))) == early


def test_words_faster_than_a_mouth_are_dropped_where_nobody_was_sure():
    fast = words(TALK, each=20, probability=0.2)
    assert "faster than anybody speaks" in reasons(hearing(fast))
    assert believed(hearing(words(TALK, each=20, probability=0.9)))[0] != ()


def test_signs_and_endless_words_are_no_words():
    odd = (*words("well ♪"), Word("ha" * 30, Span(2_000, 3_000), 0.9), *words("yes", 3_000))
    assert " ".join(word.text for word in believed(hearing(odd))[0]) == "well yes"


def test_speech_without_words_is_recorded():
    parts = (*words("first of all", 1_000), *words("and last", 12_000))
    one = hearing(parts)
    assert doubt(one) == "leaves speech without words"
    kept, dropped = believed(one)
    assert len(kept) == 5
    assert (dropped[0].text, dropped[0].span) == ("", Span(1_900, 12_000))


def test_of_two_hearings_the_one_without_flaws_counts_then_the_surer():
    looped, unsure, sure = hearing(words("go " * 9), logprob=-0.1), hearing(words(TALK, each=1_100)), None
    sure = replace(unsure, logprob=-0.1)
    unsure = replace(unsure, logprob=-0.9)
    assert better(looped, unsure) is unsure
    assert better(unsure, sure) is sure
    assert doubt(unsure) == "unsure"


TOKENS = st.sampled_from(["we", "go", "on", "Ada", "Example", "you", "♪", ".", "ha" * 30, "Thank", "no"])


@st.composite
def hearings(draw):
    at, heard = 0, []
    for token in draw(st.lists(TOKENS, max_size=40)):
        at += draw(st.sampled_from([0, 10, 200, 6_000]))
        end = at + draw(st.sampled_from([0, 20, 300]))
        heard.append(Word(token, Span(at, end), draw(st.sampled_from([0.05, 0.6, 0.99]))))
        at = end
    speech = draw(st.lists(st.tuples(st.integers(0, 60_000), st.integers(250, 9_000)), min_size=1, max_size=4))
    return Hearing(
        Chunk(Span(0, max(at, 70_000)), tuple(sorted(Span(a, a + n) for a, n in speech))),
        tuple(heard),
        draw(st.sampled_from([-0.1, -0.7, -1.6])),
        draw(st.sampled_from([0.0, 0.4, 0.9])),
        draw(st.sampled_from([1.2, 3.0])),
        draw(st.sampled_from([(), ("Ada Example",)])),
    )


@given(hearings())
def test_guards_only_take_away_and_say_what(one):
    kept, dropped = believed(one)
    gone = sum(len(drop.text.split()) for drop in dropped)
    assert len(kept) + gone == len(one.words)
    rest = iter([word.text for word in one.words])
    assert all(word.text in rest for word in kept)
    assert all(drop.reason for drop in dropped)


@given(hearings())
def test_every_gap_inside_a_piece_is_explained(one):
    kept, dropped = believed(one)
    for a, b in pairwise(kept):
        gap = Span(a.span.end, b.span.start) if b.span.start > a.span.end else None
        if gap and gap.duration > LARGEST_GAP and any(gap.overlap(span) for span in one.chunk.speech):
            assert any(drop.span == gap for drop in dropped)


@given(st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 9_000)), max_size=20), st.integers(0, 8_000))
def test_in_order_means_sorted_and_inside(spans, duration):
    given_words = [Word(str(i), Span(min(a, b), max(a, b))) for i, (a, b) in enumerate(spans)]
    ordered = in_order(given_words, duration)
    assert [word.text for word in ordered] == [word.text for word in given_words]
    assert all(a.span.start <= b.span.start for a, b in pairwise(ordered))
    assert all(word.span.end <= duration for word in ordered)


@pytest.mark.parametrize("heard", [(), words("♪ ♪ ♪")])
def test_nothing_heard_is_nothing_said(heard):
    assert believed(hearing(heard))[0] == ()
