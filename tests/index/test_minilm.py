"""The encoder that serves must say what the library the model comes from says."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from convarchive.errors import ModelMissing
from convarchive.index.engines import minilm
from convarchive.index.engines.minilm import MAX_TOKENS, OnnxEncoder

TEXTS = (
    "Hello",
    "Giving power away is the hardest thing a leader learns.",
    "What would it take for a council to trust its residents with the budget, and who decides?",
    "Ünïcödé, naïve café; עברית and 日本語 🙂",
    "3.14159 — 2031-01-01 … “quoted” [...] don't",
    "",
    " \n\t ",
    "ALL CAPITALS AND all small letters",
    "community " * 120,
    "A sentence that goes on and on, " * 200,
    *(f"Sentence number {n} of an interview with Ada Example about {n % 7} things." for n in range(40)),
)


@pytest.fixture(scope="module")
def folder():
    root = os.environ.get("CONVARCHIVE_MODELS")
    if not root or not (Path(root) / "all-MiniLM-L6-v2" / "model.json").is_file():
        pytest.skip("all-MiniLM-L6-v2 is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    return Path(root) / "all-MiniLM-L6-v2"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_its_vectors_agree_with_the_reference_to_a_ten_thousandth(folder):
    pytest.importorskip("sentence_transformers")
    from convarchive.index.engines.reference import ReferenceEncoder

    reference = ReferenceEncoder(folder / "source").encode(TEXTS)
    assert np.abs(OnnxEncoder(folder).encode(TEXTS) - reference).max() < 1e-4


@pytest.mark.slow
def test_its_fingerprint_names_the_published_weights_and_the_pooling(folder):
    weights = json.loads((folder / "model.json").read_text())["weights"]
    assert OnnxEncoder(folder).fingerprint == f"all-MiniLM-L6-v2:{weights[:16]}:mean:l2:{MAX_TOKENS}"


@pytest.mark.slow
def test_encoding_loads_no_torch(folder):
    script = (
        "import sys; from pathlib import Path; from convarchive.index.engines.minilm import OnnxEncoder; "
        f"OnnxEncoder(Path({str(folder)!r})).encode(['a']); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_a_one_line_error(folder, tmp_path, broken):
    for name in ("model.onnx", "tokenizer.json"):
        shutil.copyfile(folder / name, tmp_path / name)
    (tmp_path / broken).write_text("nothing of use")
    with pytest.raises(ModelMissing, match=f"{broken} is not there or damaged.*convarchive models pull"):
        OnnxEncoder(tmp_path)


def test_an_empty_folder_is_a_one_line_error_that_names_the_way_out(tmp_path):
    with pytest.raises(ModelMissing, match=r"tokenizer\.json is not there or damaged.*convarchive models pull"):
        OnnxEncoder(tmp_path)


@pytest.mark.slow
def test_words_that_were_met_before_are_cut_as_the_whole_text_would_be(folder, monkeypatch):
    monkeypatch.setattr(minilm, "_WORDS_KEPT", 30)
    encoder = OnnxEncoder(folder)
    for texts in (TEXTS, TEXTS[::-1], TEXTS):
        whole = encoder._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        assert encoder._pieces(texts) == [one.ids[:MAX_TOKENS] for one in whole]


@pytest.mark.slow
def test_a_slip_of_the_keyboard_is_told_from_a_word(folder):
    encoder = OnnxEncoder(folder)
    assert encoder.respelt("kindess") == ("kindness",)
    assert encoder.respelt("leadreship")[0] == "leadership"
    assert "compassion" in encoder.respelt("compasion")
    for word in ("kindness", "Power", "cricket", "xqzvkj", "of", "2031"):
        assert encoder.respelt(word) == ()
