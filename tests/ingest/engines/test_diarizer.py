"""The neural diarizer on the sample show, and on sound in which nobody speaks."""

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import convarchive.cli
from convarchive.errors import ModelMissing
from convarchive.ingest.engines.diarizer import NeuralDiarizer, Settings
from ingest.sounds import write

SHOW = Path(convarchive.cli.__file__).parent / "sample_show"
RATE = 16_000


def test_models_that_were_not_pulled_are_named_with_the_way_to_get_them(tmp_path):
    with pytest.raises(ModelMissing, match=r"convarchive models pull segmentation-3\.0"):
        NeuralDiarizer(tmp_path / "segmentation-3.0", tmp_path / "campplus")


def test_a_damaged_model_is_named_with_the_way_to_get_it_again(tmp_path):
    for name in ("segmentation-3.0", "campplus"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.onnx").write_bytes(b"not weights")
    with pytest.raises(ModelMissing, match=r"convarchive models pull segmentation-3\.0 --again"):
        NeuralDiarizer(tmp_path / "segmentation-3.0", tmp_path / "campplus")


def build(settings=None):
    root = Path(os.environ.get("CONVARCHIVE_MODELS", "nowhere"))
    for name in ("segmentation-3.0", "campplus"):
        if not (root / name / "model.onnx").is_file():
            pytest.skip(f"{name} is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    return NeuralDiarizer(root / "segmentation-3.0", root / "campplus", settings=settings)


@pytest.fixture(scope="module")
def diarizer():
    return build()


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_every_voice_of_the_sample_show_is_found_and_no_other(diarizer, number):
    lines = json.loads((SHOW / "reference.json").read_text())["episodes"][number - 1]["lines"]
    turns = diarizer.diarize(SHOW / f"fiction-episode-{number}.mp3")
    people = {line["speaker"] for line in lines}
    assert len({turn.label for turn in turns}) == len(people)
    shared = {name: Counter() for name in people}
    for line in lines:
        for turn in turns:
            overlap = min(line["end_ms"], turn.span.end) - max(line["start_ms"], turn.span.start)
            shared[line["speaker"]][turn.label] += max(0, overlap)
    labels = {name: heard.most_common(1)[0][0] for name, heard in shared.items()}
    assert len(set(labels.values())) == len(people)
    for name, heard in shared.items():
        assert heard[labels[name]] > 0.9 * sum(
            line["end_ms"] - line["start_ms"] for line in lines if line["speaker"] == name
        )


def melody():
    """Half a minute of plucked chords over a beat."""
    rng = np.random.default_rng(3)
    at = np.arange(RATE // 2) / RATE
    bars = []
    for _ in range(60):
        note = rng.choice([220.0, 277.2, 329.6, 440.0])
        chord = sum(np.sin(2 * np.pi * note * k * at) / k for k in (1, 2, 3)) + np.sin(np.pi * note * at)
        beat = rng.normal(size=len(at)) * np.exp(-at * 90)
        bars.append(0.2 * chord * np.exp(-3 * at) + 0.3 * beat)
    return np.concatenate(bars)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(20 * RATE),
        0.05 * np.random.default_rng(1).normal(size=20 * RATE),
        melody(),
        0.2 * np.sin(2 * np.pi * 50 * np.arange(20 * RATE) / RATE),
        np.full(10, 0.1),
    ],
    ids=["silence", "noise", "music", "hum", "a click"],
)
def test_where_nobody_speaks_there_is_no_turn(diarizer, tmp_path, sound):
    assert diarizer.diarize(write(tmp_path / "sound.wav", sound.clip(-1, 1).astype(np.float32), RATE)) == ()


@pytest.mark.slow
def test_other_settings_have_another_fingerprint(diarizer):
    assert build(Settings(step=2.5)).fingerprint != diarizer.fingerprint == build().fingerprint
