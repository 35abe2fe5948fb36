"""Themes, people, episodes and transcripts as programs see them."""

import pytest

API = "/api/v1"


def test_counts_are_only_of_what_the_asker_may_see(public, researcher):
    def counts(client, what):
        return {one["id"]: one["quotes"] for one in client.get(f"{API}/{what}").json()[what]}

    assert counts(public, "themes")["leadership"] < counts(researcher, "themes")["leadership"]
    assert counts(public, "speakers").keys() == {"ada-example"}
    assert counts(researcher, "speakers").keys() == {"ada-example", "ben-sample"}


def test_a_theme_lists_its_quotes_page_by_page(researcher):
    def page(**params):
        return researcher.get(f"{API}/themes/leadership/quotes", params=params)

    whole = [one["id"] for one in page().json()["quotes"]]
    found, answer = [], page(limit=1)
    while True:
        found += [one["id"] for one in answer.json()["quotes"]]
        assert (answer.json()["next"] is not None) == ("next" in answer.links)
        if answer.json()["next"] is None:
            break
        answer = page(limit=1, cursor=answer.json()["next"])
    assert len(whole) == 4
    assert found == whole


@pytest.mark.slow(alone=False)
def test_a_person_lists_only_quotes_that_bear_their_name(public, researcher, archive):
    seen = {one["id"] for one in public.get(f"{API}/speakers/ada-example/quotes").json()["quotes"]}
    assert archive.ids["cleared"] in seen
    assert archive.ids["withheld"] not in seen
    assert public.get(f"{API}/speakers/ben-sample/quotes").status_code == 404
    assert researcher.get(f"{API}/speakers/ben-sample/quotes").status_code == 200


@pytest.mark.parametrize(
    "path", ["themes/nope/quotes", "speakers/nope/quotes", "episodes/nope", "episodes/e/transcript"]
)
def test_unknown_ids_are_not_found(public, path):
    answer = public.get(f"{API}/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("path", ["themes", "speakers", "episodes", "themes/leadership/quotes"])
@pytest.mark.parametrize("bad", [{"limit": 0}, {"limit": -1}, {"limit": 10**6}, {"cursor": "!"}, {"cursor": "QUFBQQ"}])
def test_limits_and_cursors_that_make_no_sense_are_refused(public, path, bad):
    assert public.get(f"{API}/{path}", params=bad).status_code == 422


def test_a_cursor_of_another_list_is_refused(researcher):
    cursor = researcher.get(f"{API}/speakers", params={"limit": 1}).json()["next"]
    assert cursor
    assert researcher.get(f"{API}/themes", params={"cursor": cursor}).status_code == 422


def test_an_episode_says_what_may_be_known_of_it(public, researcher, archive):
    ours = public.get(f"{API}/episodes/{archive.episode}").json()
    theirs = researcher.get(f"{API}/episodes/{archive.episode}").json()
    assert (ours["title"], ours["fiction"], ours["recording_sha256"]) == ("A fictional talk", True, None)
    assert theirs["recording_sha256"] == archive.recording
    assert ours["quotes"] < theirs["quotes"]


def test_a_transcript_comes_in_four_forms(researcher, archive):
    address = f"{API}/episodes/{archive.episode}/transcript"
    for form, kind, begins in (
        ("vtt", "text/vtt", "WEBVTT"),
        ("srt", "application/x-subrip", "1\n"),
        ("json", "application/json", "{"),
        ("txt", "text/plain", "#"),
    ):
        answer = researcher.get(address, params={"as": form})
        assert answer.headers["content-type"].startswith(kind)
        assert answer.text.startswith(begins)
    assert researcher.get(address, params={"as": "docx"}).status_code == 422


def test_the_public_reads_only_cleared_excerpts_and_nobody_what_was_withdrawn(public, researcher, archive):
    address = f"{API}/episodes/{archive.episode}/transcript"
    ours, theirs = public.get(address).text, researcher.get(address).text
    assert "Letting go" not in ours
    assert "We gave the keys" in ours
    assert "Nobody asked" not in ours
    assert "Nobody asked" in theirs
    assert "taken down at" not in ours + theirs
