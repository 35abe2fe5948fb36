"""The index is made from the catalogue alone, a little at a time, and swapped in one step."""

import fcntl
import json

import numpy as np
import pytest

from convarchive.domain.theme import Theme, ThemeId
from convarchive.errors import HomeBusy, HomeNotWritable
from convarchive.index.build import TEXTS_A_STEP, build
from convarchive.index.checking import check
from convarchive.index.engines.exact import ExactIndex
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.engines.two_step import TwoStepIndex
from convarchive.store.catalogue import Catalogue
from fakes import printed
from fakes.blank import blank_home
from fakes.encoder import HashingEncoder

TEXTS = {"one": "Trust is slow work.", "two": "Maps are opinions.", "three": "A garden is a slow argument."}


class Counting(HashingEncoder):
    """Remembers what it was asked to embed, and may give up half-way."""

    def __init__(self, gives_up_after=None):
        super().__init__()
        self.asked = []
        self._left = gives_up_after

    def encode(self, texts):
        if self._left is not None:
            if not self._left:
                raise KeyboardInterrupt
            self._left -= 1
        self.asked += texts
        return super().encode(texts)


@pytest.fixture
def home(tmp_path):
    return blank_home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            printed.put(write, TEXTS)
        yield catalogue


def files(home):
    return {path.name: path.read_bytes() for path in home.build.iterdir() if not path.name.startswith(".")}


@pytest.mark.parametrize("engine", [ExactIndex, FaissIndex])
def test_the_manifest_names_a_whole_file_that_holds_every_passage(home, catalogue, engine):
    report = build(home, catalogue, HashingEncoder(), engine)
    manifest = json.loads((home.build / "manifest.json").read_text())
    assert (report.embedded, report.passages, report.changed) == (3, 3, True)
    assert (manifest["count"], manifest["highest"], manifest["dimensions"]) == (3, 3, 64)
    assert manifest["encoder"] == HashingEncoder().fingerprint
    held = engine.load(home.build / manifest["vectors"])
    found, _ = held.search(HashingEncoder().encode(["Maps are opinions."])[0], 1)
    assert held.stats().count == 3
    with catalogue.reading("editor") as read:
        assert read.index.embedded(manifest["encoder"]).quotes[int(found[0]) - 1] is not None


def test_building_again_embeds_nothing_and_touches_no_file(home, catalogue):
    build(home, catalogue, HashingEncoder(), FaissIndex)
    before = {path: path.stat().st_mtime_ns for path in home.build.glob("[!.]*")}
    again = Counting()
    report = build(home, catalogue, again, FaissIndex)
    assert (report.embedded, report.changed, again.asked) == (0, False, [])
    assert {path: path.stat().st_mtime_ns for path in home.build.glob("[!.]*")} == before


def test_a_deleted_index_is_built_to_the_same_bytes_from_kept_vectors(home, catalogue):
    build(home, catalogue, HashingEncoder(), FaissIndex)
    before = files(home)
    for path in home.build.iterdir():
        path.unlink()
    home.build.rmdir()
    again = Counting()
    build(home, catalogue, again, FaissIndex)
    assert files(home) == before
    assert again.asked == []


def test_only_new_words_are_embedded_and_the_old_file_goes(home, catalogue):
    build(home, catalogue, HashingEncoder(), FaissIndex)
    before = files(home)
    with catalogue.writing() as write:
        printed.put(write, {"four": "Nobody asked.", "five": "Trust is slow work."})
    again = Counting()
    report = build(home, catalogue, again, FaissIndex)
    assert again.asked == ["Nobody asked."]
    assert (report.passages, report.changed) == (5, True)
    assert len(files(home)) == len(before) == 2
    assert files(home).keys() != before.keys()


@pytest.mark.slow(alone=False)
def test_a_build_that_was_stopped_is_carried_on_by_the_next(home, catalogue):
    with catalogue.writing() as write:
        printed.put(write, {f"more-{n}": f"Sentence number {n}." for n in range(TEXTS_A_STEP)})
    with pytest.raises(KeyboardInterrupt):
        build(home, catalogue, Counting(gives_up_after=1), FaissIndex)
    assert files(home) == {}
    (home.build / ".vectors.4711.part").write_bytes(b"half")
    again = Counting()
    assert build(home, catalogue, again, FaissIndex).passages == TEXTS_A_STEP + 3
    assert len(again.asked) == 3
    assert not list(home.build.glob(".*.part"))


def test_vectors_of_words_that_are_gone_leave_the_catalogue_and_the_file(home, catalogue):
    build(home, catalogue, HashingEncoder(), FaissIndex)
    gone = HashingEncoder().encode([TEXTS["two"]])[0].astype("<f4").tobytes()
    assert any(gone in data for data in files(home).values())
    with catalogue.writing() as write:
        quote = write.quotes.printed_keys(printed.PAPER)["two"]
        write.quotes.retire(quote, "for this test")
        write.search.sync_passages()
    report = build(home, catalogue, HashingEncoder(), FaissIndex)
    assert report.passages == 2
    assert not any(gone in data for data in files(home).values())
    with catalogue.reading("editor") as read:
        assert gone not in read.index.embedded(HashingEncoder().fingerprint).vectors


class Watched(TwoStepIndex):
    """Counts the vectors that were put in."""

    added = 0

    def add(self, numbers, vectors):
        Watched.added += len(numbers)
        super().add(numbers, vectors)


def carried_on(home, catalogue):
    Watched.added = 0
    return build(home, catalogue, HashingEncoder(), Watched, reopen=lambda path, _count: Watched.load(path))


def test_a_large_index_is_carried_on_to_the_bytes_of_one_made_from_nothing(home, catalogue):
    carried_on(home, catalogue)
    assert Watched.added == 3
    with catalogue.writing() as write:
        write.quotes.retire(write.quotes.printed_keys(printed.PAPER)["two"], "for this test")
        printed.put(write, {"four": "Nobody asked.", "five": "The tide is low."})
    report = carried_on(home, catalogue)
    assert (report.passages, report.changed, Watched.added) == (4, True, 2)
    grown = files(home)
    assert len(grown) == 2
    assert carried_on(home, catalogue).changed is False
    for path in home.build.iterdir():
        path.unlink()
    carried_on(home, catalogue)
    assert files(home) == grown
    assert Watched.added == 4


@pytest.mark.parametrize("spoil", ["bytes", "gone", "manifest", "encoder"])
def test_a_last_build_that_is_not_whole_or_of_another_encoder_is_not_carried_on(home, catalogue, spoil):
    build(home, catalogue, HashingEncoder(32) if spoil == "encoder" else HashingEncoder(), Watched)
    path = next(home.build.glob("vectors-*"))
    if spoil == "bytes":
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    elif spoil == "gone":
        path.unlink()
    elif spoil == "manifest":
        (home.build / "manifest.json").write_text("{}")
    carried_on(home, catalogue)
    assert Watched.added == 3
    assert check(home, catalogue, Watched.load).state == "ready"


def test_an_empty_archive_has_an_empty_index(home):
    with Catalogue.for_writing(home) as catalogue:
        report = build(home, catalogue, HashingEncoder(), FaissIndex)
    assert (report.passages, report.scored, report.changed) == (0, 0, True)


def test_a_second_builder_is_told_that_one_is_at_work(home, catalogue):
    home.build.mkdir(parents=True)
    with (home.build / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(HomeBusy, match="another process is building the index"):
            build(home, catalogue, HashingEncoder(), FaissIndex)
    assert build(home, catalogue, HashingEncoder(), FaissIndex).passages == 3


def test_a_folder_that_cannot_be_made_is_a_one_line_error(home, catalogue):
    home.index.mkdir()
    home.build.write_text("in the way")
    with pytest.raises(HomeNotWritable, match="cannot be written") as caught:
        build(home, catalogue, HashingEncoder(), FaissIndex)
    assert "\n" not in str(caught.value)


def test_every_quote_is_scored_for_every_theme_and_only_news_counts_as_a_change(home, catalogue):
    with catalogue.writing() as write:
        themes = [
            Theme(ThemeId("gardens"), "Gardens", "Talk of a garden: a slow argument, soil and seeds."),
            Theme(ThemeId("maps"), "Maps", "What maps are and whose opinions."),
        ]
        write.search.put_themes(themes)
    report = build(home, catalogue, HashingEncoder(), FaissIndex)
    assert (report.scored, report.themes) == (3, 2)
    with catalogue.reading("editor") as read:
        views = {view.text: {score.theme: score.score for score in view.themes} for view in read.quotes()}
        generation = read.generation()
    assert all(score >= 0.01 for scores in views.values() for score in scores.values())
    assert views[TEXTS["three"]]["gardens"] > 0.3 > views[TEXTS["one"]].get("maps", 0)
    assert views[TEXTS["two"]]["maps"] > views[TEXTS["two"]].get("gardens", 0)
    assert build(home, catalogue, HashingEncoder(), FaissIndex).generation == generation == report.generation


def test_progress_is_told_from_nothing_to_all(home, catalogue):
    told = []
    build(home, catalogue, HashingEncoder(), FaissIndex, lambda *step: told.append(step))
    assert told[0] == ("embed", 0, 3)
    assert ("embed", 3, 3) in told
    assert told[-1] == ("write", 1, 1)


def test_another_encoder_makes_its_own_vectors(home, catalogue):
    build(home, catalogue, HashingEncoder(64), FaissIndex)
    report = build(home, catalogue, HashingEncoder(32), FaissIndex)
    manifest = json.loads((home.build / "manifest.json").read_text())
    assert (report.embedded, manifest["dimensions"], manifest["encoder"]) == (3, 32, HashingEncoder(32).fingerprint)
    assert np.isclose(np.linalg.norm(HashingEncoder(32).encode(["x"])), 1)
