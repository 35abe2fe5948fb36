"""Theme scores mean the same everywhere, and an example does not vouch for itself."""

from dataclasses import replace

import numpy as np
import pytest

from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.theme import Theme, ThemeDecision, ThemeId
from convarchive.index.themes import clauses, score, with_decisions
from fakes.encoder import HashingEncoder

ENCODER = HashingEncoder(512)
GARDENS = Theme(ThemeId("gardens"), "Gardens", "How gardens grow: soil and patient seeds; what weather does to them.")
TEXTS = ("Patient seeds want soil.", "The committee adjourned at noon.", "Weather is patient.")


def scores(themes, examples=None, texts=TEXTS):
    versions = [VersionId(f"v{n}") for n in range(len(texts))]
    quotes = [QuoteId(f"q{n}") for n in range(len(texts))]
    found = score(themes, ENCODER, versions, quotes, ENCODER.encode(texts), examples or {})
    return [{one.theme: one.score for one in found[version]} for version in versions]


def test_a_description_is_compared_clause_by_clause():
    assert clauses(GARDENS) == ("How gardens grow", "soil and patient seeds", "what weather does to them")
    assert clauses(Theme(ThemeId("x"), "Old maps", "Maps.")) == ("Old maps",)
    seeds, committee, _ = scores([GARDENS])
    assert seeds["gardens"] > 0.4
    assert committee["gardens"] < 0.1


def test_every_score_lies_between_0_and_1_and_is_the_models(tmp_path):
    found = score([GARDENS], ENCODER, [VersionId("v")], [QuoteId("q")], ENCODER.encode(["x"]), {})
    assert [(one.theme, one.by) for one in found[VersionId("v")]] == [("gardens", "model")]
    assert 0 <= found[VersionId("v")][0].score <= 1


def test_examples_draw_their_like_to_the_theme_but_not_themselves():
    shown = Theme(GARDENS.id, GARDENS.title, GARDENS.description, ("q1",))
    vector = ENCODER.encode([TEXTS[1]])[0]
    plain, drawn = scores([GARDENS]), scores([shown], {QuoteId("q1"): vector})
    assert drawn[1] == plain[1]
    twins = (TEXTS[0], TEXTS[1], TEXTS[1])
    assert scores([shown], {QuoteId("q1"): vector}, twins)[2]["gardens"] > scores([GARDENS], texts=twins)[2]["gardens"]


def test_a_counter_example_drives_its_like_away_and_a_rival_theme_takes_what_is_nearer_to_it():
    told = replace(GARDENS, examples=("q0",), counter_examples=("q2",))
    texts = (*TEXTS, "Weather is so patient.")
    vectors = dict(zip(map(QuoteId, ("q0", "q1", "q2")), ENCODER.encode(TEXTS), strict=True))
    assert scores([told], vectors, texts)[3]["gardens"] < scores([GARDENS], texts=texts)[3]["gardens"]
    rival = Theme(ThemeId("committees"), "Committees", "The committee adjourned at noon.")
    assert scores([GARDENS, rival])[1]["gardens"] < scores([GARDENS])[1]["gardens"]


def test_as_many_examples_as_counter_examples_do_not_make_half_of_everything_belong():
    draw = np.random.default_rng(4)
    own = ["seeds want soil", "gardens and weather", "patient soil seeds"]
    texts = [" ".join([own[n % 3] * (n % 10 == 0), *(f"w{w}" for w in draw.integers(0, 40, 5))]) for n in range(200)]
    names = [f"q{n}" for n in range(60)]
    told = replace(GARDENS, examples=tuple(names[::10]), counter_examples=tuple(names[5::10]))
    vectors = dict(zip(map(QuoteId, names), ENCODER.encode(texts[:60]), strict=True))
    said = [one["gardens"] for one in scores([told], vectors, texts)[60:]]
    before = [one["gardens"] for one in scores([GARDENS], texts=texts)[60:]]
    assert sum(said) < 1.5 * sum(before)
    assert min(said[::10]) > max(one for n, one in enumerate(said) if n % 10)


def test_an_editors_word_outranks_the_desk():
    word = ThemeDecision(1, QuoteId("q1"), GARDENS.id, belongs=False, by="An Editor")
    (told,) = with_decisions([replace(GARDENS, examples=("q0", "q1"))], [word])
    assert (told.examples, told.counter_examples) == (("q0",), ("q1",))


def test_scores_do_not_depend_on_the_order_of_themes_or_on_the_company():
    other = Theme(ThemeId("committees"), "Committees", "What a committee does at noon.")
    assert scores([GARDENS, other]) == scores([other, GARDENS])
    assert scores([GARDENS], texts=TEXTS[:1])[0] == scores([GARDENS])[0]


def test_without_themes_or_quotes_there_are_no_scores():
    assert score([], ENCODER, [VersionId("v")], [QuoteId("q")], ENCODER.encode(["x"]), {}) == {}
    assert score([GARDENS], ENCODER, [], [], np.empty((0, 512), np.float32), {}) == {}


@pytest.mark.parametrize("name", ["q9", "unknown"])
def test_an_example_that_is_not_there_is_passed_over(name):
    shown = Theme(GARDENS.id, GARDENS.title, GARDENS.description, (name,))
    assert scores([shown]) == scores([GARDENS])
