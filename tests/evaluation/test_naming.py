"""The measurement of naming hides the names, scores who was named rightly, and states how sure its figures are."""

import csv
import json
import lzma
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.errors import BadInput
from convarchive.evaluation.naming import CONDITIONS, Share, answers, cases, coverage, precision, report, write

TURNS = [
    ("Ada Example", "Welcome to the show. I'm Ada Example. My guest today is Ben Sample. Welcome, Ben."),
    ("Ben Sample", "Thank you, Ada. My name is Ben Sample. " + "It takes a long time to grow anything at all. " * 15),
    ("Ada Example", "Ben, what came first? " + "People often ask how such a thing begins and what it costs. " * 12),
    ("Ben Sample", "Beans, mostly, and then many more beans."),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "transcripts"
    inside.mkdir()
    with lzma.open(inside / "changelog-turns.jsonl.xz", "wt") as file:
        for order, (speaker, text) in enumerate(TURNS):
            row = {"episode": "made-up-1", "show": "made-up", "order": order, "speaker": speaker, "text": text}
            file.write(json.dumps(row) + "\n")
    ada, ben = {"name": "Ada Example", "role": "host"}, {"name": "Ben Sample", "role": "guest"}
    conditions = {"full": [ada, ben], "missing": [ada]}
    with lzma.open(inside / "naming.jsonl.xz", "wt") as file:
        row = {"episode": "made-up-1", "show": "made-up", "hosts": ["Ada Example"], "conditions": conditions}
        file.write(json.dumps(row) + "\n")
    return tmp_path


def test_each_voice_is_scored_against_the_true_name_in_each_condition(folder: Path) -> None:
    found = list(answers(cases(folder)[0]))
    assert [(a.condition, a.label) for a in found] == [(c, label) for c in CONDITIONS for label in ("S1", "S2")]
    assert [(a.truth, a.role, a.first) for a in found[:2]] == [("Ada Example", "host", 0), ("Ben Sample", "guest", 1)]
    full = [a for a in found if a.condition == "full"]
    assert precision(full, "confirmed") == Share(2, 2)
    assert coverage(full, "confirmed") == 1.0
    none = [a for a in found if a.condition == "none"]
    assert precision(none, "confirmed") == Share(0, 0)
    assert precision(none, "probable") == Share(2, 2)


def test_a_wrong_confirmed_name_is_listed_in_the_report(folder: Path) -> None:
    given = [a for a in answers(cases(folder)[0], ["full"]) if a.status == "confirmed"]
    assert "0 wrong names confirmed." in report(given)
    wrong = [replace(a, truth="Cleo Specimen") for a in given]
    assert f"{len(wrong)} wrong names confirmed:" in report(wrong)
    assert "full, made-up-1, S2: Ben Sample for Cleo Specimen" in report(wrong)


def test_raw_answers_are_written_one_file_a_condition(folder: Path, tmp_path: Path) -> None:
    write(list(answers(cases(folder)[0])), tmp_path / "runs")
    assert {file.name for file in (tmp_path / "runs").iterdir()} == {f"naming.{c}.csv" for c in CONDITIONS}
    with (tmp_path / "runs" / "naming.full.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["episode"], r["label"], r["first_turn"], r["name"], r["status"]) for r in rows] == [
        ("made-up-1", "S1", "0", "Ada Example", "confirmed"), ("made-up-1", "S2", "1", "Ben Sample", "confirmed"),
    ]  # fmt: skip


def test_a_folder_without_the_data_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"naming\.jsonl\.xz: cannot be read"):
        cases(tmp_path)


def test_the_interval_is_wilson_s() -> None:
    low, high = Share(90, 100).interval
    assert (round(low, 4), round(high, 4)) == (0.8256, 0.9448)
    assert Share(0, 0).interval == (0.0, 1.0)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(right: int, total: int) -> None:
    share = Share(min(right, total), total)
    low, high = share.interval
    assert 0 <= low <= share.right / total + 1e-12
    assert share.right / total - 1e-12 <= high <= 1


@pytest.mark.slow
def test_on_real_talk_hardly_a_confirmed_name_is_wrong() -> None:
    given = os.environ.get("CONVARCHIVE_EVAL")
    if not given or not (Path(given) / "transcripts" / "naming.jsonl.xz").is_file():
        pytest.skip("CONVARCHIVE_EVAL names no folder with transcripts/naming.jsonl.xz")
    found = [answer for case in cases(Path(given))[::40] for answer in answers(case, ["full", "hosts"])]
    for condition in ("full", "hosts"):
        sure = precision([a for a in found if a.condition == condition], "confirmed")
        assert sure.right >= 0.97 * sure.total > 0
    assert coverage([a for a in found if a.condition == "full"], "confirmed") > 0.5
