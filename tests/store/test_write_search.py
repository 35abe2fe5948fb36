"""Passages follow their quotes, and keep what was worked out about words that stay the same."""

from dataclasses import replace

from convarchive.domain.quote import AudioSource, Excerpt, Selector
from convarchive.domain.theme import ThemeId
from convarchive.home import Home
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
