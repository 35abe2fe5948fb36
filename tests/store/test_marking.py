"""A query's words are marked in texts, in any inflection."""

import pytest

from convarchive.store.marking import marked

TEXTS = ["Trusting neighbours is slow.", "Nothing of it.", "Trust, and be trusted: naïve?"]


def told(query):
    return [[text[start:end] for start, end in spans] for text, spans in zip(TEXTS, marked(query, TEXTS), strict=True)]


def test_words_are_marked_where_they_stand_in_any_form():
    assert told("trust the naive") == [["Trusting"], [], ["Trust", "trusted", "naïve"]]


@pytest.mark.parametrize("query", ["", "the of and", '"', "zephyr", "NEAR(trust"])
def test_a_query_that_says_nothing_marks_nothing_and_breaks_nothing(query):
    assert [len(one) for one in told(query)] in ([0, 0, 0], [1, 0, 2])


def test_a_text_that_cannot_be_read_leaves_nothing_behind():
    with pytest.raises(UnicodeEncodeError):
        marked("trust", ["Trust.", "\ud800"])
    assert told("trust")[0] == ["Trusting"]
