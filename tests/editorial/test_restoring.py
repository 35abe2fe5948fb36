"""Backups are made while others work, and restoring brings back neither damage nor what was withdrawn since."""

import os
import shutil
import signal
import subprocess
import sys
import tarfile

import pytest

from convarchive.cli.laying_out import init
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.domain.speaker import SpeakerId
from convarchive.editorial import clearing, keys, whole
from convarchive.editorial.backing_up import back_up
from convarchive.editorial.restoring import restore
from convarchive.errors import BackupUnreadable, BadInput, CatalogueTooNew, Gone, HomeBusy, NotRecognised
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.checking import check
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.ingest.withdrawals import read_withdrawals
from convarchive.publish.record import record
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical
from convarchive.store.lock import holding
from fakes.encoder import HashingEncoder
from fakes.reading_archive import made, searcher

pytestmark = pytest.mark.slow(alone=False)

DECIDED = {"by": "B. Editor", "why": "she asked"}
QUESTIONS = ("power", "keys to the hall", "trust is slow", "maps are opinions")


def quiet(*_):
    pass


@pytest.fixture(scope="module")
def _archive(tmp_path_factory):
    root = tmp_path_factory.mktemp("archive") / "home"
    init(root)
    return made(Home(root), taken_down=False)


@pytest.fixture
def archive(_archive, tmp_path):
    shutil.copytree(_archive.home.root, tmp_path / "home")
    return type(_archive)(Home(tmp_path / "home"), _archive.recording, _archive.episode, _archive.ids)


def backed_up(home, target, **how):
    how = {"with_audio": False, "replace": False, "report": quiet} | how
    return back_up(home, target, **how)


def put_back(source, root, **how):
    how = {"replace_present": False, "make_index": FaissIndex, "report": quiet} | how
    return restore(source, root, **how)


def answers(home):
    """All that searches and lists say, to each audience, permalinks and all."""
    find, said = searcher(home), []
    with Catalogue.for_reading(home) as catalogue:
        for audience in ("public", "researcher", "editor"):
            with catalogue.reading(audience) as read:
                views = read.listed(Query(""))
                said.append([record(one, public_url="https://archive.example", served_at="") for one in views])
                for text in QUESTIONS:
                    found = find(read, Query(text))
                    said.append([(hit.passage.quote, hit.relevance, hit.passage.text) for hit in found.hits])
    return said


def lines(home):
    with Catalogue.for_reading(home) as catalogue:
        return list(canonical(catalogue))


def clearance(home, quote, audience="editor"):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading(audience) as read:
        return read.quote(QuoteId(quote)).clearance


def test_restored_elsewhere_it_is_the_same_archive(archive, tmp_path):
    done = backed_up(archive.home, tmp_path / "b.tar", with_audio=True)
    assert (done.recordings, done.known, done.damaged) == (1, 1, ())
    there = Home(tmp_path / "elsewhere")
    restored = put_back(tmp_path / "b.tar", there.root)
    assert (restored.recordings, restored.missing, restored.carried, restored.erased) == (1, 0, 0, True)
    assert answers(there) == answers(archive.home)
    assert lines(there) == lines(archive.home)
    with Catalogue.for_reading(there) as catalogue:
        assert catalogue.check() == ()
        assert check(there, catalogue, FaissIndex.load).state in ("ready", "behind")
    for name in ("convarchive.toml", "ingest/speakers.toml", "ingest/README.md", "index/themes.toml"):
        assert (there.root / name).read_bytes() == (archive.home.root / name).read_bytes()
    assert (there.audio / f"{archive.recording}.wav").read_bytes() == (
        archive.home.audio / f"{archive.recording}.wav"
    ).read_bytes()
    assert [path.name for path in there.root.iterdir() if path.name.startswith(".restoring")] == []


def test_the_index_is_whole_without_an_encoder_and_needs_no_new_vectors(archive, tmp_path):
    backed_up(archive.home, tmp_path / "b.tar")
    there = Home(tmp_path / "elsewhere")
    restored = put_back(tmp_path / "b.tar", there.root)
    assert restored.indexed == 10
    with Catalogue.for_writing(there) as catalogue:
        assert build(there, catalogue, HashingEncoder(), FaissIndex).embedded == 0


def test_without_its_sound_it_says_what_is_missing(archive, tmp_path):
    backed_up(archive.home, tmp_path / "b.tar")
    assert put_back(tmp_path / "b.tar", tmp_path / "elsewhere").missing == 1
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert not [name for name in tar.getnames() if "audio" in name]


def test_the_same_archive_gives_the_same_members_in_the_same_order(archive, tmp_path):
    for name in ("one.tar", "two.tar"):
        backed_up(archive.home, tmp_path / name, with_audio=True)
    found = []
    for name in ("one.tar", "two.tar"):
        with tarfile.open(tmp_path / name) as tar:
            found.append([(m.name, m.size, m.mtime, m.uid, m.mode) for m in tar])
    assert found[0] == found[1]
    assert found[0][0][0] == "manifest.json"
    assert (tmp_path / "one.tar").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_written_over_unless_told(archive, tmp_path):
    target = tmp_path / "b.tar"
    target.write_bytes(b"something else")
    with pytest.raises(BadInput, match="--replace"):
        backed_up(archive.home, target)
    assert target.read_bytes() == b"something else"
    backed_up(archive.home, target, replace=True)
    assert tarfile.is_tarfile(target)
    for wrong, said in ((tmp_path, "is a folder"), (tmp_path / "no" / "b.tar", "does not exist")):
        with pytest.raises(BadInput, match=said):
            backed_up(archive.home, wrong)


def test_a_recording_that_lost_its_digest_is_named_and_left_out(archive, tmp_path):
    sound = archive.home.audio / f"{archive.recording}.wav"
    sound.write_bytes(b"not the sound" + sound.read_bytes()[13:])
    done = backed_up(archive.home, tmp_path / "b.tar", with_audio=True)
    assert (done.recordings, done.damaged) == (0, (archive.recording,))


class Stop(BaseException):
    pass


@pytest.mark.parametrize("step", ["copy", "write"])
def test_stopped_in_the_middle_it_leaves_nothing(archive, tmp_path, step):
    def stop(at, *_):
        if at == step:
            raise Stop

    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(Stop):
        backed_up(archive.home, folder / "b.tar", with_audio=True, report=stop)
    assert list(folder.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from convarchive.editorial.backing_up import back_up
from convarchive.home import Home
def die(step, done, of):
    if step == "write" and done:
        os.kill(os.getpid(), signal.SIGKILL)
back_up(Home(Path(sys.argv[1])), Path(sys.argv[2]), with_audio=True, replace=False, report=die)
"""


def test_killed_in_the_middle_it_leaves_no_backup_and_the_next_one_tidies_up(archive, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    ran = subprocess.run([sys.executable, "-c", KILLED, archive.home.root, folder / "b.tar"], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert not (folder / "b.tar").exists()
    backed_up(archive.home, folder / "b.tar")
    assert [path.name for path in folder.iterdir()] == ["b.tar"]


# -- what was decided since -----------------------------------------------------------


def test_what_was_withdrawn_since_stays_withdrawn(archive, tmp_path):
    quote = archive.ids["cleared"]
    backed_up(archive.home, tmp_path / "b.tar")
    with Catalogue.for_writing(archive.home) as catalogue:
        clearing.withdraw(catalogue, archive.home, quote, **DECIDED)
    restored = put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
    assert restored.carried == 1
    assert clearance(archive.home, quote) == "withdrawn"
    with pytest.raises(Gone):
        clearance(archive.home, quote, "researcher")
    assert archive.recording in {one.recording for one in read_withdrawals(archive.home)}
    with Catalogue.for_writing(archive.home) as catalogue:
        assert catalogue.erasure_pending() is None
        # Who decided it is still told, and it can still be taken back.
        clearing.undo(catalogue, archive.home, quote, **DECIDED)
    assert clearance(archive.home, quote, "public") == "cleared"


def test_what_only_the_present_desk_closes_stays_closed(archive, tmp_path):
    """As where the catalogue was lost: what was written through to `withdrawals.toml` is all there is."""
    quote = archive.ids["target"]
    backed_up(archive.home, tmp_path / "b.tar")
    with Catalogue.for_writing(archive.home) as catalogue:
        clearing.withdraw(catalogue, archive.home, quote, **DECIDED)
    archive.home.catalogue.write_bytes(b"this is no database" * 500)
    restored = put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
    assert restored.unread
    assert clearance(archive.home, quote) == "withdrawn"


def test_a_hold_on_an_id_alone_is_carried_too(archive, tmp_path):
    quote = archive.ids["cleared"]
    backed_up(archive.home, tmp_path / "b.tar")
    with Catalogue.for_writing(archive.home) as catalogue:
        clearing.withhold(catalogue, archive.home, quote, **DECIDED)
    archive.home.withdrawals.write_text("")
    put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
    assert clearance(archive.home, quote) == "withheld"


@pytest.mark.parametrize("what", ["person", "episode"])
def test_all_that_a_person_said_or_an_episode_stays_closed(archive, tmp_path, what):
    backed_up(archive.home, tmp_path / "b.tar")
    about = whole.Whole(person=SpeakerId("ada-example")) if what == "person" else whole.Whole(episode=archive.episode)
    with Catalogue.for_writing(archive.home) as catalogue:
        whole.close(catalogue, archive.home, about, "withdrawn", **DECIDED)
    put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
    for name in ("cleared", "target", "elided"):
        assert clearance(archive.home, archive.ids[name]) == "withdrawn"
    with Catalogue.for_reading(archive.home) as catalogue, catalogue.reading("public") as read:
        assert {one.id for one in read.listed(Query(""))} <= {archive.ids["slow"]}


def test_a_clearing_that_was_taken_back_since_stays_taken_back(archive, tmp_path):
    quote = archive.ids["cleared"]
    backed_up(archive.home, tmp_path / "b.tar")
    with Catalogue.for_writing(archive.home) as catalogue:
        clearing.undo(catalogue, archive.home, quote, **DECIDED)
    put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
    assert clearance(archive.home, quote) == "unreviewed"


def test_keys_travel_and_those_that_were_revoked_since_stay_revoked(archive, tmp_path):
    with Catalogue.for_writing(archive.home) as catalogue:
        _, kept = keys.create(catalogue, "B. Editor", "editor", by="A. Owner")
        _, ended = keys.create(catalogue, "C. Editor", "editor", by="A. Owner")
    backup = tmp_path / "archive.backup"
    backed_up(archive.home, backup)
    with Catalogue.for_writing(archive.home) as catalogue:
        keys.revoke(catalogue, "C. Editor", by="A. Owner")
    put_back(backup, archive.home.root, replace_present=True)
    put_back(backup, tmp_path / "elsewhere")
    for root, opens in ((archive.home.root, False), (tmp_path / "elsewhere", True)):
        with Catalogue.for_reading(Home(root)) as catalogue:
            assert keys.recognise(catalogue, kept).name == "B. Editor"
            if opens:
                assert keys.recognise(catalogue, ended).name == "C. Editor"
            else:
                with pytest.raises(NotRecognised, match="revoked"):
                    keys.recognise(catalogue, ended)


def test_what_the_backup_itself_closes_is_closed_elsewhere(archive, tmp_path):
    quote = archive.ids["cleared"]
    with Catalogue.for_writing(archive.home) as catalogue:
        clearing.withdraw(catalogue, archive.home, quote, **DECIDED)
    backed_up(archive.home, tmp_path / "b.tar")
    put_back(tmp_path / "b.tar", tmp_path / "elsewhere")
    assert clearance(Home(tmp_path / "elsewhere"), quote) == "withdrawn"


def test_words_that_came_after_the_backup_leave_no_trace(archive, tmp_path):
    backed_up(archive.home, tmp_path / "b.tar")
    secret = b"Zanzibar is far away from here."
    with Catalogue.for_writing(archive.home) as catalogue:
        with catalogue.writing() as write:
            row = write.episodes.put_item(None, item_named(secret.decode()))
        assert row
    assert secret in b"".join(path.read_bytes() for path in archive.home.holdings.glob("catalogue.db*"))
    put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
    assert secret not in b"".join(path.read_bytes() for path in archive.home.holdings.glob("catalogue.db*"))


def item_named(title):
    from convarchive.domain.episode import Item

    return Item("guid-2", title, None)


# -- refusals -------------------------------------------------------------------------


def test_an_archive_that_is_there_is_not_replaced_unless_told(archive, tmp_path):
    backed_up(archive.home, tmp_path / "b.tar")
    before = lines(archive.home)
    with pytest.raises(BadInput, match="--replace"):
        put_back(tmp_path / "b.tar", archive.home.root)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letters.txt").write_text("mine")
    with pytest.raises(BadInput, match="not empty"):
        put_back(tmp_path / "b.tar", tmp_path / "full")
    assert lines(archive.home) == before


def test_a_damaged_backup_touches_nothing(archive, tmp_path):
    backed_up(archive.home, tmp_path / "b.tar")
    body = bytearray((tmp_path / "b.tar").read_bytes())
    body[len(body) // 2] ^= 1
    (tmp_path / "b.tar").write_bytes(body)
    before = {path: path.read_bytes() for path in archive.home.root.rglob("*") if path.is_file()}
    with pytest.raises(BackupUnreadable, match="do not have their digest"):
        put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
    assert {path: path.read_bytes() for path in archive.home.root.rglob("*") if path.is_file()} == before


def test_a_backup_of_a_later_release_is_refused(archive, tmp_path, monkeypatch):
    backed_up(archive.home, tmp_path / "b.tar")
    monkeypatch.setattr("convarchive.store.migrate.KNOWN", ("0000",))
    with pytest.raises(CatalogueTooNew, match="upgrade convarchive"):
        put_back(tmp_path / "b.tar", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_it_waits_for_no_ingest_but_says_who_is_at_work(archive, tmp_path):
    backed_up(archive.home, tmp_path / "b.tar")
    with holding(archive.home, "convarchive ingest"):
        backed_up(archive.home, tmp_path / "meanwhile.tar")
        with pytest.raises(HomeBusy, match=str(os.getpid())):
            put_back(tmp_path / "b.tar", archive.home.root, replace_present=True)
