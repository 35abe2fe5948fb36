"""Ranking is measured the whole way through an archive, and what others can score is written down."""

import json

import pytest

from convarchive.errors import BadInput
from convarchive.evaluation.judged import Asked, judged_sets
from convarchive.evaluation.peers.ranking import by_rank, dense
from convarchive.evaluation.search import SYSTEMS, measure, score
from convarchive.evaluation.sentences import sentences
from convarchive.index.engines.faiss_index import FaissIndex
from fakes.encoder import HashingEncoder

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


def test_every_system_ranks_the_same_texts_and_leaves_its_run(tmp_path):
    data = lay_out(tmp_path / "data" / "themes" / "talks").parent
    rows = score(judged_sets(data), HashingEncoder(512), FaissIndex, FaissIndex.load, runs=tmp_path / "runs")
    assert [(row.name, row.queries, row.within) for row in rows] == [
        ("talks, question", 1, False),
        ("talks, topic", 1, False),
        ("talks within the meeting, question", 1, True),
        ("talks within the meeting, topic", 1, True),
    ]
    for row in rows:
        assert row.scores.keys() == set(SYSTEMS)
        assert row.scores["convarchive"]["nDCG@10"] == 1.0
    assert len(list((tmp_path / "runs").iterdir())) == 2 * len(SYSTEMS)
    lines = (tmp_path / "runs" / "talks-within-the-meeting.convarchive.run").read_text().splitlines()
    assert {line.split()[2] for line in lines if line.startswith("q1")} == {"m1/0", "m1/1"}
    assert [line.split()[3] for line in lines if line.startswith("q1")] == ["1", "2"]


def test_a_document_that_answers_but_comes_second_costs_what_the_measure_says():
    asked = [Asked("q", "x", ("b",))]
    found = measure(asked, {"q": [("a", 0.9), ("b", 0.9)]})
    assert found["RR@10"] == 0.5
    assert found["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)
    assert measure(asked, {})["nDCG@10"] == 0


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
    vectors = HashingEncoder().encode(["trust", "maps"])
    assert dense(vectors[1], vectors, 5)[0] == (1, pytest.approx(1, abs=1e-6))


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
