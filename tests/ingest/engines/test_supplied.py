import pytest

from convarchive.errors import AudioUnreadable, TranscriptUnreadable
from convarchive.ingest.engines.supplied import SuppliedTranscriber
from convarchive.ingest.transcripts import read_transcript
from ingest.sounds import LENGTH, clicks_in


def transcriber(end):
    body = f"WEBVTT\n\n00:01.000 --> 00:{end:02d}.000\n<v Ada Example>Hello there.\n"
    return SuppliedTranscriber(read_transcript(body.encode(), name="a.vtt"))


def test_words_and_times_are_the_transcripts_own(tmp_path):
    supplied = transcriber(3)
    given = supplied.transcribe(clicks_in(tmp_path / "a.flac", ".flac"), hints=("Nobody",), language="de")
    assert [(w.text, w.voice) for w in given.words] == [("Hello", "Ada Example"), ("there.", "Ada Example")]
    assert (given.words[0].span.start, given.words[-1].span.end) == (1_000, 3_000)
    assert given.origin == "supplied"
    assert given.language == "en"


def test_a_last_cue_that_stays_on_the_screen_ends_with_the_recording(tmp_path):
    given = transcriber(20).transcribe(clicks_in(tmp_path / "a.flac", ".flac"))
    assert given.words[-1].span.end == LENGTH * 1_000


def test_another_recordings_transcript_is_refused(tmp_path):
    with pytest.raises(TranscriptUnreadable, match=r"runs to 50 s but a\.flac ends after 12 s"):
        transcriber(50).transcribe(clicks_in(tmp_path / "a.flac", ".flac"))


def test_words_without_sound_are_not_taken_for_heard(tmp_path):
    with pytest.raises(AudioUnreadable):
        transcriber(3).transcribe(tmp_path / "nowhere.flac")
