"""Saying whose voices are whose from the command line: the queue, its keys, and commands for scripts."""

from __future__ import annotations

import io
import json
import sys

import pytest

from convarchive.domain.passage import Query
from convarchive.store.catalogue import Catalogue

pytestmark = pytest.mark.slow(alone=False)
SAID = ("--by", "B. Editor", "--why", "listened to it")


@pytest.fixture
def at(walked):
    return ("--home", walked.root)


@pytest.fixture
def queue(cli, at):
    """The voices that wait, as a script reads them."""
    return lambda *more: [json.loads(line) for line in cli("speakers", "review", "--json", *more, *at).out.splitlines()]


@pytest.fixture
def typed(monkeypatch):
    """Lines that a person types at a terminal."""

    def type_(*lines):
        stdin = io.StringIO("".join(f"{line}\n" for line in lines))
        stdin.isatty = lambda: True
        monkeypatch.setattr(sys, "stdin", stdin)

    return type_


def voices(cli, at, episode):
    return {one["label"]: one for one in json.loads(cli("speakers", "show", episode, "--json", *at).out)}


def quotes_of(home, episode, audience="researcher"):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading(audience) as read:
        return read.listed(Query("", episode=episode))


def test_the_queue_is_in_order_of_talk_times_doubt_with_all_a_script_needs(queue, tmp_path):
    waiting = queue("--server", "http://127.0.0.1:9", "--clips", tmp_path / "clips")
    weights = [one["weight_ms"] for one in waiting]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0
    first = waiting[0]
    assert first["weight_ms"] == pytest.approx(first["speech_ms"] * (1 - (first["confidence"] or 0)), abs=1)
    assert len(first["clips"]) == 3
    for clip in first["clips"]:
        assert 3000 <= clip["end_ms"] - clip["start_ms"] <= 8000
        assert clip["file"].startswith(str(tmp_path / "clips"))
        assert clip["listen"] == f"http://127.0.0.1:9/episodes/{first['episode']}?at={clip['start_ms'] / 1000:.1f}#at"
    assert len(list((tmp_path / "clips").iterdir())) == sum(len(one["clips"]) for one in waiting)
    assert {"id", "name", "reasons", "known", "taken"} == set(first["candidates"][0])


def test_without_a_terminal_it_asks_nothing_and_says_what_to_do(cli, at, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n"))
    said = cli("speakers", "review", "--by", "B. Editor", *at)
    assert (said.code, said.out) == (2, "")
    assert "--json" in said.err
    assert said.err.count("\n") == 1


def test_a_number_settles_a_voice_and_undo_takes_it_back(cli, at, queue, typed, walked):
    first = queue()[0]
    typed("1", "", "u", "k", "k", "1", "", "u", "q")
    said = cli("speakers", "review", "--by", "B. Editor", *at)
    assert said.code == 0
    assert "u takes the last decision back" in said.out
    assert f"{first['label']}: {first['candidates'][0]['name']} (confirmed)" in said.out
    assert "quotes now under" in said.out
    assert "is taken back" in said.out
    assert "0 decided, 2 skipped" in said.out
    assert queue()[0]["label"] == first["label"]
    with Catalogue.for_reading(walked) as catalogue, catalogue.reading("editor") as read:
        assert [(one.act, one.by) for one in read.reviews()] == [("assign", "B. Editor"), ("undo", "B. Editor")] * 2


def test_somebody_new_is_put_on_the_desk_once_the_editor_says_so(cli, at, queue, typed, walked):
    first = queue()[0]
    typed("a", "Uma Example", "n", "a", "Uma Example", "y", "her voice", "k", "q")
    said = cli("speakers", "review", "--by", "B. Editor", *at)
    assert "uma-example" in walked.speakers.read_text()
    assert "1 decided, 1 skipped" in said.out
    now = voices(cli, at, first["episode"])[first["label"]]
    assert (now["name"], now["status"]) == ("Uma Example", "confirmed")
    assert first["label"] not in {one["label"] for one in queue("--episode", first["episode"])}
    which = ("speakers", "assign", first["episode"], first["label"])
    assert cli(*which, "uma EXAMPLE", *SAID, *at).code == 0
    twice = cli(*which, "uma  example", "--new", *SAID, *at)
    assert (twice.code, twice.err.count("\n")) == (2, 1)
    assert "may be Uma Example (uma-example); give that id without --new" in twice.err


def test_voices_are_merged_split_and_called_nobodys_by_keys(cli, at, queue, typed, walked):
    episode = queue()[0]["episode"]
    typed("x", "s", "1", "one man, then another", "n", "noise", "m", "s2", "one voice", "q")
    said = cli("speakers", "review", "--by", "B. Editor", "--episode", episode, *at)
    assert "no such key" in said.out
    assert "3 decided, 0 skipped" in said.out
    with Catalogue.for_reading(walked) as catalogue, catalogue.reading("editor") as read:
        acts = [(one.act, one.why) for one in read.reviews()]
    assert acts == [("split", "one man, then another"), ("not-a-person", "noise"), ("merge", "one voice")]
    # What was split off is what is asked about next.
    assert voices(cli, at, episode)["S4"]["evidence"][0]["kind"] == "not a person"


def test_a_decision_on_what_changed_meanwhile_is_refused(cli, at, queue):
    first, second = queue()[:2]
    assert first["episode"] == second["episode"]
    which, who = (first["episode"], first["label"]), first["candidates"][0]["id"]
    done = cli("speakers", "assign", *which, who, "--seen", first["seen"], *SAID, *at)
    assert done.code == 0
    late = ("speakers", "not-a-person", second["episode"], second["label"], "--seen", second["seen"], *SAID, *at)
    refused = cli(*late)
    assert (refused.code, refused.out) == (2, "")
    assert "since they were looked at" in refused.err
    assert cli("speakers", "undo", first["episode"], "--review", "999", *SAID, *at).code == 2


def test_a_name_on_evidence_keeps_the_rest_of_a_voice_that_is_split(cli, at, queue):
    sure = [one for one in queue("--all") if one["status"] == "confirmed"]
    assert not any(one["status"] == "confirmed" for one in queue())
    voice = next(one for one in sure if one["label"] == "S2")
    for turns in ("1-6", "2-7", "1", "7"):
        said = cli("speakers", "split", voice["episode"], "S2", "--turns", turns, *SAID, *at)
        assert f"the rest stays S2: {voice['name']} (confirmed)" in said.out, turns
        assert "the part is S3 now: not named" in said.out, turns
        assert cli("speakers", "undo", voice["episode"], *SAID, *at).code == 0


def test_a_part_of_a_name_is_nobody_and_what_speaks_against_a_whole_one_is_said(cli, at, queue):
    episode, desk = queue()[0]["episode"], ("S1", "Tom", "--new")
    assign = ("speakers", "assign", episode)
    refused = [cli(*assign, *given, *SAID, *at) for given in (("S1", "tom"), desk)]
    assert [(one.code, "tom-atlantis" in one.err, one.out) for one in refused] == [(2, True, "")] * 2
    assert cli(*assign, "S1", "uma-elsewhere", *SAID, *at).code == 1
    assert cli("speakers", "split", episode, "S1", "--at", "1:00", "--speaker", "uma-elsewhere", *SAID, *at).code == 1
    against = json.loads(cli(*assign, "S2", "tom-atlantis", "--json", *SAID, *at).out)
    assert [one[:20] for one in against["warnings"]] == ["S1 is Tom Atlantis s", "the evidence says th"]
    assert cli(*assign, "S3", "tom-atlantis", *SAID, *at).code == 2
    assert cli(*assign, "S3", "tom-atlantis", "--also", *SAID, *at).code == 0
    assert cli(*assign, *desk, "--distinct", *SAID, *at).code == 0


def test_two_labels_become_one_voice_and_two_again(cli, at, queue, walked):
    episode = queue()[0]["episode"]
    before = voices(cli, at, episode)
    merged = cli("speakers", "merge", episode, "S3", "S2", "--json", *SAID, *at)
    assert merged.code == 0
    assert json.loads(merged.out)["label"] == "S2"
    after = voices(cli, at, episode)
    assert set(after) == {"S1", "S2"}
    assert after["S2"]["speech_ms"] == before["S2"]["speech_ms"] + before["S3"]["speech_ms"]
    assert {quote.label for quote in quotes_of(walked, episode)} <= {"S1", "S2"}
    assert cli("speakers", "undo", episode, *SAID, *at).code == 0
    assert voices(cli, at, episode) == before
    assert cli("speakers", "undo", episode, *SAID, *at).code == 2


def test_a_part_of_a_voice_is_somebody_elses(cli, at, queue, walked):
    episode = queue()[0]["episode"]
    said = cli("speakers", "show", episode, "--turns", "--json", *at)
    turns = next(one["turns"] for one in json.loads(said.out) if one["label"] == "S1")
    assert cli("speakers", "assign", episode, "S1", "tom-atlantis", *SAID, *at).code == 0
    # Most of the voice is the part, and the rest of it keeps label and name all the same.
    before, last = voices(cli, at, episode), len(turns)
    part = cli("speakers", "split", episode, "S1", "--turns", f"2-{last}", "--json", *SAID, *at)
    assert (json.loads(part.out)["label"], json.loads(part.out)["rest"]) == ("S4", "S1")
    now = voices(cli, at, episode)
    assert (now["S1"]["name"], now["S1"]["status"]) == ("Tom Atlantis", "confirmed")
    assert now["S1"]["speech_ms"] == turns[0]["end_ms"] - turns[0]["start_ms"]
    assert now["S4"]["name"] is None
    assert {label: one["name"] for label, one in now.items() if label in ("S2", "S3")} == {
        label: before[label]["name"] for label in ("S2", "S3")
    }
    assert cli("speakers", "undo", episode, *SAID, *at).code == 0
    assert voices(cli, at, episode) == before
    part = cli("speakers", "split", episode, "S1", "--turns", f"{last}", "--speaker", "helen-neverland", *SAID, *at)
    assert "the part is S4 now: Helen Neverland (confirmed); the rest stays S1: Tom Atlantis (confirmed)" in part.out
    now = voices(cli, at, episode)
    assert now["S4"]["speech_ms"] == turns[-1]["end_ms"] - turns[-1]["start_ms"]
    for at_time, why in (("1:99", "0 to 59"), ("59:00", "0:00 to 2:35"), ("0", "0:00 to 2:35")):
        refused = cli("speakers", "split", episode, "S1", "--at", at_time, *SAID, *at)
        assert (refused.code, refused.err.count("\n")) == (2, 1)
        assert why in refused.err
    wrong = cli("speakers", "split", episode, "S1", "--turns", "99", *SAID, *at)
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    # All that a withdrawal of one person closes is what that person said.
    recording = json.loads(cli("episodes", "show", episode, "--json", *at).out)["recording_sha256"]
    with Catalogue.for_writing(walked) as catalogue, catalogue.writing() as write:
        spans = write.reviews.stretches_of("tom-atlantis")[recording]
    assert any(span.start <= turns[0]["start_ms"] < span.end for span in spans)
    assert not any(span.start <= turns[-1]["start_ms"] < span.end for span in spans)


def test_a_jingle_gets_no_name_and_no_quotes(cli, at, queue, walked):
    episode = queue()[0]["episode"]
    assert any(quote.label == "S2" for quote in quotes_of(walked, episode))
    said = cli("speakers", "not-a-person", episode, "S2", *SAID, *at)
    assert said.code == 0
    assert "gone" in said.out
    now = voices(cli, at, episode)["S2"]
    assert (now["name"], now["status"], now["evidence"][0]["kind"]) == (None, "unattributed", "not a person")
    assert "S2  " in (shown := cli("speakers", "show", episode, *at).out)
    assert "not a person" in shown
    assert not any(quote.label == "S2" for quote in quotes_of(walked, episode))
    assert "S2" not in {one["label"] for one in queue("--episode", episode)}


def test_what_was_cleared_under_another_name_is_closed_and_comes_back_with_undo(cli, at, walked):
    quote = next(one for one in quotes_of_all(walked) if one.attribution.status == "confirmed")
    cli("review", "clear", quote.id, *SAID, *at)
    assert len(quotes_of(walked, quote.episode.id, "public")) == 1
    other = "tom-atlantis" if quote.speaker.id != "tom-atlantis" else "helen-neverland"
    said = cli("speakers", "assign", quote.episode.id, quote.label, other, "--json", *SAID, *at)
    assert json.loads(said.out)["no_longer_public"] == [quote.id]
    assert json.loads(said.out)["quotes_unreviewed_again"] == 1
    assert quotes_of(walked, quote.episode.id, "public") == ()
    undone = cli("speakers", "undo", quote.episode.id, *SAID, *at).out
    assert "1 quote cleared before: public under this name from now on" in undone
    assert "cleared as before" not in undone
    (public,) = quotes_of(walked, quote.episode.id, "public")
    assert public.speaker.name == quote.speaker.name
    cli("speakers", "assign", quote.episode.id, quote.label, other, *SAID, *at)
    back = cli("speakers", "assign", quote.episode.id, quote.label, quote.speaker.id, *SAID, *at).out
    assert "1 quote cleared before: public under this name from now on" in back
    assert "not cleared under this name: not public until somebody clears them" in back
    log = cli("review", "list", *at).out
    assert f"{quote.episode.id} {quote.label}: {quote.speaker.name}" in log
    assert "undone by" in log


def quotes_of_all(home):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading("researcher") as read:
        return read.listed(Query(""))


def test_a_sample_is_the_same_for_a_seed_and_goes_on_where_it_stopped(cli, at, typed, walked):
    def drawn(seed):
        return json.loads(cli("review", "sample", "-n", "4", "--seed", seed, "--json", *at).out)

    assert [one["quote"] for one in drawn(7)] == [one["quote"] for one in drawn(7)]
    assert len({one["quote"] for one in drawn(7)}) == 4
    typed("u", "y", "y", "n", "?", "a slip", "u", "n", "?", "her sister", "q")
    first = cli("review", "sample", "-n", "4", "--seed", "7", "--by", "B. Editor", *at)
    assert "2 of 4 checked" in first.out
    judged = [one for one in drawn(7) if one["checked"]]
    assert sorted(one["checked"]["name"] for one in judged) == ["right", "wrong"]
    typed("y", "y", "y", "n", "a word", "u", "y", "y", "")
    second = cli("review", "sample", "-n", "4", "--seed", "7", "--by", "B. Editor", *at)
    assert "3 of 4" in second.out
    assert "1 of 4" not in second.out
    assert "names: 4 checked by people, 1 wrong; right 75.0%, 95 % interval 30.1% to 95.4%" in second.out
    found = json.loads(cli("speakers", "accuracy", "--json", *at).out)
    assert (found["names"]["checked"], found["names"]["wrong"], found["words"]["checked"]) == (4, 1, 3)
    assert "4 checked by people, 1 wrong" in cli("doctor", *at).out


def test_a_verdict_by_a_script_counts_until_a_machine_changes_the_quote(cli, at, walked):
    def verdict(*given, by=("--by", "B. Editor")):
        return cli("review", "sample", "--verdict", quote.id, *given, *by, *at)

    def accuracy():
        return json.loads(cli("speakers", "accuracy", "--json", *at).out)

    quote = next(one for one in quotes_of_all(walked) if one.attribution.status == "confirmed")
    assert verdict("maybe").code == 2
    assert verdict("wrong", by=()).code == 2
    assert verdict("wrong", "--words", "right").code == 0
    assert verdict("right").code == 0
    assert (accuracy()["names"]["right"], accuracy()["words"]["right"]) == (1, 1)
    assert verdict("undo").code == 0
    assert (accuracy()["names"]["wrong"], accuracy()["words"]["right"]) == (1, 1)
    assert verdict("undo").code == 0
    assert verdict("undo").code == 1
    assert accuracy()["names"]["checked"] == 0
    assert verdict("wrong").code == 0
    # The correction that a verdict leads to does not wipe the mistake out.
    wrong = cli("speakers", "assign", quote.episode.id, quote.label, "martin-camelot", *SAID, *at)
    assert wrong.code == 0
    found = json.loads(cli("speakers", "accuracy", "--json", *at).out)
    assert (found["names"]["wrong"], found["stale"]) == (1, 0)
    cli("speakers", "undo", quote.episode.id, *SAID, *at)
    with Catalogue.for_writing(walked) as catalogue, catalogue.writing() as write:
        (row,) = [
            row for row in write.quotes.of_episode(quote.episode.id, quote.sources[0].recording) if row.id == quote.id
        ]
        write.quotes.retire(row.id, "heard anew")
    found = json.loads(cli("speakers", "accuracy", "--json", *at).out)
    assert (found["names"]["checked"], found["stale"]) == (0, 1)


def test_what_becomes_public_under_a_name_by_a_decision_is_told(cli, at, walked):
    quote = next(one for one in quotes_of_all(walked) if one.attribution.status == "probable")
    cli("review", "clear", quote.id, *SAID, *at)
    said = cli("speakers", "assign", quote.episode.id, quote.label, quote.speaker.id, "--json", *SAID, *at)
    assert json.loads(said.out)["quotes_public_under_new_name"] == 1
    (public,) = quotes_of(walked, quote.episode.id, "public")
    assert public.speaker.name == quote.speaker.name
