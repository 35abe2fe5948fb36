"""Word errors and places, counted on small references whose answers are known."""

import os
from pathlib import Path

import pytest

from convarchive.domain.span import Span
from convarchive.domain.transcript import Dropped, Transcript, Word
from convarchive.errors import BadInput
from convarchive.evaluation.asr import ctm, distances, score
from convarchive.evaluation.speech import references

STM = ";; words\ntalk 1 ada 1.0 3.0 I DON'T KNOW\ntalk 1 ben 8.0 10.0 TWENTY ONE COLOURS\n"
RTTM = "SPEAKER talk 1 1.000 2.000 <NA> <NA> ada <NA> <NA>\nSPEAKER talk 1 8.000 2.000 <NA> <NA> ben <NA> <NA>\n"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "speech"
    folder.mkdir()
    (folder / "talk.flac").write_bytes(b"never opened here")
    (folder / "talk.stm").write_text(STM)
    (folder / "talk.rttm").write_text(RTTM)
    (folder / "noise.flac").write_bytes(b"has no reference")
    (folder / "voices.flac").write_bytes(b"has no words")
    (folder / "voices.rttm").write_text(RTTM.replace("talk", "voices"))
    return tmp_path


def heard(*words):
    return Transcript(
        tuple(Word(text, Span(start, start + 200), 0.9) for text, start in words),
        "en",
        "heard",
        "an ear",
        (Dropped(Span(0, 1), "x", "y"),),
    )


RIGHT = (("I", 1_000), ("do", 1_300), ("not", 1_400), ("know.", 1_600), ("21", 8_000), ("colors!", 9_000))


def test_recordings_with_references_are_found_in_a_folder_or_the_one_above_it(data):
    for place in (data, data / "speech"):
        talk, voices = references(place)
        assert (talk.id, voices.id) == ("talk", "voices")
        assert talk.text == "I DON'T KNOW TWENTY ONE COLOURS"
        assert [stretch.speaker for stretch in talk.spoken] == ["ada", "ben"]
        assert voices.said == ()
    assert [one.id for one in references(data, ("voices",))] == ["voices"]


def test_what_is_not_there_or_not_a_reference_is_named(data):
    with pytest.raises(BadInput, match="no recording nowhere"):
        references(data, ("nowhere",))
    with pytest.raises(BadInput, match="no recordings"):
        references(data / "speech" / "enrol")
    (data / "speech" / "talk.stm").write_text("talk 1 ada soon later hello\n")
    with pytest.raises(BadInput, match=r"talk\.stm, line 1"):
        references(data)


def test_spelling_numbers_and_contractions_are_no_errors(data):
    found = score(references(data, ("talk",)), lambda _: heard(*RIGHT))
    assert found.wer == 0
    assert found.fingerprint == "an ear"
    assert found.rows[0].dropped == 1


def test_wrong_missing_and_invented_words_are_told_apart_and_pooled(data):
    words = (("I", 1_000), ("did", 1_300), ("know", 1_600), ("21", 8_000), ("bright", 8_500), ("colors", 9_000))
    row = score(references(data, ("talk",)), lambda _: heard(*words)).rows[0]
    # "I do not know 21 colors" was heard as "I did know 21 bright colors".
    assert (row.said, row.wrong, row.missing, row.invented) == (6, 1, 1, 1)
    pooled = score(references(data), lambda audio: heard(*(words if audio.stem == "talk" else RIGHT)))
    assert pooled.wer == pytest.approx(3 / 6)


def test_without_reference_words_there_is_no_error_rate(data):
    assert score(references(data, ("voices",)), lambda _: heard(*RIGHT)).wer is None


def test_a_word_far_from_its_own_sound_counts_though_others_speak_there(data):
    talk = references(data, ("talk",))[0]
    early = (("I", 1_000), ("don't", 1_200), ("know", 1_600), ("twenty", 2_000), ("one", 2_300), ("colours", 2_600))
    assert distances(talk, heard(*early).words) == [0, 0, 0, 5_800, 5_500, 5_200]
    assert distances(talk, heard(*RIGHT).words) == [0] * 6


def test_a_word_nobody_said_is_measured_to_the_nearest_speech(data):
    talk = references(data, ("talk",))[0]
    assert distances(talk, heard(("humbug", 20_000)).words) == [10_000]
    assert score((talk,), lambda _: heard(("humbug", 20_000))).far == 1


def test_raw_words_are_left_for_others_to_score(data, tmp_path):
    score(references(data, ("talk",)), lambda _: heard(("I", 1_000)), runs=tmp_path / "runs", name="mine")
    assert (tmp_path / "runs" / "mine.ctm").read_text() == "talk 1 1.000 0.200 I 0.900\n"
    assert ctm({"a": Transcript((Word("hi", Span(0, 5)),), "en", "supplied", "f")}) == "a 1 0.000 0.005 hi NA\n"


@pytest.mark.slow
def test_real_recordings_are_heard_where_they_were_said():
    data, models = os.environ.get("CONVARCHIVE_EVAL"), os.environ.get("CONVARCHIVE_MODELS")
    if not data or not models or not (Path(models) / "whisper-base" / "model.bin").is_file():
        pytest.skip("needs CONVARCHIVE_EVAL and whisper-base in CONVARCHIVE_MODELS")
    from convarchive.ingest.engines.whisper import WhisperTranscriber

    ear = WhisperTranscriber(Path(models) / "whisper-base")
    found = score(references(Path(data), ("ami_trn08", "libri2", "pyannote_sample")), ear.transcribe)
    assert found.far == 0
    assert found.wer is not None
    assert found.wer < 0.16
