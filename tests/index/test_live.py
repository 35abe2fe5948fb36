"""A running reader always holds a whole index: the old one until the new one stands."""

import json
import threading

import pytest

from convarchive.domain.passage import Query
from convarchive.errors import IndexCorrupt, IndexForeign, IndexMissing
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.live import LiveIndex
from convarchive.index.search import search
from convarchive.store.catalogue import Catalogue
from fakes import printed
from fakes.blank import blank_home
from fakes.encoder import HashingEncoder

ENCODER = HashingEncoder()


@pytest.fixture
def home(tmp_path):
    return blank_home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            printed.put(write, {"one": "Trust is slow work.", "two": "Maps are opinions."})
        build(home, catalogue, ENCODER, FaissIndex)
        yield catalogue


@pytest.fixture
def own(catalogue):
    with catalogue.reading("editor") as read:
        return read.index.catalogue()


def live(home, fingerprint=ENCODER.fingerprint):
    return LiveIndex(home, FaissIndex.load, fingerprint)


def test_an_index_is_opened_once_and_anew_after_a_build(home, catalogue, own):
    held = live(home)
    first = held.current(own)
    assert held.current(own) is first
    build(home, catalogue, ENCODER, FaissIndex)
    assert held.current(own) is first, "nothing changed"
    with catalogue.writing() as write:
        printed.put(write, {"three": "A garden is a slow argument."})
    build(home, catalogue, ENCODER, FaissIndex)
    assert held.current(own).manifest.count == 3
    assert first.index.stats().count == 2, "an answer that began with the old one ends with it"


def test_no_index_is_missing_before_and_after_it_was_there(home, catalogue, own, tmp_path):
    with pytest.raises(IndexMissing, match="convarchive index build"):
        live(Home(tmp_path / "elsewhere")).current(own)
    held = live(home)
    held.current(own)
    for path in home.build.iterdir():
        path.unlink()
    with pytest.raises(IndexMissing):
        held.current(own)
    build(home, catalogue, ENCODER, FaissIndex)
    assert held.current(own).manifest.count == 2


def test_an_index_of_another_catalogue_or_encoder_is_foreign(home, catalogue, own):
    with pytest.raises(IndexForeign, match="another catalogue"):
        live(home).current("0" * 32)
    with pytest.raises(IndexForeign, match=r"hashed-words:64, not hashed-words:9"):
        live(home, "hashed-words:9").current(own)


def test_answers_that_began_before_a_backup_was_restored_end_with_the_index_of_their_catalogue(home, catalogue, own):
    held = live(home)
    before = held.current(own)
    with catalogue.writing() as write:
        write.renamed()
        other = write.index.catalogue()
    build(home, catalogue, ENCODER, FaissIndex)
    assert held.current(other).manifest.catalogue == other
    assert held.current(own) is before
    assert held.current(other).manifest.catalogue == other
    with pytest.raises(IndexForeign):
        live(home).current(own)


def manifest_of(home):
    return json.loads((home.build / "manifest.json").read_text())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: "",
        lambda m: "{",
        lambda m: "[]",
        lambda m: json.dumps(m | {"schema": 99}),
        lambda m: json.dumps(m | {"surplus": 1}),
        lambda m: json.dumps({k: v for k, v in m.items() if k != "highest"}),
        lambda m: json.dumps(m | {"count": "2"}),
        lambda m: json.dumps(m | {"vectors": "../../secret"}),
        lambda m: json.dumps(m | {"sha256": "0" * 64}),
    ],
)
def test_a_damaged_manifest_is_a_one_line_error(home, catalogue, own, spoil):
    (home.build / "manifest.json").write_text(spoil(manifest_of(home)))
    with pytest.raises(IndexCorrupt, match="convarchive index build") as caught:
        live(home).current(own)
    assert "\n" not in str(caught.value)


def test_damaged_vectors_are_found_by_their_digest(home, catalogue, own):
    path = home.build / manifest_of(home)["vectors"]
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexCorrupt):
        live(home).current(own)


def test_a_file_that_a_build_took_away_just_now_is_looked_for_under_its_new_name(home, catalogue, own):
    def slow_load(path, sha256):
        if not tried:
            tried.append(path)
            with catalogue.writing() as write:
                printed.put(write, {"three": "A garden is a slow argument."})
            build(home, catalogue, ENCODER, FaissIndex)
        return FaissIndex.load(path, sha256)

    tried = []
    found = LiveIndex(home, slow_load, ENCODER.fingerprint).current(own)
    assert (len(tried), found.manifest.count) == (1, 3)


@pytest.mark.slow(alone=False)
def test_searches_go_on_while_the_index_is_built_again_and_again(home, catalogue, own):
    held, wrong, stop = live(home), [], threading.Event()

    def ask():
        with Catalogue.for_reading(home) as mine:
            while not stop.is_set():
                with mine.reading("researcher") as read:
                    answer = search(read, held.current(own), ENCODER, Query("maps are opinions"))
                if not answer.hits or answer.hits[0].passage.text != "Maps are opinions.":
                    wrong.append(answer)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    for n in range(8):
        with catalogue.writing() as write:
            printed.put(write, {f"more-{n}": f"Sentence number {n}."})
        build(home, catalogue, ENCODER, FaissIndex)
    stop.set()
    for thread in asking:
        thread.join()
    assert wrong == []
    assert held.current(own).manifest.count == 10
