"""Voices compared with voiceprints, by threshold, margin and mutual best; and what that is worth for a name."""

import math

import pytest

from convarchive.domain.episode import Person, Sha256
from convarchive.domain.span import Span
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.domain.voiceprint import Voiceprint
from convarchive.naming import name
from convarchive.naming.voiceprints import RULE, Match, Voice, matches, mistaken
from naming.talk import talk

ADA, BEN = SpeakerId("ada-example"), SpeakerId("ben-sample")
S1, S2, S3 = (SpeakerLabel(f"S{n}") for n in (1, 2, 3))
LONG = RULE.heard


def at(degrees, turned=0.0):
    """A unit vector of three numbers, in degrees from Ada's axis, turned around it."""
    a, t = math.radians(degrees), math.radians(turned)
    return (math.cos(a), math.sin(a) * math.cos(t), math.sin(a) * math.sin(t))


def printed(speaker, vector, number=1):
    return Voiceprint(number, speaker, Sha256("a" * 64), "fake", LONG, vector)


def voice(vector, ms=LONG, narrow=False):
    return Voice(vector, ms, Span(1000, 5000), narrow)


def found(voices, *prints):
    return {label: match.speaker for label, match in matches(voices, prints).items()}


ADAS, BENS = printed(ADA, at(0)), printed(BEN, at(90))


@pytest.mark.parametrize(("degrees", "matched"), [(0, True), (52, True), (54, False), (90, False), (180, False)])
def test_a_voice_is_known_from_the_threshold_on(degrees, matched):
    # The cosine of 53.13 degrees is 0.6.
    assert found({S1: voice(at(degrees))}, ADAS) == ({S1: ADA} if matched else {})


def test_a_voice_between_two_people_is_neither():
    # Like enough for both, and clearly more like neither.
    assert found({S1: voice(at(45))}, ADAS, BENS) == {}
    assert found({S1: voice(at(45))}, ADAS) == {S1: ADA}
    assert found({S1: voice(at(35))}, ADAS, BENS) == {S1: ADA}


def test_many_prints_of_one_person_are_one_person_in_the_ranking():
    # Ada's second-best print is no rival of her best one.
    several = [printed(ADA, at(angle, turn), n) for n, (angle, turn) in enumerate([(80, 0), (5, 0), (0, 0)])]
    (match,) = matches({S1: voice(at(0))}, [*several, BENS]).values()
    assert match.speaker == ADA
    assert match.likeness == pytest.approx(1.0)
    assert match.rival == pytest.approx(0.0, abs=1e-9)


def test_only_the_voice_that_is_most_like_a_person_is_theirs():
    assert found({S1: voice(at(10)), S2: voice(at(5)), S3: voice(at(70))}, ADAS) == {S2: ADA}
    # Two that cannot be told apart are both nobody's.
    assert found({S1: voice(at(5)), S2: voice(at(5))}, ADAS) == {}


def test_too_little_speech_or_a_telephones_band_is_compared_with_nobody_and_stays_a_rival():
    short, narrow = voice(at(0), ms=LONG - 1), voice(at(0), narrow=True)
    assert found({S1: short}, ADAS) == found({S1: narrow}, ADAS) == {}
    assert found({S1: short, S2: voice(at(5))}, ADAS) == {}


def test_whoever_is_enrolled_must_not_sound_like_somebody_else_who_is():
    assert mistaken(BEN, [at(20)], [ADAS, BENS]) == ADA
    assert mistaken(ADA, [at(20)], [ADAS, BENS]) is None


def test_no_vector_is_ever_written_as_text():
    shown = repr((ADAS, voice(at(12.345)), matches({S1: voice(at(12.345))}, [ADAS])))
    assert "0.97" not in shown.replace("likeness=0.97", "")
    assert "vector" not in shown


# -- what it is worth -----------------------------------------------------------------

KNOWN = (Speaker(ADA, "Ada Example", role="host"), Speaker(BEN, "Ben Sample"))
PLAIN = (
    ("S1", "Everybody is talking about gardens these days, and about who looks after them when it rains for weeks."),
    ("S2", "A garden is a slow argument, and whoever waits longest wins it, which is why I never hurry with mine."),
    ("S1", "And what would you say to people who have no garden, no balcony and no window that one can open?"),
    ("S2", "I would tell them to ask the person next door, for half of all the gardens in a town stand empty."),
)


def match(speaker, likeness=0.8):
    return Match(speaker, likeness, 0.2, voice(at(0)))


def named(lines, voices, **known):
    given = name(
        talk(*(f"{label}: {words}" for label, words in lines)), known=KNOWN, voices=voices, **known
    ).attributions
    return {str(one.label): (one.speaker, one.status) for one in given}


def test_a_voiceprint_alone_makes_a_name_probable_though_nobody_says_or_lists_it():
    given = named(PLAIN, {S2: match(BEN)})
    assert given == {"S1": (None, "unattributed"), "S2": (BEN, "probable")}
    attribution = name(
        talk(*(f"{label}: {words}" for label, words in PLAIN)), known=KNOWN, voices={S2: match(BEN)}
    ).attributions[1]
    (reason,) = attribution.evidence
    assert (reason.family, reason.kind, reason.span) == ("voice", "voiceprint", Span(1000, 5000))
    assert "0.80" in reason.detail
    assert "(ben-sample)" in reason.detail


def test_with_a_second_family_the_name_is_confirmed():
    said = (*PLAIN[:1], ("S2", "My name is Ben Sample. " + PLAIN[1][1]), *PLAIN[2:])
    assert named(said, {S2: match(BEN)})["S2"] == (BEN, "confirmed")
    listed = {"persons": (Person("Ada Example", "host"), Person("Ben Sample", "guest"))}
    assert named(PLAIN, {S2: match(BEN)}, **listed)["S2"] == (BEN, "confirmed")


def test_a_voiceprint_and_words_that_contradict_each_other_confirm_nobody():
    said = (*PLAIN[:1], ("S2", "My name is Ada Example. " + PLAIN[1][1]), *PLAIN[2:])
    assert named(said, {S2: match(BEN)})["S2"][1] != "confirmed"
    asked = name(talk(*(f"{label}: {words}" for label, words in said)), known=KNOWN, voices={S2: match(BEN)}).questions
    assert any(kind == "two people" and "Ada Example" in text and "Ben Sample" in text for kind, text in asked)
    # Ada says who she is in one voice, and her print is found in another: one voice split in two, or two people?
    elsewhere = named(said, {S1: match(ADA)})
    assert [status for who, status in elsewhere.values() if who == ADA].count("confirmed") == 0
    asked = name(talk(*(f"{label}: {words}" for label, words in said)), known=KNOWN, voices={S1: match(ADA)}).questions
    assert any(kind == "two voices" and "Ada Example" in text for kind, text in asked)


def test_a_person_of_the_real_world_is_not_known_in_fiction():
    assert named(PLAIN, {S2: match(BEN)}, fiction=True)["S2"] == (None, "unattributed")
