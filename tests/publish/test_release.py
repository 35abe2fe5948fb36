"""Who may take a quote away for publication: every form, every audience, every standing, and the reason when not."""

import itertools

import pytest

from convarchive.domain.audience import AUDIENCES
from convarchive.errors import NotAllowed, NotPublishable
from convarchive.publish.formatted import STYLES
from convarchive.publish.packet import FORMS, quote_as, reference
from convarchive.publish.release import obstacles
from fakes.records import CLEARED, PLAIN, PRINTED

WORKING = ("text", "json")
FOR_PUBLICATION = tuple(form for form in FORMS if form not in WORKING)
NAMES = ("confirmed", "printed", "probable", "unattributed")
STANDINGS = ("cleared", "unreviewed", "withheld", "withdrawn")


def standing(clearance, name):
    speaker = None if name == "unattributed" else CLEARED["speaker"]
    return CLEARED | {
        "clearance": clearance,
        "cleared": CLEARED["cleared"] if clearance == "cleared" else None,
        "attribution": {"status": name, "confidence": None, "evidence": None},
        "speaker": speaker,
    }


@pytest.mark.parametrize(("clearance", "name"), [*itertools.product(STANDINGS, NAMES)])
def test_each_audience_takes_away_what_the_table_gives_it(clearance, name):
    made = standing(clearance, name)
    sure = clearance == "cleared" and name in ("confirmed", "printed")
    for audience, form in itertools.product(AUDIENCES, FORMS):
        if sure or form in WORKING or audience in ("researcher", "editor"):
            assert quote_as(made, form, audience)
        else:
            with pytest.raises(NotPublishable, match=made["id"]):
                quote_as(made, form, audience)
    for audience, style in itertools.product(AUDIENCES, STYLES):
        if sure or audience in ("researcher", "editor"):
            assert reference(made, style, audience)
        else:
            with pytest.raises(NotPublishable):
                reference(made, style, audience)


def test_a_refusal_says_what_is_missing_and_how_to_get_it():
    with pytest.raises(NotAllowed) as refused:
        quote_as(PLAIN, "bibtex", "comms")
    said = str(refused.value)
    assert "nobody has cleared its words" in said
    assert "its name is only probable" in said
    assert "ask an editor to clear it" in said
    assert "\n" not in said


def test_a_cleared_quote_without_a_sure_name_asks_only_for_the_name():
    with pytest.raises(NotPublishable) as refused:
        quote_as(standing("cleared", "unattributed"), "html", "public")
    assert "speaker is not identified" in str(refused.value)
    assert "clear" not in str(refused.value).replace("cleared", "")


def test_an_edited_quote_that_waits_points_at_the_wording_that_is_public():
    waiting = standing("unreviewed", "confirmed") | {"edits": ["left out “slowly”"]}
    with pytest.raises(NotPublishable, match="audience public"):
        quote_as(waiting, "ris", "comms")


def test_print_and_a_confirmed_name_have_nothing_in_their_way():
    assert obstacles(PRINTED) == obstacles(CLEARED) == ()


@pytest.mark.parametrize("form", FOR_PUBLICATION)
def test_what_a_researcher_takes_away_uncleared_says_so_in_every_form(form):
    made = quote_as(PLAIN, form, "researcher")
    assert "not cleared for publication" in made
    assert "name probable" in made


@pytest.mark.parametrize("style", STYLES)
def test_a_reference_is_marked_only_where_it_may_not_be_published(style):
    assert "not cleared for publication" in reference(PLAIN, style, "researcher")
    assert "[words" not in reference(CLEARED, style, "comms")


@pytest.mark.parametrize("form", FORMS)
def test_fiction_is_said_in_every_form(form):
    assert "fiction" in quote_as(CLEARED | {"fiction": True}, form, "editor").casefold()


@pytest.mark.parametrize("style", STYLES)
def test_fiction_is_said_in_every_reference(style):
    assert reference(CLEARED | {"fiction": True}, style, "editor").startswith("[FICTION] ")


def test_who_cleared_is_in_no_form_that_is_published():
    made = CLEARED | {"cleared": {"day": "2031-02-03", "by": "Ed Itor"}}
    assert "cleared for publication on 2031-02-03 by Ed Itor" in quote_as(made, "text", "editor")
    for form in FOR_PUBLICATION:
        assert "Ed Itor" not in quote_as(made, form, "editor")
