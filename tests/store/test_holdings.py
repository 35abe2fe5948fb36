"""Sound under its digest: whole or not there, and what is missing or stray is told."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from convarchive.domain.episode import Recording, Sha256
from convarchive.errors import BadInput, HomeNotWritable
from convarchive.home import Home
from convarchive.store.disk import writing_to
from convarchive.store.holdings import keep, missing, path_of, stray, verify

BYTES = b"not really sound, but bytes are bytes"
DIGEST = Sha256(hashlib.sha256(BYTES).hexdigest())


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def fetched(home, content=BYTES):
    home.incoming.mkdir(parents=True, exist_ok=True)
    path = home.incoming / "download.part"
    path.write_bytes(content)
    return path


SIZE = len(BYTES)


def recording(digest=DIGEST, size=SIZE):
    return Recording(digest, size, 1000, "audio/mpeg", "mp3", "test")


def test_a_kept_download_lies_under_its_digest_and_nowhere_else(home):
    download = fetched(home)
    kept = keep(home, download, DIGEST, ".MP3")
    assert kept == path_of(home, DIGEST, "mp3") == home.audio / f"{DIGEST}.mp3"
    assert kept.read_bytes() == BYTES
    assert not download.exists()


def test_keeping_the_same_sound_again_replaces_a_damaged_file(home):
    path = keep(home, fetched(home), DIGEST, "mp3")
    path.write_bytes(b"damaged")
    assert not verify(home, DIGEST, "mp3")
    keep(home, fetched(home), DIGEST, "mp3")
    assert verify(home, DIGEST, "mp3")


def test_what_is_not_held_does_not_verify(home):
    assert not verify(home, DIGEST, "mp3")


def test_a_download_on_another_disk_is_copied_whole_before_it_gets_its_name(home, monkeypatch):
    download = fetched(home)
    really = Path.replace
    seen = []

    def another_disk(self, target):
        if self == download:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        seen.append(self.read_bytes())
        return really(self, target)

    monkeypatch.setattr(Path, "replace", another_disk)
    assert keep(home, download, DIGEST, "mp3").read_bytes() == BYTES
    assert seen == [BYTES]
    assert not download.exists()


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_a_name_that_is_no_digest_is_refused(home, digest):
    with pytest.raises(BadInput, match="digest"):
        path_of(home, Sha256(digest), "mp3")


@pytest.mark.parametrize("suffix", ["", ".", "mp3/../x", "toolongsuffix", "m p"])
def test_a_suffix_that_is_none_is_refused(home, suffix):
    with pytest.raises(BadInput, match="suffix"):
        path_of(home, DIGEST, suffix)


def test_missing_and_stray_files_are_told(home):
    other = Sha256("b" * 64)
    assert missing(home, [recording()]) == (recording(),)
    assert stray(home, [recording()]) == ()
    keep(home, fetched(home), DIGEST, "mp3")
    unknown = home.audio / "holiday.mp3"
    unknown.write_bytes(b"x")
    assert missing(home, [recording(), recording(other)]) == (recording(other),)
    assert missing(home, [recording(size=3)]) == (recording(size=3),), "a file cut short counts as missing"
    assert stray(home, [recording()]) == (unknown,)


@pytest.mark.parametrize(
    ("number", "says"), [(errno.ENOSPC, "full"), (errno.EROFS, "read-only"), (errno.ENOTDIR, "cannot be written")]
)
def test_a_disk_that_refuses_is_told_in_one_line(tmp_path, number, says):
    with pytest.raises(HomeNotWritable, match=says) as refused, writing_to(tmp_path / "file"):
        raise OSError(number, os.strerror(number))
    assert "\n" not in str(refused.value)


def test_a_holdings_folder_that_is_a_file_is_refused(home):
    download = fetched(home)
    home.audio.write_text("in the way")
    with pytest.raises(HomeNotWritable):
        keep(home, download, DIGEST, "mp3")
    assert download.read_bytes() == BYTES, "the download is still there to try again"
