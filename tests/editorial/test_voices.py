"""What an editor says of voices besides whose they are: kept on their sound, and whole or not at all."""

import shutil
from dataclasses import replace

import pytest

from convarchive.domain.episode import EpisodeId
from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.editorial import clearing, voices
from convarchive.editorial.assigning import assign
from convarchive.editorial.clearing import clear
from convarchive.editorial.queueing import candidates, find_people, waiting
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
    assert done.label == S1
    assert labels(catalogue) == {S1: [(10, 60)], S3: [(0, 5)], S2: [(60, 70)]}
    with catalogue.writing() as write:
        write.voices.decisions(small.SOUND)
    voices.undo(catalogue, episode, **SAID)
    assert labels(catalogue) == {S1: [(0, 5), (10, 60)], S2: [(60, 70)]}


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
        (BadInput, "speakers.toml", lambda c, e: voices.split(c, e, S1, [Span(0, 4000)], speaker="nobody", **SAID)),
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
