"""A group's words tell it from the others, stand together, and are no two forms of one word."""

from convarchive.index.distinguishing import distinguishing

BREAD = [
    "bread oven flour",
    "bread oven flour",
    "bread oven letters",
    "breads flour letters",
    "bread crust",
    "bread crust",
]
BOATS = ["boat tide letters", "boat tide letters", "boat harbour", "boat harbour"]


def test_the_words_of_a_group_tell_it_from_the_others_and_stand_together():
    bread, boats = distinguishing([BREAD, BOATS], most=3)
    assert bread == ("bread", "oven", "flour")
    assert "letters" not in boats


def test_two_forms_of_a_word_count_as_one():
    (words,) = distinguishing([["vote votes council", "votes vote council", "council street", "council street"]])
    assert len({"vote", "votes"} & set(words)) == 1
    assert {"council", "street"} < set(words)
