"""What every Transcriber promises, the ear and the handed-in transcript alike."""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest

from convarchive.errors import AudioUnreadable
from convarchive.ingest.engines.supplied import SuppliedTranscriber
from convarchive.ingest.transcripts import read_transcript

SHOW = Path(__file__).parents[2] / "src/convarchive/cli/sample_show"
AUDIO = SHOW / "fiction-episode-1.mp3"
EPISODE = next(e for e in json.loads((SHOW / "reference.json").read_text())["episodes"] if e["audio"] == AUDIO.name)


def supplied():
    segments = [
        {"speaker": line["speaker"], "startTime": line["start_ms"] / 1000, "endTime": line["end_ms"] / 1000}
        | {"body": line["text"]}
        for line in EPISODE["lines"]
    ]
    body = json.dumps({"version": "1.0.0", "segments": segments}).encode()
    return SuppliedTranscriber(read_transcript(body, name="episode-1.json"))


def whisper():
    models = os.environ.get("CONVARCHIVE_MODELS")
    if not models or not (Path(models) / "whisper-tiny.en" / "model.bin").is_file():
        pytest.skip("whisper-tiny.en is not there; pull it and name its folder's folder in CONVARCHIVE_MODELS")
    from convarchive.ingest.engines.whisper import WhisperTranscriber

    return WhisperTranscriber(Path(models) / "whisper-tiny.en")


@pytest.fixture(
    scope="module", params=[supplied, pytest.param(whisper, marks=pytest.mark.slow)], ids=["supplied", "ear"]
)
def transcriber(request):
    return request.param()


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def transcript(transcriber, told):
    told.clear()
    return transcriber.transcribe(
        AUDIO, hints=("Helen Neverland",), language="en", report=lambda *done: told.append(done)
    )


def test_words_are_in_order_and_inside_the_recording(transcript):
    assert len(transcript.words) > 400
    assert all(a.span.start <= b.span.start for a, b in pairwise(transcript.words))
    assert transcript.words[-1].span.end <= EPISODE["duration_ms"] + 100
    assert transcript.timed


def test_a_word_is_one_token_with_a_probability_or_none(transcript):
    assert all(word.text and word.text.split() == [word.text] for word in transcript.words)
    assert all(word.probability is None or 0 <= word.probability <= 1 for word in transcript.words)


def test_most_words_stand_in_the_turn_they_were_said_in(transcript):
    first = {line["text"].split()[0]: line for line in EPISODE["lines"]}
    near = [
        line for start, line in first.items() for word in transcript.words
        if word.text == start and abs(word.span.start - line["start_ms"]) < 500
    ]  # fmt: skip
    assert len(near) >= 0.7 * len(first)


def test_the_transcript_says_who_made_it(transcriber, transcript):
    assert transcript.fingerprint == transcriber.fingerprint != ""
    assert "\n" not in transcript.fingerprint
    assert transcript.language == "en"


def test_progress_never_goes_back_and_ends_at_the_end(transcript, told):
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert abs(told[-1][1] - EPISODE["duration_ms"]) < 200


def test_what_is_no_sound_is_refused(transcriber, tmp_path):
    page = tmp_path / "page.mp3"
    page.write_text("<!doctype html><title>404</title>" * 50)
    with pytest.raises(AudioUnreadable, match=r"page\.mp3"):
        transcriber.transcribe(page)
