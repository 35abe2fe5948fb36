"""Of quotes that say the same, the one that stands best for publication is shown, and the others are counted."""

import pytest

from convarchive.domain.passage import Query
from convarchive.domain.quote import Document, DocumentId, PublishedQuote
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.live import opened
from convarchive.index.portraits import portrait
from convarchive.index.search import search
from convarchive.index.similar import similar
from convarchive.store.catalogue import Catalogue
from fakes.blank import blank_home
from fakes.encoder import HashingEncoder

ENCODER = HashingEncoder(256)
SAID = {
    "trailer": "We gave the power away and nobody asked for it back.",
    "cleared": "We gave the power away, and nobody asked for it back!",
    "reprint": "Bread is baked at night by those who wait.",
    "original": "Bread is baked at night by those who wait",
    "question": "Who gave the power away, and did anybody ask?",
}
YEARS = {"reprint": "2033", "original": "2031"}
THEME = ThemeId("power")


@pytest.fixture
def archive(tmp_path):
    home, ids, scores = blank_home(tmp_path / "home"), {}, {}
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            write.search.put_themes([Theme(THEME, "Power", "giving power away")])
            for key, text in SAID.items():
                one = PublishedQuote(key, text, None, f"{key.title()} Example", None, "a page", "podcast")
                paper = Document(DocumentId(key), key, None, YEARS.get(key, "2030"), quotes=(one,))
                write.quotes.put_document(paper)
                ids[key], version = write.quotes.put_published(paper, one)
                scores[version] = [ThemeScore(THEME, 1.0, "print")] if key in ("trailer", "reprint") else []
                if key == "cleared":
                    review = write.reviews.add("clear", "An Editor", "read", quote=ids[key], version=version)
                    write.reviews.clear(version, review)
                    scores[version] = [ThemeScore(THEME, 0.9, "print")]
                elif key == "original":
                    scores[version] = [ThemeScore(THEME, 0.9, "print")]
            write.search.put_scores(scores, "print")
            write.search.sync_passages()
        build(home, catalogue, ENCODER, FaissIndex)
        yield home, catalogue, ids


def test_what_may_be_published_leads_and_an_original_leads_its_reprint_everywhere(archive):
    home, catalogue, ids = archive
    index = opened(home, FaissIndex.load)
    with catalogue.reading("researcher") as read:
        found = portrait(read, THEME, ENCODER.fingerprint)
        answers = [search(read, index, ENCODER, Query(SAID[key])).hits[0] for key in ("trailer", "reprint")]
        likes = similar(read, index, read.quote(ids["question"])).hits
    both = {(ids["cleared"], (ids["trailer"],)), (ids["original"], (ids["reprint"],))}
    assert {(one.quote.id, one.also) for one in found.quotes} >= both
    assert found.theme.quotes == len(found.quotes) + found.folded
    assert {(hit.passage.quote, hit.also) for hit in answers} == both
    assert (likes[0].passage.quote, likes[0].also) == (ids["cleared"], (ids["trailer"],))
    with catalogue.reading("public") as read:
        only = portrait(read, THEME, ENCODER.fingerprint)
    assert [(one.quote.id, one.also) for one in only.quotes] == [(ids["cleared"], ())]
