"""Real weights, converted here, answer as those on the shelf do."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from convarchive.index.engines.minilm import OnnxEncoder
from convarchive.ingest.engines.grader import OnnxGrader
from convarchive.models import shelf
from convarchive.models.engines.export import OnnxConverter
from convarchive.models.folder import Folder
from convarchive.models.pull import TOLERANCE, pull


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_sentence_encoder_and_what_grades_sentences_answer_as_the_originals(tmp_path):
    pytest.importorskip("torch")
    root = os.environ.get("CONVARCHIVE_MODELS")
    if not root or not (Path(root) / "all-MiniLM-L6-v2" / "source").is_dir():
        pytest.skip("all-MiniLM-L6-v2 is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    carried = tmp_path / "carried" / "all-MiniLM-L6-v2"
    shutil.copytree(Path(root) / "all-MiniLM-L6-v2" / "source", carried)
    name = "all-MiniLM-L6-v2"
    [done] = pull([name], tmp_path / "models", [Folder(tmp_path / "carried")], converter=OnnxConverter())
    record = json.loads((done.path / "model.json").read_text())
    assert record["largest_difference"] < TOLERANCE
    assert [one.state for one in shelf.check(tmp_path / "models", [name])] == ["whole"]
    mine, theirs = OnnxEncoder(done.path), OnnxEncoder(Path(root) / name)
    assert mine.fingerprint == theirs.fingerprint
    texts = ["Giving power away.", "", "Trust is slow work. " * 30]
    assert np.abs(mine.encode(texts) - theirs.encode(texts)).max() < TOLERANCE
    grades = [OnnxGrader(folder).grade(texts) for folder in (done.path, Path(root) / name)]
    assert np.abs(np.subtract(*grades)).max() < TOLERANCE
