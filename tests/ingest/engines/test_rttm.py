"""Turns that somebody supplies are used where they fit the recording, and refused where they do not."""

import pytest

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.errors import BadInput
from convarchive.ingest.engines.rttm import SuppliedDiarizer
from ingest.sounds import clicks_in

ADA = "SPEAKER talk 1 1.0 2.0 <NA> <NA> ada <NA> <NA>\n"
BEN = "SPEAKER other 1 4.0 2.0 <NA> <NA> ben <NA> <NA>\n"


@pytest.fixture
def audio(tmp_path):
    """Twelve seconds of sound."""
    return clicks_in(tmp_path / "talk.wav", ".wav")


@pytest.fixture
def table(tmp_path):
    return tmp_path / "talk.rttm"


def test_a_table_of_one_recording_need_not_bear_its_name(table, audio):
    table.write_text(BEN)
    assert SuppliedDiarizer(table).diarize(audio) == (Turn(Span(4000, 6000), SpeakerLabel("S1")),)


def test_of_several_recordings_the_one_named_as_the_file_is_meant(table, audio):
    table.write_text(BEN + ADA)
    assert SuppliedDiarizer(table).diarize(audio) == (Turn(Span(1000, 3000), SpeakerLabel("S1")),)


def test_several_recordings_none_of_which_is_the_file_are_refused(table, tmp_path):
    table.write_text(BEN + ADA)
    with pytest.raises(BadInput, match="holds 2 recordings and none of them is named third"):
        SuppliedDiarizer(table).diarize(clicks_in(tmp_path / "third.wav", ".wav"))


def test_an_empty_table_says_that_nobody_speaks(table, audio):
    table.write_text("")
    assert SuppliedDiarizer(table).diarize(audio) == ()


def test_turns_far_beyond_the_recordings_end_are_refused(table, audio):
    table.write_text(ADA + "SPEAKER talk 1 60 2 <NA> <NA> ada <NA> <NA>\n")
    with pytest.raises(BadInput, match=r"turns up to 62 s, but talk\.wav lasts 12 s"):
        SuppliedDiarizer(table).diarize(audio)


def test_another_table_has_another_fingerprint(table):
    table.write_text(ADA)
    one = SuppliedDiarizer(table).fingerprint
    table.write_text(ADA + ADA)
    assert SuppliedDiarizer(table).fingerprint != one


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"hello there\n"])
def test_what_is_no_table_is_refused_by_name(table, content):
    table.write_bytes(content)
    with pytest.raises(BadInput, match=r"talk\.rttm"):
        SuppliedDiarizer(table)


def test_a_table_that_is_not_there_is_refused(table):
    with pytest.raises(BadInput, match=r"talk\.rttm cannot be read"):
        SuppliedDiarizer(table)
