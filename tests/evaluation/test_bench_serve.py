"""The measurement itself: it counts what was asked, tells failures, and sees the index swapped."""

import sys
from pathlib import Path

import pytest

from convarchive.errors import BadInput
from convarchive.evaluation.bench_serve import bench, percentiles
from convarchive.evaluation.invented import sentences
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from fakes.encoder import HashingEncoder

pytestmark = pytest.mark.slow(alone=False)

TESTS = Path(__file__).parents[1]
SERVE = (sys.executable, str(TESTS / "fakes" / "serving_as_told.py"))


def rebuild(home, catalogue):
    return build(home, catalogue, HashingEncoder(), FaissIndex)


def measured(*more, **how):
    how = {"clients": 3, "seconds": 7.0, "serve": (*SERVE, *more)} | how
    return bench(150, HashingEncoder(), FaissIndex, rebuild, **how)


def test_visitors_are_answered_while_quotes_come_in_and_the_index_is_swapped():
    found = measured()
    assert found.quotes == 150
    assert found.load.failed == 0
    assert found.load.answers > 50
    assert found.load.writes > 3
    assert found.load.swaps >= 1
    assert 0 < found.load.percentiles[0] <= found.load.percentiles[1] <= found.load.percentiles[2]
    assert all(held > 10_000_000 for held in (found.start.held, *found.load.held))
    assert 0 < found.start.seconds < 60


def test_what_fails_is_counted_and_told():
    load = measured("--break", "/api/v1/themes", seconds=4.0).load
    assert 0 < load.failed < load.answers
    assert load.failures[0].startswith("/api/v1/themes")
    assert load.failures[0].endswith(": 404")


def test_a_server_that_does_not_start_is_told_in_one_line():
    with pytest.raises(BadInput, match="did not start: no such thing") as refused:
        measured(serve=(sys.executable, "-c", "import sys; sys.exit('no such thing')"))
    assert "\n" not in str(refused.value)


def test_percentiles_are_values_that_were_measured():
    assert percentiles(range(101)) == (50, 95, 99)
    assert percentiles([]) == (0.0, 0.0, 0.0)


def test_invented_sentences_are_always_the_same_and_never_twice():
    many = list(sentences(3000))
    assert many == list(sentences(3000))
    assert len(set(many)) == 3000
    assert many[0] != next(sentences(1, seed=2))
