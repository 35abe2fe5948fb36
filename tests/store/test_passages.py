"""Passages follow what was stirred, as if everything had been looked at."""

import random

import pytest
from sqlalchemy import text

from convarchive.domain.passage import Query
from convarchive.store import catalogue as catalogues
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small
from fakes.acts import Acts, Clock
from fakes.blank import blank_home

PLAIN = Query("")


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(catalogues, "now", clock)
    return clock


@pytest.fixture
def home(tmp_path):
    home = blank_home(tmp_path)
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
    return home


@pytest.mark.parametrize("seed", range(8))
def test_passages_follow_what_was_stirred_as_if_everything_were_looked_at(home, clock, seed):
    chance = random.Random(seed)
    with Catalogue.for_writing(home) as writer:
        acts = Acts(writer, chance, clock)
        with writer.reading("editor") as read:
            acts.episode = read.episodes()[0].id
        for _ in range(12):
            for act in chance.choices(acts.names, k=chance.choice((1, 1, 3))):
                getattr(acts, act)()
            with writer.writing() as write:
                write.search.sync_passages()
                assert write.search.sync_passages(everything=True) == (0, 0)


def test_cleared_words_take_the_place_of_older_ones_when_their_embargo_ends(home, clock):
    quote = small.HEARD["confirmed"]
    with Catalogue.for_writing(home) as writer:
        with writer.reading("editor") as read:
            episode = read.episodes()[0].id
        with writer.writing() as write:
            for words, ends in (("First words.", None), ("Second words.", clock.in_a_while(2)), ("Third words.", "")):
                rows = write.speech.current_attributions(small.SOUND)
                small.put_quote(write, episode, "confirmed", rows, words=words)
                if ends != "":
                    review = write.reviews.add("clear", "An Editor", "asked", quote=quote)
                    write.reviews.clear(write.reviews.standing(quote).version, review, not_before=ends)
            write.search.sync_passages()
        said = ["First words.", "Second words."]
        for words in said:
            with writer.reading("public") as read:
                found = [passage for passage in read.passages(PLAIN) if passage.quote == quote]
                assert [passage.text for passage in found] == [words]
                assert found[0].number in read.numbers(PLAIN)
            clock.minute += 3
        with writer.writing() as write:
            assert write.search.sync_passages() == (0, 1)
            assert write.search.sync_passages(everything=True) == (0, 0)


def test_passages_follow_also_where_too_much_was_stirred_or_its_notes_are_gone(home):
    with Catalogue.for_writing(home) as writer:
        for gone in ("DELETE FROM stirred WHERE seq < (SELECT max(seq) FROM stirred)", "DELETE FROM fact"):
            with writer.writing() as write:
                write._connection.execute(text("UPDATE quote SET retired = 'gone'"))
                write._connection.execute(text(gone))
                assert write.search.sync_passages()[1] > 0
                write._connection.execute(text("UPDATE quote SET retired = NULL"))
                assert write.search.sync_passages()[0] > 0
                assert write.search.sync_passages(everything=True) == (0, 0)
