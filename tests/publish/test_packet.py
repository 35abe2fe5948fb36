"""What a quote is taken away as, read back by programs that know nothing of how it was written."""

import json
import re

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc.source.json import CiteProcJSON
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pyld import jsonld

from convarchive.errors import BadInput
from convarchive.publish.citation import csl_date, csl_item
from convarchive.publish.export import export, file_name, kept_back
from convarchive.publish.jsonld import quotation, script_text
from convarchive.publish.packet import FORMS, quote_as, reference
from convarchive.publish.person_name import csl_name, inverted
from convarchive.publish.text import plain
from fakes.records import CLEARED, PLAIN, PRINTED

NASTY = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\\{}$%&#_^~\"'`-<>?!,@= \n", max_size=30),
    st.sampled_from(
        ["</script>", "{unbalanced", "back\\slash", "ER  - ", "one\nTY  - BOOK", "قوة مشتركة",
         "共有された力", "a \u202e b",
         "<b>bold</b>", "``quoted''", "a--b---c", "?`", "Ünïcödé", "<!--", "]]>", "@misc{x, y={z}}", "%", "\u2028"]
    ),
)  # fmt: skip
"""Words and names as no feed should have them."""


def with_words(words, name, title):
    speaker = CLEARED["speaker"] | {"name": f"x{name}"}
    episode = CLEARED["episode"] | {"title": f"x{title}", "show": f"y{title}"}
    return CLEARED | {"text": f"x{words}", "speaker": speaker, "episode": episode}


def test_an_unknown_form_or_style_names_those_that_are_written():
    with pytest.raises(BadInput, match="text, markdown, html, json, csl-json, ris, bibtex, jsonld"):
        quote_as(PLAIN, "docx" * 1000, "editor")
    with pytest.raises(BadInput, match="apa, mla, chicago, harvard"):
        reference(PLAIN, "vancouver", "editor")


def test_json_is_the_record_itself():
    assert json.loads(quote_as(PLAIN, "json", "comms")) == PLAIN


# -- CSL-JSON -------------------------------------------------------------------------


def test_a_quote_from_sound_is_cited_as_a_broadcast():
    (item,) = json.loads(quote_as(CLEARED, "csl-json", "comms"))
    assert item == {
        "id": CLEARED["id"],
        "type": "broadcast",
        "author": [{"family": "Example", "given": "Ada"}],
        "genre": "Podcast episode",
        "title": "A fictional talk",
        "container-title": "A fictional show",
        "issued": {"date-parts": [[2031, 1, 1]]},
        "language": "en",
        "abstract": "Power that is shared grows.",
        "note": "Director, Example Trust; at 0:01:01–0:01:04; words checked by ear; name confirmed; "
        "cleared for publication",
        "URL": CLEARED["permalink"],
    }


def test_a_printed_quote_is_cited_as_a_part_of_what_prints_it():
    (item,) = json.loads(quote_as(PRINTED, "csl-json", "public"))
    assert (item["type"], item["title"], item["container-title"]) == (
        "chapter", "Trust is slow work.", "An example paper",
    )  # fmt: skip
    assert (item["publisher"], item["issued"]) == ("Example Press", {"date-parts": [[2030]]})
    assert "section 2" in item["note"]
    assert "as printed; not checked against audio" in item["note"]


def test_without_an_address_of_its_own_a_quote_points_at_the_publisher():
    assert csl_item(CLEARED | {"permalink": None})["URL"] == "https://podcast.example/a-fictional-talk"
    odd = CLEARED | {"permalink": None, "episode": CLEARED["episode"] | {"link": "javascript:alert(1)"}}
    assert "URL" not in csl_item(odd)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Example", {"family": "Example", "given": "Ada"}),
        ("Ada Mary-Jane O’Example", {"family": "O’Example", "given": "Ada Mary-Jane"}),
        ("Ada de la Muestra", {"family": "de la Muestra", "given": "Ada"}),
        ("A. B. Example", {"family": "Example", "given": "A. B."}),
        ("Example", {"literal": "Example"}),
        ("Lord Example", {"literal": "Lord Example"}),
        ("Sir Ada", {"literal": "Sir Ada"}),
        ("Lord Ben of Example", {"literal": "Lord Ben of Example"}),
        ("Dr Ada Example", {"family": "Example", "given": "Ada"}),
        ("Lord Ben Sample", {"family": "Sample", "given": "Ben"}),
        ("Baroness Ada van Sample of Example", {"family": "van Sample", "given": "Ada"}),
        ("The Rt. Hon. Prof. Dame Ada M. Example, DBE, PhD", {"family": "Example", "given": "Ada M."}),
        ("Cllr. Ben Sample (MBE)", {"family": "Sample", "given": "Ben"}),
        ("Revd Canon Ben De Sample", {"family": "De Sample", "given": "Ben"}),
        ("Dr Ben Sample, Jr., O.B.E.", {"family": "Sample", "given": "Ben", "suffix": "Jr."}),
        ("Ben Sample III", {"family": "Sample", "given": "Ben", "suffix": "III"}),
        ("The Lord Ben Sample", {"family": "Sample", "given": "Ben"}),
        ("The Example Hour", {"literal": "The Example Hour"}),
        ("Ben Sample, Esq.", {"family": "Sample", "given": "Ben"}),
        ("Ada Ma", {"family": "Ma", "given": "Ada"}),
        ("Dr Ada Ma", {"family": "Ma", "given": "Ada"}),
        ("Dean Example", {"family": "Example", "given": "Dean"}),
        ("Ada and Ben Example", {"literal": "Ada and Ben Example"}),
        ("Example Housing Association", {"literal": "Example Housing Association"}),
        ("University of Example", {"literal": "University of Example"}),
        ("The Example Trust, London", {"literal": "The Example Trust, London"}),
        ("例子 样本", {"literal": "例子 样本"}),
    ],
)
def test_a_name_is_turned_round_only_where_its_parts_are_plain(name, parts):
    assert csl_name(name) == parts


@pytest.mark.parametrize(
    ("day", "made"),
    [("2031-05", [[2031, 5]]), ("2031", [[2031]]), ("2031-01-05T23:59:59+00:00", [[2031, 1, 5]])],
)
def test_a_date_has_as_many_parts_as_are_known(day, made):
    assert csl_date(day) == {"date-parts": made}


@given(NASTY, NASTY, NASTY)
def test_citeproc_reads_what_we_write_as_csl(words, name, title):
    (item,) = json.loads(quote_as(with_words(words, name, title), "csl-json", "comms"))
    read = CiteProcJSON([item])[CLEARED["id"].lower()]
    assert str(read["title"]) == plain(f"x{title}")
    assert item["abstract"] == plain(f"x{words}")


# -- RIS ------------------------------------------------------------------------------


def test_ris_names_the_speaker_the_show_and_the_words():
    (read,) = rispy.loads(quote_as(CLEARED, "ris", "comms") + "\r\n")
    assert read["type_of_reference"] == "SOUND"
    assert read["authors"] == ["Example, Ada"]
    assert (read["title"], read["secondary_title"]) == ("A fictional talk", "A fictional show")
    assert (read["year"], read["date"]) == ("2031", "2031/01/01")
    assert read["abstract"] == "Power that is shared grows."
    assert "cleared for publication" in read["notes"][0]
    assert read["urls"] == [CLEARED["permalink"]]


def test_print_is_a_part_of_a_book_in_ris():
    (read,) = rispy.loads(quote_as(PRINTED, "ris", "comms") + "\r\n")
    assert (read["type_of_reference"], read["secondary_title"]) == ("CHAP", "An example paper")
    assert read["date"] == "2030//"


@given(NASTY, NASTY, NASTY)
@example("one\r\nER  - \r\nTY  - BOOK", "", "")
def test_ris_comes_back_as_it_went_in(words, name, title):
    (read,) = rispy.loads(quote_as(with_words(words, name, title), "ris", "comms") + "\r\n")
    assert read["abstract"] == plain(f"x{words}")
    assert read["title"] == plain(f"x{title}")
    said = csl_name(plain(f"x{name}"))
    assert read["authors"] == [inverted(said)]


# -- BibTeX ---------------------------------------------------------------------------


def latex_decoder():
    """pylatexenc, told of the names in LaTeX's text encoding that it does not know or takes for other signs."""
    known = get_default_latex_context_db()
    signs = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    names = [MacroTextSpec(name, sign) for name, sign in signs.items()]
    known.add_context_category("signs", prepend=True, macros=names)
    return LatexNodes2Text(
        latex_context=known, keep_braced_groups=False, math_mode="verbatim", strict_latex_spaces=True
    )


def read_bibtex(text):
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(decoder=latex_decoder())])
    assert not library.failed_blocks
    (entry,) = library.entries
    return entry, {field.key: field.value for field in entry.fields}


def test_bibtex_names_the_speaker_the_show_and_the_words():
    entry, fields = read_bibtex(quote_as(CLEARED, "bibtex", "comms"))
    assert (entry.entry_type, entry.key) == ("misc", CLEARED["id"])
    assert fields["author"] == "Example, Ada"
    assert fields["title"] == "A fictional talk"
    assert fields["howpublished"] == "Podcast episode, A fictional show"
    assert (fields["year"], fields["month"], fields["day"]) == ("2031", "1", "1")
    assert fields["abstract"] == "Power that is shared grows."
    assert fields["url"] == CLEARED["permalink"]


def test_print_is_a_part_of_a_collection_in_bibtex():
    entry, fields = read_bibtex(quote_as(PRINTED, "bibtex", "comms"))
    assert entry.entry_type == "incollection"
    assert (fields["booktitle"], fields["publisher"], fields["year"]) == ("An example paper", "Example Press", "2030")


@pytest.mark.slow(alone=False)
@given(NASTY, NASTY, NASTY)
@example("{{{", "}", "\\")
@example("``a'' -- b --- c ?` !` << >> ,,", "and", "a and b")
def test_bibtex_comes_back_as_it_went_in(words, name, title):
    text = quote_as(with_words(words, name, title), "bibtex", "comms")
    assert text.count("{") == text.count("}")
    _, fields = read_bibtex(text)
    assert fields["abstract"] == plain(f"x{words}")
    assert fields["title"] == plain(f"x{title}")


def named(name):
    return CLEARED | {"speaker": CLEARED["speaker"] | {"name": name}}


@pytest.mark.parametrize(
    ("name", "filed"),
    [("Dr Ada Example", "Example, Ada"), ("Lord Ben Sample", "Sample, Ben"), ("Ada Example MBE", "Example, Ada")],
)
def test_a_style_before_a_name_makes_no_second_person_in_any_file(name, filed):
    (read,) = rispy.loads(quote_as(named(name), "ris", "comms") + "\r\n")
    _, fields = read_bibtex(quote_as(named(name), "bibtex", "comms"))
    (item,) = json.loads(quote_as(named(name), "csl-json", "comms"))
    assert (read["authors"], fields["author"]) == ([filed], filed)
    assert f"{item['author'][0]['family']}, {item['author'][0]['given']}" == filed
    # Nothing is lost: the note says how the name was written, and only where it was written otherwise.
    assert all(f"author as named: {name};" in one for one in (read["notes"][0], fields["note"], item["note"]))
    assert reference(named(name), "apa", "comms").startswith(filed.split()[0])
    assert name in quote_as(named(name), "text", "comms")


def test_a_suffix_stands_where_each_format_wants_it():
    (read,) = rispy.loads(quote_as(named("Ben Sample Jr"), "ris", "comms") + "\r\n")
    assert read["authors"] == ["Sample, Ben, Jr"]
    assert "author = {Sample, Jr, Ben}" in quote_as(named("Ben Sample Jr"), "bibtex", "comms")
    assert "author as named" not in quote_as(named("Ben Sample Jr"), "ris", "comms")
    assert "author = {{Example and Sample Trust}}" in quote_as(named("Example and Sample Trust"), "bibtex", "comms")
    assert reference(named("Ben Sample Jr"), "apa", "comms").startswith("Sample, B., Jr")


# -- HTML -----------------------------------------------------------------------------


def test_html_is_a_block_quotation_with_its_source_beside_it():
    read = lxml_html.fragment_fromstring(quote_as(CLEARED, "html", "comms"))
    (block,) = read.iter("blockquote")
    assert block.get("cite") == CLEARED["permalink"]
    assert block.get("lang") == "en"
    assert block.text_content() == "Power that is shared grows."
    (footer,) = read.iter("footer")
    assert footer.text_content().startswith("— Ada Example, Director, Example Trust")
    assert [one.text for one in read.iter("cite")] == [
        "A fictional talk, A fictional show, 2031-01-01, 0:01:01–0:01:04"
    ]
    assert [one.get("href") for one in read.iter("a")] == [CLEARED["permalink"]]


def test_every_form_says_that_it_was_edited_and_only_those_for_reading_what_was_left_out():
    edited = CLEARED | {"text": "Power [...] grows.", "edits": ["left out “that is shared”"]}
    assert "Edited: left out “that is shared”" in quote_as(edited, "text", "comms")
    for form in ("html", "markdown", "jsonld", "ris", "bibtex", "csl-json"):
        made = quote_as(edited, form, "comms")
        assert "Edited: brackets mark" in made
        assert "that is shared" not in made


@given(NASTY, NASTY, NASTY)
@example("</p></blockquote><script>alert(1)</script>", "<img src=x onerror=alert(1)>", '" onmouseover="alert(1)')
def test_whatever_the_words_are_the_html_holds_them_as_text(words, name, title):
    made = quote_as(with_words(words, name, title), "html", "comms")
    read = lxml_html.fragment_fromstring(made)
    assert {one.tag for one in read.iter()} == {"figure", "blockquote", "p", "footer", "cite", "small", "br", "a"}
    assert {key for one in read.iter() for key in one.attrib} == {"cite", "lang", "href"}
    (block,) = read.iter("blockquote")
    # lxml cannot hold the few characters that XML has no place for.
    assert _xml(block.text_content()) == _xml(plain(f"x{words}"))


def _xml(text):
    return re.sub(r"[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


# -- linked data ----------------------------------------------------------------------

CONTEXT = {
    "@context": {
        "@vocab": "http://schema.org/",
        "url": {"@id": "http://schema.org/url", "@type": "@id"},
        "datePublished": {"@id": "http://schema.org/datePublished", "@type": "http://schema.org/Date"},
    }
}
"""As much of schema.org's own context as concerns us."""


def only_schema_org(url, options):
    assert url.rstrip("/") == "https://schema.org"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}


def nodes_of(text):
    """Every node by its type, as a JSON-LD processor understands the document."""
    flat = jsonld.flatten(json.loads(text), options={"documentLoader": only_schema_org})
    found = {}
    for node in flat:
        for kind in node.get("@type", ()):
            found.setdefault(kind.removeprefix("http://schema.org/"), []).append(node)
    return found


def value(node, name):
    (only,) = node[f"http://schema.org/{name}"]
    return only.get("@value", only.get("@id"))


def test_linked_data_is_a_quotation_in_an_episode_of_a_series_with_its_clip():
    nodes = nodes_of(quote_as(CLEARED, "jsonld", "comms"))
    (one,), (episode,), (series,) = nodes["Quotation"], nodes["PodcastEpisode"], nodes["PodcastSeries"]
    (person,), (clip,) = nodes["Person"], nodes["Clip"]
    assert one["@id"] == CLEARED["permalink"]
    assert value(one, "text") == "Power that is shared grows."
    assert value(one, "spokenByCharacter") == person["@id"]
    assert value(person, "name") == "Ada Example"
    assert value(one, "isPartOf") == episode["@id"]
    assert value(episode, "partOfSeries") == series["@id"]
    assert value(series, "name") == "A fictional show"
    assert (value(clip, "startOffset"), value(clip, "endOffset")) == (61.5, 64)
    assert value(clip, "partOfEpisode") == episode["@id"]
    assert value(clip, "url") == CLEARED["audio_url"]


def test_linked_data_of_print_names_the_document_and_no_clip():
    nodes = nodes_of(quote_as(PRINTED, "jsonld", "public"))
    assert not {"PodcastEpisode", "Clip"} & set(nodes)
    assert value(nodes["CreativeWork"][0], "name") == "An example paper"


@given(NASTY, NASTY, NASTY)
def test_linked_data_comes_back_as_it_went_in(words, name, title):
    nodes = nodes_of(quote_as(with_words(words, name, title), "jsonld", "comms"))
    assert value(nodes["Quotation"][0], "text") == plain(f"x{words}")
    assert value(nodes["Person"][0], "name") == plain(f"x{name}")


@given(NASTY)
def test_nothing_in_linked_data_ends_the_element_it_is_embedded_in(words):
    node = quotation(CLEARED | {"text": words})
    made = script_text(node)
    assert not set(made) & set("<>&")
    assert json.loads(made) == node


# -- many at once ---------------------------------------------------------------------

MANY = [CLEARED, PRINTED | {"id": "q" + "b" * 26}, PLAIN | {"id": "q" + "c" * 26}]


def test_many_references_are_one_file_that_others_read():
    made = "".join(export(MANY, "ris", "editor"))
    assert [one["id"] for one in rispy.loads(made)] == [one["id"] for one in MANY]
    library = bibtexparser.parse_string("".join(export(MANY, "bibtex", "editor")))
    assert [entry.key for entry in library.entries] == [one["id"] for one in MANY]
    items = json.loads("".join(export(MANY, "csl-json", "editor")))
    assert list(CiteProcJSON(items)) == [one["id"] for one in MANY]
    assert len(nodes_of("".join(export(MANY, "jsonld", "editor")))["Quotation"]) == 3


@pytest.mark.parametrize("form", ["ris", "bibtex", "csl-json", "jsonld"])
def test_comms_and_the_public_get_a_file_of_what_may_be_published(form):
    for audience in ("comms", "public"):
        made = "".join(export(MANY, form, audience))
        assert MANY[0]["id"] in made
        assert MANY[2]["id"] not in made
        assert kept_back(MANY, form, audience) == 1
    assert MANY[2]["id"] in "".join(export(MANY, form, "researcher"))
    assert kept_back(MANY, form, "researcher") == 0


@pytest.mark.parametrize(("form", "empty"), [("ris", ""), ("bibtex", "")])
def test_no_quotes_are_an_empty_file_of_references(form, empty):
    assert "".join(export([], form, "public")) == empty
    assert json.loads("".join(export([], "csl-json", "public"))) == []
    assert json.loads("".join(export([], "jsonld", "public")))["@graph"] == []


def test_a_files_name_fits_what_reads_it():
    assert file_name([CLEARED], "bibtex") == "quotes.bib"
    assert file_name([CLEARED], "csl-json") == "quotes.json"
    assert file_name([CLEARED], "ris") == "quotes.ris"


def test_every_form_has_a_media_type_of_its_own():
    assert len({form.media_type for form in FORMS.values()}) == len(FORMS)
