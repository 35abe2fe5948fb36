"""What everything that tells voices apart promises, the neural diarizer and a supplied table alike."""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest

import convarchive.cli
from convarchive.errors import AudioUnreadable
from convarchive.ingest.engines.audio import decode
from convarchive.ingest.engines.rttm import SuppliedDiarizer
from ingest.sounds import write

SHOW = Path(convarchive.cli.__file__).parent / "sample_show"
LENGTH = 60_000


def models():
    root = Path(os.environ.get("CONVARCHIVE_MODELS", "nowhere"))
    for name in ("segmentation-3.0", "campplus"):
        if not (root / name / "model.onnx").is_file():
            pytest.skip(f"{name} is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    return root / "segmentation-3.0", root / "campplus"


def supplied(folder):
    lines = json.loads((SHOW / "reference.json").read_text())["episodes"][0]["lines"]
    # The first minute of the show is heard; the table's last turn runs on a little beyond it.
    spans = [(line["start_ms"], min(line["end_ms"], LENGTH + 2000), line["speaker"].split()[0]) for line in lines]
    rows = [
        f"SPEAKER talk 1 {start / 1000} {(end - start) / 1000} <NA> <NA> {name} <NA> <NA>"
        for start, end, name in spans
        if start < LENGTH
    ]
    table = folder / "talk.rttm"
    table.write_text("\n".join(rows))
    return SuppliedDiarizer(table)


def neural(_folder):
    from convarchive.ingest.engines.diarizer import NeuralDiarizer

    return NeuralDiarizer(*models(), threads=2)


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    sound = decode(SHOW / "fiction-episode-1.mp3")[: LENGTH * 16]
    return write(tmp_path_factory.mktemp("sound") / "talk.wav", sound, 16_000)


@pytest.fixture(
    scope="module",
    params=[supplied, pytest.param(neural, marks=pytest.mark.slow)],
    ids=["supplied", "neural"],
)
def diarizer(request, tmp_path_factory):
    return request.param(tmp_path_factory.mktemp("diarizer"))


@pytest.fixture(scope="module")
def progress():
    return []


@pytest.fixture(scope="module")
def turns(diarizer, audio, progress):
    progress.clear()
    return diarizer.diarize(audio, report=lambda done, total: progress.append((done, total)))


@pytest.mark.slow(alone=False)
def test_turns_come_in_order_of_time(turns):
    assert list(turns) == sorted(turns)


@pytest.mark.slow(alone=False)
def test_labels_count_from_one_by_first_appearance(turns):
    assert list(dict.fromkeys(turn.label for turn in turns)) == ["S1", "S2"]


def test_every_turn_lies_inside_the_recording_and_lasts(turns):
    assert all(turn.span.duration > 0 and turn.span.end <= LENGTH for turn in turns)


def test_turns_of_one_voice_never_overlap(turns):
    for label in {turn.label for turn in turns}:
        own = [turn.span for turn in turns if turn.label == label]
        assert all(a.end < b.start for a, b in pairwise(own))


def test_the_host_opens_and_the_guest_answers(turns):
    def label_at(ms):
        return {turn.label for turn in turns if ms in turn.span}

    assert label_at(10_000) == {"S1"}
    assert label_at(26_000) == {"S2"}
    assert label_at(33_000) == {"S1"}
    assert label_at(45_000) == {"S2"}


def test_progress_never_goes_back_and_reaches_the_end(turns, progress):
    assert progress == sorted(progress)
    assert progress[-1] == (LENGTH, LENGTH)


def test_the_same_recording_gives_the_same_turns(diarizer, audio, turns):
    assert diarizer.diarize(audio) == turns


def test_a_hint_of_too_few_people_hides_nobody_who_is_clearly_heard(diarizer, audio, turns):
    assert {turn.label for turn in diarizer.diarize(audio, most_voices=1)} == {turn.label for turn in turns}


def test_the_fingerprint_stays(diarizer, turns):
    before = diarizer.fingerprint
    assert before == diarizer.fingerprint != ""


def test_what_is_no_sound_is_refused_by_name(diarizer, tmp_path):
    page = tmp_path / "talk.mp3"
    page.write_text("<!doctype html><title>Not found</title>")
    with pytest.raises(AudioUnreadable, match=r"talk\.mp3"):
        diarizer.diarize(page)
