"""A new theme is checked before it is written, and its examples belong to it because an editor said so."""

import pytest

from convarchive.cli.tagging import told_of
from convarchive.domain.ids import printed_quote_id
from convarchive.domain.theme import ThemeId
from convarchive.editorial.desks import fault_of_themes, load_desks
from convarchive.editorial.proposing import add_theme
from convarchive.editorial.tagging import tag, take_back
from convarchive.errors import BadInput, NotFound, SettingsError
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.store.catalogue import Catalogue
from fakes.blank import blank_home
from fakes.encoder import HashingEncoder

ENCODER = HashingEncoder(64)
THEMES = """\
# Kept by hand.
[[themes]]
id = "gardens"
title = "Gardens"
description = "Soil and seeds."
examples = ["soil"]
counter_examples = ["weather"]
"""
TEXTS = {
    "soil": "Soil wants time.",
    "weather": "Soil and seeds and weather.",
    "boats": "A boat left the harbour.",
    "nets": "The committee adjourned.",
}
IDS = {key: printed_quote_id("paper", key) for key in TEXTS}
WORD = {"by": "B. Editor", "why": "read it"}


@pytest.fixture
def home(tmp_path):
    made = blank_home(tmp_path / "home")
    made.published.mkdir(parents=True)
    made.themes.parent.mkdir(exist_ok=True)
    quotes = "".join(
        f'[[quotes]]\nkey = "{key}"\nkind = "podcast"\nname = "Ada Example"\nplace = "p. 1"\ntext = "{text}"\n'
        + ('themes = ["gardens"]\n' if key in ("soil", "weather") else "")
        for key, text in TEXTS.items()
    )
    (made.published / "paper.toml").write_text(f'id = "paper"\ntitle = "A paper"\n{quotes}')
    made.themes.write_text(THEMES)
    return made


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as opened:
        load_desks(home, opened)
        build(home, opened, ENCODER, FaissIndex)
        yield opened


def belonging(catalogue, theme):
    with catalogue.reading("editor") as read:
        found = {passage.quote: score.by for passage, score in read.members(ThemeId(theme))}
        assert len(found) == read.theme(theme).quotes
    return {key: found[quote] for key, quote in IDS.items() if quote in found}


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize(
    ("theme", "error", "says"),
    [
        ({"examples": ("nope",)}, BadInput, "nothing was added, because unknown quote 'nope'"),
        ({"examples": ("q" + "a" * 26,)}, NotFound, "no quote 'qaaa"),
        ({"title": "Gardens", "identity": "more"}, BadInput, "title 'gardens' stands twice"),
        ({"identity": "gardens"}, BadInput, "theme 'gardens' is there already"),
        ({"identity": "Not an id"}, BadInput, "id is 'Not an id'"),
        ({"title": "!"}, BadInput, "makes no id"),
        ({"description": ""}, BadInput, "description is empty"),
    ],
)
def test_what_the_desk_would_refuse_is_not_written(home, catalogue, theme, error, says):
    asked = {"title": "Power", "description": "giving it away", "examples": (), "identity": None} | theme
    with pytest.raises(error, match=says):
        add_theme(home, catalogue, ENCODER, *asked.values())
    assert home.themes.read_text() == THEMES
    tag(catalogue, ENCODER, IDS["nets"], ThemeId("gardens"), belongs=True, **WORD)


def test_nothing_is_written_beside_a_desk_that_cannot_be_read(home, catalogue):
    home.judgements.write_text("judged_by = 1\n[[queries]]\n")
    with pytest.raises(SettingsError, match=r"judgements\.toml"):
        add_theme(home, catalogue, ENCODER, "Power", "giving it away", ())
    assert home.themes.read_text() == THEMES


def test_examples_belong_because_an_editor_said_so_and_print_stays_print(home, catalogue):
    assert belonging(catalogue, "gardens") == {"soil": "print"}  # The counter-example is printed under it too.
    the_id, count = add_theme(home, catalogue, ENCODER, "Power", "giving it away", ("nets", IDS["boats"], "nets"))
    assert belonging(catalogue, the_id) == {"nets": "editor", "boats": "editor"}
    assert count == 2
    build(home, catalogue, ENCODER, FaissIndex)
    assert belonging(catalogue, the_id) == {"nets": "editor", "boats": "editor"}
    home.themes.write_text(THEMES.replace('counter_examples = ["weather"]\n', ""))
    load_desks(home, catalogue)
    assert belonging(catalogue, "gardens") == {"soil": "print", "weather": "print"}


def test_whoever_takes_back_a_word_hears_what_holds_now(home, catalogue):
    for key, theme, says in (
        ("soil", "gardens", "is printed under gardens"),
        ("weather", "gardens", "counter-examples of gardens"),
        ("nets", "gardens", "is the model's to judge for gardens"),
    ):
        said = (IDS[key], ThemeId(theme))
        before = belonging(catalogue, theme)
        assert tag(catalogue, ENCODER, *said, belongs=False, **WORD).stands.by == "editor"
        assert key not in belonging(catalogue, theme)
        assert says in told_of(take_back(catalogue, ENCODER, *said, **WORD), theme)
        assert belonging(catalogue, theme) == before


def test_a_fault_in_themes_is_told_where_they_are_read_and_not_what_was_read_well(home, catalogue):
    def fault():
        with catalogue.reading("public") as read:
            return fault_of_themes(home, read)

    assert fault() is None
    home.themes.write_text(THEMES.replace('"soil"', '"nope"'))
    assert "themes.toml:6: unknown quote 'nope'" in fault()
    home.themes.write_text(THEMES + "oops")
    assert "themes.toml:8: is not TOML" in fault()
    home.themes.write_text(THEMES + '[[themes]]\nid = "more"\ntitle = "More"\ndescription = "x"\n')
    assert fault() is None
