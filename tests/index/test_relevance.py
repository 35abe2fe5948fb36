"""What makes a passage rank and what makes it answer, as laws that hold for all numbers."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convarchive.index.relevance import CUT_OFF, Likeness, order, relevance

part = st.floats(0, 1, allow_nan=False)
SAYS = ("meaning", "words", "verbatim", "close", "around", "turned", "named", "themed")


def like(*, rarity=10.0, passages=10**9, **said):
    """Passages of which only so much is known; nothing stands around them unless it is said."""
    count = max((len(value) for value in said.values()), default=1)
    nothing = {name: np.full(count, np.nan if name == "around" else 0.0) for name in SAYS}
    return Likeness(
        **(nothing | {name: np.array(value, np.float64) for name, value in said.items()}), rarity=rarity, count=passages
    )


@given(meaning=st.floats(-1, 1), words=st.floats(0, 40), close=part, verbatim=part, more=st.floats(0.01, 1))
def test_more_of_anything_never_makes_a_passage_worse(meaning, words, close, verbatim, more):
    # A second passage has the most words, so that the first one's stay a share of the same.
    base = like(meaning=[meaning, 0], words=[words, 50], close=[close, 0], verbatim=[verbatim, 0], around=[1, 1])
    for name in ("meaning", "words", "close", "verbatim", "around", "named", "themed"):
        raised = getattr(base, name).copy()
        raised[0] += more
        better = replace(base, **{name: raised})
        assert relevance(better)[0] >= relevance(base)[0]
        assert order(better)[0] > order(base)[0]
    assert 0 < relevance(base)[0] < 1


def test_what_shares_neither_words_nor_meaning_is_below_the_cut_off():
    nothing, near = relevance(like(meaning=[0.1, 0.8], close=[0.2, 0.85]))
    assert nothing < CUT_OFF < 0.5 < near


def test_a_rare_query_held_word_for_word_outweighs_any_likeness_of_meaning():
    name, near = order(like(meaning=[0.0, 1.0], verbatim=[1.0, 0.0], close=[0.0, 0.9], words=[5.0, 0.0]))
    assert name > near


def test_of_two_alike_the_one_with_the_likelier_neighbours_comes_first_and_none_is_as_good_as_its_like():
    alone, well, badly = order(like(meaning=[0.5] * 3, around=[np.nan, 3.0, 0.5]))
    assert badly < alone < well
    assert alone == order(like(meaning=[0.5], around=[0.5 * 4.8]))[0]


def test_a_passage_that_turns_the_query_about_comes_after_one_that_does_not():
    right, turned = order(like(meaning=[0.8, 0.82], turned=[0.0, 0.5]))
    assert right > turned


def test_where_no_word_is_looked_up_none_is_covered():
    assert like(rarity=0.0).covered[0] == 0


def test_in_a_handful_of_passages_a_shared_word_weighs_less():
    few, many = (np.subtract(*order(like(words=[5.0, 0.0], passages=count))) for count in (10, 10_000))
    assert 0 < few < many / 3
