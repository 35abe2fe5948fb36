"""Who is let in: the one-time link, the signed cookie, and nobody by address."""

import re

import pytest

from convarchive.api.sessions import LASTS_S, Sessions
from convarchive.domain.audience import AUDIENCES
from convarchive.errors import NotAllowed


def test_a_key_opens_once_and_never_again():
    sessions = Sessions("secret", "home")
    key = sessions.invite()
    session = sessions.enter(key)
    assert sessions.read(sessions.cookie(session)) == session
    assert (session.audience, session.key) == ("researcher", None)
    with pytest.raises(NotAllowed, match="used before"):
        sessions.enter(key)


@pytest.mark.parametrize("cookie", ["", "researcher", "InJlc2VhcmNoZXIi.abc.def", "é\x00"])
def test_a_cookie_we_did_not_sign_is_nobodys(cookie):
    assert Sessions("secret", "home").read(cookie) is None


def test_a_cookie_signed_with_another_secret_is_nobodys():
    theirs = Sessions("other", "home")
    assert Sessions("secret", "home").read(theirs.cookie(theirs.enter(theirs.invite()))) is None


def test_what_a_link_opened_ends_with_the_server_and_what_a_key_opened_does_not():
    before, after = Sessions("secret", "home"), Sessions("secret", "home")
    assert after.read(before.cookie(before.enter(before.invite()))) is None
    session = before.opened("editor", "abcdefgh")
    assert after.read(before.cookie(session)) == session
    assert after.token(session) == before.token(session)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_session_ends_by_itself(audience):
    clock = [1_000_000.0]
    sessions = Sessions("secret", "home", lambda: clock[0])
    cookie = sessions.cookie(sessions.opened(audience, "abcdefgh"))
    clock[0] += LASTS_S[audience]
    assert sessions.read(cookie) is not None
    clock[0] += 1
    assert sessions.read(cookie) is None


def test_forms_of_two_sessions_never_carry_the_same():
    sessions = Sessions("secret", "home")
    one, other = sessions.opened("editor", "abcdefgh"), sessions.opened("editor", "abcdefgh")
    assert sessions.token(one) != sessions.token(other)


def test_two_archives_on_one_host_do_not_share_a_cookie():
    assert Sessions("s", "/archives/one").cookie_name("http") != Sessions("s", "/archives/two").cookie_name("http")


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(doors, public):
    answer = public.get("/enter", params={"key": doors.sessions.invite()})
    cookie = answer.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.headers["location"] == "/"
    assert answer.headers["cache-control"] == "no-store"


def test_a_used_link_is_told_on_a_page(doors, public):
    key = doors.sessions.invite()
    public.get("/enter", params={"key": key})
    again = public.get("/enter", params={"key": key})
    assert again.status_code == 403
    assert "this link was used before" in again.text


def test_a_link_is_not_used_up_by_asking_for_its_headers(doors, public):
    link = f"/enter?key={doors.sessions.invite()}"
    for _ in range(2):
        assert public.head(link).status_code == 303
        assert "set-cookie" not in public.head(link).headers
        assert public.options(link).status_code == 405
    assert "set-cookie" in public.get(link).headers
    assert public.head(link).status_code == 403


def test_leaving_makes_one_the_public_again(researcher):
    assert researcher.get("/api/v1/search", params={"q": "power"}).json()["audience"] == "researcher"
    token = re.search(r'name="token" value="(\w+)"', researcher.get("/").text)[1]
    researcher.post("/leave", data={"token": "0" * 40})
    assert researcher.get("/api/v1/search", params={"q": "power"}).json()["audience"] == "researcher"
    researcher.post("/leave", data={"token": token})
    assert researcher.get("/api/v1/search", params={"q": "power"}).json()["audience"] == "public"


def test_an_address_on_this_machine_alone_makes_nobody_a_researcher(public):
    assert public.get("/api/v1/search", params={"q": "power"}).json()["audience"] == "public"


@pytest.mark.slow(alone=False)
def test_one_may_look_with_narrower_eyes_but_never_with_wider(public, researcher):
    narrowed = researcher.get("/api/v1/search", params={"q": "power", "audience": "public"})
    assert narrowed.json()["audience"] == "public"
    assert researcher.get("/api/v1/themes", params={"audience": "editor"}).status_code == 403
    assert public.get("/api/v1/themes", params={"audience": "researcher"}).status_code == 403
    assert public.get("/api/v1/themes", params={"audience": "nobody"}).status_code == 422
