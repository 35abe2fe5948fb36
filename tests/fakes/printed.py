"""Printed quotes of a fictional document, put into a catalogue by their words."""

from convarchive.domain.quote import Document, DocumentId, PublishedQuote
from convarchive.domain.speaker import Speaker, SpeakerId

PAPER = DocumentId("example-paper")
ADA = SpeakerId("ada-example")


def document(quotes):
    return Document(PAPER, "An example paper", "Example Press", "2030", quotes=tuple(quotes))


def put(write, texts, *, cleared=()):
    """Put quotes by key and text in one transaction; those `cleared` are open to the public. Return ids by key."""
    write.speech.put_speaker(Speaker(ADA, "Ada Example"), "desk")
    quotes = [PublishedQuote(key, text, ADA, "Ada Example", "", "page 1", "podcast") for key, text in texts.items()]
    paper = document(quotes)
    write.quotes.put_document(paper)
    ids = {}
    for printed in quotes:
        quote, version = write.quotes.put_published(paper, printed)
        ids[printed.key] = quote
        if printed.key in cleared:
            review = write.reviews.add("clear", "An Editor", "for this test", quote=quote, version=version)
            write.reviews.clear(version, review)
    write.search.sync_passages()
    write.count_up("content")
    return ids
