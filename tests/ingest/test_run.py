"""Rounds of ingest: what is done again and what is not, and that one episode's trouble stays its own."""

import threading
from dataclasses import replace

import pytest

from convarchive import wiring
from convarchive.domain.run import STAGES
from convarchive.errors import BadInput, NotFound
from convarchive.ingest.run import run
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from fakes.walk import TALK, walking
from servers import Answer

pytestmark = pytest.mark.slow(alone=False)


def done(summary):
    return [stage for _, stage, _ in summary.done]


def test_a_first_round_does_every_stage_in_order_and_makes_quotes_with_names(walk):
    summary = walk.ingest()
    assert (done(summary), summary.failed, summary.duplicates) == (list(STAGES), [], [])
    quote = walk.quote("letting go of control")
    assert (quote.text_status, quote.confidence, quote.speaker.name) == ("heard", 0.9, "Ben Sample")
    assert quote.sources[0].span == quote.excerpts[0].span


def test_a_second_round_does_nothing(walked):
    before = walked.lines()
    summary = walked.ingest()
    assert (done(summary), summary.failed) == ([], [])
    assert walked.lines() == before
    assert (walked.ears.heard, walked.ears.told_apart) == ([], [])
    assert walked.server.requests("/one.wav") == []


def test_a_stage_that_is_asked_for_again_is_done_again_and_changes_nothing(walked):
    # A transcript made again is kept beside the earlier one; all else is as it was.
    def rest():
        return [line for line in walked.lines() if '"table":"transcript"' not in line]

    before = rest()
    for stage in STAGES:
        assert done(walked.ingest(again=stage)) == [stage]
        assert rest() == before
    assert (len(walked.ears.heard), len(walked.ears.told_apart)) == (1, 1)
    assert len(walked.server.requests("/one.wav")) == 1


def test_two_jobs_end_where_one_does(show, tmp_path):
    guids = ("one", "two", "three", "four")
    lines = []
    for jobs in (1, 2):
        walk = walking(show, tmp_path / f"home-{jobs}", *guids)
        summary = walk.ingest(jobs=jobs)
        assert (len(summary.done), summary.failed) == (len(guids) * len(STAGES), [])
        lines.append(walk.lines())
    assert lines[0] == lines[1]


def test_two_jobs_work_at_once(show, tmp_path):
    walk = walking(show, tmp_path / "home", "one", "two")
    both = threading.Barrier(2, timeout=60)
    together = []

    def tell(event):
        if (event.kind, event.stage) == ("begun", "transcribe"):
            together.append(both.wait())

    assert walk.ingest(jobs=2, tell=tell).failed == []
    assert len(together) == 2


def test_what_is_wrong_with_one_episode_is_told_and_the_others_go_on(show, tmp_path):
    walk = walking(show, tmp_path / "home", "one", "two", "three")
    whole = show.answers["/one.wav"]
    show.put("/one.wav", Answer(b"gone", "text/plain", 404))
    summary = walk.ingest()
    assert [(episode.guid, stage) for episode, stage, _ in summary.failed] == [("one", "fetch")]
    assert {episode.guid for episode, stage, _ in summary.done if stage == "quote"} == {"two", "three"}
    told = walk.read(lambda read: read.episode(walk.episode("one").id))
    assert "404" in told.failure

    show.put("/one.wav", whole)
    assert {episode.guid for episode, *_ in walk.ingest().done} == {"one"}
    assert walk.read(lambda read: read.episode(walk.episode("one").id)).failure is None


def test_a_stage_that_fails_is_tried_again_and_nothing_before_it(walk):
    heard = walk.ears.lines

    def deaf(path):
        raise BadInput("nothing can be heard in it")

    walk.ears.lines = deaf
    summary = walk.ingest()
    assert [(stage, why) for _, stage, why in summary.failed] == [("transcribe", "nothing can be heard in it")]
    walk.ears.lines = heard
    assert done(walk.ingest()) == list(STAGES[1:])


def test_only_the_episode_that_was_asked_for_is_worked_on(show, tmp_path):
    walk = walking(show, tmp_path / "home", "one", "two")
    walk.ingest(only=None, again=None)
    one = walk.episode("one")
    walk.ears.words_by = "scripted words 2"
    assert {episode.guid for episode, *_ in walk.ingest(only=one.id).done} == {"one"}
    with pytest.raises(NotFound, match="enowhere"):
        walk.ingest(only="enowhere")


def test_an_episode_is_told_about_while_it_is_worked_on(walk):
    events = []
    walk.ingest(tell=events.append)
    assert [(one.kind, one.stage) for one in events if one.kind != "moved"] == [
        (kind, stage) for stage in STAGES for kind in ("begun", "done")
    ]
    assert any(one.kind == "moved" and one.done == one.total > 0 for one in events if one.stage == "fetch")


def test_a_title_that_changes_while_a_stage_works_is_not_written_over(walked):
    episode = walked.episode("one")

    class Slow:
        """A stage during whose first work the feed is read anew."""

        name, times = "name", 0

        def plan(self, write, episode):
            return self.real.plan(write, next(one for one in write.episodes.episodes() if one.id == episode.id))

        def work(self, inputs, report):
            Slow.times += 1
            if Slow.times == 1:
                walked.items["one"] = replace(walked.items["one"], title="A talk with Ben Sample")
                walked.publish()
                walked.ingest(only=episode.id)
            return self.real.work(inputs, report)

        def keep(self, write, episode, inputs, made):
            return self.real.keep(write, episode, inputs, made)

    settings = load(walked.home)
    Slow.real = next(s for s in wiring.stages(walked.home, settings, wiring.tools(settings)) if s.name == "name")
    with Catalogue.for_writing(walked.home) as catalogue:
        summary = run(catalogue, [Slow()], only=episode.id, again="name")
    assert (done(summary), Slow.times) == (["name"], 2)


def test_the_same_bytes_under_another_guid_are_worked_on_once(show, tmp_path):
    walk = walking(show, tmp_path / "home", "one")
    walk.lists("again", TALK, name="one.wav", day=7)
    walk.publish()
    summary = walk.ingest()
    assert [one.guid for one in summary.duplicates] == ["again"]
    assert (len(walk.ears.heard), len(walk.ears.told_apart)) == (1, 1)
    told = walk.read(lambda read: read.episode(walk.episode("again").id))
    assert (told.duplicate_of, told.quotes) == (walk.episode("one").id, 0)
    assert walk.ingest().done == []


def test_two_jobs_agree_on_which_of_two_is_the_duplicate(show, tmp_path):
    lines = []
    for jobs in (1, 2):
        walk = walking(show, tmp_path / f"home-{jobs}", "one")
        walk.lists("again", TALK, name="one.wav", day=7)
        walk.publish()
        walk.ingest(jobs=jobs)
        lines.append(walk.lines())
    assert lines[0] == lines[1]


def test_a_defect_that_one_episode_meets_is_told_and_the_others_go_on(show, tmp_path):
    walk = walking(show, tmp_path / "home", "one", "two")
    # The scripted ears do not know this recording, which no stage expects of a transcriber.
    walk.ears.talks.pop(next(iter(walk.ears.talks)))
    summary = walk.ingest()
    [(episode, stage, trouble)] = summary.failed
    assert stage == "transcribe"
    assert episode.title in trouble
    assert "KeyError" in trouble
    assert done(summary).count("quote") == 1
    with Catalogue.for_reading(walk.home) as catalogue, catalogue.reading("editor") as read:
        assert read.episode(episode.id).failure.endswith(trouble)
