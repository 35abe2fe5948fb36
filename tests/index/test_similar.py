"""What is similar was said by somebody else, and a repeat is no other quote."""

import numpy as np
import pytest

from convarchive.domain.quote import Document, DocumentId, PublishedQuote
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.editorial import clearing
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.live import opened
from convarchive.index.similar import nearness, similar
from convarchive.store.catalogue import Catalogue
from fakes.encoder import HashingEncoder

ADA, BEN = SpeakerId("ada-example"), SpeakerId("ben-sample")
SAID = {
    "power": (ADA, "We gave the power away and nobody asked for it back."),
    "trailer": (ADA, "We gave the power away and nobody asked"),
    "hers": (ADA, "Power that we gave away came back to us."),
    "his": (BEN, "Nobody gave the power away, it was asked for."),
    "repeat": (BEN, "Nobody gave the power away, so it was asked for."),
    "other": (BEN, "Bread is baked at night."),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"))
    quotes = tuple(
        PublishedQuote(key, text, who, who.title(), None, "a page", "podcast") for key, (who, text) in SAID.items()
    )
    paper = Document(DocumentId("paper"), "A paper", None, None, "en", "a paper", "print", quotes=quotes)
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            for who in (ADA, BEN):
                write.speech.put_speaker(Speaker(who, who.title()), "desk")
            write.quotes.put_document(paper)
            ids = {one.key: write.quotes.put_published(paper, one)[0] for one in quotes}
            write.search.sync_passages()
        build(home, catalogue, HashingEncoder(256), FaissIndex)
        yield home, catalogue, ids


def ask(archive, key, audience="researcher", **choices):
    home, catalogue, ids = archive
    names = {quote: name for name, quote in ids.items()}
    with catalogue.reading(audience) as read:
        found = similar(read, opened(home, FaissIndex.load), read.quote(ids[key]), **choices)
    return [(names[h.passage.quote], [names[o] for o in h.also]) for h in found.hits], [names[o] for o in found.also]


def test_others_come_first_repeats_fold_and_ones_own_words_come_last_if_at_all(archive):
    hits, also = ask(archive, "power")
    assert [name for name, _ in hits] in (["his"], ["repeat"])
    assert sorted([hits[0][0], *hits[0][1]]) == ["his", "repeat"]
    assert also == ["trailer"]
    assert [name for name, _ in ask(archive, "power", own=True)[0]][-1] == "hers"
    with pytest.raises(BadInput, match="limit is 0"):
        ask(archive, "power", limit=0)


def test_what_is_too_far_is_not_told_and_the_limit_holds_for_either(archive):
    hits, _ = ask(archive, "power", own=True, limit=1)
    assert len(hits) == 2
    assert hits[-1][0] == "hers"
    assert ask(archive, "other", own=True)[0] == []
    assert [round(float(one), 3) for one in nearness(np.array([0.455, 0.5], np.float32))] == [0.4, 0.5]


def test_what_was_withdrawn_is_in_no_list_of_likes(archive):
    home, catalogue, ids = archive
    for key in ("trailer", "his"):
        clearing.withdraw(catalogue, home, ids[key], by="An Editor", why="asked to")
    hits, also = ask(archive, "power")
    assert (hits, also) == ([("repeat", [])], [])
