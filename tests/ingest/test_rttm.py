"""Who spoke when, as other tools write it down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.errors import BadInput
from convarchive.ingest import rttm

TABLE = """\
;; made by hand
SPKR-INFO talk 1 <NA> <NA> <NA> unknown ben <NA> <NA>
SPEAKER talk 1 4.000 2.500 <NA> <NA> ada <NA> <NA>
SPEAKER talk 1 0.500 3.250 <NA> <NA> ben <NA> <NA>

SPEAKER talk 1 6.000 1.000 <NA> <NA> ada
SPEAKER other 1 1.000 1.000 <NA> <NA> ada <NA> <NA>
"""


def test_turns_are_read_by_recording_and_labelled_by_first_appearance():
    assert rttm.turns(rttm.voices(TABLE, "a.rttm")["talk"]) == (
        Turn(Span(500, 3750), SpeakerLabel("S1")),
        Turn(Span(4000, 7000), SpeakerLabel("S2")),
    )


def test_turns_without_length_are_left_out():
    assert rttm.turns(rttm.voices("SPEAKER talk 1 0.5 0 <NA> <NA> ada <NA> <NA>", "a.rttm")["talk"]) == ()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("<!doctype html>", "line 2: this is no RTTM"),
        ("SPEAKER talk 1 0.5", "line 2: a SPEAKER line has at least 8 fields, not 4"),
        ("SPEAKER talk 1 soon 1 <NA> <NA> ada", "line 2: start and duration are seconds, not 'soon' and '1'"),
        ("SPEAKER talk 1 -1 1 <NA> <NA> ada", "line 2: a turn cannot begin at -1 s"),
        ("SPEAKER talk 1 0 nan <NA> <NA> ada", "line 2: a turn cannot begin at 0 s and last nan s"),
        ("SPEAKER talk 1 0 1e300 <NA> <NA> ada", "line 2: a turn cannot begin at 0 s and last 1e300 s"),
    ],
)
def test_a_line_that_is_no_turn_is_named(line, complaint):
    with pytest.raises(BadInput, match=f"^talk.rttm, {complaint}"):
        rttm.voices(f";; turns\n{line}\n", "talk.rttm")


@given(st.text())
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        rttm.voices(text, "a.rttm")
    except BadInput as refusal:
        assert "\n" not in str(refusal)


gaps = st.integers(1, 60_000)


@given(st.lists(st.tuples(gaps, gaps, st.sampled_from(["S1", "S2", "S3"])), max_size=20))
def test_what_is_written_is_read_back_to_the_millisecond(stretches):
    at, turns = 0, []
    for pause, length, label in stretches:
        turns.append(Turn(Span(at + pause, at + pause + length), SpeakerLabel(label)))
        at += pause + length
    table = rttm.voices(rttm.written(turns, "a talk with blanks"), "a.rttm").get("a_talk_with_blanks", {})
    assert sorted(Turn(span, label) for label, own in table.items() for span in own) == turns
