"""Naming gives a voice its person on evidence of two kinds, and nobody on less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.episode import Person
from convarchive.domain.span import Span
from convarchive.domain.speaker import HEARD, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.domain.transcript import Word
from convarchive.naming import name
from naming.talk import ADA, BEN, CLEO, FILLER, INTERVIEW, of, relabelled, talk, who

# The same hour without any name in it.
SILENT = ("S1: ... What came first?", "S2: ...", "S1: And then? ...", "S2: ...")


def test_a_voice_that_is_listed_introduces_itself_and_is_addressed_is_confirmed() -> None:
    found = name(talk(*INTERVIEW), persons=(ADA, BEN))
    assert who(found) == {"S1": ("Ada Example", "confirmed"), "S2": ("Ben Sample", "confirmed")}
    assert found.questions == ()


def test_every_reason_says_its_family_and_where_it_was_heard() -> None:
    for attribution in name(talk(*INTERVIEW), persons=(ADA, BEN)).attributions:
        families = {reason.family for reason in attribution.evidence}
        assert {"metadata", "self"} <= families
        assert all(reason.span is not None for reason in attribution.evidence if reason.family != "metadata")


def test_a_reason_s_span_is_where_the_name_was_said() -> None:
    words = talk(*INTERVIEW)
    said = next(e for e in of(name(words, persons=(ADA, BEN)), "S2").evidence if e.kind == "self-introduction")
    assert said.span is not None
    heard = [w.text for u in words for w in u.words if said.span.start <= w.span.start < said.span.end]
    assert heard == ["Ben", "Sample"]


def test_a_feed_alone_names_nobody_by_leaving_over() -> None:
    """Two voices, two listed people, and not a name said: elimination is no evidence."""
    found = name(talk(*SILENT), persons=(ADA, BEN), title="Beans, with Ben Sample", notes="Ada Example asks.")
    assert {status for _, status in who(found).values()} == {"unattributed"}
    assert all(a.speaker is None and a.name is None for a in found.attributions)


def test_the_last_voice_gets_no_name_because_all_others_have_one() -> None:
    lines = (
        INTERVIEW[0],
        "S2: ...",
        "S1: Ben, what did you plant?",
        "S2: ...",
        "S1: Thanks, Ben.",
        "S3: ...",
        "S2: ...",
    )
    found = name(talk(*lines), persons=(ADA, BEN, CLEO))
    assert who(found)["S3"] == (None, "unattributed")


def test_feed_title_and_notes_together_are_one_family() -> None:
    found = name(
        talk(*INTERVIEW), persons=(ADA, BEN), title="With Ben Sample", notes="Ben Sample talks to Ada Example."
    )
    assert len([e for e in of(found, "S2").evidence if e.family == "metadata"]) == 1


def test_no_voice_no_attribution() -> None:
    assert name((), persons=(ADA, BEN)).attributions == ()


# -- talk about somebody -------------------------------------------------------------------


def test_somebody_who_is_only_talked_about_is_nobody_here() -> None:
    lines = (
        "S1: I read what Cleo Specimen wrote. Cleo says that gardens wait. ...",
        "S2: Yes, Cleo Specimen is right about that. I met Cleo once. ...",
        "S1: And Cleo's book is good. ...",
    )
    found = name(talk(*lines), persons=(CLEO,), title="On gardens, with Cleo Specimen")
    assert {shown for shown, _ in who(found).values()} == {None}


def test_to_say_a_name_of_somebody_else_speaks_against_bearing_it() -> None:
    lines = (
        "S1: My guest is Ben Sample. Ben, how was it? ...",
        "S2: I asked Ben Sample the same. Ben said it was fine, and Ben is never wrong. Thank you, Ben. ...",
        "S1: I see. ...",
    )
    found = of(name(talk(*lines), persons=(BEN,)), "S2")
    assert found.status != "confirmed"
    assert any(reason.weight < 0 for reason in found.evidence)


def test_quoting_somebody_who_says_their_name_is_no_self_introduction() -> None:
    lines = ("S1: ... And then she said: “I'm Ada Example.” ...", "S2: ...", "S1: ...")
    assert who(name(talk(*lines), persons=(ADA,)))["S1"] == (None, "unattributed")


def test_a_guest_who_is_announced_for_next_week_is_not_here() -> None:
    lines = (*INTERVIEW[:-1], "S1: Next week I'm joined by Cleo Specimen.", "S3: ... ")
    assert who(name(talk(*lines), persons=(ADA, BEN, CLEO)))["S3"] == (None, "unattributed")


def test_a_host_who_could_not_come_is_not_the_voice_that_answers() -> None:
    lines = (
        "S1: Welcome to the show, I'm Ada Example. Normally I would have Cleo Specimen joining me, but she is away.",
        "S2: ... It is good to be here. ...",
        "S1: ...",
        "S2: ...",
    )
    assert who(name(talk(*lines), persons=(ADA, CLEO)))["S2"] == (None, "unattributed")


@given(st.permutations(["Cleo wrote a book.", "I like what Cleo Specimen says.", "They know Cleo.", "Cleo was there."]))
def test_no_order_of_third_person_mentions_names_a_voice(sayings: list[str]) -> None:
    lines = [f"S{1 + i % 2}: ... {saying} ..." for i, saying in enumerate(sayings)]
    assert {shown for shown, _ in who(name(talk(*lines), persons=(CLEO,))).values()} == {None}


# -- roles ---------------------------------------------------------------------------------


def test_transposed_host_and_guest_are_never_confirmed_the_wrong_way_round() -> None:
    swapped = (Person("Ada Example", "guest"), Person("Ben Sample", "host"))
    found = name(talk(*INTERVIEW), persons=swapped)
    assert (of(found, "S1").name, of(found, "S2").name) == ("Ada Example", "Ben Sample")
    assert (of(found, "S1").role, of(found, "S2").role) == ("host", "guest")
    assert {kind for kind, _ in found.questions} == {"role"}


def test_where_the_list_has_the_roles_wrong_being_addressed_is_not_enough() -> None:
    lines = (
        "S1: Hello and welcome to the show. ... Ben, what did you plant first?",
        "S2: Thanks for having me, Ada. ...",
        "S1: Ben, and then? ...",
        "S2: Well, Ada. ...",
        "S1: Thanks for joining us, Ben. See you next time.",
        "S2: Thank you, Ada.",
    )
    right = name(talk(*lines), persons=(ADA, BEN))
    assert who(right)["S2"] == ("Ben Sample", "confirmed")
    swapped = name(talk(*lines), persons=(Person("Ada Example", "guest"), Person("Ben Sample", "host")))
    assert "confirmed" not in {status for _, status in who(swapped).values()}


def test_a_host_s_own_i_m_x_names_the_host_and_not_the_answering_guest() -> None:
    lines = ("S1: Welcome back. I'm Ada Example, and this is the show. ...", "S2: ...", "S1: ...")
    found = who(name(talk(*lines), persons=(ADA, BEN)))
    assert found == {"S1": ("Ada Example", "confirmed"), "S2": (None, "unattributed")}


# -- contradictions ------------------------------------------------------------------------


def test_two_voices_that_claim_one_name_are_not_both_confirmed_and_somebody_is_asked() -> None:
    lines = ("S1: I'm Ada Example. ...", "S2: I'm Ada Example. ...", "S1: ...", "S2: ...")
    found = name(talk(*lines), persons=(ADA,))
    assert "confirmed" not in {status for _, status in who(found).values()}
    assert any(kind == "two voices" and "Ada Example" in detail for kind, detail in found.questions)


def test_one_voice_with_two_names_is_not_confirmed_and_somebody_is_asked() -> None:
    lines = ("S1: I'm Ada Example. ...", "S1: My name is Ben Sample. ...", "S2: ...")
    found = name(talk(*lines), persons=(ADA, BEN))
    assert of(found, "S1").status != "confirmed"
    assert any(kind == "two people" and "S1" in detail for kind, detail in found.questions)


def test_two_guests_with_one_first_name_are_not_told_apart_by_it() -> None:
    lines = (
        "S1: My guests are here. Ben, you first. ...",
        "S2: ...",
        "S1: And you, Ben? ...",
        "S3: ...",
        "S1: Thank you, Ben. ...",
        "S2: ...",
    )
    found = who(name(talk(*lines), persons=(ADA, BEN, Person("Ben Mockup", "guest"))))
    assert found["S2"] == found["S3"] == (None, "unattributed")


def test_a_bare_first_name_does_not_confirm_a_listed_host_while_an_unlisted_guest_may_bear_it() -> None:
    lines = (
        "S1: Ben, what did you plant? ...",
        "S2: ...",
        "S1: Ben, and then? ...",
        "S2: ...",
        "S1: Thanks, Ben.",
        "S2: ...",
    )
    register = (Person("Ada Example", "host"), Person("Ben Sample", "host"))
    assert of(name(talk(*lines), persons=register), "S2").status != "confirmed"


# -- what the ear makes of names -----------------------------------------------------------


@pytest.mark.parametrize("heard", ["Helen Neverlend", "Hellen Neverland", "Helen Neverlandt"])
def test_a_misspelt_name_means_the_listed_person_and_is_shown_as_listed(heard: str) -> None:
    lines = (
        f"S1: Welcome to the show. My guest is {heard}. Welcome, Helen.",
        f"S2: My name is {heard}. ...",
        "S1: Helen, go on. ...",
        "S2: ...",
    )
    found = of(name(talk(*lines), persons=(Person("Helen Neverland", "guest"),)), "S2")
    assert (found.name, found.status) == ("Helen Neverland", "confirmed")


def test_another_surname_is_another_person() -> None:
    lines = ("S1: ...", "S2: My name is Helen Wonderland. ...", "S1: ...")
    assert of(name(talk(*lines), persons=(Person("Helen Neverland", "guest"),)), "S2").name != "Helen Neverland"


def test_a_name_only_said_is_confirmed_when_a_person_typed_it_and_it_was_presented_in_full_and_answered() -> None:
    found = name(talk(*INTERVIEW), typed=True)
    assert who(found)["S2"] == ("Ben Sample", "confirmed")
    assert who(name(talk(*INTERVIEW)))["S2"] == ("Ben Sample", "probable"), "a machine spells names as it likes"
    assert {"self", "others"} <= {reason.family for reason in of(found, "S2").evidence if reason.weight > 0}
    assert any(reason.kind == "only heard" and "spelling" in reason.detail for reason in of(found, "S2").evidence)
    assert [(n.speaker.id, n.origin) for n in found.newcomers] == [("ada-example", "heard"), ("ben-sample", "heard")]
    assert [kind for kind, _ in found.questions] == ["new name", "new name"]


def test_a_name_only_heard_in_two_spellings_is_not_confirmed() -> None:
    lines = (
        INTERVIEW[0],
        "S2: Thank you, Ada. It is good to be here. My name is Ben Sampel and I keep a garden. ...",
        *INTERVIEW[2:],
    )
    assert of(name(talk(*lines)), "S2").status != "confirmed"


@pytest.mark.parametrize("heard", ["Vernan Kippen", "Vernon Kipping", "Doctor Vernan Kippen", "Lady Vernan Kippen"])
def test_a_name_heard_nearly_right_or_with_a_title_means_the_listed_person(heard: str) -> None:
    lines = (
        f"S1: Welcome to the show, I'm Ada Example. My guest today is {heard}. Welcome.",
        f"S2: Thank you, Ada. I'm {heard}. ...",
        "S1: Tell us more. ...",
        "S2: ...",
    )
    found = of(name(talk(*lines), persons=(ADA, Person("Dr Vernan Kipping", "guest"))), "S2")
    assert (found.name, found.status) == ("Dr Vernan Kipping", "confirmed")


# -- the archive's own people and the editor -----------------------------------------------

KNOWN = Speaker(SpeakerId("b-sample"), "Ben Sample", ("Dr Ben Sample", "Benjamin Sample"))


def test_a_known_person_keeps_the_archive_s_id_and_spelling() -> None:
    found = name(talk(*INTERVIEW), persons=(ADA, Person("Dr. Benjamin Sample", "guest")), known=(KNOWN,))
    assert (of(found, "S2").speaker, of(found, "S2").name) == ("b-sample", "Ben Sample")
    assert [newcomer.speaker.id for newcomer in found.newcomers] == ["ada-example"]


def test_two_heard_families_confirm_a_person_whom_only_the_archive_knows() -> None:
    found = of(name(talk(*INTERVIEW), known=(KNOWN,)), "S2")
    assert (found.speaker, found.status) == ("b-sample", "confirmed")
    assert "metadata" not in {reason.family for reason in found.evidence}


def test_a_first_name_alone_does_not_call_up_everybody_the_archive_knows() -> None:
    lines = ("S1: Ben, what did you plant? ...", "S2: Thank you. ...", "S1: Ben, and then? ...", "S2: ...")
    assert who(name(talk(*lines), known=(KNOWN,)))["S2"] == (None, "unattributed")


def test_a_fictional_voice_never_gets_a_real_person_s_id() -> None:
    real = Speaker(SpeakerId("ada-example"), "Ada Example")
    found = name(talk(*INTERVIEW), persons=(ADA, BEN), known=(real,), fiction=True)
    assert of(found, "S1").speaker == "ada-example-2"
    assert all(newcomer.speaker.fiction for newcomer in found.newcomers)


def test_an_editor_s_word_is_final_and_a_contradiction_is_asked_about() -> None:
    cleo = Speaker(SpeakerId("cleo-specimen"), "Cleo Specimen")
    found = name(talk(*INTERVIEW), persons=(ADA, BEN), decisions={SpeakerLabel("S2"): cleo})
    assert (of(found, "S2").speaker, of(found, "S2").status) == ("cleo-specimen", "confirmed")
    assert {reason.family for reason in of(found, "S2").evidence} == {"editor"}
    assert any(kind == "decision" and "Ben Sample" in detail for kind, detail in found.questions)


def test_a_voice_beside_one_that_an_editor_named_keeps_its_own_name() -> None:
    decided = {SpeakerLabel("S2"): Speaker(SpeakerId("cleo-specimen"), "Cleo Specimen")}
    found = who(name(talk(*INTERVIEW), persons=(ADA, BEN), decisions=decided))
    assert found["S1"] == who(name(talk(*INTERVIEW), persons=(ADA, BEN)))["S1"] == ("Ada Example", "confirmed")


def test_a_voice_alone_that_is_listed_and_says_its_name_is_confirmed() -> None:
    lines = (f"S1: Hello, I'm Ada Example, and today I talk about beans. {' '.join(['...'] * 5)}",)
    assert who(name(talk(*lines), persons=(ADA,)))["S1"] == ("Ada Example", "confirmed")


def test_an_editor_may_leave_a_voice_nameless() -> None:
    found = name(talk(*INTERVIEW), persons=(ADA, BEN), decisions={SpeakerLabel("S2"): None})
    assert who(found)["S2"] == (None, "unattributed")


def test_a_decision_about_a_voice_that_is_not_here_changes_nothing() -> None:
    decided = {SpeakerLabel("S9"): Speaker(SpeakerId("cleo-specimen"), "Cleo Specimen")}
    assert name(talk(*INTERVIEW), persons=(ADA, BEN), decisions=decided) == name(talk(*INTERVIEW), persons=(ADA, BEN))


# -- the publisher's transcript ------------------------------------------------------------


def printed(names: dict[str, str], *lines: str) -> tuple[Word, ...]:
    """The talk's words with a name printed beside each."""
    return tuple(Word(w.text, w.span, voice=names[u.label or ""]) for u in talk(*lines) for w in u.words)


def test_a_publisher_s_transcript_alone_is_one_family() -> None:
    words = printed({"S1": "Ada Example", "S2": "Ben Sample"}, *SILENT)
    found = name(talk(*SILENT), publisher_words=words)
    assert who(found) == {"S1": ("Ada Example", "probable"), "S2": ("Ben Sample", "probable")}


def test_a_publisher_s_transcript_and_the_feed_confirm() -> None:
    words = printed({"S1": "Ada Example", "S2": "Ben Sample"}, *SILENT)
    found = name(talk(*SILENT), persons=(ADA, BEN), publisher_words=words)
    assert {status for _, status in who(found).values()} == {"confirmed"}


def test_placeholders_in_a_publisher_s_transcript_name_nobody() -> None:
    words = printed({"S1": "Speaker 1", "S2": "Guest"}, *SILENT)
    assert {shown for shown, _ in who(name(talk(*SILENT), persons=(ADA, BEN), publisher_words=words)).values()} == {
        None
    }


def test_a_publisher_s_transcript_without_times_is_not_laid_over_voices() -> None:
    timeless = tuple(Word(w.text, Span(0, 0), voice=w.voice) for w in printed({"S1": "A B", "S2": "C D"}, *SILENT))
    assert {shown for shown, _ in who(name(talk(*SILENT), publisher_words=timeless)).values()} == {None}


# -- laws ----------------------------------------------------------------------------------


@given(st.permutations(["S1", "S2", "S3"]))
def test_exchanging_labels_exchanges_answers(order: list[str]) -> None:
    lines = (*INTERVIEW, "S1: And Cleo, hello, Cleo Specimen, welcome.", "S3: I'm Cleo Specimen. ...")
    labels = dict(zip(["S1", "S2", "S3"], order, strict=True))
    plain = who(name(talk(*lines), persons=(ADA, BEN, CLEO)))
    other = who(name(relabelled(talk(*lines), labels), persons=(ADA, BEN, CLEO)))
    assert {labels[label]: answer for label, answer in plain.items()} == other


@given(st.permutations([ADA, BEN, CLEO]))
def test_the_order_of_the_publisher_s_list_does_not_matter(persons: list[Person]) -> None:
    assert who(name(talk(*INTERVIEW), persons=persons)) == who(name(talk(*INTERVIEW), persons=(ADA, BEN, CLEO)))


WORDS = st.sampled_from(
    [*FILLER.split(), "Ada", "Ben", "Example.", "Sample,", "I'm", "thank", "you,", "my", "name", "is"]
)


@given(st.lists(st.tuples(st.sampled_from(["S1", "S2", "S3"]), st.lists(WORDS, min_size=1)), max_size=12))
def test_whatever_is_said_no_rule_is_broken(turns: list[tuple[str, list[str]]]) -> None:
    found = name(talk(*(f"{label}: {' '.join(words)}" for label, words in turns)), persons=(ADA, BEN))
    assert [a.label for a in found.attributions] == list(dict.fromkeys(label for label, _ in turns))
    for a in found.attributions:
        families = {reason.family for reason in a.evidence if reason.weight > 0}
        assert (a.speaker is None) == (a.status == "unattributed")
        assert a.status != "confirmed" or (len(families) > 1 and families & HEARD)
    sure = [a.speaker for a in found.attributions if a.status == "confirmed"]
    assert len(sure) == len(set(sure))


@given(st.lists(st.sampled_from(FILLER.split()), min_size=1, max_size=200))
def test_talk_without_names_names_nobody(words: list[str]) -> None:
    lines = (f"S1: {' '.join(words)}", f"S2: {' '.join(reversed(words))}")
    assert {status for _, status in who(name(talk(*lines), persons=(ADA, BEN))).values()} == {"unattributed"}
