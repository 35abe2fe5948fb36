"""Passages follow their quotes, and keep what was worked out about words that stay the same."""

from dataclasses import replace

from sqlalchemy import text

from convarchive.domain.quote import AudioSource, Excerpt, Selector
from convarchive.domain.theme import ThemeId
from convarchive.home import Home
from convarchive.store import catalogue as catalogues
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_quotes import NewVersion
from fakes import small_archive as small


def test_a_quote_under_another_name_keeps_its_passage_and_its_themes(tmp_path):
    _, span, words = small.SAID["confirmed"]
    new = NewVersion(
        small.HEARD["confirmed"], words, "heard", (Excerpt(words, span),), (AudioSource(small.SOUND, span),),
        Selector(words, span=span), small.BEN, "Ben Sample",
    )  # fmt: skip
    with Catalogue.for_writing(Home(tmp_path)) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
            before = write.index.numbers()
            row, _ = write.speech.current_attributions(small.SOUND)["S2"]
            version = write.quotes.put(replace(new, attribution=row))
            assert write.search.sync_passages() == (0, 0)
            assert tuple(write.index.numbers()) == tuple(before)
        with catalogue.reading("editor") as read:
            view = read.quote(new.quote)
        assert (view.version, view.speaker.name) == (version, "Ben Sample")
        assert [(one.theme, one.score) for one in view.themes] == [(ThemeId("leadership"), 0.75)]
        with catalogue.writing() as write:
            write.quotes.put(replace(new, text="Other words.", excerpts=(Excerpt("Other words.", span),)))
            assert write.search.sync_passages() == (1, 1)
            assert max(write.index.numbers()) > max(before)


def test_of_three_passages_of_the_same_words_the_oldest_outlives_the_others(tmp_path, monkeypatch):
    quote, (_, span, words) = small.HEARD["confirmed"], small.SAID["confirmed"]
    new = NewVersion(
        quote, words, "heard", (Excerpt(words, span),), (AudioSource(small.SOUND, span),), Selector(words, span=span),
        small.BEN, "Ben Sample",
    )  # fmt: skip

    def cleared(write, version, ends=None):
        write.reviews.clear(version, write.reviews.add("clear", "An Editor", "asked", quote=quote), not_before=ends)

    monkeypatch.setattr(catalogues, "now", lambda: "2031-05-01T00:00:00+00:00")
    with Catalogue.for_writing(Home(tmp_path)) as catalogue:
        with catalogue.writing() as write:
            small.fill(write)
            held = text("SELECT number, version FROM passage WHERE quote = :q")
            oldest = write._connection.execute(held, {"q": quote}).scalar()
            cleared(write, write.reviews.standing(quote).version)
            cleared(write, write.quotes.put(new), ends="2031-05-02T00:00:00+00:00")
            write.search.sync_passages()
            newest = write.quotes.put(replace(new, speaker=None, name=None))
            assert write.search.sync_passages() == (1, 0)
        monkeypatch.setattr(catalogues, "now", lambda: "2031-05-03T00:00:00+00:00")
        with catalogue.writing() as write:
            cleared(write, newest)
            assert write.search.sync_passages() == (0, 2)
            rows = write._connection.execute(held, {"q": quote})
            assert [tuple(row) for row in rows] == [(oldest, newest)]
            assert write.search.sync_passages(everything=True) == (0, 0)
