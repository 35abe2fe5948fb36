"""Negations and numbers that differ, told from other differences."""

import pytest

from convarchive.index.turning import turned


@pytest.mark.parametrize(
    ("query", "text", "much"),
    [
        ("we should close the pool", "We should close the pool.", 0.0),
        ("we should close the pool", "We should not close the pool.", 0.5),
        ("they never close it", "They close it.", 0.5),
        ("they don't close it", "They do not close it.", 0.0),
        ("we can't not act", "We act.", 0.0),
        ("forty wardens", "There were 40 wardens.", 0.0),
        ("forty wardens", "There were fifty wardens.", 0.5),
        ("wardens", "There were fifty wardens.", 0.0),
        ("not forty", "fifty", 1.0),
        ("the boss will help", "Nobody’ll help.", 0.5),
        ("the rules say so", "Rule no.5 says so.", 0.0),
        ("one of us", "No-one of us.", 0.5),
    ],
)
def test_how_much_a_text_turns_a_query(query, text, much):
    assert turned(query, [text])[0] == much
