"""One file for a whole archive: what a copy holds and leaves behind, and what no unpacking believes."""

import hashlib
import io
import json
import sqlite3
import tarfile
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convarchive.errors import ArchiveError, BackupUnreadable, BadInput
from convarchive.store import backup, backup_file
from convarchive.store.backup_file import CATALOGUE, Manifest, Member, unpack
from convarchive.store.catalogue import Catalogue
from convarchive.store.schema import metadata
from fakes import small_archive as small
from fakes.blank import blank_home

GONE = "Zanzibar is far away from here."


def quiet(*_):
    pass


@pytest.fixture
def home(tmp_path):
    home = blank_home(tmp_path / "home")
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
    return home


def copy_of(home, into):
    with Catalogue.for_reading(home) as catalogue:
        return backup.copy(catalogue, into, quiet)


def test_somebody_decided_about_every_table_whether_a_backup_holds_it():
    assert set(metadata.tables) == backup.KEPT | set(backup.LEFT_OUT)
    assert not backup.KEPT & set(backup.LEFT_OUT)


def test_what_nobody_decided_about_is_left_out(home, tmp_path):
    with sqlite3.connect(home.catalogue) as raw:
        raw.execute("CREATE TABLE face (person TEXT, face BLOB)")
        raw.execute("INSERT INTO face VALUES ('ada-example', ?)", (b"biometric bytes " * 40,))
        raw.execute("INSERT INTO fact VALUES ('secret of this machine', 'do not tell')")
    raw.close()
    copy_of(home, tmp_path / "copy.db")
    body = (tmp_path / "copy.db").read_bytes()
    assert b"biometric bytes" not in body
    assert b"do not tell" not in body
    assert b"Power that is shared grows." in body


def test_a_copy_holds_no_trace_that_an_erasure_waits_to_wipe(home, tmp_path):
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            episode = write.episodes.episodes()[0].id
            rows = write.speech.current_attributions(small.SOUND)
            small.put_quote(write, episode, "second", rows, words=GONE)
            write.search.sync_passages()
        with catalogue.writing() as write:
            small.put_quote(write, episode, "second", rows, words="Other words stand here.")
            write.search.sync_passages()
            write.order_erasure()
    copy_of(home, tmp_path / "copy.db")
    raw = sqlite3.connect(tmp_path / "copy.db")
    blocks = b"".join(bytes(row[0]) for row in raw.execute("SELECT block FROM passage_words_data"))
    assert b"zanzibar" not in blocks
    assert raw.execute("SELECT count(*) FROM fact WHERE name LIKE 'erasure%'").fetchone() == (0,)
    raw.close()


def test_a_copy_is_one_file_of_one_instant_however_busy_writers_are(home, tmp_path):
    """Each transaction moves two counters together; a copy in which they differ would mix two instants."""
    stop = threading.Event()

    def write_on():
        with Catalogue.for_writing(home) as mine:
            while not stop.is_set():
                with mine.writing() as write:
                    write.count_up("one")
                    write.search.put_vectors("fake", {f"{n}": b"0" * 2000 for n in range(200)})
                    write.search.forget_vectors("another")
                    write.count_up("two")

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        counts = []
        for turn in range(8):
            into = tmp_path / f"copy-{turn}.db"
            copy_of(home, into)
            raw = sqlite3.connect(into)
            counts.append(raw.execute("SELECT name, value FROM counter WHERE name IN ('one', 'two')").fetchall())
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            raw.close()
    finally:
        stop.set()
        writer.join()
    assert all(len({value for _, value in one}) <= 1 for one in counts)
    assert len({tuple(one) for one in counts}) > 1, "nobody wrote meanwhile"
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == [f"copy-{turn}.db" for turn in range(8)]


# -- the file -------------------------------------------------------------------------


def tar_of(path, members, manifest=None):
    """A backup made by hand: (entry or name, bytes) after a manifest that says they are there."""
    entries = [(tarfile.TarInfo(name) if isinstance(name, str) else name, body) for name, body in members]
    said = Manifest("2031-01-01T00:00:00+00:00", "a test", "0001", "c" * 32, None, None,
                    tuple(Member(entry.name, len(body), hashlib.sha256(body).hexdigest())
                          for entry, body in entries)) if manifest is None else manifest  # fmt: skip
    text = backup_file._sealed(said)
    with tarfile.open(path, "w") as tar:
        for entry, body in [(tarfile.TarInfo("manifest.json"), text), *entries]:
            if entry.isreg():
                entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return path


WHOLE = [("convarchive.toml", b'title = "A test"\n'), (CATALOGUE, b"a catalogue" * 100)]


def test_what_was_written_is_read_back(tmp_path):
    source = tar_of(tmp_path / "b.tar", [*WHOLE, (f"ingest/holdings/audio/{'a' * 64}.mp3", b"sound")])
    into = tmp_path / "out"
    into.mkdir()
    unpack(source, into, quiet)
    assert (into / CATALOGUE).read_bytes() == WHOLE[1][1]
    assert (into / "ingest/holdings/audio" / f"{'a' * 64}.mp3").read_bytes() == b"sound"


OUTSIDE = [
    "../evil.toml", "/etc/evil.toml", "ingest/../../evil.toml", "ingest/published/../../../evil.toml", "evil.toml",
    "src/evil.py", "ingest/.evil.toml", "ingest/holdings/ingest.lock", "index/build/manifest.json", "ingest\\evil.toml",
    "ingest/holdings/audio/short.mp3", f"ingest/holdings/audio/{'a' * 64}.mp3/x", "ingest/a\x00.toml",
    "ingest/a/b.toml", "CONVARCHIVE.TOML",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_no_archive_has_is_refused_before_anything_is_written(tmp_path, name):
    said = Manifest("now", "a test", "0001", "c", None, None, tuple(
        Member(one, len(body), hashlib.sha256(body).hexdigest()) for one, body in [*WHOLE, (name, b"evil")]
    ))  # fmt: skip
    source = tar_of(tmp_path / "b.tar", [*WHOLE, ("harmless", b"evil")], said)
    refused(source, tmp_path, "has no place in an archive")


def refused(source, tmp_path, match):
    into = tmp_path / "deep" / "out"
    into.mkdir(parents=True)
    before = sorted(tmp_path.rglob("*evil*"))
    with pytest.raises(BackupUnreadable, match=match) as caught:
        unpack(source, into, quiet)
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.rglob("*evil*")) == before


def entry_of(kind, name, linkname=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, linkname
    return entry


KINDS = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]


@pytest.mark.parametrize("kind", KINDS)
def test_only_plain_files_are_unpacked(tmp_path, kind):
    link = entry_of(kind, "ingest/evil.toml", "/etc/passwd")
    refused(tar_of(tmp_path / "b.tar", [*WHOLE, (link, b"")]), tmp_path, "is not there as its manifest says")


def test_a_member_that_claims_to_be_huge_is_refused(tmp_path):
    said = Manifest("now", "a test", "0001", "c", None, None, (
        Member("convarchive.toml", 10**15, "0" * 64), Member(CATALOGUE, 5, "0" * 64),
    ))  # fmt: skip
    refused(tar_of(tmp_path / "b.tar", WHOLE, said), tmp_path, "which no such file has")
    said = Manifest("now", "a test", "0001", "c", None, None, (
        Member("convarchive.toml", 5, "0" * 64), Member(CATALOGUE, 10**15, "0" * 64),
    ))  # fmt: skip
    source = tar_of(tmp_path / "c.tar", WHOLE, said)
    with pytest.raises(BadInput, match="GB free"):
        unpack(source, tmp_path, quiet)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said: "{",
        lambda said: "[]",
        lambda said: json.dumps(said | {"made_by": "somebody else"}),
        lambda said: json.dumps({k: v for k, v in said.items() if k != "seal"}),
        lambda said: json.dumps(said | {"members": 5}),
    ],
)
def test_a_manifest_that_somebody_changed_is_refused(tmp_path, spoil):
    good = tar_of(tmp_path / "good.tar", WHOLE)
    with tarfile.open(good) as tar:
        text = spoil(json.loads(tar.extractfile("manifest.json").read())).encode()
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    refused(tmp_path / "bad.tar", tmp_path, "is damaged")


def test_what_a_newer_release_made_says_so(tmp_path):
    said = Manifest("now", "a test", "0001", "c", None, None, (), format=2)
    refused(tar_of(tmp_path / "b.tar", WHOLE, said), tmp_path, "upgrade convarchive")


def test_more_than_the_manifest_says_is_refused(tmp_path):
    said = Manifest("now", "a test", "0001", "c", None, None, tuple(
        Member(one, len(body), hashlib.sha256(body).hexdigest()) for one, body in WHOLE
    ))  # fmt: skip
    refused(tar_of(tmp_path / "b.tar", [*WHOLE, ("ingest/feeds.toml", b"")], said), tmp_path, "more than its manifest")


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_byte_is_refused_or_changes_nothing(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("flip")
    source = tar_of(folder / "b.tar", WHOLE)
    body = bytearray(source.read_bytes().rstrip(b"\0") + b"\0" * 1024)
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    source.write_bytes(body)
    into = folder / "out"
    into.mkdir()
    try:
        unpack(source, into, quiet)
    except ArchiveError as error:
        assert "\n" not in str(error)
    else:
        assert {name: (into / name).read_bytes() for name, _ in WHOLE} == dict(WHOLE)
    assert {path.name for path in folder.iterdir()} == {"b.tar", "out"}


@given(st.binary(max_size=3000))
@settings(max_examples=60, deadline=None)
def test_whatever_is_no_backup_is_called_that_in_one_line(tmp_path_factory, junk):
    folder = tmp_path_factory.mktemp("junk")
    (folder / "b.tar").write_bytes(junk)
    with pytest.raises(BackupUnreadable) as caught:
        unpack(folder / "b.tar", folder, quiet)
    assert "\n" not in str(caught.value)
