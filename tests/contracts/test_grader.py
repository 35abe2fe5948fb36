"""What everything that grades sentences promises, the network and its stand-in alike; and what the network knows."""

import os
from pathlib import Path

import pytest

from convarchive.errors import ModelMissing
from convarchive.ingest.engines.grader import OnnxGrader
from fakes.scripted import ScriptedGrader

TEXTS = (
    "The library lends bicycles on weekdays, because the bus stopped coming to the village.",
    "Yeah, that one.",
    "If people are trusted to spend a small budget without asking, they spend it better than an office would.",
    "It was like what he said about the other thing.",
)


def network():
    folder = Path(os.environ.get("CONVARCHIVE_MODELS", "nowhere")) / "all-MiniLM-L6-v2"
    if not (folder / "standalone.onnx").is_file():
        pytest.skip("its model is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    return OnnxGrader(folder, threads=2)


@pytest.fixture(
    scope="module",
    params=[ScriptedGrader, pytest.param(network, marks=pytest.mark.slow)],
    ids=["scripted", "network"],
)
def grader(request):
    return request.param()


def test_every_text_gets_a_likelihood_in_order(grader):
    grades = grader.grade(TEXTS)
    assert len(grades) == len(TEXTS)
    assert all(0 <= grade <= 1 for grade in grades)
    for text, grade in zip(TEXTS, grades, strict=True):
        assert grader.grade([text])[0] == pytest.approx(grade, abs=1e-4)


def test_nothing_is_graded_as_nothing(grader):
    assert tuple(grader.grade([])) == ()


def test_the_same_grader_has_the_same_name(grader):
    assert grader.fingerprint == grader.fingerprint != ""


@pytest.mark.slow
def test_what_says_what_it_is_about_is_likelier_to_be_understood_than_what_points_elsewhere():
    clear, dark, saying, vague = network().grade(TEXTS)
    assert min(clear, saying) > 0.8
    assert max(dark, vague) < 0.4


def test_a_folder_without_the_network_names_the_way_to_get_it(tmp_path):
    with pytest.raises(ModelMissing, match="convarchive models pull"):
        OnnxGrader(tmp_path)
