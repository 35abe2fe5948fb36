"""What an editor decided about a voice stays with what was said, whatever the labels are called."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.projection import NOT_A_PERSON, project
from convarchive.domain.span import Span
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn

ADA, BEN, TOM = SpeakerId("ada-example"), SpeakerId("ben-sample"), SpeakerId("tom-atlantis")


def talk(*stretches):
    """Turns from (label, start, end) in seconds."""
    return tuple(sorted(Turn(Span(round(a * 1000), round(b * 1000)), SpeakerLabel(label)) for label, a, b in stretches))


def spans(turns, *labels):
    return tuple(turn.span for turn in turns if turn.label in labels)


BEFORE = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 90), ("S2", 90, 130), ("S3", 130, 180))
# The same speech heard by another tool: other names, other borders, a pause that is one turn here and two there.
AGAIN = talk(
    ("S2", 0.3, 20.4), ("S1", 20.4, 50), ("S1", 52, 79.5), ("S2", 79.5, 90.2), ("S1", 90.2, 130.5), ("S3", 131, 180)
)


def assign(label, speaker, turns=BEFORE):
    return ("assign", spans(turns, label), speaker)


def test_on_the_same_turns_a_decision_stands_as_it_was_made():
    found = project([assign("S1", TOM), assign("S2", ADA)], BEFORE)
    assert found.speakers == {"S1": TOM, "S2": ADA}
    assert found.questions == ()
    assert found.turns == BEFORE


def test_a_decision_follows_the_voice_through_a_relabelling():
    found = project([assign("S1", TOM), assign("S2", ADA), assign("S3", BEN)], AGAIN)
    assert found.speakers == {"S2": TOM, "S1": ADA, "S3": BEN}
    assert found.questions == ()


def test_a_decision_survives_two_relabellings_there_and_back():
    there = project([assign("S2", ADA)], AGAIN).speakers
    (label,) = there
    assert project([("assign", spans(AGAIN, label), ADA)], BEFORE).speakers == {"S2": ADA}


def test_a_later_decision_about_the_same_voice_outranks_the_earlier():
    found = project([assign("S2", ADA), assign("S2", BEN)], AGAIN)
    assert found.speakers == {"S1": BEN}
    assert found.questions == ()


def test_a_later_decision_made_on_other_borders_leaves_no_doubt_from_the_earlier():
    found = project([assign("S2", ADA), ("assign", spans(AGAIN, "S1"), BEN)], BEFORE)
    assert found.speakers == {"S2": BEN}
    assert found.questions == ()


def test_people_who_talk_over_each_other_keep_their_own_names():
    over = talk(("S1", 0, 20), ("S2", 10, 50), ("S1", 40, 60))
    found = project([assign("S1", TOM, over), assign("S2", ADA, over)], over)
    assert found.speakers == {"S1": TOM, "S2": ADA}
    assert found.questions == ()


def test_nobody_can_be_decided_too():
    assert project([assign("S2", None)], AGAIN).speakers == {"S1": None}


def test_one_person_may_be_decided_for_two_labels():
    found = project([assign("S2", ADA), assign("S3", ADA)], BEFORE)
    assert found.speakers == {"S2": ADA, "S3": ADA}
    assert found.questions == ()


def test_two_decided_labels_of_one_person_name_the_one_label_they_became():
    one = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 90), ("S2", 90, 180))
    found = project([assign("S2", ADA), assign("S3", ADA)], one)
    assert found.speakers == {"S2": ADA}
    assert found.questions == ()


def test_two_people_in_one_label_are_a_question_and_neither_is_named():
    one = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 90), ("S2", 90, 180))
    found = project([assign("S1", TOM), assign("S2", ADA), assign("S3", BEN)], one)
    assert found.speakers == {"S1": TOM}
    assert found.questions == ("S2 is now one voice where an editor named ada-example and ben-sample",)


def test_a_label_that_says_much_more_than_was_decided_is_a_question():
    one = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 90), ("S2", 90, 180))
    found = project([assign("S2", ADA)], one)
    assert found.speakers == {}
    assert found.questions == ("only 67% of what S2 says was named ada-example by an editor",)


def test_a_voice_that_fell_into_several_is_named_where_most_of_it_lies_and_asked_about_elsewhere():
    many = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 90), ("S4", 90, 130), ("S3", 130, 180))
    found = project([assign("S2", ADA)], many)
    assert found.speakers == {"S2": ADA}
    assert found.questions == ("is S4 ada-example? It speaks 40% of what an editor gave to ada-example",)


def test_a_voice_spread_evenly_over_several_labels_is_named_nowhere():
    many = talk(("S1", 0, 20), ("S2", 20, 70), ("S1", 80, 90), ("S4", 70, 80), ("S4", 90, 130), ("S3", 130, 180))
    found = project([assign("S2", ADA)], many)
    assert found.speakers == {}
    assert len(found.questions) == 2


def test_a_decision_about_sound_where_nobody_is_heard_now_is_a_question():
    found = project([assign("S3", BEN)], talk(("S1", 0, 20), ("S2", 20, 80)))
    assert found.speakers == {}
    assert found.questions == ("nobody is heard any more where an editor named ben-sample (2:10–3:00)",)


def test_merged_voices_stay_one_after_a_relabelling():
    found = project([("merge", spans(BEFORE, "S2", "S3"), None)], AGAIN)
    assert {turn.label for turn in found.turns} == {"S1", "S2"}
    assert spans(found.turns, "S1") == spans(AGAIN, "S1", "S3")
    assert found.questions == ()


def test_a_merge_leaves_a_voice_alone_that_also_speaks_elsewhere():
    mixed = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 130), ("S3", 130, 180))
    found = project([("merge", spans(BEFORE, "S2", "S3"), None)], mixed)
    assert spans(found.turns, "S1") == spans(mixed, "S1")
    assert found.questions == (
        "an editor made one voice of 0:20–3:00, but S1 also speaks elsewhere and was left as it is",
    )


def test_a_split_voice_gets_a_label_of_its_own_and_can_be_named():
    one = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 90), ("S2", 90, 180))
    decisions = [
        ("split", (Span(130_000, 180_000),), None),
        ("assign", (Span(130_000, 180_000),), BEN),
        assign("S2", ADA),
    ]
    found = project(decisions, one)
    assert spans(found.turns, "S3") == (Span(130_000, 180_000),)
    assert spans(found.turns, "S2") == (Span(20_000, 80_000), Span(90_000, 130_000))
    assert found.speakers == {"S3": BEN, "S2": ADA}


def test_a_split_that_the_new_turns_make_by_themselves_changes_nothing():
    found = project([("split", (Span(130_000, 180_000),), None)], AGAIN)
    assert found.turns == AGAIN
    assert found.questions == ()


def test_a_split_where_several_voices_are_heard_now_is_a_question():
    found = project([("split", (Span(0, 45_000),), None)], AGAIN)
    assert found.turns == AGAIN
    assert found.questions == ("an editor set one voice apart at 0:00–0:45, where several are heard now",)


def test_the_rest_of_a_voice_that_was_split_keeps_its_name():
    one = talk(("S1", 0, 20), ("S2", 20, 80), ("S1", 80, 90), ("S2", 90, 180))
    found = project([assign("S2", ADA, one), ("split", (Span(130_000, 180_000),), None)], one)
    assert found.speakers == {"S2": ADA}
    assert found.questions == ()


def test_what_is_nobodys_voice_stays_nobodys_until_somebody_says_otherwise():
    noise = ("not-a-person", spans(BEFORE, "S2"), None)
    assert project([assign("S2", ADA), noise], AGAIN).speakers == {"S1": NOT_A_PERSON}
    assert project([noise, assign("S2", ADA)], AGAIN).speakers == {"S1": ADA}


def test_no_decisions_leave_the_turns_as_they_are():
    found = project([], AGAIN)
    assert (found.turns, dict(found.speakers), found.questions) == (AGAIN, {}, ())


def test_an_act_that_is_not_about_voices_is_refused():
    with pytest.raises(ValueError, match="not 'clear'"):
        project([("clear", (Span(0, 10),), None)], BEFORE)


cuts = st.lists(st.integers(1, 179), min_size=2, max_size=12, unique=True).map(sorted)
people = st.sampled_from([ADA, BEN, None])


@st.composite
def conversations(draw):
    edges = [0, *draw(cuts), 180]
    names = st.sampled_from(["S1", "S2", "S3", "S4"])
    return talk(*((draw(names), a, b) for a, b in pairwise(edges)))


@given(conversations(), conversations(), people, people)
def test_whoever_is_named_was_decided_for_most_of_what_the_label_says(before, after, first, second):
    decisions = [assign("S1", first, before), assign("S2", second, before)]
    decisions = [one for one in decisions if one[1]]
    found = project(decisions, after)
    assert spans(found.turns, "S1", "S2", "S3", "S4") == spans(after, "S1", "S2", "S3", "S4")
    for label, speaker in found.speakers.items():
        own = spans(after, label)
        decided = [span for _, where, who in decisions for span in where if who == speaker]
        assert sum(o.overlap(d) for o in own for d in decided) >= 0.75 * sum(o.duration for o in own)


@given(conversations(), people, people)
def test_on_unchanged_turns_every_decision_is_applied_and_nothing_asked(turns, first, second):
    decisions = [one for one in (assign("S1", first, turns), assign("S2", second, turns)) if one[1]]
    found = project(decisions, turns)
    assert len(found.speakers) == len(decisions)
    assert found.questions == ()
