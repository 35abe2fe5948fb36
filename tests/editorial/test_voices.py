"""What an editor says of voices besides whose they are: kept on their sound, and whole or not at all."""

import shutil
from dataclasses import replace

import pytest

from convarchive.domain.episode import EpisodeId
from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.editorial import clearing, voices
from convarchive.editorial.assigning import assign, projected
from convarchive.editorial.clearing import clear
from convarchive.editorial.meaning import person_meant
from convarchive.editorial.queueing import candidates, find_people, waiting
from convarchive.editorial.sampling import Sample, judge, sample, take_back
from convarchive.errors import BadInput, Changed, NotAllowed, NotFound
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical
from fakes import small_archive as small

SAID = {"by": "An Editor", "why": "knows the voices"}
S1, S2, S3, S4 = map(SpeakerLabel, ("S1", "S2", "S3", "S4"))


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


@pytest.fixture
def episode(catalogue):
    with catalogue.writing() as write:
        return write.episodes.episodes()[0].id


def talk(catalogue, *rows):
    with catalogue.writing() as write:
        write.speech.put_turns(small.SOUND, [Turn(Span(a * 1000, b * 1000), label) for label, a, b in rows])


def labels(catalogue):
    with catalogue.writing() as write:
        found = {}
        for turn in write.speech.turns(small.SOUND):
            found.setdefault(turn.label, []).append((turn.span.start // 1000, turn.span.end // 1000))
        return found


def test_who_only_hums_along_stays_out_of_a_merge(catalogue, episode):
    talk(catalogue, (S1, 0, 20), (S3, 5, 6), (S2, 20, 30), (S1, 30, 50))
    assert voices.merge(catalogue, episode, S2, S1, **SAID).label == S1
    assert labels(catalogue) == {S1: [(0, 20), (20, 30), (30, 50)], S3: [(5, 6)]}


def test_whoever_an_editor_named_is_the_merged_voice(catalogue, episode):
    assign(catalogue, episode, S1, small.ADA, **SAID)
    voices.merge(catalogue, episode, S3, S1, **SAID)
    with catalogue.writing() as write:
        assert write.voices.decisions(small.SOUND)[-1][2] == small.ADA
    assign(catalogue, episode, S2, small.BEN, **SAID)
    with pytest.raises(NotAllowed, match="different things"):
        voices.merge(catalogue, episode, S2, S1, **SAID)


def test_most_of_a_voice_can_be_somebody_else_too(catalogue, episode):
    talk(catalogue, (S1, 0, 5), (S1, 10, 60), (S2, 60, 70))
    done = voices.split(catalogue, episode, S1, [Span(10_000, 60_000)], speaker=small.BEN, **SAID)
    assert (done.label, done.rest) == (S3, S1)
    assert labels(catalogue) == {S1: [(0, 5)], S3: [(10, 60)], S2: [(60, 70)]}
    again = voices.split(catalogue, episode, S3, [Span(20_000, 60_000)], **SAID)
    assert (again.label, again.rest) == (S4, S3)
    # Another diarization, in which those voices bear other labels: each keeps what was said of it.
    talk(catalogue, (S2, 0, 5), (S2, 10, 60), (S1, 60, 70))
    assert labels(catalogue) == {S2: [(0, 5)], S3: [(10, 20)], S4: [(20, 60)], S1: [(60, 70)]}
    talk(catalogue, (S1, 0, 5), (S1, 10, 60), (S2, 60, 70))
    for _ in range(2):
        voices.undo(catalogue, episode, **SAID)
    assert labels(catalogue) == {S1: [(0, 5), (10, 60)], S2: [(60, 70)]}


def test_whoever_an_editor_said_a_voice_is_keeps_the_rest_of_it(catalogue, episode):
    talk(catalogue, (S1, 0, 5), (S1, 10, 60), (S2, 60, 70))
    assign(catalogue, episode, S1, small.ADA, **SAID)
    part = [Span(10_000, 60_000)]
    with pytest.raises(NotAllowed, match="speakers undo"):
        voices.split(catalogue, episode, S1, part, speaker=small.ADA, **SAID)
    voices.split(catalogue, episode, S1, part, speaker=small.BEN, **SAID)

    def decided():
        with catalogue.writing() as write:
            return dict(projected(write, small.SOUND).speakers)

    assert decided() == {S1: small.ADA, S3: small.BEN}
    voices.undo(catalogue, episode, **SAID)
    assert decided() == {S1: small.ADA}
    voices.split(catalogue, episode, S1, part, **SAID)
    assert decided() == {S1: small.ADA}


def test_one_person_has_two_voices_only_where_that_is_meant(catalogue, episode):
    assign(catalogue, episode, S1, small.BEN, alone=True, **SAID)
    with pytest.raises(NotAllowed, match=f"speakers merge {episode} S2 S1"):
        assign(catalogue, episode, S2, small.BEN, alone=True, **SAID)
    assert assign(catalogue, episode, S2, small.BEN, **SAID).label == S2


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("ada-example", small.ADA), ("dr ada example", small.ADA), ("Ada", BadInput), ("Aida Exampel", BadInput),
     ("Uma Elsewhere", NotFound)],
)  # fmt: skip
def test_only_an_id_or_a_whole_name_is_somebody(catalogue, asked, meant):
    with catalogue.reading("editor") as read:
        if isinstance(meant, str):
            assert person_meant(read, asked, fiction=False).id == meant
        else:
            with pytest.raises(meant, match="ada-example" if meant is BadInput else "speakers list"):
                person_meant(read, asked, fiction=False)


def test_a_name_that_was_only_heard_and_stands_nowhere_is_nobodys(catalogue, episode):
    ghost = Speaker(SpeakerId("ada-exampel"), "Ada Exampel")

    def known():
        with catalogue.reading("editor") as read:
            return {ghost.id in {one.id for one in some} for some in (read.register(), read.speakers())}

    with catalogue.writing() as write:
        write.speech.put_speaker(ghost, "heard")
    assert known() == {False}
    with pytest.raises(NotFound):
        assign(catalogue, episode, S3, ghost.id, **SAID)
    before = voices_of(catalogue)
    with catalogue.writing() as write:
        write.speech.put_attributions(
            small.SOUND, [Attribution(S3, ghost.id, ghost.name, "guest", "probable", 0.9, ())]
        )
    assert known() == {True}
    assign(catalogue, episode, S3, ghost.id, **SAID)
    with catalogue.writing() as write:
        write.speech.put_attributions(small.SOUND, before)
    assert known() == {True}
    voices.undo(catalogue, episode, **SAID)
    assert known() == {False}


def voices_of(catalogue):
    with catalogue.writing() as write:
        return [one for _, one in write.speech.current_attributions(small.SOUND).values()]


def test_a_confirmed_name_waits_only_where_something_was_heard_against_it(catalogue):
    def waits(**more):
        with catalogue.reading("editor") as read:
            return [one.label for one in read.voices_waiting(**more)]

    before = voices_of(catalogue)
    sure = next(one for one in before if one.status == "confirmed")
    assert sure.label not in waits()
    assert sure.label in waits(every=True)
    doubt = Evidence("others", "spoken about", "is talked about, not to", None, -1.0)
    with catalogue.writing() as write:
        write.speech.put_attributions(small.SOUND, [replace(sure, evidence=(*sure.evidence, doubt))])
    assert sure.label in waits()


def test_only_drawn_quotes_are_judged_and_a_verdict_changes_what_it_says_alone(catalogue):
    with catalogue.reading("editor") as read:
        frame = read.to_check()
        drawn = Sample(len(frame) - 1, 3)
        inside = [one.quote.id for one in sample(read, drawn.count, drawn.seed)]

    def checked():
        with catalogue.reading("editor") as read:
            return [(one.name, one.words) for one in read.checks()]

    (left,) = set(frame) - set(inside)
    with pytest.raises(NotAllowed, match="seed 3"):
        judge(catalogue, drawn, left, "right", None, by="A")
    judge(catalogue, drawn, inside[0], "right", "wrong", by="A")
    judge(catalogue, drawn, inside[0], "wrong", None, by="A")
    assert checked() == [("wrong", "wrong")]
    take_back(catalogue, inside[0], by="A")
    assert checked() == [("right", "wrong")]
    take_back(catalogue, inside[0], by="A")
    assert checked() == []
    with pytest.raises(NotFound):
        take_back(catalogue, inside[0], by="A")


def test_what_was_public_from_a_part_that_is_somebody_elses_is_closed(catalogue, home, episode):
    for name in ("confirmed", "second"):
        clear(catalogue, home, small.HEARD[name], **SAID)
    part = small.SAID["second"][1]
    assert voices.split(catalogue, episode, S1, [part], **SAID).closed == (small.HEARD["second"],)
    with catalogue.reading("public") as read:
        assert small.HEARD["confirmed"] in {view.id for view in read.quotes()}
    assert voices.undo(catalogue, episode, **SAID).again == (small.HEARD["second"],)


def named(catalogue, home, episode, who):
    """What naming does after a decision, for one quote: a version under this name."""
    with catalogue.writing() as write:
        (row, held) = write.speech.current_attributions(small.SOUND)[S1]
        names = {small.ADA: "Ada Example", small.BEN: "Ben Sample"}
        rows = {S1: (row, replace(held, speaker=who, name=names[who]))}
        small.put_quote(write, episode, "confirmed", rows)
        write.search.sync_passages()


def public(catalogue):
    with catalogue.reading("public") as read:
        return {view.id: view.speaker.id for view in read.quotes() if view.id == small.HEARD["confirmed"]}


def test_a_clearing_comes_back_with_the_name_it_was_given_under_whichever_way_that_comes(catalogue, home, episode):
    quote = small.HEARD["confirmed"]
    clear(catalogue, home, quote, by="C. Clearer", why="listened")
    assert assign(catalogue, episode, S1, small.BEN, **SAID).closed == (quote,)
    named(catalogue, home, episode, small.BEN)
    assert public(catalogue) == {}
    assert assign(catalogue, episode, S1, small.ADA, **SAID).again == (quote,)
    named(catalogue, home, episode, small.ADA)
    assert public(catalogue) == {quote: small.ADA}
    with catalogue.reading("editor") as read:
        assert read.quote(quote).cleared.by == "C. Clearer"
    # And what came with the name goes with it, and comes again.
    assert voices.undo(catalogue, episode, **SAID).closed == (quote,)
    named(catalogue, home, episode, small.BEN)
    assert public(catalogue) == {}
    assert voices.undo(catalogue, episode, **SAID).again == (quote,)
    named(catalogue, home, episode, small.ADA)
    assert public(catalogue) == {quote: small.ADA}


def test_what_was_cleared_under_a_wrong_name_is_closed_when_the_name_is_taken_back(catalogue, home, episode):
    quote = small.HEARD["confirmed"]
    assign(catalogue, episode, S1, small.BEN, **SAID)
    named(catalogue, home, episode, small.BEN)
    clear(catalogue, home, quote, **SAID)
    assert public(catalogue) == {quote: small.BEN}
    assert voices.undo(catalogue, episode, **SAID).closed == (quote,)
    named(catalogue, home, episode, small.ADA)
    assert public(catalogue) == {}


def test_a_clearing_that_somebody_took_back_does_not_return_with_a_name(catalogue, home, episode):
    quote = small.HEARD["confirmed"]
    clear(catalogue, home, quote, **SAID)
    assign(catalogue, episode, S1, small.BEN, **SAID)
    assign(catalogue, episode, S1, small.ADA, **SAID)
    clearing.undo(catalogue, home, quote, **SAID)
    assert voices.undo(catalogue, episode, **SAID).closed == ()
    assert voices.undo(catalogue, episode, **SAID).again == ()
    assert assign(catalogue, episode, S1, small.ADA, **SAID).again == ()
    assert public(catalogue) == {}


def test_a_clearing_of_other_words_does_not_return_with_a_name(catalogue, home, episode):
    clear(catalogue, home, small.HEARD["confirmed"], **SAID)
    assign(catalogue, episode, S1, small.BEN, **SAID)
    with catalogue.writing() as write:
        rows = write.speech.current_attributions(small.SOUND)
        small.put_quote(write, episode, "confirmed", rows, words="Other words, heard later.")
    assert assign(catalogue, episode, S1, small.ADA, **SAID).again == ()


@pytest.mark.parametrize(
    ("error", "says", "act"),
    [
        (BadInput, "name two", lambda c, e: voices.merge(c, e, S1, S1, **SAID)),
        (NotFound, "there are: S1, S2, S3", lambda c, e: voices.merge(c, e, S4, S1, **SAID)),
        (BadInput, "less than a second", lambda c, e: voices.split(c, e, S1, [Span(0, 34_000)], **SAID)),
        (NotFound, "speakers.toml", lambda c, e: voices.split(c, e, S1, [Span(0, 4000)], speaker="nobody", **SAID)),
        (BadInput, "--why", lambda c, e: voices.not_a_person(c, e, S1, by="An Editor", why=" ")),
        (Changed, "look again", lambda c, e: voices.not_a_person(c, e, S1, seen="7-aaaaaaaa", **SAID)),
        (NotAllowed, "nothing was decided", lambda c, e: voices.undo(c, e, **SAID)),
        (NotFound, "no episode", lambda c, e: voices.undo(c, EpisodeId("enone"), **SAID)),
    ],
)
def test_what_cannot_be_decided_changes_nothing(catalogue, episode, error, says, act):
    before = list(canonical(catalogue))
    with pytest.raises(error, match=says) as refused:
        act(catalogue, episode)
    assert "\n" not in str(refused.value)
    assert list(canonical(catalogue)) == before


def test_what_was_seen_is_another_thing_after_a_decision_and_after_a_new_diarization(catalogue, episode):
    def seen():
        with catalogue.reading("editor") as read:
            return read.room(episode).seen

    states = [seen()]
    assign(catalogue, episode, S1, small.BEN, seen=states[-1], **SAID)
    states.append(seen())
    voices.undo(catalogue, episode, seen=states[-1], **SAID)
    states.append(seen())
    talk(catalogue, (S1, 0, 40))
    states.append(seen())
    assert len(set(states)) == 4


def test_candidates_come_from_evidence_feed_and_register_and_the_taken_come_last(catalogue, episode):
    with catalogue.reading("editor") as read:
        heads = {one.label: one for one in read.voices_waiting()}
        third = waiting(read, heads["S3"])
        assert [(one.id, one.taken) for one in third.candidates] == [(small.ADA, "S1")]
        second = waiting(read, heads["S2"])
        assert [one.id for one in second.candidates] == [small.BEN, small.ADA]
        register = read.register()
        room, view = read.room(episode), read.episode(episode)
        first = [one for one in third.others if one.label == "S1"]
    visited = replace(view, notes="Also heard: Ben Sample.")
    named = candidates(third.voice, room, visited, first, register)
    assert [(one.id, one.taken) for one in named] == [(small.BEN, None), (small.ADA, "S1")]
    stranger = candidates(third.voice, room, view, (), [one for one in register if one.id != small.ADA])
    assert [(one.name, one.known) for one in stranger] == [("Ada Example", False)]


def test_people_are_found_by_id_name_or_a_part_of_it(catalogue):
    with catalogue.reading("editor") as read:
        for asked in ("ada-example", "Ada Example", "dr ada example", "Ada", "example"):
            assert [one.id for one in find_people(read, asked, fiction=False)] == [small.ADA], asked
        assert find_people(read, "Ad", fiction=False) == ()
        assert find_people(read, "Ada", fiction=True) == ()


@pytest.mark.parametrize("audience", ["public", "researcher", "comms"])
def test_the_queue_and_the_checks_are_for_editors(catalogue, episode, audience):
    with catalogue.reading(audience) as read:
        for ask in (read.voices_waiting, read.register, read.to_check, read.checks, lambda: read.room(episode)):
            with pytest.raises(NotAllowed):
                ask()
