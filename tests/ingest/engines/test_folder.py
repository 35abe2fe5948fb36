"""Files of this machine: what can go wrong with them that cannot on the web."""

import os
from pathlib import Path

import pytest

from convarchive.errors import AddressRefused, HomeNotWritable, SourceUnavailable
from convarchive.ingest.engines.folder import FolderFetcher
from servers import no_file_grows_past, sound


def test_a_folder_or_pipe_is_no_recording(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.mp3")
    for path in (tmp_path, tmp_path / "pipe.mp3"):
        with pytest.raises(SourceUnavailable, match="is no file"):
            FolderFetcher().download(path.as_uri(), tmp_path / "in")


def test_a_file_of_another_machine_is_refused(tmp_path: Path):
    with pytest.raises(AddressRefused):
        FolderFetcher().read("file://server.example/share/1.mp3")


def test_any_name_a_disk_can_hold_is_found(tmp_path: Path):
    for name in ("a#b?c%20.mp3", "ä ö.mp3", os.fsdecode(b"\xe4.mp3")):
        path = tmp_path / name
        path.write_bytes(sound(1000))
        assert FolderFetcher().download(path.as_uri() + "#1", tmp_path / "in").bytes == 1000


def test_a_file_that_is_still_being_written_is_left_for_later(tmp_path: Path):
    path = tmp_path / "1.mp3"
    path.write_bytes(sound(3_000_000))

    def more_comes(done: int, total: int) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(SourceUnavailable, match="still being written"):
        FolderFetcher().download(path.as_uri(), tmp_path / "in", report=more_comes)
    assert list((tmp_path / "in").iterdir()) == []


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path):
    path = tmp_path / "1.mp3"
    path.write_bytes(sound(3_000_000))
    with no_file_grows_past(1_000_000), pytest.raises(HomeNotWritable, match="no room left"):
        FolderFetcher().download(path.as_uri(), tmp_path / "in")
    assert list((tmp_path / "in").iterdir()) == []
    assert FolderFetcher().download(path.as_uri(), tmp_path / "in").bytes == 3_000_000
