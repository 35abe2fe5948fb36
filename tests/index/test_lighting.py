"""The part of a passage that carried a hit, where none of the query's words stands in it."""

from convarchive.index.lighting import lit
from fakes.encoder import HashingEncoder

TEXT = "The harbour was cold, and nobody came. They handed the keys to the neighbours; then they left."


def part_of(text, *words):
    found = lit(HashingEncoder(), [(word, 1.0) for word in words], {7: text})
    return [text[start:end] for start, end in found.get(7, ())]


def test_the_part_nearest_to_the_words_is_marked():
    assert part_of(TEXT, "neighbours", "keys") == ["They handed the keys to the neighbours;"]


def test_a_part_too_short_to_say_anything_is_marked_with_the_one_before_it():
    assert part_of("It was late, so late. They sang.", "late") == ["It was late, so late. They sang."]


def test_nothing_is_marked_where_nothing_stands():
    assert part_of(" … ", "late") == []
    assert lit(HashingEncoder(), [("late", 1.0)], {}) == {}
