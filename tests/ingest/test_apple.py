"""Apple's lookup, spoken by a server on this machine."""

import json
from collections.abc import Iterator

import pytest

from convarchive.errors import FeedUnreadable, SourceUnavailable
from convarchive.ingest.apple import lookup
from convarchive.ingest.engines.http import HttpFetcher, Limits
from servers import Answer, Server, serving

FETCHER = HttpFetcher(allow_private=True, limits=Limits(tries=1))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def answering(server: Server, answer: object) -> str:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return server.put("/lookup", Answer(body, "text/javascript; charset=utf-8"))


def test_the_feed_of_a_show_is_the_one_apple_names(server: Server):
    base = answering(
        server,
        {
            "resultCount": 1,
            "results": [
                {"kind": "podcast", "collectionId": 1234567890, "feedUrl": "https://show.example/feed.xml"},
            ],
        },
    )
    assert lookup(FETCHER, 1234567890, base=base) == "https://show.example/feed.xml"
    assert server.asked[0].path == "/lookup?id=1234567890&entity=podcast"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"resultCount": 0, "results": []}, "knows no show"),
        ({"resultCount": 1, "results": [{"kind": "podcast"}]}, "gives no feed"),
        ({"resultCount": 1, "results": [{"feedUrl": "file:///etc/passwd"}]}, "gives no feed"),
        ({"resultCount": 1, "results": [{"feedUrl": None}]}, "gives no feed"),
    ],
)
def test_a_show_without_a_feed_is_one_line(answer: object, said: str, server: Server):
    with pytest.raises(FeedUnreadable, match=said):
        lookup(FETCHER, 1234567890, base=answering(server, answer))


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b"null", b'"x"', b'{"results": 1}', b'{"results": [1]}', b"[" * 100_000, b"\xff"]
)
def test_an_answer_of_another_kind_is_one_line(answer: bytes, server: Server):
    with pytest.raises(SourceUnavailable, match="not as Apple documents it"):
        lookup(FETCHER, 1234567890, base=answering(server, answer))
