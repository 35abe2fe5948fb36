"""What is measured about search is printed, drawn, and left for others to score."""

import json
import lzma

import pytest

from convarchive import wiring
from convarchive.evaluation import pairs
from convarchive.evaluation.invented import sentences
from fakes.encoder import HashingEncoder

pytestmark = pytest.mark.slow(alone=False)

TALK = {
    "gardens": (["A pond needs shade and patience.", "Roses want the morning sun."], ["pond shade", "morning sun"]),
    "trains": (["Night trains sleep in the depot.", "Old bells ring at the crossing."], ["night trains", "old bells"]),
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(wiring, "encoder", lambda: HashingEncoder(512))
    for name, (texts, queries) in TALK.items():
        folder = tmp_path / "data" / "themes" / name
        folder.mkdir(parents=True)
        rows = [{"id": str(n), "text": text} for n, text in enumerate(texts)]
        (folder / "documents.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        asked = [{"id": f"q{n}", "query": query, "relevant": [str(n)]} for n, query in enumerate(queries)]
        (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    return tmp_path / "data"


def test_ranking_is_printed_with_its_lead_and_what_each_part_is_worth(cli, data, tmp_path):
    said = cli("evaluate", "search", "--data", data, "--ablation", "--runs", tmp_path / "runs")
    assert said.code == 0
    assert "gardens: 2 queries over 2 texts" in said.out
    assert "no closeness" in said.out
    assert "nDCG@10 over 2 sets, looking everywhere: 1.000, best of dense, bm25 and rrf 1.000" in said.out
    assert "not above gardens: dense" in said.out
    assert (tmp_path / "runs" / "trains.zfusion.run").is_file()
    found = json.loads(cli("evaluate", "search", "--data", data, "--only", "trains", "--json").out)
    assert found["rows"][0]["scores"]["convarchive"]["nDCG@10"] == 1
    assert found["overall"]["everywhere"]["sets"] == 1
    assert cli("evaluate", "search", "--data", data, "--only", "songs").code == 2


def test_relevance_is_printed_and_drawn(cli, data, tmp_path):
    said = cli("evaluate", "relevance", "--data", data, "--picture", tmp_path / "curve.svg")
    assert said.code == 0
    assert "all, where they were judged" in said.out
    assert "2 of 2" in said.out
    assert (tmp_path / "curve.svg").read_text().startswith("<svg")


@pytest.mark.slow(alone=False)
def test_known_sentences_are_asked_for(cli, data, monkeypatch):
    some = pairs.pairs()[::16]
    monkeypatch.setattr(pairs, "pairs", lambda: some)
    (data / "transcripts").mkdir()
    with lzma.open(data / "transcripts" / "talk-turns.jsonl.xz", "wt") as file:
        file.writelines(json.dumps({"text": sentence}) + "\n" for sentence in sentences(300 * 37))
    found = json.loads(cli("evaluate", "known", "--data", data, "--sentences", 300, "--targets", 3, "--json").out)
    assert {row["pairs"] for row in found["pairs"]} == {2}
    assert {row["asked"] for row in found["items"]} == {3}
    assert cli("evaluate", "known", "--data", data, "--sentences", 400).code == 2
