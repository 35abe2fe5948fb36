"""The editors' desk without a browser: what it shows, to whom, and that nothing typed is ever lost."""

import re
import threading
from dataclasses import replace

import lxml.html
import pytest
from starlette.testclient import TestClient

from convarchive.api.sessions import Sessions
from convarchive.domain.quote import AudioSource, Excerpt, Selector
from convarchive.domain.span import Span
from convarchive.domain.transcript import Transcript
from convarchive.editorial.deciding import Decisions
from convarchive.editorial.editing import edit
from convarchive.editorial.renaming import Renaming
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_quotes import NewVersion
from fakes.keyed import key_for, revoke
from fakes.open_doors import app_of, opened
from fakes.reading_archive import SAID

pytestmark = pytest.mark.slow(alone=False)

WAIT = ("maps", "probable", "nameless", "second")
"""What waits for review, in the order in which it was said; print comes first."""


def signed_in(doors, archive, name="B. Editor", audience="editor"):
    client = TestClient(app_of(doors), base_url="http://127.0.0.1", follow_redirects=False)
    client.post("/sign-in", data={"key": key_for(archive, audience, name)})
    return client


@pytest.fixture
def desk(own):
    with opened(own) as doors:
        yield doors


@pytest.fixture
def editor(own, desk):
    return signed_in(desk, own)


def shown(answer):
    return lxml.html.fromstring(answer.text)


def fields(page, action="/desk/q/"):
    """The fields of a page's first form with such an action, as a browser would send them."""
    form = page.xpath(f'//form[starts-with(@action, "{action}") and @method="post"]')
    form = next(one for one in form if one.xpath('.//input[@name="seen"]') or action != "/desk/q/")
    found = {one.get("name"): one.get("value") or "" for one in form.xpath(".//input")}
    return found | {one.get("name"): one.text or "" for one in form.xpath(".//textarea")}


def form_of(client, quote):
    return fields(shown(client.get(f"/desk/q/{quote}")))


def decide(client, quote, act="clear", form=None, query="", **more):
    sent = (form or form_of(client, quote)) | {"act": act, "why": "listened"} | more
    return client.post(f"/desk/q/{quote}{query}", data=sent)


def clearance(archive, quote):
    with Catalogue.for_reading(archive.home) as catalogue, catalogue.reading("editor") as read:
        return read.quote(quote).clearance


def waiting(client, address="/desk"):
    return re.findall(r'href="/desk/q/(q\w+)', client.get(address).text)


# -- who is let in --------------------------------------------------------------------


def test_the_public_is_shown_where_to_sign_in_and_comes_back(own, desk):
    client = TestClient(app_of(desk), base_url="http://127.0.0.1", follow_redirects=False)
    quote = own.ids["probable"]
    sent = client.get(f"/desk/q/{quote}?episode={own.episode}")
    assert sent.status_code == 303
    form = fields(shown(client.get(sent.headers["location"])), "/sign-in")
    answer = client.post("/sign-in", data=form | {"key": key_for(own, "editor")})
    assert answer.headers["location"] == f"/desk/q/{quote}?episode={own.episode}"
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("audience", ["researcher", "comms", "public"])
def test_nobody_but_editors_sees_the_desk(own, desk, audience):
    client = signed_in(desk, own, "Somebody", audience)
    quote = own.ids["probable"]
    looked = [client.get("/desk"), client.get(f"/desk/q/{quote}")]
    sent = client.post(f"/desk/q/{quote}", data={"act": "clear", "why": "x"})
    assert [one.status_code for one in looked] == [303 if audience == "public" else 403] * 2
    assert sent.status_code == 403
    for answer in (*looked, sent):
        assert SAID["probable"][2] not in answer.text
    assert clearance(own, quote) == "unreviewed"
    assert "/desk" not in client.get("/").text


# -- the queue ------------------------------------------------------------------------


def test_what_waits_stands_in_the_order_it_was_said(own, editor):
    assert waiting(editor) == [own.ids[name] for name in WAIT]
    page = editor.get("/desk").text
    assert "4 quotes wait" in page
    for name in WAIT[1:]:
        assert SAID[name][2] in page


def test_the_queue_can_be_narrowed_and_stays_so_from_quote_to_quote(own, editor):
    narrowed = f"?episode={own.episode}&speaker=ben-sample"
    assert waiting(editor, f"/desk{narrowed}") == [own.ids["probable"], own.ids["second"]]
    answer = decide(editor, own.ids["probable"], query=narrowed)
    onward = answer.headers["location"]
    assert onward.startswith(f"/desk/q/{own.ids['second']}?")
    assert f"episode={own.episode}" in onward
    assert "speaker=ben-sample" in onward


def test_the_queue_goes_on_page_by_page(own, editor, monkeypatch):
    monkeypatch.setattr("convarchive.web.desk.PAGE", 3)
    first = editor.get("/desk")
    assert waiting(editor) == [own.ids[name] for name in WAIT[:3]]
    further = shown(first).xpath('//a[@rel="next"]/@href')[0]
    assert waiting(editor, further) == [own.ids["second"]]


def test_an_empty_queue_says_so(own, editor):
    for name in WAIT:
        answer = decide(editor, own.ids[name], "withhold")
    assert answer.headers["location"].startswith("/desk?done=")
    assert "Nothing waits" in editor.get("/desk").text


# -- one quote ------------------------------------------------------------------------


def test_a_quote_shows_how_it_was_heard_named_and_decided_about(own, editor):
    page = editor.get(f"/desk/q/{own.ids['withheld']}").text
    for told in ("I&#39;m Ada Example", "0.97 of 1", "mean probability of 0.91", "asked to", "An Editor"):
        assert told in page
    # Nothing but what is meant to be read: no value of ours stands there as it is.
    assert "View(" not in page
    assert "Editor’s view" in page


def test_words_that_were_hardly_heard_are_marked(own, editor):
    quote = own.ids["probable"]
    with Catalogue.for_writing(own.home) as catalogue, catalogue.writing() as write:
        kept = write.speech.transcript(own.episode, own.recording, "heard")
        words = tuple(replace(w, probability=0.31) if w.text == "control" else w for w in kept.words)
        write.speech.put_transcript(own.episode, own.recording, Transcript(words, "en", "heard", "ear 2"))
    marked = shown(editor.get(f"/desk/q/{quote}")).xpath('//p[@class="surely"]/mark')
    assert [one.text_content().split() for one in marked] == [["control", "31", "%"]]


def test_it_can_be_heard_alone_and_with_what_is_around_it(own, editor):
    page = shown(editor.get(f"/desk/q/{own.ids['probable']}"))
    players = page.xpath('//div[@class="player"]')
    assert [(one.get("data-start"), one.get("data-end")) for one in players] == [("15000", "21000"), ("5000", "31000")]


def test_only_what_can_be_done_is_offered(own, editor):
    def offered(name):
        return shown(editor.get(f"/desk/q/{own.ids[name]}")).xpath('//button[@name="act"]/@value')

    assert offered("probable") == ["clear", "withhold", "withdraw"]
    assert offered("cleared") == ["withhold", "withdraw", "undo"]
    assert offered("withheld") == ["withdraw", "undo"]


@pytest.mark.parametrize(("act", "stands"), [("clear", "cleared"), ("withhold", "withheld"), ("withdraw", "withdrawn")])
def test_a_decision_counts_under_the_keys_name_and_leads_on(own, editor, act, stands):
    quote = own.ids["probable"]
    answer = decide(editor, quote, act)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/q/{own.ids['nameless']}?done={quote}"
    assert clearance(own, quote) == stands
    following = editor.get(answer.headers["location"]).text
    assert 'role="status"' in following
    assert f"/desk/q/{quote}" in following
    page = editor.get(f"/desk/q/{quote}").text
    assert "by B. Editor" in page
    decide(editor, quote, "undo")
    assert clearance(own, quote) == "unreviewed"


def test_a_day_can_be_set(own, editor):
    decide(editor, own.ids["probable"], not_before="2999-01-01", until="")
    assert clearance(own, own.ids["probable"]) == "unreviewed"
    assert own.ids["probable"] not in waiting(editor)
    assert "to be public from 1 January 2999 on" in editor.get(f"/desk?done={own.ids['probable']}").text
    decide(editor, own.ids["nameless"], "withhold", until="2999-01-01")
    assert clearance(own, own.ids["nameless"]) == "withheld"


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"why": " "}, 422, "needs --why"),
        ({"act": "burn"}, 422, "choose what to do"),
        ({"until": "2999-01-01"}, 422, "only withholding"),
        ({"not_before": "2001-01-01"}, 422, "already past"),
        ({"act": "undo"}, 403, "nothing was decided"),
    ],
)
def test_what_cannot_be_done_is_told_and_what_was_typed_stays(own, editor, more, status, said):
    quote = own.ids["probable"]
    answer = decide(editor, quote, **({"why": "my “long” <reason>"} | more))
    assert answer.status_code == status
    assert said in answer.text
    typed = shown(answer).xpath('//textarea[@id="why"]')[0].text
    assert (typed or "") == more.get("why", "my “long” <reason>")
    assert clearance(own, quote) == "unreviewed"


# -- two at once ----------------------------------------------------------------------


def test_the_second_of_two_editors_is_told_what_the_first_decided(own, desk, editor):
    other = signed_in(desk, own, "C. Editor")
    quote = own.ids["probable"]
    form = form_of(editor, quote)
    assert decide(other, quote, "withhold", why="the speaker asked for time").status_code == 303
    answer = decide(editor, quote, "clear", form, why="listened twice")
    assert answer.status_code == 409
    told = shown(answer).xpath('//*[@role="alert"]')[0].text_content()
    assert "C. Editor decided: withhold" in told
    assert "the speaker asked for time" in told
    assert "listened twice" in answer.text
    assert clearance(own, quote) == "withheld"
    # Having looked again, the same press counts.
    assert decide(editor, quote, "withdraw", fields(shown(answer))).status_code == 303
    assert clearance(own, quote) == "withdrawn"


def test_words_that_changed_under_an_editor_are_shown_before_and_after(own, editor):
    quote = own.ids["probable"]
    form = form_of(editor, quote)
    _change_words(own, quote)
    answer = decide(editor, quote, "clear", form, why="listened twice")
    assert answer.status_code == 409
    page = shown(answer)
    assert page.xpath("//del")[0].text == SAID["probable"][2]
    assert page.xpath("//ins")[0].text == "Letting go is a skill."
    assert page.xpath('//textarea[@id="why"]')[0].text == "listened twice"
    assert clearance(own, quote) == "unreviewed"
    assert decide(editor, quote, "clear", fields(page)).status_code == 303


def _change_words(own, quote):
    text, span = "Letting go is a skill.", Span(15_000, 21_000)
    with Catalogue.for_writing(own.home) as catalogue, catalogue.writing() as write:
        row, named = write.speech.current_attributions(own.recording)["S2"]
        write.quotes.put(
            NewVersion(
                quote, text, "heard", (Excerpt(text, span),), (AudioSource(own.recording, span),),
                Selector(text, span=span), named.speaker, named.name, None, named.role, row, 0.8, (), own.episode,
                fiction=True,
            )
        )  # fmt: skip
        write.search.sync_passages()


# -- sessions that end ----------------------------------------------------------------


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_what_was_typed_when_a_session_ended_comes_back_after_signing_in(own, how):
    hours = [0.0]
    sessions = Sessions("s", "home", lambda: 1_000_000 + 3600 * hours[0])
    quote = own.ids["probable"]
    with opened(own, sessions=sessions) as doors:
        client = signed_in(doors, own)
        form = form_of(client, quote)
        if how == "revoked":
            revoke(own, "B. Editor")
        hours[0] = 25 if how == "expired" else 0
        ended = decide(client, quote, "clear", form, query=f"?episode={own.episode}", why="an hour’s “work” <b>")
        assert ended.status_code == 403
        assert "nothing was decided" in ended.text
        kept = fields(shown(ended), "/sign-in")
        refused = client.post("/sign-in", data=kept | {"key": "wrong"})
        kept = fields(shown(refused), "/sign-in")
        back = client.post("/sign-in", data=kept | {"key": key_for(own, "editor", "B. Editor again")})
        assert back.status_code == 200
        resumed = shown(back).xpath('//form[@action!="/leave"]')[0]
        assert resumed.get("action") == f"/desk/q/{quote}?episode={own.episode}"
        again = client.post(resumed.get("action"), data=fields(shown(back), resumed.get("action")))
        assert again.status_code == 200
        assert shown(again).xpath('//textarea[@id="why"]')[0].text == "an hour’s “work” <b>"
        assert clearance(own, quote) == "unreviewed"
        assert decide(client, quote, "clear", fields(shown(again)), why="done").status_code == 303
    assert clearance(own, quote) == "cleared"


# -- voices ---------------------------------------------------------------------------


def assigned(client, quote, **more):
    page = shown(client.get(f"/desk/q/{quote}"))
    form = fields(page, f"/desk/q/{quote}/voice")
    return client.post(f"/desk/q/{quote}/voice", data=form | {"speaker": "ada-example", "why": "her voice"} | more)


def test_a_voice_is_named_at_once_in_the_log_and_behind_the_page_in_the_quotes(own):
    begun, go = threading.Event(), threading.Event()

    def rename(episode):
        begun.set()
        go.wait(30)

    decisions = Decisions(own.home, Renaming(rename))
    with opened(own, decisions=decisions) as doors:
        client = signed_in(doors, own)
        answer = assigned(client, own.ids["second"])
        assert answer.status_code == 303
        assert begun.wait(10)
        assert "are being named again" in client.get(answer.headers["location"]).text
        go.set()
        decisions.renaming.settled()
        assert "are being named again" not in client.get(answer.headers["location"]).text
    with Catalogue.for_reading(own.home) as catalogue, catalogue.reading("editor") as read:
        review = read.reviews()[-1]
    assert (review.act, review.by, review.why, review.person) == ("assign", "B. Editor", "her voice", "ada-example")


@pytest.mark.parametrize("more", [{"speaker": "nobody-here"}, {"why": ""}, {"version": "v0"}, {"token": "x"}])
def test_a_voice_that_cannot_be_named_so_keeps_what_was_typed(own, editor, more):
    answer = assigned(editor, own.ids["second"], **({"why": "known for years"} | more))
    assert answer.status_code in (403, 409, 422)
    assert 'role="alert"' in answer.text
    assert (shown(answer).xpath('//textarea[@id="voice-why"]')[0].text or "") == more.get("why", "known for years")


def test_print_has_no_voice_to_name(own, editor):
    assert "somebody else’s voice" not in editor.get(f"/desk/q/{own.ids['maps']}").text


def test_a_catalogue_that_is_being_written_to_loses_nothing(own, editor, monkeypatch):
    quote = own.ids["probable"]
    form = form_of(editor, quote)
    monkeypatch.setattr("convarchive.store.opening.BUSY_TIMEOUT_MS", 50)
    with Catalogue.for_writing(own.home) as catalogue, catalogue.writing() as write:
        write.count_up("content")
        answer = decide(editor, quote, "clear", form, why="listened twice")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "press again" in answer.text
    assert decide(editor, quote, "clear", fields(shown(answer))).status_code == 303


def test_what_is_typed_stays_text(own, editor):
    quote = own.ids["probable"]
    decide(editor, quote, "withhold", why="<script>alert(1)</script>")
    page = editor.get(f"/desk/q/{quote}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_edited_quote_says_so_before_it_is_decided_about(own, editor):
    quote = own.ids["probable"]
    with Catalogue.for_writing(own.home) as catalogue:
        with catalogue.reading("editor") as read:
            said = read.quote(quote).text
        first, second, *rest = said.split()
        edit(catalogue, quote, " ".join([first, "[...]", *rest]), by="An Editor", why="shorter")
    page = editor.get(f"/desk/q/{quote}").text
    assert page.index(f"left out “{second}") < page.index('id="decide"')
    assert f"As said: “{said}”" in page
