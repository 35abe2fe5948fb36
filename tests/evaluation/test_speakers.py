"""Voices and words by voice, counted on small references whose answers are known."""

import os
from pathlib import Path

import pytest

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.domain.transcript import Transcript, Word
from convarchive.errors import BadInput
from convarchive.evaluation.speakers import score, table, yardstick
from convarchive.evaluation.speech import references

STM = "talk 1 ada 0.0 10.0 WE GAVE IT AWAY\ntalk 1 ben 10.0 20.0 AND IT GREW\n"
RTTM = "SPEAKER talk 1 0.0 10.0 <NA> <NA> ada <NA> <NA>\nSPEAKER talk 1 10.0 10.0 <NA> <NA> ben <NA> <NA>\n"
WORDS = (("We", 1), ("gave", 2), ("it", 3), ("away.", 4), ("And", 11), ("it", 12), ("grew.", 13))


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "speech"
    folder.mkdir()
    (folder / "talk.flac").write_bytes(b"never opened here")
    (folder / "talk.stm").write_text(STM)
    (folder / "talk.rttm").write_text(RTTM)
    (folder / "voices.flac").write_bytes(b"has no words")
    (folder / "voices.rttm").write_text(RTTM.replace("talk", "voices"))
    return tmp_path


def hear(_audio):
    words = tuple(Word(text, Span.seconds(at, at + 0.5)) for text, at in WORDS)
    return Transcript(words, "en", "heard", "an ear")


def tell(*stretches):
    turns = tuple(Turn(Span.seconds(a, b), SpeakerLabel(label)) for label, a, b in stretches)
    return lambda _audio: turns


RIGHT = tell(("S1", 0, 10), ("S2", 10, 20))


def test_turns_as_in_the_reference_have_no_error_whatever_the_labels_are_called(data):
    found = score(references(data), tell(("S2", 0, 10), ("S1", 10, 20)), hear)
    assert found.der == found.wer == found.cpwer == 0
    assert [(row.voices, row.expected) for row in found.rows] == [(2, 2), (2, 2)]


def test_a_quarter_of_a_second_around_the_references_borders_is_not_scored(data):
    assert score(references(data), tell(("S1", 0.2, 10.2), ("S2", 10.2, 20.2))).der == 0
    row = score(references(data), tell(("S1", 0, 10), ("S2", 10, 19))).rows[0]
    # Of 20 s, half a second falls away at the border inside and a quarter at either end.
    assert row.speech == pytest.approx(19.0)
    assert row.missed == pytest.approx(0.75)


def test_a_voice_taken_for_another_is_confusion(data):
    row = score(references(data), tell(("S1", 0, 15), ("S2", 15, 20))).rows[0]
    assert row.confused == pytest.approx(4.75)
    assert row.missed == row.false_alarm == 0


def test_speech_nobody_spoke_is_a_false_alarm(data):
    row = score(references(data), tell(("S1", 0, 10), ("S2", 10, 20), ("S2", 20, 24.25))).rows[0]
    assert row.false_alarm == pytest.approx(4.0)
    assert row.der == pytest.approx(4 / 19)


def test_a_recording_where_no_voice_was_found_is_missed_whole(data):
    found = score(references(data), tell())
    assert found.der == 1
    assert found.rows[0].voices == 0


def test_words_given_to_the_wrong_voice_cost_in_cpwer_alone(data):
    found = score(references(data, ["talk"]), tell(("S1", 0, 3.75), ("S2", 3.75, 20)), hear)
    assert found.wer == 0
    assert found.cpwer == pytest.approx(2 / 7)


def test_without_an_ear_no_words_are_scored(data):
    found = score(references(data), RIGHT)
    assert found.wer is found.cpwer is None


def test_recordings_without_reference_words_do_not_count_in_word_errors(data):
    found = score(references(data), RIGHT, hear)
    assert [row.words is None for row in found.rows] == [False, True]


def test_raw_turns_and_utterances_are_written_for_others_to_score(data, tmp_path):
    score(references(data), RIGHT, hear, runs=tmp_path / "runs", name="first")
    assert (tmp_path / "runs" / "first.rttm").read_text() == (
        "SPEAKER talk 1 0.000 10.000 <NA> <NA> S1 <NA> <NA>\n"
        "SPEAKER talk 1 10.000 10.000 <NA> <NA> S2 <NA> <NA>\n"
        "SPEAKER voices 1 0.000 10.000 <NA> <NA> S1 <NA> <NA>\n"
        "SPEAKER voices 1 10.000 10.000 <NA> <NA> S2 <NA> <NA>\n"
    )
    assert (tmp_path / "runs" / "first.stm").read_text() == (
        "talk 1 S1 1.000 4.500 We gave it away.\ntalk 1 S2 11.000 13.500 And it grew.\n"
    )


def test_a_transcript_that_names_its_voices_is_a_reference_and_what_is_none_is_named_in_a_line(tmp_path):
    (tmp_path / "talk.mp3").write_bytes(b"never opened here")
    cues = tmp_path / "talk.vtt"
    said = ("00:00.000 --> 00:10.000\n<v ada>We gave it away", "00:10.000 --> 00:20.000\n<v ben>And it grew")
    cues.write_text("WEBVTT\n\n" + "\n\n".join(said) + "\n")
    (one,) = references(tmp_path)
    assert [(row.speaker, row.span, row.text) for row in one.said] == [
        ("ada", Span(0, 10_000), "We gave it away"), ("ben", Span(10_000, 20_000), "And it grew"),
    ]  # fmt: skip
    found = score([one], RIGHT, hear)
    assert (found.der, found.wer, found.cpwer) == (0, 0, 0)
    for body, what in (
        (cues.read_text().replace("<v ben>", ""), "does not say of every word who speaks"),
        ("WEBVTT\n", "holds no words"),
    ):
        cues.write_text(body)
        with pytest.raises(BadInput, match=what) as refused:
            references(tmp_path)
        assert str(cues) in str(refused.value)
    cues.with_suffix(".stm").write_bytes(bytes(range(256)))
    with pytest.raises(BadInput, match=r"talk\.stm: no text in UTF-8"):
        references(tmp_path)
    cues.with_suffix(".stm").write_text("talk 1 ada 0 inf words\n")
    with pytest.raises(BadInput, match="line 1: not a line of STM"):
        references(tmp_path)


def test_the_yardstick_is_read_from_the_datas_own_readme(data):
    assert yardstick(data) == {}
    readme = "Plain: DER with a 0.25 s collar talk 1.1 %, other\n5.9 % (only 0.1 % of it confusion). On others 4.0 %."
    (data / "README.md").write_text(readme)
    assert yardstick(data) == yardstick(data / "speech") == pytest.approx({"talk": 0.011, "other": 0.059})


def test_the_table_shows_each_recording_beside_the_yardstick(data):
    lines = table(score(references(data), RIGHT, hear), {"talk": 0.011}).splitlines()
    assert [line.split()[0] for line in lines] == ["recording", "talk", "voices", "pooled"]
    assert "1.1%" in lines[1]
    assert "2 of 2" in lines[1]
    assert "–" in lines[2]


@pytest.mark.slow
def test_real_recordings_are_told_apart_at_least_as_well_as_by_plain_parts():
    folder, models = os.environ.get("CONVARCHIVE_EVAL"), os.environ.get("CONVARCHIVE_MODELS")
    if not folder:
        pytest.skip("CONVARCHIVE_EVAL names no folder with evaluation data")
    if not models or not (Path(models) / "campplus").is_dir():
        pytest.skip("CONVARCHIVE_MODELS names no folder with the models for voices")
    from convarchive.ingest.engines.diarizer import NeuralDiarizer

    diarizer = NeuralDiarizer(Path(models) / "segmentation-3.0", Path(models) / "campplus")
    found = score(references(Path(folder), ["call_ar40", "libri2", "pyannote_sample"]), diarizer.diarize)
    assert found.der < 0.04
    assert [row.voices for row in found.rows] == [row.expected for row in found.rows]
