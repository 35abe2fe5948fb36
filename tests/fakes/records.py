"""Records made up for tests of how they are written."""

PLAIN = {
    "schema": 1,
    "id": "q" + "a" * 26,
    "version": "v" + "0" * 32,
    "text": "Power that is shared grows.",
    "text_status": "heard",
    "edits": [],
    "language": "en",
    "rights": None,
    "fiction": False,
    "excerpts": [{"start_ms": 61_500, "end_ms": 64_000, "text": "Power that is shared grows."}],
    "speaker": {"id": "ada-example", "name": "Ada Example", "credit": "Director, Example Trust", "role": "guest"},
    "attribution": {"status": "probable", "confidence": 0.7, "evidence": []},
    "episode": {"id": "e1", "title": "A fictional talk", "published": "2031-01-01", "show": "A fictional show",
                "link": "https://podcast.example/a-fictional-talk"},
    "sources": [
        {"kind": "audio", "title": "A fictional talk", "recording_sha256": "a" * 64, "place": "t=61.500,64.000",
         "publisher": None, "published": None, "url": None}
    ],
    "audio_url": None,
    "confidence": 0.9,
    "themes": [{"id": "leadership", "score": 0.8, "by": "model"}, {"id": "economy", "score": 0.1, "by": "model"}],
    "clearance": "unreviewed",
    "cleared": None,
    "permalink": None,
}  # fmt: skip

PRINTED = PLAIN | {
    "text_status": "printed",
    "attribution": {"status": "printed", "confidence": None, "evidence": None},
    "episode": None,
    "excerpts": [{"start_ms": None, "end_ms": None, "text": "Trust is slow work."}],
    "text": "Trust is slow work.",
    "sources": [{"kind": "document", "title": "An example paper", "recording_sha256": None, "place": "section 2",
                 "publisher": "Example Press", "published": "2030", "url": None}],
    "clearance": "cleared",
}  # fmt: skip

CLEARED = PLAIN | {
    "text_status": "checked",
    "attribution": {"status": "confirmed", "confidence": None, "evidence": None},
    "clearance": "cleared",
    "cleared": {"day": "2031-02-03", "by": None},
    "permalink": "https://archive.example/q/q" + "a" * 26,
    "audio_url": "https://archive.example/api/v1/quotes/q" + "a" * 26 + "/clip",
}
"""What may be published: heard, checked, cleared and surely named."""
