"""The rule of who sees which version has two spellings, of every quote at once and of a few: they mean the same."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from convarchive.domain.audience import AUDIENCES
from convarchive.store import schema as s
from convarchive.store.catalogue import Catalogue
from convarchive.store.standing import is_newest, shown
from convarchive.store.write_reviews import Hold
from fakes import small_archive as small
from fakes.blank import blank_home

NAMES = tuple(small.SAID)
PAST, FUTURE = "2001-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("say otherwise"), st.sampled_from(NAMES), st.integers(0, 2)),
        st.tuples(st.just("clear"), st.sampled_from(NAMES), st.sampled_from([None, PAST, FUTURE])),
        st.tuples(st.just("unclear"), st.sampled_from(NAMES), st.none()),
        st.tuples(st.just("hold"), st.sampled_from(NAMES), st.sampled_from(["withheld", "withdrawn"])),
        st.tuples(st.just("retire"), st.sampled_from(NAMES), st.none()),
    ),
    max_size=10,
)


def do(write, episode, deed, name, how):
    quote = small.HEARD[name]
    if deed == "say otherwise":
        voices = write.speech.current_attributions(small.SOUND)
        small.put_quote(write, episode, name, voices, words=f"{name} in other words {how}.")
    elif deed == "clear":
        version = write.reviews.standing(quote).version
        number = write.reviews.add("clear", "An Editor", "heard it", quote=quote, version=version)
        write.reviews.clear(version, number, None, how)
    elif deed == "unclear":
        write.reviews.unclear(quote, write.reviews.add("undo", "An Editor", "by mistake", quote=quote))
    elif deed == "hold":
        number = write.reviews.add("withhold", "An Editor", "asked to", quote=quote)
        write.reviews.hold(Hold(how, quote=quote), number)
    else:
        write.quotes.retire(quote, "no longer said")


def rows(connection, query):
    return sorted(tuple(row) for row in connection.execute(query))


@given(DEEDS)
@settings(max_examples=30, deadline=None)
def test_asked_of_all_or_of_a_few_the_rule_says_the_same(deeds):
    with (
        tempfile.TemporaryDirectory() as folder,
        Catalogue.for_writing(blank_home(Path(folder) / "home")) as catalogue,
    ):
        with catalogue.writing() as write:
            episode = small.fill(write)
            for deed in deeds:
                do(write, episode, *deed)
            now = write.now
        with catalogue.snapshot() as connection:
            quotes = connection.execute(select(s.quote.c.id).order_by(s.quote.c.id)).scalars().all()
            for audience in AUDIENCES:
                of_all = rows(connection, shown(audience, now))
                assert rows(connection, shown(audience, now, quotes)) == of_all
                for quote in quotes:
                    of_one = rows(connection, shown(audience, now, [quote]))
                    assert of_one == [row for row in of_all if row[1] == quote]
            ids = select(s.version.c.id).order_by(s.version.c.id)
            newest = connection.execute(ids.where(is_newest(s.version.c.id))).scalars().all()
            assert connection.execute(ids.where(is_newest(s.version.c.id, quotes))).scalars().all() == newest
