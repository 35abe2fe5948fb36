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
from convarchive.evaluation.ear import by_ear, misheard
from convarchive.evaluation.naming import CONDITIONS, answers, cases, has_transcripts, said, write
from convarchive.evaluation.naming_fit import rising
from convarchive.evaluation.naming_report import Wrong, calibration_error, coverage, curve, errors, report, summary

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
    assert errors(full, "confirmed") == Wrong(0, 2)
    assert coverage(full, "confirmed") == 1.0
    none = [a for a in found if a.condition == "none"]
    assert [errors(none, status).wrong for status in ("confirmed", "probable")] == [0, 0]


def test_a_name_that_nobody_says_or_lists_is_out_of_reach() -> None:
    turns = (
        ("Ada Example", "Hello Ben."),
        ("Ben Sample", "Thank you, Ada-Example."),
        ("Cleo Specimen", "Clea Specimen, yes."),
    )
    assert said(turns) == {"Ada Example", "Cleo Specimen"}


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


def test_the_bound_is_clopper_and_pearson_s() -> None:
    assert [round(Wrong(wrong, total).bound, 4) for wrong, total in ((0, 1000), (2, 1000), (6, 7623))] == [
        0.003, 0.0063, 0.0016,
    ]  # fmt: skip
    assert Wrong(0, 0).bound == Wrong(3, 3).bound == 1.0


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_bound_lies_above_the_share(wrong: int, total: int) -> None:
    found = Wrong(min(wrong, total), total)
    assert found.wrong / total - 1e-9 <= found.bound <= 1


def test_the_curve_sets_confidence_beside_what_was_right(folder: Path) -> None:
    sure = [replace(a, confidence=0.97, status="confirmed") for a in answers(cases(folder)[0], ["full"])]
    wrong = [replace(a, truth="Cleo Specimen") for a in sure]
    assert [(b.total, round(b.right, 2)) for b in curve([*sure, *wrong])] == [(4, 0.5)]
    assert calibration_error([*sure, *wrong]) == pytest.approx(0.47)
    figures = summary([*sure, *wrong])["full"]
    assert figures["guest"] == {
        "talk_confirmed": 0.5, "talk_within": 1.0, "confirmed": 2, "wrong": 1, "bound": Wrong(1, 2).bound,
    }  # fmt: skip


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200))
def test_the_fitted_curve_rises_and_is_never_certain(seen: list[tuple[float, bool]]) -> None:
    points = rising(seen)
    assert [share for _, share in points] == sorted(share for _, share in points)
    assert all(0 < share < 1 for _, share in points)


def test_the_ear_hears_no_capitals_and_the_same_name_the_same_way(folder: Path) -> None:
    heard = misheard(TURNS)
    assert all(text == text.lower() and not set(text) & set(".,?") for _, text in heard)
    assert [who for who, _ in heard] == [who for who, _ in TURNS]
    assert by_ear("specimen") == by_ear("specimen")
    found = answers(cases(folder)[0], ["full"], as_heard=True)
    assert errors(found, "confirmed").wrong == 0


def test_the_folder_may_be_the_transcripts_themselves(folder: Path) -> None:
    assert has_transcripts(folder)
    assert len(cases(folder / "transcripts")) == 1
    assert not has_transcripts(folder / "runs")


@pytest.mark.slow
def test_on_real_talk_hardly_a_confirmed_name_is_wrong() -> None:
    given = os.environ.get("CONVARCHIVE_EVAL")
    if not given or not (Path(given) / "transcripts" / "naming.jsonl.xz").is_file():
        pytest.skip("CONVARCHIVE_EVAL names no folder with transcripts/naming.jsonl.xz")
    found = [answer for case in cases(Path(given))[::40] for answer in answers(case, ["full", "hosts"])]
    for condition in ("full", "hosts"):
        sure = errors([a for a in found if a.condition == condition], "confirmed")
        assert sure.wrong <= 0.03 * sure.total > 0
    assert coverage([a for a in found if a.condition == "full"], "confirmed") > 0.7
