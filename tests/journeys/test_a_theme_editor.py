"""A theme editor finds what belongs, corrects it, teaches by it, takes it back, and names what nobody had named."""

import json

import pytest

from convarchive import wiring
from convarchive.cli.app import run
from convarchive.domain.ids import printed_quote_id
from fakes.encoder import HashingEncoder
from fakes.show import home_at

pytestmark = pytest.mark.slow(alone=False)

PEOPLE = ("ada-example", "ben-sample", "eve-instance", "tom-atlantis")
OVENS = ("slow dough", "sour dough", "warm dough", "sticky dough", "heavy dough", "cold dough", "young dough")
BOATS = ("old", "green", "small", "leaking", "borrowed", "painted", "narrow")
TEXTS = [
    *(f"We bake bread at night because {one} wants an oven and patience." for one in OVENS),
    *(f"Bakers who bake bread know their oven and their {one}." for one in OVENS),
    *(f"The {one} boat left the harbour with the tide and nets." for one in BOATS),
    *(f"Nets dry in the harbour beside a {one} boat at low tide." for one in BOATS),
    *(f"A council that listens shares power with {one}." for one in ("streets", "tenants", "schools", "nurses")),
    "Bread alone is no council.",
    "We bake bread at night because slow dough wants an oven and patience!",
]
THEMES = """\
# Kept by hand.
[[themes]]
id = "baking"
title = "Baking"
description = "We bake bread at night because an oven wants patience."
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    for place in (wiring, wiring.finding):
        monkeypatch.setattr(place, "encoder", lambda *_, **__: HashingEncoder(256))
    made = home_at(tmp_path / "home")
    people = "".join(f'[[speakers]]\nid = "{one}"\nname = "{one.replace("-", " ").title()}"\n' for one in PEOPLE)
    made.speakers.write_text(people)
    quotes = "".join(
        f'[[quotes]]\nkey = "k{n}"\nkind = "podcast"\nspeaker = "{PEOPLE[n % 4]}"\nplace = "p. {n}"\n'
        f'name = "{PEOPLE[n % 4].replace("-", " ").title()}"\ntext = "{text}"\n'
        for n, text in enumerate(TEXTS)
    )
    made.published.mkdir(parents=True, exist_ok=True)
    (made.published / "paper.toml").write_text(f'id = "paper"\ntitle = "A paper"\n{quotes}')
    made.themes.write_text(THEMES)
    return made


@pytest.fixture
def give(home, capfd):
    def command(*words, code=0):
        assert run([*map(str, words), "--home", str(home.root)]) == code, capfd.readouterr().err
        return capfd.readouterr().out

    return command


SAID = ("--by", "B. Editor", "--why", "read it")


def test_a_theme_editor(home, give):
    give("index", "build", "--quiet")
    shown = json.loads(give("themes", "show", "baking", "--json", "-n", "10"))
    texts = [one["quote"]["text"] for one in shown["items"]]
    assert all("bake" in text for text in texts)
    # Nobody has the floor more than twice in ten.
    named = [one["quote"]["speaker"]["id"] for one in shown["items"][:10]]
    assert max(map(named.count, named)) <= 2
    assert sum(one["quotes"] for one in shown["speakers"]) == shown["quotes"]
    assert json.loads(give("themes", "show", "baking", "--json", "--audience", "public"))["speakers"] is None

    # A repeat is no quote of its own.
    once, again = printed_quote_id("paper", "k0"), printed_quote_id("paper", f"k{len(TEXTS) - 1}")
    likes = json.loads(give("quotes", "similar", once, "--json", "-n", "50"))
    assert likes["also"] == [again]
    assert again not in [hit["quote"]["id"] for hit in likes["hits"]]

    # What an editor says counts at once, everywhere, and moves what is like it.
    found = {one["quote"]["text"]: one["quote"]["id"] for one in shown["items"]}
    wrong = next(the_id for text, the_id in found.items() if "heavy" not in text)
    told = json.loads(give("themes", "untag", wrong, "baking", *SAID, "--json"))
    assert told["belongs"] is False
    assert told["quotes"] < told["quotes_before"]
    after = json.loads(give("themes", "show", "baking", "--json", "-n", "50"))
    assert wrong not in json.dumps(after)
    record = json.loads(give("quote", wrong, "--as", "json"))
    assert {"id": "baking", "score": 0.0, "by": "editor"} in record["themes"]
    assert "untag" in give("review", "history", wrong)

    # Taking it back brings back just what was before; nothing is said twice without a reason.
    give("themes", "undo", wrong, "baking", *SAID)
    again = json.loads(give("themes", "show", "baking", "--json", "-n", "10"))
    assert again["items"] == shown["items"]
    give("themes", "undo", wrong, "baking", *SAID, code=2)
    give("themes", "tag", wrong, "baking", code=2)
    give("themes", "tag", wrong, "sailing", *SAID, code=1)
    give("themes", "tag", wrong, "baking", *SAID)
    give("index", "build", "--quiet")
    assert {"id": "baking", "score": 1.0, "by": "editor"} in json.loads(give("quote", wrong, "--as", "json"))["themes"]

    # What nobody named is proposed, the same for the same seed, and becomes a theme with one command.
    proposals = json.loads(give("themes", "discover", "--json"))
    assert proposals == json.loads(give("themes", "discover", "--json"))
    boats = next(one for one in proposals if {"boat", "harbour"} & set(one["words"]))
    assert boats["speakers"] > 1
    assert not any({"bread", "oven"} & set(one["words"][:2]) for one in proposals)
    give("themes", "discover", "--accept", boats["number"], "--title", "Harbour life")
    assert home.themes.read_text().startswith(THEMES)
    harbour = json.loads(give("themes", "show", "harbour-life", "--json"))
    assert harbour["quotes"] >= 5
    assert all("harbour" in one["quote"]["text"] for one in harbour["items"])
    members = json.loads(give("themes", "show", "harbour-life", "--json", "-n", "100"))["items"]
    assert {one["by"] for one in members if one["quote"]["id"] in boats["quotes"]} == {"editor"}
    for quote in boats["quotes"]:
        record = json.loads(give("quote", quote, "--as", "json"))
        assert {"id": "harbour-life", "score": 1.0, "by": "editor"} in record["themes"]
    told = give("themes", "show", "harbour-life")
    assert "belongs: an editor says so" in told
    assert f"{harbour['quotes']} quotes belong to it; {len(harbour['items'])} are shown here" in told

    # What the desk would refuse is refused before it is written, and nothing after it fails.
    before = home.themes.read_text()
    give("themes", "add", "Power", "--description", "x", "--example", "nope", code=2)
    assert home.themes.read_text() == before
    give("themes", "add", "Bread", "--description", "x", "--example", "k0")
    shown = json.loads(give("themes", "show", "bread", "--json"))
    assert (shown["items"][0]["quote"]["id"], shown["items"][0]["by"]) == (once, "editor")
    assert [
        one["quote"]["id"] for one in json.loads(give("search", "boat", "--theme", "harbour-life", "--json"))["hits"]
    ]
