"""The one quote record: its exact shape, its nulls by audience, and the answer around it."""

import json
from dataclasses import replace

import pytest

from convarchive.domain.audience import AUDIENCES
from convarchive.domain.passage import Hit, Passage, PassageNumber
from convarchive.domain.theme import ThemeId, ThemeScore
from convarchive.home import Home
from convarchive.publish.record import answer, permalink, record
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small

PUBLIC = "https://archive.example"
CONFIRMED = small.HEARD["confirmed"]


@pytest.fixture(scope="module")
def views(tmp_path_factory):
    """Every view of two quotes, by audience and name; both are cleared."""
    found = {}
    with Catalogue.for_writing(Home(tmp_path_factory.mktemp("home"))) as catalogue:
        with catalogue.writing() as write:
            small.fill(write, fiction=True)
        for name in ("confirmed", "probable"):
            with catalogue.reading("editor") as read:
                version = read.quote(small.HEARD[name]).version
            with catalogue.writing() as write:
                number = write.reviews.add("clear", "An Editor", "heard it", quote=small.HEARD[name], version=version)
                write.reviews.clear(version, number)
        for audience in ("public", "researcher", "comms", "editor"):
            with catalogue.reading(audience) as read:
                for name in ("confirmed", "probable"):
                    found[audience, name] = read.quote(small.HEARD[name])
                found[audience, "printed"] = read.quote(small.PRINTED["slow-work"])
    return found


def test_the_record_is_exactly_the_contract(views):
    view = views["researcher", "confirmed"]
    assert record(view, public_url=PUBLIC) == {
        "schema": 1,
        "id": CONFIRMED,
        "version": view.version,
        "text": "Power that is shared grows.",
        "text_status": "checked",
        "edits": [],
        "language": "en",
        "rights": None,
        "fiction": True,
        "excerpts": [{"start_ms": 0, "end_ms": 4000, "text": "Power that is shared grows."}],
        "speaker": {"id": "ada-example", "name": "Ada Example", "credit": None, "role": "guest"},
        "attribution": {
            "status": "confirmed",
            "confidence": 0.97,
            "evidence": [
                {
                    "kind": "says who she is",
                    "detail": "I'm Ada Example",
                    "start_ms": 0,
                    "end_ms": 900,
                    "listen": f"{PUBLIC}/episodes/{view.episode.id}?at=0.0#at",
                }
            ],
        },
        "episode": {
            "id": view.episode.id,
            "title": "A fictional talk",
            "published": "2031-01-01",
            "show": "A fictional show",
            "link": None,
        },
        "sources": [
            {
                "kind": "audio",
                "title": "A fictional talk",
                "recording_sha256": small.SOUND,
                "place": "t=0.000,4.000",
                "publisher": None,
                "published": None,
                "url": None,
            }
        ],
        "audio_url": f"{PUBLIC}/api/v1/quotes/{CONFIRMED}/clip",
        "confidence": 0.9,
        "themes": [{"id": "leadership", "score": 0.75, "by": "model"}],
        "clearance": "cleared",
        "cleared": None,
        "permalink": f"{PUBLIC}/q/{CONFIRMED}",
    }


def test_a_record_is_plain_json(views):
    for view in views.values():
        made = record(view, public_url=PUBLIC)
        assert json.loads(json.dumps(made)) == made


def test_the_public_gets_nulls_for_what_it_may_not_see(views):
    made = record(views["public", "probable"], public_url=PUBLIC)
    assert made["speaker"] is None
    assert made["attribution"] == {"status": "unattributed", "confidence": None, "evidence": None}
    assert made["confidence"] is None
    assert "Ben" not in json.dumps(made)


def test_a_researcher_gets_a_probable_name_so_marked(views):
    made = record(views["researcher", "probable"], public_url=PUBLIC)
    assert made["speaker"]["name"] == "Ben Sample"
    assert made["attribution"]["status"] == "probable"


def test_print_has_no_sound_no_times_and_no_recording(views):
    made = record(views["public", "printed"], public_url=PUBLIC)
    assert made["text_status"] == made["attribution"]["status"] == "printed"
    assert made["audio_url"] is None
    assert made["excerpts"] == [{"start_ms": None, "end_ms": None, "text": "Trust is slow work … and worth it."}]
    assert made["sources"] == [
        {
            "kind": "document",
            "title": "An example paper",
            "recording_sha256": None,
            "place": "section 2",
            "publisher": "Example Press",
            "published": "2030",
            "url": None,
        }
    ]
    assert made["episode"] is None
    assert made["speaker"]["credit"] == "Director, Example Trust"


def test_when_it_was_cleared_is_for_those_who_publish_and_by_whom_for_editors(views):
    cleared = {audience: record(views[audience, "confirmed"], public_url=None)["cleared"] for audience in AUDIENCES}
    day = cleared["comms"]["day"]
    assert len(day) == len("2031-01-01")
    assert cleared == {
        "public": None,
        "researcher": None,
        "comms": {"day": day, "by": None},
        "editor": {"day": day, "by": "An Editor"},
    }


def test_without_a_public_address_there_is_no_permalink(views):
    made = record(views["public", "confirmed"], public_url=None)
    assert made["permalink"] is None
    assert made["audio_url"] is None
    assert record(views["public", "confirmed"], public_url=None, served_at="")["audio_url"] == (
        f"/api/v1/quotes/{CONFIRMED}/clip"
    )


def test_a_public_address_may_end_with_a_slash():
    assert permalink(CONFIRMED, "https://archive.example/") == f"https://archive.example/q/{CONFIRMED}"


def test_a_theme_stands_once_and_a_persons_word_outranks_a_models(views):
    scores = (
        ThemeScore(ThemeId("economy"), 0.9, "model"),
        ThemeScore(ThemeId("leadership"), 0.95, "model"),
        ThemeScore(ThemeId("leadership"), 0.2, "editor"),
        ThemeScore(ThemeId("mindset"), 1.0, "print"),
    )
    made = record(replace(views["public", "confirmed"], themes=scores), public_url=None)
    assert made["themes"] == [
        {"id": "mindset", "score": 1.0, "by": "print"},
        {"id": "economy", "score": 0.9, "by": "model"},
        {"id": "leadership", "score": 0.2, "by": "editor"},
    ]


def test_an_answer_says_what_it_rests_on(views):
    view = views["public", "confirmed"]
    passage = Passage(PassageNumber(1), view.version, view.id, view.text)
    hit = Hit(passage, 0.912345, 0.8, 0.5, highlights=((0, 5),))
    made = answer("power", "public", [(hit, view)], generation=7, pending=2, next_page=None, public_url=None)
    assert made == {
        "query": "power",
        "read_as": None,
        "audience": "public",
        "hits": [
            {
                "relevance": 0.9123,
                "why": {"semantic": 0.8, "lexical": 0.5, "context": 0.0, "name": 0.0, "theme": 0.0},
                "highlights": [[0, 5]],
                "also": [],
                "quote": record(view, public_url=None),
            }
        ],
        "index": {"generation": 7, "pending": 2},
        "next": None,
    }
