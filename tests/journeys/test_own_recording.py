"""Somebody with a recording of their own: from the file to a quote that search finds, where it was said."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SPEECH = Path(os.environ.get("CONVARCHIVE_EVAL", "nowhere")) / "speech"
MODELS = Path(os.environ.get("CONVARCHIVE_MODELS", "nowhere"))
WITH_WORDS = ("libri2", "libri4", "pyannote_sample")
WITHOUT_WORDS = ("ami_trn00", "call_ar40")
PHRASE = 6
"""Words of a phrase that somebody remembers."""


def give(home: Path, *arguments: str, code: int = 0) -> str:
    """A command as a shell gives it; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "convarchive", *arguments, "--home", str(home)],
        capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def bare(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def archive_of(root: Path, recording: str, model: str) -> Path:
    path = SPEECH / f"{recording}.flac"
    if not path.is_file():
        pytest.skip(f"CONVARCHIVE_EVAL names no folder with speech/{recording}.flac")
    for name in (f"whisper-{model}", "campplus", "segmentation-3.0", "all-MiniLM-L6-v2"):
        if not (MODELS / name).is_dir():
            pytest.skip(f"{name} is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    home = root / recording
    subprocess.run([sys.executable, "-m", "convarchive", "init", str(home)], check=True, capture_output=True)
    choose(home, model)
    give(home, "add", "audio", str(path))
    give(home, "ingest", "--quiet")
    return home


def choose(home: Path, model: str) -> None:
    settings = home / "convarchive.toml"
    kept = [line for line in settings.read_text().splitlines() if not re.match(r"#?\s*whisper_model", line)]
    settings.write_text("\n".join([*kept, f'whisper_model = "{model}"', ""]))


def quotes_of(home: Path) -> list[dict]:
    return [json.loads(line) for line in give(home, "export", "--as", "jsonl", "--audience", "researcher").splitlines()]


def quotes_with(quotes: list[dict], phrase: list[str]) -> list[dict]:
    return [quote for quote in quotes if f" {' '.join(phrase)} " in f" {' '.join(bare(quote['text']))} "]


@pytest.mark.parametrize("recording", WITH_WORDS)
def test_a_phrase_that_was_really_said_finds_its_quote_first_and_where_it_was_said(recording, tmp_path):
    home = archive_of(tmp_path, recording, "base")
    [episode] = json.loads(give(home, "episodes", "list", "--json"))
    whole = json.loads(give(home, "transcript", episode["id"], "--as", "json"))
    assert whole["segments"]
    give(home, "index", "build")
    quotes = quotes_of(home)
    reference = [line.split(maxsplit=5) for line in (SPEECH / f"{recording}.stm").read_text().splitlines()]
    asked = 0
    for *_, start, end, text in reference:
        began, ended = round(1000 * float(start)), round(1000 * float(end))
        said = bare(text)
        # Where a quote begins inside what was said, its first words are the phrase.
        places = [(n, quotes_with(quotes, said[n : n + PHRASE])) for n in range(max(0, len(said) - PHRASE + 1))]
        found = [(n, of[0]) for n, of in places if len(of) == 1]
        if not found:
            continue
        first, quote = found[0]
        phrase, of = said[first : first + PHRASE], [quote]
        asked += 1
        hits = json.loads(give(home, "search", " ".join(phrase), "--audience", "researcher", "--json"))["hits"]
        assert hits[0]["quote"]["id"] == of[0]["id"]
        excerpts = hits[0]["quote"]["excerpts"]
        assert excerpts[0]["start_ms"] < ended
        assert excerpts[-1]["end_ms"] > began
        if first == 0 and bare(hits[0]["quote"]["text"])[:PHRASE] == phrase:
            assert abs(excerpts[0]["start_ms"] - began) < 500
    assert asked or not quotes


@pytest.mark.parametrize("recording", WITHOUT_WORDS)
def test_any_recording_goes_the_whole_way(recording, tmp_path):
    home = archive_of(tmp_path, recording, "tiny.en")
    [episode] = json.loads(give(home, "episodes", "list", "--json"))
    segments = json.loads(give(home, "transcript", episode["id"], "--as", "json"))["segments"]
    assert {segment["speaker"] for segment in segments} >= {"Speaker 1"}
    give(home, "index", "build")
    found = json.loads(give(home, "search", "what they talked about", "--audience", "researcher", "--json"))
    assert found["index"]["pending"] == 0


def test_quotes_keep_their_ids_when_a_better_model_hears_them_again(tmp_path):
    home = archive_of(tmp_path, "libri4", "tiny.en")
    before = quotes_of(home)
    assert len(before) >= 3
    choose(home, "base")
    give(home, "ingest", "--quiet")
    after = {quote["id"]: quote for quote in quotes_of(home)}
    [episode] = json.loads(give(home, "episodes", "list", "--json"))
    segments = json.loads(give(home, "transcript", episode["id"], "--as", "json"))["segments"]
    heard = " ".join(" ".join(bare(segment["body"])) for segment in segments)
    for quote in before:
        if " ".join(bare(quote["text"])) in heard:
            assert quote["id"] in after
        # Whatever became of the others, their ids lead somewhere: to a quote, or to the word that they are gone.
        answer = subprocess.run(
            [sys.executable, "-m", "convarchive", "quote", quote["id"], "--home", str(home), "--as", "json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert answer.returncode == 0 or "no longer stands" in answer.stderr
