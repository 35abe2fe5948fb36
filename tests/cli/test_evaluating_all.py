"""The accuracy card from the command line."""

import json
import lzma
import os
from pathlib import Path

import pytest

from convarchive.domain.span import Span
from convarchive.domain.transcript import Transcript, Word

STM = "talk 1 ada 0.0 10.0 WE GAVE IT AWAY\ntalk 1 ben 10.0 20.0 AND IT GREW\n"
TURNS = [
    ("Ada Example", "Welcome to the show. I'm Ada Example. My guest today is Ben Sample. Welcome, Ben."),
    ("Ben Sample", "Thank you, Ada. My name is Ben Sample. " + "It takes a long time to grow anything at all. " * 15),
]


class Ear:
    fingerprint = "an ear"

    def transcribe(self, audio, *, hints=(), language=None, report=None):
        del audio, hints, language, report
        words = "We gave it away and it grew".split()
        return Transcript(
            tuple(Word(w, Span(1000 * at, 1000 * at + 500)) for at, w in enumerate(words)), "en", "heard", ""
        )


@pytest.fixture
def data(tmp_path, monkeypatch):
    for part in ("speech", "transcripts", "an-ear"):
        (tmp_path / "data" / part).mkdir(parents=True)
    folder = tmp_path / "data"
    (folder / "speech" / "talk.flac").write_bytes(b"never opened here")
    (folder / "speech" / "talk.stm").write_text(STM)
    (folder / "an-ear" / "model.bin").write_bytes(b"weights")
    ada, ben = {"name": "Ada Example", "role": "host"}, {"name": "Ben Sample", "role": "guest"}
    one = {"episode": "made-up-1", "show": "made-up"}
    with lzma.open(folder / "transcripts" / "changelog-turns.jsonl.xz", "wt") as file:
        for order, (speaker, text) in enumerate(TURNS):
            file.write(json.dumps({**one, "order": order, "speaker": speaker, "text": text}) + "\n")
    with lzma.open(folder / "transcripts" / "naming.jsonl.xz", "wt") as file:
        file.write(json.dumps({**one, "hosts": ["Ada Example"], "conditions": {"full": [ada, ben]}}))
    monkeypatch.setattr("convarchive.wiring.transcriber", lambda settings: Ear())
    monkeypatch.setattr("convarchive.wiring.whisper_folder", lambda model: folder / "an-ear")
    return folder


def test_the_card_is_written_three_times_with_the_raw_outputs_and_no_folder_of_this_machine(cli, data, tmp_path):
    out, runs = tmp_path / "card", tmp_path / "raw"
    model = data / "an-ear"
    said = cli("evaluate", "all", "--data", data, "--only", "words", "--only", "names", "--model", model,
               "--out", out, "--runs", runs)  # fmt: skip
    assert (said.code, said.err.count("words of talk")) == (0, 2)
    assert {path.name for path in out.iterdir()} == {"accuracy.json", "accuracy.md", "accuracy.html"}
    assert {"an-ear.ctm", "an-ear-invented.ctm", "naming.full.csv"} <= {path.name for path in runs.iterdir()}
    for path in out.iterdir():
        assert str(tmp_path) not in path.read_text()
    found = json.loads((out / "accuracy.json").read_text())
    assert found["command"] == (
        "convarchive evaluate all --data references --model an-ear --only words --only names --out card --runs raw"
    )
    assert found["words"]["rows"][0]["wer"] == 0
    assert found["names"]["all"]["conditions"][0]["together"]["confirmed"] == 2
    assert (found["voices"], found["left_out"]) == (None, {"voices": "it was left out"})
    assert "Not measured: it was left out." in (out / "accuracy.md").read_text()
    assert [one["name"] for one in found["models"]] == ["an-ear", "measured.json"]


def test_what_cannot_be_measured_is_refused_in_one_line(cli, data, tmp_path):
    for wrong, why in (
        (["--only", "prices"], "prices"),
        (["--only", "names", "--data", data / "speech"], "no transcripts"),
        (["--data", data / "an-ear"], "no recordings"),
    ):
        said = cli("evaluate", "all", "--data", data, "--out", tmp_path / "card", *wrong)
        assert (said.code, said.err.count("\n")) == (2, 1)
        assert why in said.err
    assert not (tmp_path / "card").exists()


@pytest.mark.slow(alone=False)
def test_the_archives_own_card_is_what_people_heard(cli, walked, tmp_path, monkeypatch):
    monkeypatch.delenv("CONVARCHIVE_EVAL", raising=False)
    card = ("evaluate", "all", "--home", walked.root, "--out", tmp_path, "--json")
    before = json.loads(cli(*card).out)
    assert before["archive"]["names"]["checked"] == 0
    assert "Names: not measured; nobody has checked any yet." in (tmp_path / "accuracy.md").read_text()
    at = ("--home", walked.root)
    quote = json.loads(cli("review", "sample", "-n", "1", "--json", *at).out)[0]["quote"]
    assert cli("review", "sample", "--verdict", quote, "wrong", "--by", "B. Editor", *at).code == 0
    assert json.loads(cli(*card).out)["archive"]["names"]["wrong"] == 1
    assert "Names: 1 checked by people, 1 wrong" in (tmp_path / "accuracy.md").read_text()


@pytest.mark.slow
def test_real_recordings_and_transcripts_give_a_whole_card(cli, tmp_path):
    folder, models = os.environ.get("CONVARCHIVE_EVAL"), os.environ.get("CONVARCHIVE_MODELS")
    if not folder:
        pytest.skip("CONVARCHIVE_EVAL names no folder with evaluation data")
    if not models or not (Path(models) / "whisper-tiny.en").is_dir():
        pytest.skip("CONVARCHIVE_MODELS names no folder with the model tiny.en")
    said = cli("evaluate", "all", "--data", folder, "--model", "tiny.en", "--every", "40", "--out", tmp_path,
               "--runs", tmp_path)  # fmt: skip
    assert said.code == 0
    found = json.loads((tmp_path / "accuracy.json").read_text())
    low, high = found["words"]["rows"][0]["interval_95"]
    assert 0 < low < found["words"]["rows"][0]["wer"] < high < 1
    assert found["voices"]["all"]["der"] < 0.04
    assert found["names"]["every"] == 40
    assert all(len(one["sha256"]) == 64 for one in found["models"])
    assert {"tiny.en.rttm", "tiny.en.stm", "naming.full.csv"} <= {path.name for path in tmp_path.iterdir()}
