"""The catalogue's file where it lies: on a disk that is full or read-only, and replaced while it is read."""

import os
import shutil
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from convarchive.errors import CatalogueError, HomeBusy, HomeNotWritable
from convarchive.home import Home
from convarchive.store import opening
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small
from fakes.blank import blank_home
from fakes.small_disks import disk_of, nothing_may_be_written


@pytest.fixture
def home(tmp_path):
    home = blank_home(tmp_path / "home")
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
    return home


def generation(home):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading("public") as read:
        return read.generation()


def leave_a_log(home):
    """What a writer leaves behind that was killed: changes that only the log holds."""
    child = os.fork()
    if not child:
        with Catalogue.for_writing(home) as catalogue:
            held = catalogue._engine.raw_connection()
            held.cursor().execute("SELECT 1 FROM fact").fetchone()
            with catalogue.writing() as write:
                write.count_up("content")
            os._exit(0)
    os.waitpid(child, 0)


def test_an_archive_on_a_disk_that_cannot_be_written_is_read(home):
    before = generation(home)
    with nothing_may_be_written(home):
        assert generation(home) == before
        with pytest.raises(HomeNotWritable) as refused:
            Catalogue.for_writing(home)
    assert "\n" not in str(refused.value)


def test_changes_that_only_the_log_holds_are_never_passed_over(home):
    leave_a_log(home)
    assert home.catalogue.with_name("catalogue.db-wal").stat().st_size
    home.catalogue.with_name("catalogue.db-shm").unlink(missing_ok=True)
    with (
        nothing_may_be_written(home),
        pytest.raises(HomeNotWritable, match=r"catalogue\.db-wal; run a command such as"),
    ):
        generation(home)
    before = generation(home)
    with nothing_may_be_written(home):
        assert generation(home) == before


def test_a_full_disk_is_called_full(tmp_path):
    with disk_of(3, tmp_path / "disk") as disk:
        home = Home(disk / "home")
        with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
            small.fill(write)
        with pytest.raises(OSError, match="No space left"), (disk / "ballast").open("wb") as ballast:
            ballast.write(b"0" * 4_000_000)
        for opening in (Catalogue.for_reading, Catalogue.for_writing):
            with (
                pytest.raises(HomeNotWritable, match="is full; free some space"),
                opening(home) as catalogue,
                catalogue.writing() as write,
            ):
                write.search.put_vectors("fake", {str(n): b"0" * 4_000 for n in range(100)})


def test_a_reader_answers_from_the_file_that_lies_there_now(home, tmp_path):
    other = blank_home(tmp_path / "other")
    with Catalogue.for_writing(other) as catalogue, catalogue.writing() as write:
        small.fill(write)
        for _ in range(40):
            write.count_up("content")
    with Catalogue.for_reading(home) as catalogue:
        with catalogue.reading("public") as read:
            before = read.generation()
        shutil.copy(other.catalogue, tmp_path / "copy.db")
        (tmp_path / "copy.db").replace(home.catalogue)
        with catalogue.reading("public") as read:
            assert read.generation() == before + 40
        home.catalogue.unlink()
        with pytest.raises(CatalogueError, match="not there any more"), catalogue.reading("public"):
            pass
        assert not home.catalogue.exists(), "a reader makes no file"


def test_what_is_asked_does_not_get_into_errors(home):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading("public") as read:
        with pytest.raises(OperationalError) as failed:
            read._connection.exec_driver_sql("SELECT * FROM nowhere WHERE a = ?", ("a secret question",))
        assert "a secret question" not in str(failed.value)
        assert isinstance(failed.value.__cause__, sqlite3.OperationalError)


def test_a_reader_that_finds_no_place_on_a_crowded_machine_asks_again(home, monkeypatch):
    """What SQLite says then cannot be brought about at will: the first tries are made to fail as it makes them."""
    real, tries = opening.Connection.exec_driver_sql, []

    def crowded(connection, statement, *more, **how):
        if statement.startswith("SELECT 1 FROM sqlite_master"):
            tries.append(statement)
            if len(tries) <= fails:
                raise OperationalError(statement, None, sqlite3.OperationalError("locking protocol"))
        return real(connection, statement, *more, **how)

    monkeypatch.setattr(opening, "_PAUSES_S", (0.0, 0.0))
    with Catalogue.for_reading(home) as catalogue:
        monkeypatch.setattr(opening.Connection, "exec_driver_sql", crowded)
        fails = 2
        with catalogue.reading("public") as read:
            assert read.generation() == 1
        fails, tries = 99, []
        with pytest.raises(HomeBusy, match="locked by another process"), catalogue.reading("public") as read:
            read.generation()
        assert len(tries) == 3
        fails = 0
        with catalogue.reading("public") as read:
            assert read.generation() == 1
