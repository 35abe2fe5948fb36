"""The ear on real weights: what it hears in the sample show, and that it hears nothing where nobody speaks."""

import os
from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import pytest
from whisper_normalizer.english import EnglishTextNormalizer

from convarchive.errors import AudioUnreadable, BadInput, ModelMissing
from convarchive.ingest.engines import whisper
from convarchive.ingest.engines.whisper import WhisperTranscriber
from convarchive.ingest.transcripts import read_transcript
from ingest.sounds import write

SHOW = Path(__file__).parents[3] / "src/convarchive/cli/sample_show"
AUDIO = SHOW / "fiction-episode-1.mp3"
HINTS = ("Ada Example", "Ben Sample", "Example Valley Council")
RATE = 16_000


@pytest.fixture(scope="module")
def folder():
    models = os.environ.get("CONVARCHIVE_MODELS")
    if not models or not (Path(models) / "whisper-tiny.en" / "model.bin").is_file():
        pytest.skip("whisper-tiny.en is not there; pull it and name its folder's folder in CONVARCHIVE_MODELS")
    return Path(models) / "whisper-tiny.en"


@pytest.fixture(scope="module")
def ear(folder):
    return WhisperTranscriber(folder)


@pytest.fixture(scope="module")
def heard(ear):
    return ear.transcribe(AUDIO, hints=("Helen Neverland", "Tom Atlantis"))


def errors(text, truth):
    normal = EnglishTextNormalizer()
    return jiwer.wer(normal(truth), normal(text))


@pytest.mark.slow
def test_the_sample_show_is_heard(heard):
    truth = read_transcript((SHOW / "episode-1.txt").read_bytes(), name="episode-1.txt").text
    assert errors(heard.text, truth) < 0.2
    assert "Helen Neverland" in heard.text
    assert heard.origin == "heard"
    assert all(word.probability is not None for word in heard.words)


@pytest.mark.slow
def test_no_gap_over_five_seconds_is_left_between_words_of_running_talk(heard):
    assert all(b.span.start - a.span.end <= 5_000 for a, b in pairwise(heard.words))


@pytest.mark.slow
def test_a_recording_heard_in_several_windows_loses_and_doubles_nothing(ear, heard, monkeypatch):
    monkeypatch.setattr(whisper, "WINDOW", 50_000)
    again = ear.transcribe(AUDIO, hints=("Helen Neverland", "Tom Atlantis"))
    assert errors(again.text, heard.text) < 0.05
    assert abs(len(again.words) - len(heard.words)) < 15
    assert abs(again.words[-1].span.end - heard.words[-1].span.end) < 500


def music(seconds):
    """Chords with overtones, a beat, and a tremolo about as fast as syllables."""
    t = np.arange(RATE * seconds) / RATE
    sound = np.zeros_like(t)
    for bar, chord in enumerate([(220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247)] * (seconds // 8)):
        inside = (t >= 2 * bar) & (t < 2 * bar + 2)
        for note in chord:
            for overtone in (1, 2, 3, 4):
                sound += inside * np.sin(2 * np.pi * note * overtone * t) / (overtone * 3)
    beat = np.exp(-((t * 2) % 1) * 12) * np.sin(2 * np.pi * 60 * t)
    return (0.25 * sound * (0.7 + 0.3 * np.sin(2 * np.pi * 4 * t)) + 0.4 * beat).clip(-0.95, 0.95)


SOUNDS = {
    "silence": lambda: np.zeros(RATE * 40),
    "hiss": lambda: 0.05 * np.random.default_rng(3).standard_normal(RATE * 40).clip(-4, 4),
    "music": lambda: music(40),
    "hum and clicks": lambda: (
        0.1 * np.sin(2 * np.pi * 50 * np.arange(RATE * 40) / RATE) + 0.5 * (np.arange(RATE * 40) % RATE < 40)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", SOUNDS)
def test_no_words_are_made_of_sounds_though_hints_were_given(ear, tmp_path, kind):
    found = ear.transcribe(write(tmp_path / "a.flac", SOUNDS[kind](), RATE), hints=HINTS)
    assert found.words == ()
    assert found.dropped != ()
    assert ("silent" in found.dropped[0].reason) == (kind == "silence")


@pytest.mark.slow
def test_hints_are_not_heard_in_the_music_before_the_talk(ear, tmp_path):
    from convarchive.ingest.engines.audio import decode

    whole = np.concatenate([music(40), decode(AUDIO)[: RATE * 12]])
    found = ear.transcribe(write(tmp_path / "a.flac", whole, RATE), hints=HINTS)
    assert found.text.startswith("This is fiction")
    assert 39_500 < found.words[0].span.start < 41_500
    assert "Ada Example" not in found.text


@pytest.mark.slow
def test_an_english_model_says_that_it_knows_no_other_language(ear):
    with pytest.raises(BadInput, match="only English"):
        ear.transcribe(AUDIO, language="de")


@pytest.mark.slow
def test_fingerprints_tell_settings_and_weights_apart(folder, ear, tmp_path):
    wider = WhisperTranscriber(folder, settings=whisper.Settings(beam=2))
    assert wider.fingerprint != ear.fingerprint
    assert WhisperTranscriber(folder, workers=1).fingerprint == ear.fingerprint
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "model.bin").write_bytes(b"no weights")
    broken = WhisperTranscriber(tmp_path)
    assert broken.fingerprint != ear.fingerprint
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        broken.transcribe(AUDIO)


def test_a_folder_without_a_model_is_named_with_the_way_out(tmp_path):
    with pytest.raises(ModelMissing, match=r"holds no model\.bin.*convarchive models pull"):
        WhisperTranscriber(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(ModelMissing, match=r"tokenizer\.json"):
        WhisperTranscriber(tmp_path)


@pytest.mark.slow
def test_text_is_not_heard(ear, tmp_path):
    (tmp_path / "words.mp3").write_text("only words " * 500)
    with pytest.raises(AudioUnreadable):
        ear.transcribe(tmp_path / "words.mp3")
