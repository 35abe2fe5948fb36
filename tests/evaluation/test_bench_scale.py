"""How search grows is measured against the true nearest, on the same texts for every side."""

import re

import numpy as np
import pytest

from convarchive.errors import BadInput
from convarchive.evaluation.bench_archive import whole
from convarchive.evaluation.bench_encoder import encoders
from convarchive.evaluation.bench_scale import Asked, growth
from convarchive.evaluation.embedding_cache import TEXTS_A_FILE, copies, embedded
from convarchive.evaluation.growth_curve import Curve, drawn
from convarchive.evaluation.peers.faiss_flat import FaissFlat
from convarchive.evaluation.peers.fts5_plain import Fts5
from convarchive.index.engines.by_size import IndexBySize
from convarchive.wiring import words_engine
from fakes.encoder import HashingEncoder
from fakes.reading_archive import searcher

ENCODER = HashingEncoder()
TEXTS = [f"Sentence number {n} speaks of trust, gardens and maps of {n % 7} towns." for n in range(300)]


@pytest.fixture(scope="module")
def vectors():
    return ENCODER.encode(TEXTS)


class Blind:
    """Finds the same rows whatever is asked."""

    name = "blind"
    by = "vectors"

    def hold(self, folder, texts, vectors):
        (folder / "held").write_bytes(b"x" * 10 * len(texts))

    def nearest(self, text, vector, k):
        return [0] * k


def test_every_side_is_held_to_the_true_nearest(vectors):
    asked = Asked(tuple(TEXTS[::50]), vectors[::50])
    found = growth(TEXTS, vectors, 300, asked, IndexBySize, IndexBySize.load, [FaissFlat, Fts5, Blind])
    assert (found.count, found.real, found.kind) == (300, 300, "faiss-flat-ip")
    flat, words, blind = found.peers
    assert found.ours.recall == found.filtered.recall == flat.recall == 1
    assert (words.recall, blind.bytes_each) == (None, 10)
    assert blind.recall <= 0.1
    assert all(side.times.most >= side.times.half > 0 for side in (found.ours, *found.peers))
    assert min(found.opening, found.adding, found.removing) > 0


@pytest.mark.slow(alone=False)
def test_a_whole_archive_is_filled_built_and_asked(vectors):
    asked = []
    found = whole(
        TEXTS[:60], vectors[:60], TEXTS[:3], ENCODER, IndexBySize, IndexBySize.reopen,
        words_engine(), searcher, lambda home, query: asked.append((home.settings.is_file(), query)),
    )  # fmt: skip
    assert asked == [(True, TEXTS[0])]
    assert found.count == 60
    assert found.bytes_each >= 64 * 4
    assert found.answers.most >= found.answers.half > 0


def test_both_encoders_encode_the_same(vectors):
    found = encoders(TEXTS[:40], ENCODER, HashingEncoder(), rounds=4)
    assert found.agreement == pytest.approx(1)
    assert all(pair.ratio == pair.peer / pair.ours for pair in found.pairs)


def test_texts_are_embedded_once_and_a_stopped_run_is_carried_on(tmp_path):
    texts = [f"{n}" for n in range(TEXTS_A_FILE + 3)]
    told = []
    first = embedded(texts, ENCODER, tmp_path, lambda *step: told.append(step))
    assert told == [(TEXTS_A_FILE, len(texts)), (len(texts), len(texts))]
    last = min(tmp_path.iterdir(), key=lambda path: path.stat().st_size)
    last.unlink()
    again = embedded(texts, ENCODER, tmp_path, lambda *_: None)
    np.testing.assert_array_equal(first, again)
    assert last.is_file()
    last.write_bytes(b"half")
    with pytest.raises(BadInput, match="delete it"):
        embedded(texts, ENCODER, tmp_path, lambda *_: None)


def test_copies_fill_up_and_differ_from_what_they_copy(vectors):
    texts, rows = copies(TEXTS, vectors, 700)
    assert (len(texts), len(set(texts)), rows.shape) == (700, 700, (700, 64))
    np.testing.assert_array_equal(rows[:300], vectors)
    near = (rows[300:600] * vectors).sum(axis=1)
    assert near.min() > 0.9
    assert near.max() < 1
    assert copies(TEXTS, vectors, 20)[0] == TEXTS[:20]


def test_curves_are_drawn_for_every_engine():
    svg = drawn("Times & sizes", [Curve("ours", ((10_000, 0.5), (100_000, 2.0))), Curve("<other>", ((10_000, 9.0),))])
    assert svg.count("<polyline") == 2
    assert "&lt;other&gt;" in svg
    assert "Times &amp; sizes" in svg
    assert "100,000" in svg
    with pytest.raises(ValueError, match="nothing to draw"):
        drawn("none", [Curve("ours", ())])


def test_eight_curves_look_different():
    svg = drawn("Many", [Curve(f"number {place}", ((10, 1.0 + place), (100, 2.0))) for place in range(8)])
    styles = re.findall(r'<polyline points="[^"]*" (.*?) fill', svg)
    assert len(set(styles)) == 8
