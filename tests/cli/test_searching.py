"""What a search on the command line takes and tells beside its hits."""

import json
import shlex

import pytest

from convarchive import wiring
from convarchive.domain.passage import Hit, Passage
from convarchive.index.search import Answer
from convarchive.index.similar import Likes
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small


@pytest.fixture
def filled(empty, monkeypatch):
    with Catalogue.for_writing(empty) as catalogue, catalogue.writing() as write:
        small.fill(write)
    monkeypatch.setattr(wiring, "searcher", lambda home: lambda read, query: Answer((), 0, 1, 0))
    return empty


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


def hit(quote, relevance, **changes):
    text = next(said for name, (_, _, said) in small.SAID.items() if small.HEARD[name] == quote)
    return Hit(Passage(1, "v", quote, text), relevance, changes.pop("semantic", 0.0), 0.0, **changes)


def test_each_hit_says_why_it_was_found_and_likes_whose_they_are(cli, empty, monkeypatch):
    with Catalogue.for_writing(empty) as catalogue, catalogue.writing() as write:
        small.fill(write)
    ada, ben, again, nobody = (small.HEARD[one] for one in ("confirmed", "probable", "second", "unattributed"))
    found = (
        hit(ada, 0.8, semantic=0.6, highlights=((0, 5),)),
        hit(ben, 0.3, semantic=0.6, highlights=((0, 32),)),
    )
    monkeypatch.setattr(wiring, "searcher", lambda home: lambda read, query: Answer(found, 0, 1, 0))
    said = cli("search", "power", "--home", empty.root).out
    words, meaning = (" ".join(one.split()) for one in said.split("0.30\n"))
    assert "Found because it holds words of yours, and it is close in meaning." in words
    assert "Found by meaning alone: none of your words stand in it" in meaning
    # Only the pages mark parts.
    assert "marked" not in said
    assert "\x1b" not in said

    both = Likes((hit(ben, 0.6), hit(again, 0.5)), (), 1, 0, 1)
    none = Likes((hit(ben, 0.6),), (), 1, 0, 0)
    for likes, ending in (
        (both, ["near it in meaning, said by Ada Example elsewhere: 1", "0.50 near"]),
        (none, ["Ada Example says nothing near it elsewhere"]),
    ):
        monkeypatch.setattr(wiring, "likener", lambda home, likes=likes: lambda *asked: likes)
        lines = cli("quotes", "similar", ada, "--own", "--home", empty.root).out.splitlines()
        kept = [one for one in lines if "near" in one]
        assert kept == ["near it in meaning, said by others than Ada Example: 1", "0.60 near", *ending]
    monkeypatch.setattr(wiring, "likener", lambda home: lambda *asked: Likes((), (), 1, 0))
    lines = cli("quotes", "similar", nobody, "--own", "--home", empty.root).out.splitlines()
    assert [one for one in lines if one] == [
        "nothing here is near it in meaning", "its speaker is not identified, so it cannot be told what else they say",
    ]  # fmt: skip


def test_days_in_no_order_are_refused_and_what_has_no_date_is_counted(cli, filled):
    wrong = cli("search", "x", "--since", "2031-02-01", "--until", "2031-01-01", "--home", filled.root)
    assert (wrong.code, wrong.out) == (2, "")
    assert "until 2031-01-01 lies before since 2031-02-01; swap them" in wrong.err
    said = cli("search", "x", "--since", "2020-01-01", "--home", filled.root)
    assert said.code == 0
    assert "left out for having no date, as print has none: 2 quotes" in said.err
    only_ada = cli("search", "x", "--since", "2020-01-01", "--speaker", "ada-example", "--home", filled.root)
    assert "none: 1 quote;" in only_ada.err
    for asked in (("--source", "audio", "--until", "2099-01-01"), ()):
        assert "no date" not in cli("search", "x", *asked, "--home", filled.root).err


@pytest.mark.slow(alone=False)
def test_a_saved_search_is_told_with_its_filters_and_its_name_can_be_given_back(cli, filled):
    at = ("--home", filled.root)
    name = "Ada's; power (1)"
    saved = cli("search", "power", "--role", "guest", "--theme", "leadership", "--save", f" {name} ", *at)
    again = shlex.split(saved.err.partition("with: convarchive ")[2])
    assert again == ["searches", "run", name, "--home", str(filled.root)]
    assert cli(*again).code == 0
    assert cli("searches", "list", *at).out.splitlines()[1].split("  ")[-1] == "theme leadership, role guest"
    taken = cli("search", "power", "--save", name, *at)
    assert (taken.code, taken.out) == (2, "")
    assert shlex.split(taken.err.partition("with: convarchive ")[2])[2] == name
    for bad in ("a\nb", "\x1b[2J", " ", "x" * 61):
        assert cli("search", "power", "--save", bad, *at).code == 2
    filled.searches.write_text('[[searches]]\nname = "old"\ntext = "power"\nspeaker = "nobody"\n')
    gone = cli("searches", "run", "old", *at)
    assert (gone.code, gone.err.count("\n")) == (2, 1)
    assert f"{filled.searches}: in the search 'old': " in gone.err
    assert "nobody" in gone.err
