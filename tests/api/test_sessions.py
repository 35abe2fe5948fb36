"""Who is let in: the one-time link, the signed cookie, and nobody by address."""

import pytest

from convarchive.api.sessions import Sessions
from convarchive.errors import NotAllowed


def test_a_key_opens_once_and_never_again():
    sessions = Sessions("secret", "home")
    key = sessions.invite()
    assert sessions.audience(sessions.enter(key)) == "researcher"
    with pytest.raises(NotAllowed, match="used before"):
        sessions.enter(key)


@pytest.mark.parametrize("cookie", [None, "", "researcher", "InJlc2VhcmNoZXIi.abc.def", "é\x00"])
def test_a_cookie_we_did_not_sign_is_the_public(cookie):
    assert Sessions("secret", "home").audience(cookie) == "public"


def test_a_cookie_signed_with_another_secret_is_the_public():
    theirs = Sessions("other", "home")
    assert Sessions("secret", "home").audience(theirs.enter(theirs.invite())) == "public"


def test_two_archives_on_one_host_do_not_share_a_cookie():
    assert Sessions("s", "/archives/one").cookie != Sessions("s", "/archives/two").cookie


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
    assert "convarchive serve" in again.text


def test_leaving_makes_one_the_public_again(researcher):
    assert researcher.get("/api/v1/search", params={"q": "power"}).json()["audience"] == "researcher"
    researcher.post("/leave")
    assert researcher.get("/api/v1/search", params={"q": "power"}).json()["audience"] == "public"


def test_an_address_on_this_machine_alone_makes_nobody_a_researcher(public):
    assert public.get("/api/v1/search", params={"q": "power"}).json()["audience"] == "public"


def test_one_may_look_with_narrower_eyes_but_never_with_wider(public, researcher):
    narrowed = researcher.get("/api/v1/search", params={"q": "power", "audience": "public"})
    assert narrowed.json()["audience"] == "public"
    assert researcher.get("/api/v1/themes", params={"audience": "editor"}).status_code == 403
    assert public.get("/api/v1/themes", params={"audience": "researcher"}).status_code == 403
    assert public.get("/api/v1/themes", params={"audience": "nobody"}).status_code == 422
