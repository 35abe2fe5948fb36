"""An invented archive of more quotes in print than a search pages through, some of them with words that mean harm."""

from convarchive.domain.quote import Document, DocumentId, PublishedQuote
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.store.catalogue import Catalogue
from fakes.encoder import HashingEncoder
from fakes.reading_archive import Archive

CY, MALLORY, ADA = SpeakerId("cy-invented"), SpeakerId("mallory-invented"), SpeakerId("ada-example")
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
HOSTILE_NAME = '"><svg onload=alert(3)>'
REPORTS = 1_040


def _printed(key, text, speaker=None, name="Tom Atlantis", place="page 1"):
    return PublishedQuote(key, text, speaker, name, "Invented", place, "podcast")


PAPER = Document(
    DocumentId("crowded-paper"),
    f"A paper {HOSTILE}",
    "Example Press",
    "2030",
    fiction=True,
    clearance_scope="the words as printed",
    clearance_by="printed publication",
    quotes=(
        *(_printed(f"report-{n}", f"Weather, weather: report {n}.") for n in range(REPORTS)),
        _printed("cy-weather", "Weather is what we talk about instead.", CY, "Cy Invented"),
        _printed("cy-trains", "Trains are slow gardens.", CY, "Cy Invented"),
        _printed("ada", "Bridges are polite rivers.", ADA, "Ada Example"),
        _printed("hostile", HOSTILE, MALLORY, HOSTILE_NAME, place=HOSTILE),
        _printed("balloons", "🎈🎈🎈 A zeppelin is a cloud with a timetable."),
    ),
)


def crowded(home):
    """Build it in an empty folder."""
    home.holdings.mkdir(parents=True, exist_ok=True)
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            for speaker, name in ((CY, "Cy Invented"), (MALLORY, HOSTILE_NAME), (ADA, "Ada Example")):
                write.speech.put_speaker(Speaker(speaker, name, fiction=True), "desk")
            write.quotes.put_document(PAPER)
            ids, scores = {}, {}
            for printed in PAPER.quotes:
                quote, version = write.quotes.put_published(PAPER, printed)
                number = write.reviews.add("clear", "printed publication", "in print", quote=quote, version=version)
                ids[printed.key] = quote
                write.reviews.clear(version, number, PAPER.clearance_scope)
                if "eather" in printed.text:
                    scores[version] = [ThemeScore(ThemeId("weather"), 0.9, "print")]
            write.search.put_themes([Theme(ThemeId("weather"), "Weather", "What the sky does.")])
            write.search.put_scores(scores, "print")
            write.search.sync_passages()
            write.count_up("content")
        build(home, catalogue, HashingEncoder(), FaissIndex)
    return Archive(home, None, None, ids)
