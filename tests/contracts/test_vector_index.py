"""What every vector index promises: plain comparison with everything, FAISS, and signs and bytes answer alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convarchive.errors import HomeNotWritable, IndexCorrupt, IndexMissing
from convarchive.index.engines.by_size import EXACT_UPTO, IndexBySize
from convarchive.index.engines.exact import ExactIndex
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.engines.two_step import TwoStepIndex

DIMENSIONS = 8
ENGINES = [ExactIndex, FaissIndex, TwoStepIndex]
NAMES = ["exact", "faiss", "two-step"]


def units(n, seed=0, kinds=None):
    """`n` unit vectors; with `kinds`, only so many different ones, so that there are ties."""
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(kinds or n, DIMENSIONS))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return vectors[random.integers(0, kinds, n)] if kinds else vectors


def numbers(*values):
    return np.array(values, np.int64)


@pytest.fixture(params=ENGINES, ids=NAMES)
def engine(request):
    return request.param


def filled(engine, n=50, **kwargs):
    index = engine(DIMENSIONS)
    index.add(np.arange(1, n + 1) * 10, units(n, **kwargs))
    return index


def test_a_vector_finds_itself_first(engine):
    index = filled(engine)
    found, products = index.search(units(50)[6], 3)
    assert found[0] == 70
    assert products[0] == pytest.approx(1, abs=max(1e-6, index.stats().precision))
    assert list(products) == sorted(products, reverse=True)
    assert found.dtype == np.int64
    assert products.dtype == np.float32


def test_only_allowed_numbers_are_found_even_when_others_are_nearer(engine):
    index = filled(engine)
    found, _ = index.search(units(50)[6], 10, numbers(30, 500, 20, 99999))
    assert sorted(found) == [20, 30, 500]


def test_nothing_allowed_finds_nothing(engine):
    found, products = filled(engine).search(units(50)[0], 5, numbers())
    assert len(found) == len(products) == 0


def test_an_empty_index_finds_nothing(engine):
    found, products = engine(DIMENSIONS).search(units(1)[0], 5)
    assert len(found) == len(products) == 0


@pytest.mark.parametrize("k", [-1, 0, 1, 50, 10**6])
def test_as_many_come_as_were_asked_for_and_are_there(engine, k):
    found, _ = filled(engine).search(units(1)[0], k)
    assert len(found) == min(max(k, 0), 50)


def test_ties_are_in_order_of_the_numbers(engine):
    index = engine(DIMENSIONS)
    shuffled = np.random.default_rng(1).permutation(np.arange(1, 301))
    index.add(shuffled, np.repeat(units(1), 300, axis=0))
    found, products = index.search(units(1)[0], 20)
    assert list(found) == list(range(1, 21))
    assert len(set(products.tolist())) == 1


def test_what_was_removed_is_not_found_and_its_number_may_come_again(engine):
    index = filled(engine)
    assert index.remove(numbers(70, 80, 12345, 70)) == 2
    assert index.remove(numbers()) == 0
    assert 70 not in index.search(units(50)[6], 50)[0]
    index.add(numbers(70), units(50)[6:7])
    assert index.search(units(50)[6], 1)[0][0] == 70
    assert index.stats().count == 49


def test_a_number_stands_there_only_once(engine):
    index = filled(engine)
    with pytest.raises(ValueError, match="only once"):
        index.add(numbers(70), units(1))
    with pytest.raises(ValueError, match="only once"):
        index.add(numbers(1, 1), units(2))
    assert index.stats().count == 50


def test_vectors_that_do_not_fit_are_refused(engine):
    index = filled(engine)
    with pytest.raises(ValueError, match="dimensions"):
        index.add(numbers(1), np.ones((1, DIMENSIONS + 1), np.float32))
    with pytest.raises(ValueError, match="numbers for"):
        index.add(numbers(1, 2), units(1))
    with pytest.raises(ValueError, match="no number"):
        index.rebuild(numbers(1), np.full((1, DIMENSIONS), np.nan, np.float32))
    assert index.stats().count == 50


def test_a_saved_index_answers_the_same(engine, tmp_path):
    index = filled(engine, kinds=7)
    index.save(tmp_path / "deep" / "vectors")
    again = engine.load(tmp_path / "deep" / "vectors")
    assert again.stats() == index.stats()
    for query in units(5, seed=3):
        for one, other in zip(index.search(query, 20), again.search(query, 20), strict=True):
            np.testing.assert_array_equal(one, other)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["vectors"]


def test_vectors_come_out_as_they_went_in_and_in_the_order_asked_for(engine):
    index = filled(engine)
    out = index.vectors(numbers(500, 10, 70, 10))
    far = np.linalg.norm(out - units(50)[[49, 0, 6, 0]], axis=1)
    assert far.max() <= index.stats().precision
    assert index.vectors(numbers()).shape == (0, DIMENSIONS)
    for absent in (numbers(70, 71), numbers(99999)):
        with pytest.raises(ValueError, match="not in the index"):
            index.vectors(absent)


def test_adding_and_removing_in_any_order_leaves_the_bytes_of_a_rebuild(engine, tmp_path):
    vectors, order = units(50), np.random.default_rng(5).permutation(50)
    whole, grown = engine(DIMENSIONS), engine(DIMENSIONS)
    grown.add(order[:30], vectors[order[:30]])
    grown.remove(np.arange(10))
    grown.add(order[30:], vectors[order[30:]])
    grown.remove(np.arange(20))
    whole.rebuild(np.arange(20, 50), vectors[20:])
    np.testing.assert_array_equal(grown.search(vectors[7], 30)[0], whole.search(vectors[7], 30)[0])
    if engine is not FaissIndex:  # which keeps vectors in the order they came
        grown.save(tmp_path / "grown")
        whole.save(tmp_path / "whole")
        assert (tmp_path / "grown").read_bytes() == (tmp_path / "whole").read_bytes()


def test_the_same_input_is_rebuilt_to_the_same_bytes(engine, tmp_path):
    vectors = units(50)
    order = np.random.default_rng(2).permutation(50)
    first, second = filled(engine, seed=9), engine(DIMENSIONS)
    first.rebuild(np.arange(50), vectors)
    second.rebuild(np.arange(50)[order], vectors[order])
    first.save(tmp_path / "first")
    second.save(tmp_path / "second")
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_an_index_that_was_never_built_is_missing(engine, tmp_path):
    with pytest.raises(IndexMissing, match="convarchive index build"):
        engine.load(tmp_path / "vectors")


@pytest.mark.parametrize("damage", ["empty", "short", "text", "another"])
def test_a_damaged_index_is_refused_in_one_line(engine, tmp_path, damage):
    path = tmp_path / "vectors"
    filled(engine).save(path)
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "short":
        path.write_bytes(path.read_bytes()[:-300])
    elif damage == "text":
        path.write_text("No index at all.\n" * 100)
    else:
        filled(ENGINES[ENGINES.index(engine) - 1]).save(path)
    with pytest.raises(IndexCorrupt, match=r"vectors is damaged.*convarchive index build") as caught:
        engine.load(path)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_said_so_and_the_old_index_stays(engine, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeNotWritable, match="cannot be written"):
        filled(engine).save(tmp_path / "file" / "vectors")


def test_bytes_that_changed_are_found_by_their_digest(tmp_path):
    import hashlib

    path = tmp_path / "vectors"
    filled(FaissIndex).save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert FaissIndex.load(path, digest).stats().count == 50
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexCorrupt):
        FaissIndex.load(path, digest)


step = st.one_of(
    st.tuples(st.just("add"), st.sets(st.integers(0, 40), max_size=12), st.integers(0, 99)),
    st.tuples(st.just("remove"), st.sets(st.integers(0, 40), max_size=12), st.just(0)),
    st.tuples(st.just("rebuild"), st.sets(st.integers(0, 40), max_size=30), st.integers(0, 99)),
)


@settings(max_examples=80, deadline=None)
@given(
    steps=st.lists(step, max_size=6),
    k=st.integers(0, 45),
    allowed=st.none() | st.sets(st.integers(0, 50), max_size=30),
    seed=st.integers(0, 99),
)
def test_whatever_is_done_to_them_all_engines_give_the_same_answer(steps, k, allowed, seed):
    exact, quick, rounded = (engine(DIMENSIONS) for engine in ENGINES)
    held: set[int] = set()
    for act, chosen, salt in steps:
        if act == "add":
            chosen = chosen - held
        some = np.array(list(chosen), np.int64)
        for index in (exact, quick, rounded):
            if act == "remove":
                assert index.remove(some) == len(chosen & held)
            else:
                getattr(index, act)(some, units(len(some), seed=salt, kinds=4))
        held = held - chosen if act == "remove" else chosen if act == "rebuild" else held | chosen
    query = units(1, seed=seed)[0]
    limit = None if allowed is None else np.array(list(allowed), np.int64)
    (found, products), (found_too, products_too) = exact.search(query, k, limit), quick.search(query, k, limit)
    np.testing.assert_array_equal(found, found_too)
    np.testing.assert_array_equal(products, products_too)
    assert set(found.tolist()) <= held
    assert exact.stats().count == quick.stats().count == rounded.stats().count == len(held)
    about, near = rounded.search(query, k, limit)
    precision = rounded.stats().precision
    assert np.abs(near - products).max(initial=0) <= precision
    true = np.array([exact.vectors(about[at : at + 1])[0] @ query for at in range(len(about))])
    assert (np.diff(true) <= 2 * precision).all(), "in the oracle's order, but for what rounding takes"


@pytest.fixture(scope="module")
def crowd():
    """Vectors enough for candidates to be chosen by their signs: numbers, vectors, the index, and the oracle."""
    random = np.random.default_rng(8)
    topics = random.normal(size=(400, 128)).astype(np.float32)
    vectors = topics[random.integers(0, 400, 12_000)] + random.normal(size=(12_000, 128)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    held = np.sort(random.choice(40_000, 12_000, replace=False)) + 1
    index, exact = IndexBySize(128), ExactIndex(128)
    for one in (index, exact):
        one.rebuild(held, vectors)
    return held, vectors, index, exact


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("share", [None, 1.0, 0.95, 0.3])
def test_among_many_the_nearest_are_found_by_their_signs(crowd, share):
    held, vectors, index, exact = crowd
    allowed = None if share is None else held[np.random.default_rng(3).random(len(held)) < share]
    agreed = 0
    for query in vectors[:20]:
        found, products = index.search(query, 10, allowed)
        assert list(products) == sorted(products, reverse=True)
        assert allowed is None or np.isin(found, allowed).all()
        agreed += len(np.intersect1d(found, exact.search(query, 10, allowed)[0]))
    assert agreed >= 196


def test_the_kind_follows_from_the_count_alone(crowd, tmp_path):
    held, vectors, large, _ = crowd
    grown, small = IndexBySize(128), IndexBySize(128)
    small.rebuild(held[:EXACT_UPTO], vectors[:EXACT_UPTO])
    grown.rebuild(held[:EXACT_UPTO], vectors[:EXACT_UPTO])
    grown.add(held[EXACT_UPTO:], vectors[EXACT_UPTO:])
    assert (small.stats().kind, grown.stats()) == ("faiss-flat-ip", large.stats())
    for name, index in (("small", small), ("grown", grown), ("large", large)):
        index.save(tmp_path / name)
        assert IndexBySize.load(tmp_path / name).stats() == index.stats()
    assert (tmp_path / "grown").read_bytes() == (tmp_path / "large").read_bytes()
    assert (tmp_path / "large").stat().st_size == 64 + 12_000 * (8 + 16 + 128)


def test_a_removed_vector_leaves_no_bytes_behind(crowd, tmp_path):
    held, vectors, _, _ = crowd
    index = TwoStepIndex(128)
    index.rebuild(held, vectors)
    sizes = index._turning.rounded(vectors[6000:6001])[1].tobytes()
    index.save(tmp_path / "before")
    assert sizes in (tmp_path / "before").read_bytes()
    again = TwoStepIndex.load(tmp_path / "before")
    again.remove(held[6000:6001])
    again.save(tmp_path / "after")
    assert sizes not in (tmp_path / "after").read_bytes()
