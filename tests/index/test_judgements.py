"""The collection's own queries, judged by a person before anything was tuned, on its own desks."""

import os
import shutil
from pathlib import Path

import pytest

from convarchive.domain.passage import Query
from convarchive.editorial.desks import load_desks
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.desks import read_judgements
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.live import opened
from convarchive.index.search import search
from convarchive.store.catalogue import Catalogue

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
DESKS = ("convarchive.toml", "ingest/speakers.toml", "ingest/published", "index/themes.toml", "index/judgements.toml")
FLOOR = 0.84
"""nDCG@10 over the judged queries; it was 0.873 when this was written (cosine alone 0.841, BM25 alone 0.690)."""
UNANSWERED = (
    "how to change a bicycle tyre",
    "quantum chromodynamics",
    "football league results",
    "the rules of chess",
    "dinosaur fossils in Argentina",
    "vintage motorcycle engines",
    "guitar chords for beginners",
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Asks an archive made of the repository's desks; answers with the keys of printed quotes."""
    root = os.environ.get("CONVARCHIVE_MODELS")
    if not root or not (Path(root) / "all-MiniLM-L6-v2" / "model.json").is_file():
        pytest.skip("all-MiniLM-L6-v2 is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    from convarchive.index.engines.minilm import OnnxEncoder

    home = Home(tmp_path_factory.mktemp("collection"))
    for name in DESKS:
        source, target = REPOSITORY / name, home.root / name
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    encoder = OnnxEncoder(Path(root) / "all-MiniLM-L6-v2")
    with Catalogue.for_writing(home) as catalogue:
        load_desks(home, catalogue)
        build(home, catalogue, encoder, FaissIndex)
        index = opened(home, FaissIndex.load)
        with catalogue.reading("researcher") as read:
            views = {view.id: view for view in read.quotes()}

            def asked(text, **kwargs):
                answer = search(read, index, encoder, Query(text), **kwargs)
                return [views[hit.passage.quote].sources[0].key for hit in answer.hits]

            asked.home, asked.views = home, views
            yield asked


def test_the_judged_quotes_come_first(ask):
    measures = pytest.importorskip("ir_measures")
    judged = [query for query in read_judgements(ask.home) if query.judgements]
    qrels = {query.text: {one.quote: one.grade for one in query.judgements} for query in judged}
    run = {query.text: {key: float(-rank) for rank, key in enumerate(ask(query.text, least=0.0))} for query in judged}
    assert measures.calc_aggregate([measures.nDCG @ 10], qrels, run)[measures.nDCG @ 10] > FLOOR


def test_letting_go_of_control_finds_the_sentence_on_giving_power_away(ask):
    assert ask("letting go of control")[0] == "gorman-give-power-away"


def test_every_answer_that_was_judged_best_is_above_the_cut_off_where_one_is_there(ask):
    for query in read_judgements(ask.home):
        found = ask(query.text)
        best = {one.quote for one in query.judgements if one.grade == 2}
        assert bool(found) == bool(best), query.text
        assert not best or best & set(found[:3]), query.text


@pytest.mark.parametrize("text", UNANSWERED)
def test_what_nobody_spoke_of_finds_nothing(ask, text):
    assert ask(text) == []


def test_quotes_are_scored_for_the_six_themes_and_print_keeps_its_own(ask):
    themes = {"mindset", "leadership", "organisations", "communities", "services", "economy"}
    for view in ask.views.values():
        # A chance too small to be worth writing down is none.
        assert {score.theme for score in view.themes if score.by == "model"} <= themes
    printed = {
        view.sources[0].key: score.theme for view in ask.views.values() for score in view.themes if score.by == "print"
    }
    assert printed["gorman-give-power-away"] == "organisations"
    assert len(printed) == 18


def test_print_and_model_mostly_agree_on_the_theme(ask):
    agreed = told = 0
    for view in ask.views.values():
        printed = {score.theme for score in view.themes if score.by == "print"}
        if printed:
            told += 1
            agreed += max((s for s in view.themes if s.by == "model"), key=lambda s: s.score).theme in printed
    assert agreed / told > 0.7


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("kindess and compasion", "kindness and compassion"),
        ("lisening", "listening"),
        ("giving powr away", "giving power away"),
        ("colaborative leadreship", "collaborative leadership"),
    ],
)
def test_a_slip_of_the_keyboard_is_forgiven_in_words_and_in_meaning(ask, misspelt, meant):
    assert ask(misspelt)[:1] == ask(meant)[:1] != []
