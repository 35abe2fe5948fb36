"""What a search on the command line takes and tells beside its hits."""

import json

from convarchive import wiring
from convarchive.index.search import Answer
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small


def test_filters_and_facets_are_told_for_the_audience_that_asks(cli, empty, monkeypatch):
    with Catalogue.for_writing(empty) as catalogue, catalogue.writing() as write:
        small.fill(write)
    asked = []
    monkeypatch.setattr(wiring, "searcher", lambda home: lambda read, query: asked.append(query) or Answer((), 0, 1, 0))
    at = ("--facets", "--home", empty.root)
    said = cli("search", "x", "--role", "guest", "--source", "audio", "--clearance", "unreviewed", *at)
    assert (asked[0].role, asked[0].source, asked[0].clearance) == ("guest", "audio", "unreviewed")
    assert "2 quotes pass the filters" in said.out
    assert "Ada Example (ada-example)" in said.out
    public = json.loads(cli("search", "x", "--audience", "public", "--json", *at).out)["facets"]
    assert (public["quotes"], public["speakers"]) == (
        1, [{"value": "ada-example", "label": "Ada Example", "count": 1}],
    )  # fmt: skip
    wrong = cli("search", "x", "--role", "gest", "--home", empty.root)
    assert (wrong.code, wrong.out) == (2, "")
    assert "--role 'gest'" in wrong.err
    assert "guest" in wrong.err
