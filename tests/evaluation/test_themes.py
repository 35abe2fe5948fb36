"""Themes are measured on halves that share nothing, and a few examples do better than none."""

import numpy as np
import pytest

from convarchive.evaluation.discovery import coherence, diversity
from convarchive.evaluation.judged import Asked, JudgedSet, Text
from convarchive.evaluation.theme_halves import halves
from convarchive.evaluation.themes import OURS, agreement, measure
from fakes.encoder import HashingEncoder

TOPICS = ("bread oven dough", "boat harbour tide", "map river bridge", "council vote street")


def judged():
    draw = np.random.default_rng(3)
    texts, asked = [], []
    for number, topic in enumerate(TOPICS):
        own = [
            f"{topic.split()[n % 3]} n{number}{n} " + " ".join(f"w{w}" for w in draw.integers(0, 60, 5))
            for n in range(16)
        ]
        asked.append(Asked(f"t{number}", topic.split()[0], tuple(f"{number}-{n}" for n in range(16))))
        texts += [Text(f"{number}-{n}", text) for n, text in enumerate(own)]
    return JudgedSet("made", tuple(texts), tuple(asked))


def test_no_text_and_no_theme_is_in_both_halves():
    fit, report = halves(judged(), HashingEncoder(128))
    assert set(fit.themes).isdisjoint(report.themes)
    assert len(fit.themes) + len(report.themes) == len(TOPICS)
    assert len(fit.vectors) + len(report.vectors) == 64
    rows = {row.tobytes() for row in fit.vectors}
    assert not any(row.tobytes() in rows for row in report.vectors)


def test_examples_help_and_every_system_is_given_the_same():
    found = measure([judged()], HashingEncoder(128), examples=(0, 6), draws=2)
    ours = {row.examples: row.precision.mean for row in found.rows if row.system == OURS}
    assert 0 < ours[0] < ours[6] <= 1
    assert len({row.themes for row in found.rows}) == 1
    assert [one.examples for one in found.calibration] == [0, 6]


def test_kappa_is_told_of_each_person_and_only_where_it_means_anything():
    said = {"A. Editor": [(True, True), (False, False), (True, False), (False, False)], "B. Editor": [(True, True)]}
    assert agreement(said) == {"A. Editor": (4, pytest.approx(0.5)), "B. Editor": (1, None)}
    assert agreement({}) == {}


def test_words_that_stand_together_cohere_and_shared_words_cost_diversity():
    texts = ["bread oven", "bread oven", "boat tide", "boat tide"]
    assert coherence((("bread", "oven"),), texts) == pytest.approx(1)
    assert coherence((("bread", "boat"),), texts) == -1
    assert diversity((("bread", "oven"), ("bread", "tide"))) == 0.75
