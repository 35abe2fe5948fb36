"""Repeats fold into one; what means something else stays apart."""

from convarchive.index.folding import Folding, Group, fold
from fakes.encoder import HashingEncoder


def folded(*texts):
    hits = [Folding(number, text) for number, text in enumerate(texts)]
    return [(group.first, group.others) for group in fold(hits, HashingEncoder(512).encode(texts))]


def test_a_repeat_and_a_near_repeat_fold_into_the_first_and_order_stays():
    assert folded(
        "Trust is slow work, and it is worth every hour of it.",
        "Maps are opinions about power.",
        "Trust is slow work, and really it is worth every hour of it.",
        "trust is slow work, and it is worth every hour of it",
    ) == [(0, (2, 3)), (1, ())]


def test_a_piece_in_a_trailer_folds_into_the_whole_whichever_comes_first():
    whole = "We gave the power away, and nobody asked for it back."
    piece = "We gave the power away, and nobody asked"
    assert folded(whole, piece) == [(0, (1,))]
    assert folded(piece, whole) == [(0, (1,))]


def test_a_negation_or_a_number_keeps_two_apart():
    assert (
        len(
            folded(
                "We will give the power away to the people here.", "We will not give the power away to the people here."
            )
        )
        == 2
    )
    assert len(folded("It took us 12 years to build the place up.", "It took us 20 years to build the place up.")) == 2


def test_nothing_folds_into_nothing():
    assert fold([], HashingEncoder().encode([])) == ()
    assert fold([Folding("a", "!")], HashingEncoder().encode(["!"])) == (Group("a", ()),)
