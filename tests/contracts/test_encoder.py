"""What every encoder promises, the fake one and the real ones alike."""

import os
from pathlib import Path

import numpy as np
import pytest

from fakes.encoder import HashingEncoder

TEXTS = (
    "Giving power away is the hardest thing a leader learns.",
    "A leader learns to give power away.",
    "The bus to the harbour leaves at ten past nine.",
    "",
    "   ",
    "Ünïcödé, עברית and 日本語 🙂",
    "word " * 3000,
)


def folder():
    root = os.environ.get("CONVARCHIVE_MODELS")
    if not root or not (Path(root) / "all-MiniLM-L6-v2" / "model.json").is_file():
        pytest.skip("all-MiniLM-L6-v2 is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    return Path(root) / "all-MiniLM-L6-v2"


def onnx():
    from convarchive.index.engines.minilm import OnnxEncoder

    return OnnxEncoder(folder(), threads=2)


def reference():
    pytest.importorskip("sentence_transformers")
    from convarchive.index.engines.reference import ReferenceEncoder

    return ReferenceEncoder(folder() / "source")


@pytest.fixture(
    scope="module",
    params=[
        HashingEncoder,
        pytest.param(onnx, marks=pytest.mark.slow),
        pytest.param(reference, marks=[pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]),
    ],
    ids=["fake", "onnx", "reference"],
)
def encoder(request):
    return request.param()


def test_a_text_becomes_one_unit_vector(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_become_no_vectors(encoder):
    vectors = encoder.encode([])
    assert vectors.shape == (0, encoder.dimensions)
    assert vectors.dtype == np.float32


def test_texts_of_like_meaning_lie_close(encoder):
    power, away, bus = encoder.encode(TEXTS[:3])
    assert power @ away > power @ bus + 0.1


def test_a_text_has_the_same_vector_whatever_stands_beside_it(encoder):
    together = encoder.encode(TEXTS)
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_allclose(together, backwards, atol=1e-4)


def test_the_fingerprint_stays(encoder):
    before = encoder.fingerprint
    encoder.encode(TEXTS[:1])
    assert encoder.fingerprint == before != ""
