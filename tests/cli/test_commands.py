"""What the commands answer about an archive that holds the sample show."""

from __future__ import annotations

import csv
import io
import json
import os

import pytest

from convarchive.domain.passage import Query
from convarchive.store.catalogue import Catalogue

pytestmark = pytest.mark.slow(alone=False)


def quotes_of(home, audience="researcher"):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading(audience) as read:
        return read.listed(Query(""))


def test_episodes_are_listed_newest_first_with_what_was_done(cli, walked):
    said = cli("episodes", "list", "--json", "--home", walked.root)
    episodes = json.loads(said.out)
    assert said.code == 0
    assert [one["published"][:10] for one in episodes] == ["2026-01-13", "2026-01-06"]
    for one in episodes:
        assert one["fiction"] is True
        assert one["stages"] == ["fetch", "transcribe", "diarize", "utter", "name", "quote"]
        assert one["quotes"] > 5


@pytest.mark.parametrize("flag", ["--theme", "--speaker", "--episode"])
def test_a_filter_that_names_nothing_is_told_by_exit_one(cli, walked, flag):
    said = cli("search", "letting go", flag, "no-such", "--home", walked.root)
    assert (said.code, said.out) == (1, "")
    assert "no-such" in said.err
    assert said.err.count("\n") == 1


def test_what_waits_for_review_is_listed(cli, walked):
    said = cli("review", "list", "--home", walked.root)
    waiting = json.loads(cli("review", "list", "--json", "--home", walked.root).out)["waiting"]
    assert said.code == 0
    assert waiting
    assert waiting[0] in said.out


def test_what_is_cleared_for_a_later_day_waits_for_nobody(cli, walked):
    at = ("--home", walked.root)
    waiting = json.loads(cli("review", "list", "--json", *at).out)["waiting"]
    said = ("--by", "B. Editor", "--why", "listened to it")
    assert cli("review", "clear", waiting[0], "--not-before", "2999-01-01", *said, *at).code == 0
    assert json.loads(cli("review", "list", "--json", *at).out)["waiting"] == waiting[1:]
    assert cli("review", "undo", waiting[0], *said, *at).code == 0
    assert json.loads(cli("review", "list", "--json", *at).out)["waiting"] == waiting


def test_an_export_of_nothing_is_still_a_table(cli, walked):
    said = cli("export", "--as", "csv", "--audience", "public", "--home", walked.root)
    assert said.out.startswith("id,fiction,text")
    assert said.out.endswith(",permalink\n")


def test_what_is_no_regular_file_is_not_written_over(cli, walked, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    said = cli("export", "-o", pipe, "--home", walked.root)
    assert (said.code, said.out) == (2, "")
    assert pipe.is_fifo()
    for command in (("export",), ("transcript", "enothere")):
        said = cli(*command, "-o", tmp_path / "no" / "x.csv", "--home", walked.root)
        assert said.code == 2
        assert f"there is no folder {tmp_path / 'no'}; make it, or name another file with -o" in said.err


def test_an_episode_that_is_not_here_is_told_by_exit_one(cli, walked):
    said = cli("episodes", "show", "enothere", "--home", walked.root)
    assert (said.code, said.out) == (1, "")
    assert "enothere" in said.err
    assert said.err.count("\n") == 1


def test_where_the_feed_names_people_every_voice_is_confirmed(cli, walked):
    episodes = json.loads(cli("episodes", "list", "--json", "--home", walked.root).out)
    voices = json.loads(cli("speakers", "show", episodes[1]["id"], "--json", "--home", walked.root).out)
    assert {(one["name"], one["status"]) for one in voices} == {
        ("Tom Atlantis", "confirmed"),
        ("Helen Neverland", "confirmed"),
    }


def test_where_only_speech_names_people_no_name_is_wrong_and_guests_are_probable(cli, walked):
    episodes = json.loads(cli("episodes", "list", "--json", "--home", walked.root).out)
    voices = json.loads(cli("speakers", "show", episodes[0]["id"], "--json", "--home", walked.root).out)
    named = {one["name"]: one["status"] for one in voices if one["name"]}
    assert (
        {"Grace Wonderland", "Martin Camelot"} <= named.keys() <= {"Grace Wonderland", "Martin Camelot", "Tom Atlantis"}
    )
    assert named["Grace Wonderland"] in ("probable", "confirmed")
    by_label = {one["label"]: one["name"] for one in voices}
    assert by_label["S1"] in (None, "Tom Atlantis")
    assert by_label["S2"] == "Grace Wonderland"
    assert by_label["S3"] == "Martin Camelot"


@pytest.mark.parametrize("form", ["vtt", "srt", "json", "txt"])
def test_a_transcript_comes_in_four_forms(cli, walked, form):
    episode = json.loads(cli("episodes", "list", "--json", "--home", walked.root).out)[1]["id"]
    said = cli("transcript", episode, "--as", form, "--home", walked.root)
    assert said.code == 0
    assert "Helen Neverland" in said.out
    if form == "json":
        document = json.loads(said.out)
        assert document["version"] == "1.0.0"
        assert set(document["segments"][0]) == {"speaker", "startTime", "endTime", "body"}


def test_a_quote_says_how_sure_it_is_and_that_it_is_fiction(cli, walked):
    quote = quotes_of(walked)[0]
    for form in ("text", "markdown"):
        said = cli("quote", quote.id, "--as", form, "--home", walked.root)
        assert said.code == 0
        assert "not cleared for publication" in said.out
        assert "FICTION" in said.out
    record = json.loads(cli("quote", quote.id, "--as", "json", "--home", walked.root).out)
    assert record["schema"] == 1
    assert record["clearance"] == "unreviewed"
    assert record["excerpts"][0]["start_ms"] < record["excerpts"][0]["end_ms"]


def test_the_public_sees_a_quote_from_the_moment_it_is_cleared_until_it_is_withdrawn(cli, walked):
    quote = next(one for one in quotes_of(walked) if one.attribution.status == "confirmed")
    at = ("--home", walked.root)
    assert cli("quote", quote.id, "--audience", "public", *at).code == 1
    assert cli("review", "clear", quote.id, "--by", "B. Editor", "--why", "listened to it", *at).code == 0
    shown = json.loads(cli("quote", quote.id, "--as", "json", "--audience", "public", *at).out)
    assert (shown["clearance"], shown["text_status"]) == ("cleared", "checked")
    assert [one.id for one in quotes_of(walked, "public")] == [quote.id]
    assert cli("review", "withdraw", quote.id, "--by", "B. Editor", "--why", "asked for", *at).code == 0
    assert quotes_of(walked, "public") == ()
    assert cli("quote", quote.id, *at).code == 1
    assert quote.text not in cli("export", "--as", "jsonl", *at).out
    desk = walked.withdrawals.read_text()
    assert quote.sources[0].recording in desk
    assert quote.text not in desk


@pytest.mark.parametrize("act", ["clear", "withhold", "withdraw"])
@pytest.mark.parametrize("given", [(), ("--by", "B. Editor"), ("--why", "because"), ("--by", " ", "--why", "because")])
def test_a_decision_needs_who_and_why(cli, walked, act, given):
    quote = quotes_of(walked)[0]
    said = cli("review", act, quote.id, *given, "--home", walked.root)
    assert said.code == 2
    assert "--by" in said.err
    assert "--why" in said.err
    assert quotes_of(walked, "editor")[0].clearance == "unreviewed"


def test_an_editors_name_for_a_voice_is_final(cli, walked):
    walked.speakers.write_text(
        '[[speakers]]\nid = "uma-example"\nname = "Uma Example"\nrole = "guest"\nfiction = true\n'
    )
    at = ("--home", walked.root)
    episode = json.loads(cli("episodes", "list", "--json", *at).out)[0]["id"]
    nobody = cli("speakers", "assign", episode, "S1", "uma-example", *at)
    assert nobody.code == 2
    said = cli("speakers", "assign", episode, "S1", "uma-example", "--by", "B. Editor", "--why", "her voice", *at)
    assert said.code == 0
    assert said.err.startswith("mind: the evidence says that S1 is Tom Atlantis (probable")
    voices = json.loads(cli("speakers", "show", episode, "--json", *at).out)
    assert (voices[0]["name"], voices[0]["status"]) == ("Uma Example", "confirmed")
    assert any(q.speaker and q.speaker.name == "Uma Example" for q in quotes_of(walked))


def test_a_quote_is_pulled_in_every_form_and_style(cli, walked):
    quote = next(one for one in quotes_of(walked) if one.attribution.status == "confirmed")
    at = ("--home", walked.root)
    for form in ("text", "markdown", "html", "json", "csl-json", "ris", "bibtex", "jsonld"):
        said = cli("quote", quote.id, "--as", form, *at)
        assert said.code == 0
        assert quote.id in said.out or form in ("text", "markdown", "html")
        assert "unreviewed" in said.out or "not cleared for publication" in said.out
    for style in ("apa", "mla", "chicago", "harvard"):
        assert "[words heard by machine" in cli("quote", quote.id, "--style", style, *at).out
        assert "<i>" in cli("quote", quote.id, "--style", style, "--as", "html", *at).out
    both = cli("quote", quote.id, "--style", "apa", "--as", "ris", *at)
    assert (both.code, both.out) == (2, "")
    assert cli("quote", quote.id, "--style", "vancouver", *at).code == 2


def test_comms_pulls_a_quote_once_it_is_cleared_and_is_told_why_not_before(cli, walked):
    quote = next(one for one in quotes_of(walked) if one.attribution.status == "confirmed")
    at = ("--audience", "comms", "--home", walked.root)
    refused = cli("quote", quote.id, "--style", "apa", *at)
    assert (refused.code, refused.out) == (2, "")
    assert "nobody has cleared its words" in refused.err
    assert cli("quote", quote.id, *at).code == 0
    held_back = cli("export", "--as", "ris", *at)
    assert (held_back.code, held_back.out) == (0, "")
    assert "left out" in held_back.err
    cli("review", "clear", quote.id, "--by", "B. Editor", "--why", "listened", "--home", walked.root)
    assert "[words" not in cli("quote", quote.id, "--style", "apa", *at).out
    assert quote.id in cli("export", "--as", "ris", *at).out


def test_an_edited_quote_says_what_was_changed_and_waits(cli, walked):
    quote = next(one for one in quotes_of(walked) if len(one.text.split()) > 6)
    first, second, third, *rest = quote.text.split()
    form = " ".join([first, "[...]", third, *rest])
    decided = ("--by", "B. Editor", "--why", "shorter", "--home", walked.root)
    said = cli("review", "edit", quote.id, "--text", form, *decided)
    assert said.code == 0
    assert f"left out “{second}" in said.out
    assert "waits to be cleared" in said.err
    assert form in cli("quote", quote.id, "--home", walked.root).out
    assert form[:20] in cli("review", "history", quote.id, "--home", walked.root).out
    refused = cli("review", "edit", quote.id, "--text", "They never said that.", *decided)
    assert (refused.code, refused.out) == (2, "")
    assert "is not what was said there" in refused.err
    assert cli("review", "edit", quote.id, "--text", form, "--home", walked.root).code == 2


def test_exports_carry_the_status_of_every_quote(cli, walked):
    lines = cli("export", "--as", "jsonl", "--home", walked.root).out.splitlines()
    assert len(lines) == len(quotes_of(walked))
    assert {json.loads(line)["fiction"] for line in lines} == {True}
    rows = list(csv.DictReader(io.StringIO(cli("export", "--as", "csv", "--home", walked.root).out)))
    assert len(rows) == len(lines)
    assert all("not cleared for publication" in row["status"] for row in rows)
    assert cli("export", "--as", "jsonl", "--audience", "public", "--home", walked.root).out == ""


def test_every_command_has_help_with_an_example(cli):
    tops = [line.split()[0] for line in cli("--help").out.split("Commands:")[1].splitlines() if line.strip()]
    assert len(tops) > 15
    for top in tops:
        said = cli(top, "--help")
        assert said.code == 0
        if "Commands:" in said.out:
            for line in said.out.split("Commands:")[1].splitlines():
                if line.strip():
                    sub = cli(top, line.split()[0], "--help")
                    assert "Example: convarchive" in sub.out, (top, line)
        else:
            assert "Example: convarchive" in said.out, top


def test_doctor_says_what_to_do_about_each_finding(cli, walked):
    said = cli("doctor", "--json", "--home", walked.root)
    findings = json.loads(said.out)
    assert {one["part"] for one in findings} >= {"desks", "settings", "models", "catalogue", "index", "disk"}
    assert all(one["remedy"] for one in findings if one["state"] == "bad")
