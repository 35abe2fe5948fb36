"""What every index of words promises: SQLite's full text and the arrays of a large archive answer alike."""

import random
from contextlib import contextmanager

import numpy as np
import pytest
from sqlalchemy import text

from convarchive.errors import IndexCorrupt, IndexMissing
from convarchive.index.engines.postings import PostingsIndex
from convarchive.index.full_text import FullText
from convarchive.store import fulltext
from convarchive.store.catalogue import Catalogue
from fakes.blank import blank_home

WORDS = (
    "power powers powerful the a of keep kept keeping trust truth slow work working works café cafe naïve it's don't "
    "O’Neil neighbour neighbours 1984 42 “quoted” e-mail under_score Łódź garden gardens"
).split()


def texts(count, seed=1):
    chance = random.Random(seed)
    made = [" ".join(chance.choices(WORDS, k=chance.randrange(1, 30))) + chance.choice(".!?") for _ in range(count)]
    return [*made, "", "power " * 300, "The quick fox. Trust is slow work … and worth it."]


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Numbers with gaps, and a text for each."""
    many = texts(250)
    return dict(zip(np.cumsum(np.random.default_rng(2).integers(1, 4, len(many))).tolist(), many, strict=True))


@contextmanager
def full_text(home, held):
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        write._connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for number, words in held.items():
            row = {"n": number, "v": f"v{number}", "q": f"q{number}", "t": words}
            write._connection.execute(
                text("INSERT INTO passage (number, version, quote, text, text_digest) VALUES (:n, :v, :q, :t, '')"), row
            )
            fulltext.put(write._connection, number, words)
        from convarchive.store.reader import Reader

        yield FullText(Reader(write._connection, "editor", write.now))
        write._connection.rollback()


def postings(held):
    index = PostingsIndex()
    index.add(np.array(list(held), np.int64), list(held.values()))
    return index


@pytest.fixture(scope="module", params=["full text", "postings", "postings from a file"])
def index(request, held, tmp_path_factory):
    if request.param == "full text":
        with full_text(blank_home(tmp_path_factory.mktemp("home")), held) as found:
            yield found
    elif request.param == "postings":
        yield postings(held)
    else:
        path = tmp_path_factory.mktemp("index") / "words"
        postings(held).save(path)
        yield PostingsIndex.load(path)


@pytest.fixture(scope="module")
def oracle(held):
    return postings(held)


def test_a_word_finds_its_inflections_best_first(index, held):
    found = index.scores({"neighbour": 1.0}, 1000)
    assert set(found.numbers) == {n for n, words in held.items() if "neighbour" in words}
    assert list(found.scores) == sorted(found.scores, reverse=True)
    assert found.total == pytest.approx(float(found.scores.sum()), rel=1e-5)
    assert found.numbers.dtype == np.int64


@pytest.mark.parametrize("seed", range(6))
def test_all_score_alike_whatever_is_asked(index, oracle, held, seed):
    chance = random.Random(seed)
    weights = {
        word.strip("“”"): chance.choice((1.0, 0.5, 2.0)) for word in chance.sample(WORDS, chance.randrange(1, 8))
    }
    allowed = chance.choice((None, np.array(sorted(chance.sample(list(held), 60)), np.int64)))
    beside = np.array(chance.sample(list(held), 20), np.int64)
    mine, theirs = (one.scores(weights, 40, allowed, beside) for one in (index, oracle))
    assert (mine.total, mine.squares) == pytest.approx((theirs.total, theirs.squares), rel=1e-4)
    np.testing.assert_allclose(mine.scores, theirs.scores, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(mine.beside, theirs.beside, rtol=1e-4, atol=1e-6)
    # Equal scores may come in another order where they differ in the seventh digit.
    apart = np.flatnonzero(np.diff(theirs.scores) < -1e-4 * theirs.scores[:-1])
    for end in apart:
        assert set(mine.numbers[: end + 1]) == set(theirs.numbers[: end + 1])
    assert index.rarity(weights) == pytest.approx(oracle.rarity(weights))


def test_a_weight_counts_and_none_is_none(index):
    assert index.scores({"garden": 2.0}, 5).scores == pytest.approx(2 * index.scores({"garden": 1.0}, 5).scores)
    assert len(index.scores({"garden": 0.0}, 5).numbers) == len(index.scores({}, 5).numbers) == 0
    assert len(index.scores({"unheard": 1.0}, 5, beside=np.array([1, 2], np.int64)).beside) == 2


def test_a_phrase_is_words_one_after_another(index, oracle, held):
    plain = next(number for number, words in held.items() if "quick fox" in words)
    assert list(index.phrase(["quick", "fox"])) == [plain]
    assert list(index.phrase(["Slow", "works", "and"])) == [plain]
    assert list(index.phrase(["fox", "quick"])) == list(index.phrase([])) == list(index.phrase(["unheard"])) == []
    for words in (["power"], ["the", "power"], ["don't", "keep"], ["power", "power", "power"], ["e-mail"]):
        assert list(index.phrase(words)) == list(oracle.phrase(words)), words


@pytest.mark.parametrize(
    ("typed", "stem", "distance"),
    [("gardne", "garden", 1), ("gaden", "garden", 1), ("gxrdan", "garden", 2), ("powwer", "power", 1)],
)
def test_a_word_typed_almost_right_is_found(index, held, typed, stem, distance):
    count = sum(any(word.startswith(stem) for word in words.lower().split()) for words in held.values())
    assert dict(index.near(typed, distance))[stem] == pytest.approx(count, abs=40)
    assert index.near("zzzzzzz", distance) == ()
    assert index.near("it", distance) == ()


def test_added_and_removed_in_any_order_it_is_the_same_file(held, tmp_path):
    chance = random.Random(5)
    postings(held).save(tmp_path / "whole")
    numbers, index = list(held), PostingsIndex()
    at = 0
    while at < len(numbers):
        some = numbers[at : at + chance.randrange(1, 90)]
        at += len(some)
        extra = [some[-1] + 1] if some[-1] + 1 not in held and chance.random() < 0.7 else []
        index.add(
            np.array([*some, *extra], np.int64), [*(held[n] for n in some), *("gone words zeppelin" for _ in extra)]
        )
        assert index.remove(np.array([*extra, 10**7], np.int64)) == len(extra)
    index.save(tmp_path / "steps")
    assert (tmp_path / "steps").read_bytes() == (tmp_path / "whole").read_bytes()
    assert b"zeppelin" not in (tmp_path / "steps").read_bytes()
    index.remove(index.held())
    assert len(index.held()) == len(index.scores({"power": 1.0}, 5).numbers) == 0
    with pytest.raises(ValueError, match="rise"):
        postings(held).add(np.array([1], np.int64), ["late"])


@pytest.mark.parametrize("damage", ["empty", "short", "text", "digest", "missing"])
def test_a_damaged_file_is_refused_in_one_line(held, tmp_path, damage):
    path = tmp_path / "words"
    postings(dict(list(held.items())[:5])).save(path)
    whole = path.read_bytes()
    path.write_bytes({"empty": b"", "short": whole[:-8], "text": b"No index at all.\n" * 50}.get(damage, whole))
    if damage == "missing":
        path.unlink()
    expected = IndexMissing if damage == "missing" else IndexCorrupt
    with pytest.raises(expected, match="convarchive index build") as caught:
        PostingsIndex.load(path, "0" * 64 if damage == "digest" else None)
    assert "\n" not in str(caught.value)
