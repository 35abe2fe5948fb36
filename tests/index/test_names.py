"""What somebody said answers their name, in whatever form it is known, and only where it may be seen."""

import pytest
from sqlalchemy import text

from convarchive.domain.passage import Query
from convarchive.domain.quote import PublishedQuote
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.live import LiveIndex
from convarchive.index.search import search
from convarchive.store.catalogue import Catalogue
from fakes import printed
from fakes.blank import blank_home
from fakes.encoder import HashingEncoder

ENCODER = HashingEncoder(512)
ADA, BEN = SpeakerId("ada-example"), SpeakerId("ben-sample")
SAID = {
    "trust": (ADA, "Lady Ada Example", "Trust is slow work."),
    "minutes": (BEN, "Ben Sample", "We stopped counting the minutes."),
    "maps": (None, "Cleo Fiction", "Maps are opinions with a scale."),
    "bridges": (None, "Eve Fable", "Bridges are promises kept in stone."),
    "harbour": (BEN, "Ben Sample", "Ships are safe in a harbour."),
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """One way to ask an archive of two people in the register, one with a title, and one who is only printed."""
    home = blank_home(tmp_path_factory.mktemp("names"))
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            write.speech.put_speaker(Speaker(ADA, "Lady Ada Example", ("Dr A. Example",)), "desk")
            write.speech.put_speaker(Speaker(BEN, "Ben Sample"), "desk")
            quotes = [
                PublishedQuote(key, words, who, name, "", "page 1", "podcast" if who else "other")
                for key, (who, name, words) in SAID.items()
            ]
            paper = printed.document(quotes)
            write.quotes.put_document(paper)
            for one in quotes:
                quote, version = write.quotes.put_published(paper, one)
                if one.key == "bridges":
                    # As a name stands beside words that were heard, where the register has nobody of it.
                    write._connection.execute(
                        text("UPDATE version SET text_status = 'heard' WHERE id = :v"), {"v": version}
                    )
                if one.key in ("harbour", "bridges"):
                    review = write.reviews.add("clear", "An Editor", "for this test", quote=quote, version=version)
                    write.reviews.clear(version, review)
            write.search.sync_passages()
        build(home, catalogue, ENCODER, FaissIndex)

        def asked(query, audience="researcher", **filters):
            with catalogue.reading(audience) as read:
                opened = LiveIndex(home, FaissIndex.load, ENCODER.fingerprint).current(read.index.catalogue())
                return search(read, opened, ENCODER, Query(query, **filters))

        yield asked


def keys(answer):
    by_text = {text: key for key, (_, _, text) in SAID.items()}
    return {by_text[hit.passage.text] for hit in answer.hits if hit.name}


@pytest.mark.parametrize(
    ("query", "theirs"),
    [
        ("Lady Ada Example", {"trust"}),
        ("ada example", {"trust"}),
        ("dr a. example", {"trust"}),
        ("Ada Exmaple", {"trust"}),
        ("Example", {"trust"}),
        ("ben sampel on time", {"minutes", "harbour"}),
        ("Cleo Fiction", {"maps"}),
        ("Cleo Ficton", {"maps"}),
        ("Ada", set()),
        ("minutes", set()),
        ("an example of work", set()),
        ("Bea Sample", {"minutes", "harbour"}),
        ("Dora Specimen", set()),
    ],
)
def test_a_name_is_known_in_any_form_without_its_title_and_misspelt_by_a_slip(ask, query, theirs):
    assert keys(ask(query)) == theirs


def test_who_is_named_stands_first_and_what_may_not_be_seen_stays_unseen(ask):
    assert ask("Ben Sample counting trust").hits[0].passage.text == SAID["minutes"][2]
    assert keys(ask("Ben Sample", "public")) <= {"harbour"}
    assert keys(ask("Cleo Fiction", "public")) == set()
    # Beside words that were heard a name may be uncertain: asking for it must not tell whose they are.
    assert keys(ask("Eve Fable", "public")) == keys(ask("Eve Fable")) == set()


def test_a_filter_changes_which_passages_answer_and_not_how_relevant_they_are(ask):
    text = SAID["minutes"][2]
    every = {hit.passage.text: hit.relevance for hit in ask("counting minutes in the harbour").hits}
    few = {hit.passage.text: hit.relevance for hit in ask("counting minutes in the harbour", speaker=BEN).hits}
    assert few[text] == every[text]
    assert set(few) == {text for who, _, text in SAID.values() if who == BEN}
