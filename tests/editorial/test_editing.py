"""Editing a printed form: the words stay beside it, it waits for clearing, and it outlives what comes in anew."""

import shutil

import pytest

from convarchive.domain.passage import Query
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial.assigning import assign
from convarchive.editorial.clearing import clear, withdraw
from convarchive.editorial.desks import load_desks
from convarchive.editorial.editing import edit
from convarchive.errors import BadInput, Gone, NotAllowed, NotFound
from convarchive.home import Home
from convarchive.publish.record import record
from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small
from fakes.show import home_at

ADAS, IN_PRINT = small.HEARD["confirmed"], small.PRINTED["slow-work"]
SAID = {"by": "B. Editor", "why": "for this test"}
FORM = "Power [...] grows."


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"))
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
    return home.root


@pytest.fixture
def home(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        yield catalogue


def seen(catalogue, audience, quote=ADAS):
    with catalogue.reading(audience) as read:
        return read.quote(quote)


def test_the_words_as_said_stay_beside_the_printed_form(catalogue):
    before = seen(catalogue, "editor")
    done = edit(catalogue, ADAS, FORM, **SAID)
    after = seen(catalogue, "editor")
    assert (after.version, after.text, after.edits) == (done.version, FORM, ("left out “that is shared”",))
    assert after.version != before.version
    assert after.excerpts == before.excerpts
    assert after.sources == before.sources
    assert after.attribution.status == "confirmed"
    assert record(after, public_url=None)["edits"] == ["left out “that is shared”"]
    assert record(after, public_url=None)["excerpts"][0]["text"] == "Power that is shared grows."


def test_the_public_keeps_what_was_cleared_until_the_new_form_is(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    done = edit(catalogue, ADAS, FORM, **SAID)
    assert seen(catalogue, "public").text == "Power that is shared grows."
    assert (seen(catalogue, "comms").text, seen(catalogue, "comms").clearance) == (FORM, "unreviewed")
    assert not done.cleared
    clear(catalogue, home, ADAS, **SAID)
    assert (seen(catalogue, "public").text, seen(catalogue, "public").edits) == (FORM, done.edits)


def test_a_form_that_was_cleared_before_is_public_again_when_the_edit_is_taken_back(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    first = seen(catalogue, "public").version
    edit(catalogue, ADAS, FORM, **SAID)
    back = edit(catalogue, ADAS, "Power that is shared grows.", **SAID)
    assert (back.version, back.edits, back.cleared) == (first, (), True)
    assert seen(catalogue, "comms").version == first


def test_an_edit_is_made_of_the_words_as_said_not_of_the_last_edit(catalogue):
    edit(catalogue, ADAS, FORM, **SAID)
    assert edit(catalogue, ADAS, "Power that [...] grows.", **SAID).edits == ("left out “is shared”",)


def test_it_is_found_by_its_new_words_and_stands_in_the_log(catalogue):
    edit(catalogue, ADAS, "[Control] that is shared grows.", **SAID)
    with catalogue.reading("editor") as read:
        assert [(one.act, one.by) for one in read.reviews(ADAS)] == [("edit", "B. Editor")]
        assert "[Control]" in next(passage.text for passage in read.passages(Query("")) if passage.quote == ADAS)


@pytest.mark.parametrize(
    ("text", "refused", "says"),
    [
        ("Power that is hoarded grows.", BadInput, "hoarded"),
        ("Power that is shared grows.", BadInput, "printed so already"),
        ("[...]", BadInput, "none of the words"),
    ],
)
def test_what_is_not_marked_changes_nothing(catalogue, text, refused, says):
    before = seen(catalogue, "editor")
    with pytest.raises(refused, match=says):
        edit(catalogue, ADAS, text, **SAID)
    assert seen(catalogue, "editor") == before


def test_who_and_why_are_needed_and_the_version_that_was_looked_at_must_stand(catalogue, home):
    with pytest.raises(BadInput, match="--by"):
        edit(catalogue, ADAS, FORM, by=" ", why="x")
    looked_at = seen(catalogue, "editor").version
    edit(catalogue, ADAS, FORM, **SAID)
    with pytest.raises(NotAllowed, match="changed since"):
        edit(catalogue, ADAS, "Power [...]", version=looked_at, **SAID)
    with pytest.raises(NotFound):
        edit(catalogue, "qnothing", FORM, **SAID)
    withdraw(catalogue, home, ADAS, **SAID)
    with pytest.raises(NotAllowed, match="withdrawn"):
        edit(catalogue, ADAS, "Power [...]", **SAID)
    with pytest.raises(Gone):
        seen(catalogue, "comms")


def test_a_withdrawal_takes_every_form_with_it(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    edit(catalogue, ADAS, FORM, **SAID)
    withdraw(catalogue, home, ADAS, **SAID)
    for audience in ("public", "researcher", "comms"):
        with pytest.raises(Gone):
            seen(catalogue, audience)


# -- what comes in anew ---------------------------------------------------------------


def shortened(walked, words, form):
    quote = walked.quote(words)
    with Catalogue.for_writing(walked.home) as catalogue:
        clear(catalogue, walked.home, quote.id, **SAID)
        edit(catalogue, quote.id, form, **SAID)
    return quote


def heard_otherwise(walked, **instead):
    heard, walked.ears.words_by = walked.ears.lines, f"scripted words {sorted(instead)}"

    def lines(path):
        for voice, said in heard(path):
            yield voice, [(instead.get(token, token), span) for token, span in said]

    walked.ears.lines = lines


def now(walked, quote, audience="editor"):
    return walked.read(lambda read: read.quote(quote.id), audience)


@pytest.mark.slow(alone=False)
def test_cutting_the_same_words_again_leaves_the_edit_alone(walked):
    quote = walked.quote("pencils")
    _, rest = quote.text.split(" ", 1)
    form = f"[They] {rest}"
    shortened(walked, "pencils", form)
    edited = now(walked, quote)
    episode = walked.episode("one").id
    label = next(one.label for one in walked.read(lambda read: read.voices(episode)) if one.name == "Ada Example")
    with Catalogue.for_writing(walked.home) as catalogue:
        assign(catalogue, episode, SpeakerLabel(label), quote.speaker.id, by="B. Editor", why="it is her voice")
    assert "quote" in [stage for _, stage, _ in walked.ingest().done]
    assert (now(walked, quote).version, now(walked, quote).text) == (edited.version, form)
    assert now(walked, quote).attribution.status == "confirmed"
    assert now(walked, quote, "public").text == quote.text


def test_an_edit_outlives_a_new_hearing_that_changes_only_what_it_leaves_out(walked):
    quote = walked.quote("pencils")
    form = quote.text.replace("pencils", "[...]")
    assert form != quote.text
    shortened(walked, "pencils", form)
    heard_otherwise(walked, pencils="biscuits")
    walked.ingest()
    after = now(walked, quote)
    assert (after.text, after.clearance) == (form, "unreviewed")
    assert after.edits == ("left out “biscuits”",)
    assert "biscuits" in after.excerpts[0].text
    assert now(walked, quote, "public").text == quote.text


def test_an_edit_that_fits_the_new_words_no_more_is_asked_about(walked):
    quote = walked.quote("pencils")
    _, rest = quote.text.split(" ", 1)
    shortened(walked, "pencils", f"[They] {rest}")
    heard_otherwise(walked, pencils="biscuits")
    walked.ingest()
    after = now(walked, quote)
    assert (after.edits, after.clearance) == ((), "unreviewed")
    assert "biscuits" in after.text
    questions = walked.read(lambda read: read.questions(), "editor")
    assert [one.detail for one in questions if one.kind == "edit"] == [
        f"{quote.id} was edited, and its words have changed: edit it again"
    ]
    assert now(walked, quote, "public").text == quote.text


def test_an_edited_printed_quote_outlives_its_desk_being_read_again(tmp_path):
    home = home_at(tmp_path / "home")
    (home.root / "ingest" / "published").mkdir(exist_ok=True)
    desk = home.root / "ingest" / "published" / "paper.toml"
    desk.write_text(DESK)
    with Catalogue.for_writing(home) as catalogue:
        load_desks(home, catalogue)
        with catalogue.reading("public") as read:
            (printed,) = read.quotes()
        edit(catalogue, printed.id, "Trust is slow work [...]", **SAID)
        desk.write_text(DESK + "\n# a remark\n")
        assert load_desks(home, catalogue)
        assert seen(catalogue, "editor", printed.id).text == "Trust is slow work [...]"
        assert seen(catalogue, "editor", printed.id).clearance == "unreviewed"
        assert seen(catalogue, "public", printed.id).text == printed.text
        desk.write_text(DESK.replace("worth it", "worth every hour"))
        load_desks(home, catalogue)
        assert seen(catalogue, "editor", printed.id).edits == ("left out “and worth every hour.”",)
        assert seen(catalogue, "public", printed.id).text == printed.text


DESK = """
id = "example-paper"
title = "An example paper"
publisher = "Example Press"
published = "2030"
clearance_by = "printed publication"
clearance_scope = "the words as printed"

[[quotes]]
key = "slow-work"
text = "Trust is slow work and worth it."
name = "Ada Example"
credit = "Director, Example Trust"
place = "section 2"
kind = "podcast"
"""
