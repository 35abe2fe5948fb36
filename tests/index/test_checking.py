"""An index can be told whole from behind, foreign and damaged, each with the way out."""

import numpy as np
import pytest

from convarchive.domain.theme import Theme, ThemeId
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.build import build
from convarchive.index.checking import check, status
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.engines.two_step import TwoStepIndex
from convarchive.store.catalogue import Catalogue
from fakes import printed
from fakes.blank import blank_home
from fakes.encoder import HashingEncoder


@pytest.fixture
def home(tmp_path):
    return blank_home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            printed.put(write, {"one": "Trust is slow work.", "two": "Maps are opinions."})
        build(home, catalogue, HashingEncoder(), FaissIndex)
        yield catalogue


def both(home, catalogue):
    return status(home, catalogue), check(home, catalogue, FaissIndex.load)


def test_a_fresh_index_is_ready(home, catalogue):
    quick, thorough = both(home, catalogue)
    assert quick == thorough
    assert (quick.state, quick.passages, quick.pending, quick.stale, quick.detail) == (
        "ready", 2, 0, 0, "all 2 passages are in the index",
    )  # fmt: skip
    assert quick.usable


def test_new_quotes_and_gone_ones_put_it_behind(home, catalogue):
    with catalogue.writing() as write:
        write.quotes.retire(write.quotes.printed_keys(printed.PAPER)["two"], "for this test")
        printed.put(write, {"three": "A garden is a slow argument."})
    for standing in both(home, catalogue):
        assert (standing.state, standing.pending, standing.stale) == ("behind", 1, 1)
        assert "convarchive index build" in standing.detail
        assert standing.usable


def test_changed_themes_put_it_behind(home, catalogue):
    with catalogue.writing() as write:
        write.search.put_themes([Theme(ThemeId("maps"), "Maps", "What maps are for.")])
    assert all("themes have changed" in standing.detail for standing in both(home, catalogue))
    build(home, catalogue, HashingEncoder(), FaissIndex)
    assert {standing.state for standing in both(home, catalogue)} == {"ready"}


def test_none_is_missing(home, catalogue):
    for path in home.build.iterdir():
        path.unlink()
    for standing in both(home, catalogue):
        assert standing.state == "missing"
        assert not standing.usable


def test_one_of_another_archive_is_foreign(home, catalogue, tmp_path):
    other = Home(tmp_path / "other")
    with Catalogue.for_writing(other) as theirs:
        build(other, theirs, HashingEncoder(), FaissIndex)
    for path in other.build.iterdir():
        path.replace(home.build / path.name)
    assert {standing.state for standing in both(home, catalogue)} == {"foreign"}


def test_a_changed_byte_is_found_by_check(home, catalogue):
    path = home.build / manifests.read(home).vectors
    data = bytearray(path.read_bytes())
    data[-30] ^= 1
    path.write_bytes(data)
    quick, thorough = both(home, catalogue)
    assert (quick.state, thorough.state) == ("ready", "corrupt")
    assert "convarchive index build" in thorough.detail


def test_a_large_file_is_opened_without_reading_it_all_and_check_finds_what_changed_in_it(home, catalogue):
    build(home, catalogue, HashingEncoder(), TwoStepIndex)
    assert check(home, catalogue, TwoStepIndex.load).state == "ready"
    path = home.build / manifests.read(home).vectors
    data = bytearray(path.read_bytes())
    data[-30] ^= 1
    path.write_bytes(data)
    assert TwoStepIndex.load(path).stats().count == 2
    found = check(home, catalogue, TwoStepIndex.load)
    assert (found.state, "convarchive index build" in found.detail) == ("corrupt", True)


def test_an_index_of_another_kind_than_its_manifest_says_is_refused(home, catalogue):
    path = home.build / manifests.read(home).vectors
    wrong = TwoStepIndex(64)
    wrong.save(path)
    assert check(home, catalogue, TwoStepIndex.load).state == "corrupt"


def test_an_emptied_file_is_found_without_reading_it(home, catalogue):
    (home.build / manifests.read(home).vectors).write_bytes(b"")
    for standing in both(home, catalogue):
        assert standing.state == "corrupt"
        assert not standing.usable
        assert "convarchive index build" in standing.detail


@pytest.mark.parametrize("numbers", [(1, 2), (1, 3)])
def test_a_whole_file_with_wrong_vectors_is_found_by_check(home, catalogue, numbers):
    wrong = FaissIndex(64)
    wrong.rebuild(np.array(numbers), HashingEncoder().encode(["Something else.", "Entirely."]))
    found = manifests.read(home)
    wrong.save(home.build / "vectors-wrong.index")
    digest = manifests.digest_of(home.build / "vectors-wrong.index")
    manifests.write(
        home,
        manifests.Manifest(
            **{f: getattr(found, f) for f in found.__slots__} | {"vectors": "vectors-wrong.index", "sha256": digest}
        ),
    )
    assert check(home, catalogue, FaissIndex.load).state == "corrupt"
