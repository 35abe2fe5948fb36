"""Relevance is held to what came of it, and to silence where nobody spoke."""

from xml.etree import ElementTree

import numpy as np
import pytest

from convarchive.evaluation.asking import Engines
from convarchive.evaluation.calibration_curve import drawn
from convarchive.evaluation.judged import Asked, JudgedSet, Text
from convarchive.evaluation.out_of_archive import Row
from convarchive.evaluation.relevance_measured import measure
from convarchive.evaluation.relevance_told import told
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.relevance import CUT_OFF
from fakes.encoder import HashingEncoder

pytestmark = pytest.mark.slow(alone=False)

GARDENS = JudgedSet(
    "gardens",
    (Text("1", "A pond needs shade and patience."), Text("2", "Roses want sun."), Text("3", "Prune apples in March.")),
    (Asked("a", "pond shade patience", ("1",)), Asked("b", "roses", ("2",))),
)
TRAINS = JudgedSet(
    "trains",
    (Text("1", "Night trains sleep in the depot.", "m"), Text("2", "Old bells ring at the crossing.", "n")),
    (Asked("a", "night trains depot", ("1",), "m"), Asked("b", "bells ring crossing", ("2",), "n")),
)


def test_chances_are_held_to_what_came_of_them():
    found = told(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 0, 0, 0]), np.ones(4))
    assert (found.error, found.brier) == (pytest.approx(0.25), pytest.approx(0.21))
    assert (found.base, found.auroc) == (pytest.approx(0.1875), pytest.approx(2.5 / 3))
    assert [(one.share, one.told, one.relevant) for one in found.bins] == [
        (0.5, pytest.approx(0.1), 0),
        (0.5, pytest.approx(0.9), 0.5),
    ]
    # A text of a query that has few counts for more.
    assert told(np.array([1.0, 0.0]), np.array([1.0, 1]), np.array([3.0, 1])).error == pytest.approx(0.25)


def test_own_queries_are_answered_and_other_archives_met_with_silence():
    found = measure((GARDENS, TRAINS), Engines(HashingEncoder(512), FaissIndex, FaissIndex.load))
    assert [(row.name, row.queries, row.answered) for row in found.told] == [
        ("gardens", 2, 2),
        ("trains", 2, 2),
        ("trains within the meeting", 2, 2),
        ("all, where they were judged", 4, 4),
    ]
    assert found.told[0].hits.auroc == found.told[1].with_random.auroc == 1
    gardens, trains, both = found.elsewhere
    # "roses" is one word: it says too little to be asked elsewhere, or counted here.
    assert (len(gardens.inside), len(gardens.outside), len(trains.outside)) == (1, 2, 1)
    assert (both.name, both.auroc, both.silent, both.answered) == ("all", 1, 3, 3)


def test_silence_is_counted_at_the_cut_off():
    row = Row("here", (CUT_OFF, 0.0), (CUT_OFF, CUT_OFF / 2, 0.0))
    assert (row.answered, row.silent) == (1, 2)
    assert row.auroc == pytest.approx((0.5 + 2 + 0.5) / 6)
    assert np.isnan(Row("nothing of its own", (), (0.1,)).auroc)


def test_the_curves_are_a_picture_with_their_names():
    bins = told(np.array([0.95, 0.05]), np.array([1.0, 0]), np.ones(2)).bins
    picture = ElementTree.fromstring(drawn("told & true", [("all", bins), ("talks", bins)]))
    texts = [one.text for one in picture.iter() if one.tag.endswith("text")]
    assert {"told & true", "all", "talks"} <= set(texts)
