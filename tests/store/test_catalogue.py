"""The catalogue file: opened, migrated, refused, and never half-written."""

import contextlib
import sqlite3

import pytest
from sqlalchemy import create_engine

from convarchive.domain.episode import Enclosure, Item
from convarchive.domain.span import Span
from convarchive.domain.transcript import Dropped, Transcript, Word
from convarchive.errors import CatalogueCorrupt, CatalogueError, CatalogueTooNew, CatalogueTooOld, HomeNotWritable
from convarchive.home import Home
from convarchive.store import read_keys
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small

ITEM = Item("guid-1", "A fictional talk", Enclosure("http://127.0.0.1/a.mp3", "audio/mpeg", 10))


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_a_fresh_catalogue_passes_its_own_checks(home):
    with Catalogue.for_writing(home) as catalogue:
        assert catalogue.check() == ()


def test_migrating_gives_exactly_the_tables_the_code_speaks_of(home):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from convarchive.store.schema import metadata

    with Catalogue.for_writing(home):
        pass
    engine = create_engine(f"sqlite:///{home.catalogue}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    # Full text lives in virtual tables of its own, which the schema does not name.
    assert not [d for d in differences if "passage_words" not in str(d)]


def test_opening_twice_changes_nothing(home):
    with Catalogue.for_writing(home) as first, first.writing() as write:
        known = write.fact("catalogue")
    with Catalogue.for_writing(home) as second, second.writing() as write:
        assert write.fact("catalogue") == known


def test_an_empty_catalogue_beside_held_recordings_is_no_new_archive(home):
    home.audio.mkdir(parents=True)
    home.catalogue.touch()
    with Catalogue.for_writing(home) as fresh:
        assert fresh.check() == ()
    home.catalogue.write_bytes(b"")
    (home.audio / f"{'a' * 64}.mp3").touch()
    with pytest.raises(CatalogueCorrupt, match="latest copy"):
        Catalogue.for_writing(home)
    assert home.catalogue.stat().st_size == 0


def test_any_number_of_quotes_can_be_asked_for_at_once(home):
    with Catalogue.for_writing(home) as catalogue, catalogue.reading("researcher") as read:
        assert read.quotes([f"q{number}" for number in range(40_000)]) == ()


def test_a_reader_refuses_a_home_without_a_catalogue_and_says_what_to_run(home):
    with pytest.raises(CatalogueError, match="convarchive ingest"):
        Catalogue.for_reading(home)


def test_a_catalogue_of_a_later_release_is_refused(home):
    with Catalogue.for_writing(home):
        pass
    with sqlite3.connect(home.catalogue) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    for opening in (Catalogue.for_reading, Catalogue.for_writing):
        with pytest.raises(CatalogueTooNew, match="upgrade"):
            opening(home)


def test_a_damaged_catalogue_is_named_in_one_line(home):
    home.holdings.mkdir(parents=True)
    home.catalogue.write_bytes(b"this is no database" * 200)
    with pytest.raises(CatalogueCorrupt, match="damaged") as said:
        Catalogue.for_writing(home)
    assert "\n" not in str(said.value)


def test_a_home_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "ingest").write_text("not a folder")
    with pytest.raises(HomeNotWritable):
        Catalogue.for_writing(Home(tmp_path))


def test_a_transaction_that_fails_leaves_nothing_behind(home):
    with Catalogue.for_writing(home) as catalogue:
        with contextlib.suppress(RuntimeError), catalogue.writing() as write:
            write.episodes.put_item(None, ITEM)
            raise RuntimeError("interrupted")
        with catalogue.writing() as write:
            assert write.episodes.episodes() == ()


def test_reviews_can_neither_be_changed_nor_deleted(home):
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        write.reviews.add("clear", "An Editor", "because")
    with sqlite3.connect(home.catalogue) as raw:
        for attack in ("UPDATE review SET why = 'other'", "DELETE FROM review"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(attack)
    raw.close()


def test_words_come_back_as_they_were_kept(home):
    words = (Word("Power,", Span(0, 400), 0.9876), Word("shared", Span(400, 900), None, "Ada Example"))
    kept = Transcript(words, "en", "supplied", "fp", (Dropped(Span(5, 9), "Thanks for watching", "silence"),))
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        episode = write.episodes.put_item(None, ITEM)
        write.speech.put_transcript(episode, None, kept)
        assert write.speech.transcript(episode, None, "heard", "supplied") == kept


def test_an_item_read_again_updates_its_episode(home):
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        first = write.episodes.put_item(None, ITEM)
        again = write.episodes.put_item(None, Item("guid-1", "A better title", ITEM.enclosure))
        assert first == again
        assert [e.title for e in write.episodes.episodes()] == ["A better title"]


def test_a_catalogue_without_keys_and_voiceprints_gets_room_for_them_and_a_copy_of_it_stays(home):
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        write.episodes.put_item(None, ITEM)
    with sqlite3.connect(home.catalogue) as raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE name LIKE '%_stirs'").fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        for index in (
            "ix_version_attribution",
            "ix_clearing_not_before",
            "ix_version_unregistered",
            "ix_excerpt_recording",
        ):
            raw.execute(f"DROP INDEX {index}")
        for table in ("access_key", "voiceprint", "voice_consent", "stirred", "ledger_copy", "passage_words_met"):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("ALTER TABLE theme DROP COLUMN counter_examples")
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.close()
    with pytest.raises(CatalogueTooOld, match="convarchive ingest"):
        Catalogue.for_reading(home)
    with Catalogue.for_writing(home) as catalogue:
        assert read_keys.every(catalogue) == ()
        with catalogue.writing() as write:
            assert len(write.episodes.episodes()) == 1
    assert home.catalogue.with_name("catalogue.db.before-0007").is_file()


def test_after_a_migration_passages_are_those_that_this_release_wants(home):
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
        before = write.index.numbers()
    with sqlite3.connect(home.catalogue) as raw:
        raw.execute("DROP INDEX ix_excerpt_recording")
        raw.execute("DELETE FROM passage WHERE number = (SELECT max(number) FROM passage)")
        raw.execute("UPDATE alembic_version SET version_num = '0006'")
    raw.close()
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        assert len(write.index.numbers()) == len(before) > 0
