"""What makes a passage rank and what makes it answer, as laws that hold for all numbers."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convarchive.index.relevance import CUT_OFF, Likeness, order, relevance

part = st.floats(0, 1, allow_nan=False)


def like(meaning=0.3, words=0.0, verbatim=0.0, *, mean=0.1, deviation=0.5, count=1000, rarity=10.0):
    one = [np.array([value], np.float64) for value in (meaning, words, verbatim)]
    return Likeness(*one, mean, deviation, count, rarity)


@given(meaning=st.floats(-1, 1), words=st.floats(0, 40), verbatim=part, more=st.floats(0.01, 1))
def test_more_of_anything_never_makes_a_passage_worse(meaning, words, verbatim, more):
    base = like(meaning, words, verbatim)
    for name in ("meaning", "words", "verbatim"):
        better = replace(base, **{name: getattr(base, name) + more})
        assert relevance(better)[0] >= relevance(base)[0]
        assert order(better)[0] > order(base)[0]
    assert 0 < relevance(base)[0] < 1


def test_a_middling_cosine_alone_is_an_even_chance_and_none_at_all_is_below_the_cut_off():
    assert relevance(like(0.5))[0] == 0.5
    assert relevance(like(0.25))[0] < CUT_OFF < relevance(like(0.35))[0]


def test_a_word_that_one_of_a_thousand_holds_outweighs_any_likeness_of_meaning():
    name = like(0.0, 5.0, deviation=5.0 * 1000**-0.5, mean=0.005)
    assert order(name)[0] > order(replace(name, meaning=np.array([0.9]), words=np.array([0.0])))[0]


def test_in_a_handful_of_passages_a_shared_word_weighs_less():
    few, many = (order(like(0.0, 2.0, count=count))[0] for count in (10, 10_000))
    assert 0 < few < many / 3


def test_where_no_passage_shares_a_word_meaning_alone_decides():
    alone = like(0.4, deviation=0.0, mean=0.0, rarity=0.0)
    assert order(alone)[0] == 0.4
    assert alone.covered[0] == 0
