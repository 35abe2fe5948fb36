"""A large archive's index of words: kept in step by builds, and asked instead of the full text."""

from dataclasses import replace
from functools import partial

import pytest

from convarchive.domain.passage import Query
from convarchive.index import manifest as manifests
from convarchive.index.build import build
from convarchive.index.checking import check, status
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.engines.postings import PostingsIndex
from convarchive.index.live import opened
from convarchive.index.search import search
from convarchive.index.words import WordsEngine
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small
from fakes.blank import blank_home
from fakes.encoder import HashingEncoder

ENCODER = HashingEncoder()
ENGINE = WordsEngine(1, PostingsIndex, PostingsIndex.load)
ASKED = ("power that is shared", "garden", "maps", "the people who live there", "Trust is slow work", "unheard of")


@pytest.fixture
def home(tmp_path):
    home = blank_home(tmp_path)
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
        build(home, catalogue, ENCODER, FaissIndex, words=ENGINE)
    return home


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        yield catalogue


def reword(catalogue, words):
    with catalogue.writing() as write:
        rows = write.speech.current_attributions(small.SOUND)
        small.put_quote(write, write.episodes.episodes()[0].id, "second", rows, words=words)
        write.search.sync_passages()
        write.count_up("content")


def test_answers_are_those_of_the_full_text(home, catalogue):
    with_words = opened(home, FaissIndex.load, PostingsIndex.load)
    assert with_words.words is not None
    with catalogue.reading("editor") as read:
        for asked in ASKED:
            without = replace(with_words, words=None)
            answers = [search(read, one, ENCODER, Query(asked), least=0.0) for one in (with_words, without)]
            told = [[(hit.passage.number, hit.relevance, hit.lexical) for hit in one.hits] for one in answers]
            assert [one[0] for one in told[0]] == [one[0] for one in told[1]]
            for mine, theirs in zip(*told, strict=True):
                assert mine == pytest.approx(theirs, abs=1e-3)


def test_a_build_takes_in_what_is_new_and_leaves_no_word_of_what_is_gone(home, catalogue, monkeypatch):
    before = manifests.read(home)
    reword(catalogue, "A zeppelin is a slow argument.")
    assert status(home, catalogue).state == "behind"
    read = []
    monkeypatch.setattr(
        PostingsIndex, "add", lambda self, n, t, add=PostingsIndex.add: (read.extend(t), add(self, n, t))
    )
    build(home, catalogue, ENCODER, FaissIndex, words=ENGINE)
    assert read == ["A zeppelin is a slow argument."]
    after = manifests.read(home)
    assert not (home.build / before.words).exists()
    stored = (home.build / after.words).read_bytes()
    assert b"zeppelin" in stored
    assert b"garden" not in stored
    (home.build / after.words).unlink()
    assert status(home, catalogue).state == "corrupt"
    build(home, catalogue, ENCODER, FaissIndex, words=ENGINE)
    assert manifests.read(home) == after
    assert (home.build / after.words).read_bytes() == stored


def test_an_archive_too_small_for_it_has_none(home, catalogue):
    build(home, catalogue, ENCODER, FaissIndex, words=replace(ENGINE, least=1000))
    assert [path.suffix for path in home.build.glob("words-*")] == []
    assert opened(home, FaissIndex.load, PostingsIndex.load).words is None


def test_check_finds_an_index_of_other_words(home, catalogue):
    look = partial(check, home, catalogue, FaissIndex.load, PostingsIndex.load)
    assert look().state == "ready"
    found = manifests.read(home)
    wrong = PostingsIndex()
    numbers = PostingsIndex.load(home.build / found.words).held()
    wrong.add(numbers, ["Entirely other words."] * len(numbers))
    wrong.save(home.build / found.words)
    assert look().state == "corrupt"
    manifests.write(home, replace(found, words_sha256=manifests.digest_of(home.build / found.words)))
    assert "words" in look().detail
    assert look().state == "corrupt"
