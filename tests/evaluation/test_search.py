"""Ranking is measured the whole way through an archive, and what others can score is written down."""

import json

import numpy as np
import pytest

from convarchive.errors import BadInput
from convarchive.evaluation.asking import PEERS, Engines, archive_of
from convarchive.evaluation.judged import Asked, Text, judged_sets
from convarchive.evaluation.peers.ranking import by_deviations, by_rank
from convarchive.evaluation.search import PARTS, SYSTEMS, score
from convarchive.evaluation.search_scores import Row, measured, overall
from convarchive.evaluation.sentences import sentences
from convarchive.index.engines.faiss_index import FaissIndex
from fakes.encoder import HashingEncoder

pytestmark = pytest.mark.slow(alone=False)

DOCUMENTS = [
    {"id": "m1/0", "meeting": "m1", "text": "Trust is slow work and worth it."},
    {"id": "m1/1", "meeting": "m1", "text": "A garden is a slow argument."},
    {"id": "m2/0", "meeting": "m2", "text": "Trust between neighbours keeps a street alive."},
    {"id": "m2/1", "meeting": "m2", "text": "Maps are opinions."},
]
QUERIES = [
    {"id": "q1", "query": "slow trust", "relevant": ["m1/0"], "meeting": "m1", "kind": "topic"},
    {"id": "q2", "query": "what are maps?", "relevant": ["m2/1"], "meeting": "m2", "kind": "question"},
]


def lay_out(folder, documents=DOCUMENTS, queries=QUERIES):
    folder.mkdir(parents=True)
    for name, rows in (("documents", documents), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder.parent


ENGINES = Engines(HashingEncoder(512), FaissIndex, FaissIndex.load)


def test_every_system_ranks_the_same_texts_and_leaves_its_run(tmp_path):
    data = lay_out(tmp_path / "data" / "themes" / "talks").parent
    rows = score(judged_sets(data), ENGINES, ablation=True, runs=tmp_path / "runs")
    assert [(row.name, row.queries, row.within) for row in rows] == [
        ("talks", 2, False),
        ("talks, question", 1, False),
        ("talks, topic", 1, False),
        ("talks within the meeting", 2, True),
        ("talks within the meeting, question", 1, True),
        ("talks within the meeting, topic", 1, True),
    ]
    for row in rows:
        assert row.scores.keys() == {*SYSTEMS, *PARTS}
        assert row.scores["convarchive"]["nDCG@10"] > 0.6
    assert len(list((tmp_path / "runs").iterdir())) == 2 * len({*SYSTEMS, *PARTS})
    lines = (tmp_path / "runs" / "talks-within-the-meeting.convarchive.run").read_text().splitlines()
    assert {line.split()[2] for line in lines if line.startswith("q1")} == {"m1/0", "m1/1"}
    assert [line.split()[3] for line in lines if line.startswith("q1")] == ["1", "2"]


def test_repeats_of_a_hit_are_ranked_right_after_it():
    once = "Trust is slow work and worth every hour of it, say the gardeners of our street."
    texts = [Text("a", once), Text("b", "Slow trust is work for gardeners."), Text("c", "Maps lie.")]
    with archive_of([*texts, Text("a again", once)], ENGINES) as archive:
        ranked = archive.hits("gardeners of our street")
        assert {text for text, _ in ranked[:2]} == {"a", "a again"}
        assert ranked[0][1] == ranked[1][1] > ranked[2][1]
        assert len(archive.hits("gardeners of our street", limit=1)) == 1
        assert archive.told("gardeners of our street")["a"] == pytest.approx(ranked[0][1], abs=1e-3)
        assert archive.plain("maps")["zfusion"][0][0] == "c"


def test_a_text_that_answers_but_comes_second_costs_what_the_measure_says():
    asked = [Asked("p", "y", ("a",)), Asked("q", "x", ("b",))]
    found = measured(asked, {"q": [("a", 0.9), ("b", 0.9)]})
    assert found["RR@10"] == (0, 0.5)
    assert found["nDCG@10"] == (0, pytest.approx(0.6309, abs=1e-4))
    assert found["P@10"] == (0, pytest.approx(0.1))
    assert measured(asked, {})["nDCG@10"] == (0, 0)


def row(name, ours, *, within=False, **peers):
    values = {"convarchive": ours, **{peer: peers.get(peer, [0.1] * len(ours)) for peer in PEERS}}
    scores = {system: {"nDCG@10": tuple(per)} for system, per in values.items()}
    return Row(name, "", len(ours), 9, within, scores)


def test_the_lead_is_on_the_best_peer_and_the_ratio_on_the_best_of_each_set():
    ahead, behind = row("a", [0.6] * 6, bm25=[0.4] * 6, zfusion=[0.5] * 6), row("b", [0.2] * 6, rrf=[0.4] * 6)
    lead = ahead.lead("nDCG@10")
    assert (lead.peer, lead.by, lead.interval) == ("zfusion", pytest.approx(0.1), pytest.approx((0.1, 0.1)))
    found = overall([ahead, behind])
    assert (found.sets, found.ratio_of_means) == (2, pytest.approx(0.4 / 0.4))
    assert found.mean_of_ratios == pytest.approx((1.5 + 0.5) / 2)
    assert found.behind == ("b: rrf",)
    inside = overall([ahead, behind, row("b", [0.8] * 6, within=True, rrf=[0.4] * 6)], within=True)
    assert (inside.mean_of_ratios, inside.behind) == (pytest.approx(1.75), ())


@pytest.mark.parametrize(
    ("documents", "queries", "says"),
    [
        ([{"id": "a"}], QUERIES, r"documents\.jsonl:1: text must be a text"),
        (DOCUMENTS, [{"id": "q", "query": "x", "relevant": ["nowhere"]}], r"queries\.jsonl:1: relevant must list ids"),
        (DOCUMENTS, [{"id": "q", "query": "x"}], r"queries\.jsonl:1: relevant"),
        (DOCUMENTS, [["q"]], r"queries\.jsonl:1: not a JSON object"),
    ],
)
def test_judgements_that_do_not_parse_are_refused_on_their_line(tmp_path, documents, queries, says):
    data = lay_out(tmp_path / "themes" / "talks", documents, queries)
    with pytest.raises(BadInput, match=says):
        judged_sets(data)


def test_a_folder_without_judgements_or_the_named_set_is_refused(tmp_path):
    with pytest.raises(BadInput, match="name the folder with --data"):
        judged_sets(tmp_path)
    data = lay_out(tmp_path / "themes" / "talks")
    with pytest.raises(BadInput, match="holds no set 'songs' with queries; there are: talks"):
        judged_sets(data, ["songs"])
    assert [one.name for one in judged_sets(data / "talks")] == ["talks"]


def test_joining_by_rank_rewards_what_both_rank_high():
    assert [row for row, _ in by_rank([[1, 2, 3], [3, 2, 9]], 3)] == [3, 2, 1]


def test_a_sum_of_deviations_lets_one_outstanding_score_win():
    cosines, words = np.array([0.5, 0.6, 0.7, 0.6]), np.array([40.0, 0, 0, 0])
    assert [row for row, _ in by_deviations(cosines, np.zeros(4), 2)] == [2, 1]
    assert by_deviations(cosines, words, 4, share=2)[0] == (0, pytest.approx(-1.4142 + 2 * 1.7321, abs=1e-3))


def test_sentences_of_a_quotes_size_are_taken_from_all_over_the_talk(tmp_path):
    import lzma

    long = "one two three four five six seven number"
    turns = [{"text": f"Short. {long} {n}. {long} again {n}!"} for n in range(400)]
    with lzma.open(tmp_path / "talk-turns.jsonl.xz", "wt") as file:
        file.writelines(json.dumps(turn) + "\n" for turn in turns)
    found = sentences(tmp_path, 20)
    assert len(set(found)) == 20
    assert found == sentences(tmp_path, 20)
    assert found[-1] > found[0]
    with pytest.raises(BadInput, match="ask for fewer"):
        sentences(tmp_path, 23)
    with pytest.raises(BadInput, match="name the folder"):
        sentences(tmp_path / "nowhere", 1)
    (tmp_path / "talk-turns.jsonl.xz").write_bytes(b"no archive")
    with pytest.raises(BadInput, match="cannot be read"):
        sentences(tmp_path, 1)
