"""Sentences that are known are asked for as people remember them, and pairs that differ by a word are kept apart."""

import random
from difflib import SequenceMatcher

import pytest

from convarchive.evaluation import known_items, pairs
from convarchive.evaluation.asking import Engines
from convarchive.evaluation.invented import sentences
from convarchive.index.engines.faiss_index import FaissIndex
from fakes.encoder import HashingEncoder

pytestmark = pytest.mark.slow(alone=False)

ENGINES = Engines(HashingEncoder(512), FaissIndex, FaissIndex.load)
SENTENCE = "Before the vote our librarian Belinda carried seventeen heavy boxes of letters across the frozen harbour."


def test_the_pairs_differ_by_a_negation_or_a_number_only():
    every = pairs.pairs()
    assert [sum(one.kind == kind for one in every) for kind in ("negation", "number")] == [25, 25]
    assert len({text for one in every for text in (one.said, one.other)}) == 100
    for one in every:
        changed = [
            (one.said.split()[a:b], one.other.split()[c:d])
            for tag, a, b, c, d in SequenceMatcher(None, one.said.split(), one.other.split()).get_opcodes()
            if tag != "equal"
        ]
        assert 1 <= len(changed) <= 2, one
        assert all(max(len(mine), len(theirs)) <= 3 for mine, theirs in changed), one


def test_every_pair_is_asked_in_every_way_of_every_system():
    some = [one for n, one in enumerate(pairs.pairs()) if n in (0, 25)]
    rows = pairs.measure(some, list(sentences(9)), ENGINES)
    assert len(rows) == 3 * 2 * len(pairs.SYSTEMS)
    assert {row.pairs for row in rows} == {1}
    own = [row for row in rows if row.system == "convarchive" and row.way == "in its own words"]
    assert sum(row.first for row in own) == sum(row.before for row in own) == 2


@pytest.mark.parametrize("way", known_items.WAYS.values())
def test_the_same_sentence_is_remembered_the_same_way(way):
    assert way(SENTENCE, random.Random(3)) == way(SENTENCE, random.Random(3)) != SENTENCE


def test_half_is_forgotten_in_order_and_errors_are_of_one_letter():
    chance = random.Random(5)
    words = known_items.half_forgotten(SENTENCE, chance).split()
    places = [SENTENCE.split().index(word) for word in words]
    assert len(words) == 6
    assert places == sorted(places)
    plain = {word.strip(".") for word in SENTENCE.split()}
    for _ in range(30):
        wrong = [word for word in known_items.misnamed(SENTENCE, chance).split() if word not in plain]
        assert len(wrong) == 1
        assert wrong[0][0] == "B"
        assert abs(len(wrong[0]) - len("Belinda")) <= 1
        assert [word for word in known_items.mistyped(SENTENCE, chance).split() if word.strip(".") not in plain]
    assert known_items.misnamed("nobody is named in this sentence at all", chance) is None
    assert known_items.mistyped("it is as it was so be it", chance) is None


def test_known_items_are_counted_for_every_system():
    rows = known_items.measure([SENTENCE, *sentences(15)], ENGINES, targets=3)
    found = {(row.way, row.system): row for row in rows}
    assert len(found) == 3 * len(known_items.SYSTEMS)
    half = found["half forgotten", "convarchive"]
    assert (half.asked, half.among_ten) == (3, 3)
    named = found["name misspelt", "convarchive"]
    assert 1 <= named.first <= named.among_ten == named.asked <= 3
