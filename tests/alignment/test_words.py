"""Two tellings side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.alignment import words
from convarchive.alignment.words import GAP, OTHER, align, shared, units

SAYINGS = st.lists(st.sampled_from("we give power away together now".split()), max_size=14)


def keys(text: str) -> list[str]:
    return [unit.key for unit in units(text.split())]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don't stop!", "do not stop"),
        ("10% of your time", "ten per cent of your time"),
        ("twenty-five pounds", "£25"),
        ("in 2019", "in twenty nineteen"),
        ("in 1984", "in nineteen eighty four"),
        ("2,500 people", "two thousand five hundred people"),
        ("a hundred and five", "105"),
        ("the 21st century", "the twenty first century"),
        ("leaders’ values", "leaders' values"),
        ("We cannot, we're gonna", "we can not we are going to"),
    ],
)
def test_the_same_words_written_otherwise_are_the_same(one, other):
    ours, theirs = keys(one), keys(other)
    if "£" in other:  # the sign stands before its number, the word after it
        assert sorted(ours) == sorted(theirs)
    else:
        assert ours == theirs


@pytest.mark.parametrize(
    ("one", "other"),
    [("we can", "we can't"), ("fifteen people", "fifty people"), ("in 2019", "in 2020"), ("two of three", "two three")],
)
def test_words_that_mean_something_else_stay_different(one, other):
    assert keys(one) != keys(other)


@given(st.lists(st.text(max_size=12), max_size=12))
def test_every_unit_points_at_tokens_that_are_there(tokens):
    found = units(tokens)
    assert all(0 <= unit.at <= unit.last < len(tokens) for unit in found)
    assert [unit.at for unit in found] == sorted(unit.at for unit in found)


def plain_cost(one, other):
    """The textbook's table, cell by cell."""
    row = [n * GAP for n in range(len(other) + 1)]
    for i, a in enumerate(one, start=1):
        before, row = row, [i * GAP]
        for j, b in enumerate(other, start=1):
            row.append(min(before[j] + GAP, row[-1] + GAP, before[j - 1] + (0 if a == b else OTHER)))
    return row[-1]


def cost(pairs, one, other):
    return sum(GAP if i is None or j is None else 0 if one[i] == other[j] else OTHER for i, j in pairs)


@given(SAYINGS, SAYINGS, st.sampled_from([6, words.CELLS]))
def test_an_alignment_holds_every_position_once_and_changes_the_least(one, other, cells):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "CELLS", cells)  # six cells make even short sayings be halved
        pairs = align(one, other)
    assert [i for i, _ in pairs if i is not None] == list(range(len(one)))
    assert [j for _, j in pairs if j is not None] == list(range(len(other)))
    assert cost(pairs, one, other) == plain_cost(one, other)


@given(SAYINGS)
def test_a_saying_shares_all_its_words_with_itself(saying):
    assert shared(saying, saying) == len(saying)
