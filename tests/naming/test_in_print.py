"""Words that are printed under a name: what they say of the voice that says them, and of themselves."""

import pytest

from convarchive.domain.quote import PrintedWords, QuoteId
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.naming import name
from naming.talk import ADA, BEN, INTERVIEW, of, talk, who

BENS = (
    "Mistakes that people can talk about are the cheapest lessons that any organisation will ever buy, and hidden "
    "mistakes are the dearest."
)
OTHER = (
    "A good public service starts with a conversation, because no printed form has enough little boxes for somebody's "
    "whole complicated life."
)
KNOWN = (Speaker(SpeakerId("ada-example"), "Ada Example"), Speaker(SpeakerId("ben-sample"), "Ben Sample"))


def printed(*texts, by="ben-sample"):
    names = {one.id: one.name for one in KNOWN}
    return [PrintedWords(QuoteId(f"q{by[:3]}{n}"), one, SpeakerId(by), names[by], "“A paper”, page 1,")
            for n, one in enumerate(texts)]  # fmt: skip


def nameless(*said):
    """An interview in which nobody says a name; the guest says this among other things."""
    return talk(
        "S1: Hello and welcome to the show. What did you plant first? ...", f"S2: Beans. ... {' '.join(said)} ..."
    )


def named(said, in_print, **more):
    return name(said, known=KNOWN, in_print=in_print, **more)


def test_who_says_what_is_printed_under_a_name_is_probably_that_person_and_with_the_list_surely():
    alone = named(nameless(BENS), printed(BENS))
    assert who(alone) == {"S1": (None, "unattributed"), "S2": ("Ben Sample", "probable")}
    (reason,) = of(alone, "S2").evidence
    assert (reason.family, reason.kind, reason.weight) == ("print", "printed quote", 0.9)
    assert "“A paper”, page 1, prints under Ben Sample, all 22 words (quote qben0)" in reason.detail
    words = [word for u in nameless(BENS) for word in u.words if reason.span.overlap(word.span)]
    assert " ".join(word.text for word in words) == BENS
    assert who(named(nameless(BENS), printed(BENS), persons=[ADA, BEN]))["S2"] == ("Ben Sample", "confirmed")


def test_a_light_edit_is_the_same_words_and_another_meaning_is_not():
    light = BENS.replace("any organisation", "an organisation")
    assert who(named(nameless(light), printed(BENS)))["S2"] == ("Ben Sample", "probable")
    for otherwise in (
        BENS.replace("can talk", "can not talk"),
        BENS.replace("the cheapest", "the 2 cheapest"),
        " ".join(BENS.split()[:12]),
        BENS.replace("cheapest lessons", "best things").replace("will ever buy", "gets"),
    ):
        assert who(named(nameless(otherwise), printed(BENS)))["S2"] == (None, "unattributed"), otherwise
    elided = f"{OTHER} [...] {BENS}"
    assert who(named(nameless(BENS), printed(elided)))["S2"] == ("Ben Sample", "probable")


def test_two_printed_quotes_are_one_family():
    both = named(nameless(BENS, "...", OTHER), printed(BENS, OTHER))
    assert who(both)["S2"] == ("Ben Sample", "probable")
    assert [one.family for one in of(both, "S2").evidence] == ["print", "print"]


def test_a_printed_quote_says_nothing_about_who_said_itself():
    persons = [ADA, BEN]
    once = named(nameless(BENS), printed(BENS), persons=persons)
    (itself,) = once.beside
    assert (itself.label, itself.name, itself.status) == ("S2", None, "unattributed")
    assert (itself.evidence[-1].kind, itself.evidence[-1].weight) == ("printed quote, not counted", 0.0)
    assert itself.evidence[-1].span == next(e.span for e in of(once, "S2").evidence if e.family == "print")
    # Each of two stands on the other; and what was heard besides print is not taken from either.
    twice = named(nameless(BENS, "...", OTHER), printed(BENS, OTHER), persons=persons)
    assert [one.status for one in twice.beside] == ["confirmed", "confirmed"]
    assert {tuple(e.kind for e in one.evidence if e.family == "print") for one in twice.beside} == {
        ("printed quote", "printed quote, not counted")
    }
    # The same words printed twice are not two witnesses.
    again = printed(BENS, f"He said: {BENS}")
    assert [one.status for one in named(nameless(BENS), again, persons=persons).beside] == ["unattributed"] * 2
    heard = named(talk(*INTERVIEW, f"S2: {BENS}"), printed(BENS), persons=persons)
    assert [(one.name, one.status) for one in heard.beside] == [("Ben Sample", "confirmed")]
    # An editor's word needs no print, so nothing is to be left out.
    assert named(nameless(BENS), printed(BENS), decisions={"S2": KNOWN[1]}).beside == ()


@pytest.mark.parametrize(
    "lines",
    [
        (f"S1: Listen to what Ben Sample said to us. {BENS} ...", "S2: I like that a lot. ..."),
        (f"S1: ... {BENS} ...", f"S2: ... {BENS} ..."),
        (f"S1: ... {BENS} ... {OTHER}", "S2: I like that a lot. ..."),
    ],
    ids=["named beside it", "said by two voices", "printed under two people"],
)
def test_a_voice_that_reads_out_what_others_said_is_not_they(lines):
    in_print = [*printed(BENS), *printed(OTHER, by="ada-example")]
    assert {status for _, status in who(named(talk(*lines), in_print)).values()} == {"unattributed"}


def test_whoever_introduced_themselves_stays_who_they_are_when_they_read_somebody_elses_words():
    lines = (*INTERVIEW[:-1], f"S1: {BENS} ... I had that on my wall.", "S2: Thank you, Ada.")
    before, after = named(talk(*lines), [], persons=[ADA, BEN]), named(talk(*lines), printed(BENS), persons=[ADA, BEN])
    assert who(after) == who(before) == {"S1": ("Ada Example", "confirmed"), "S2": ("Ben Sample", "confirmed")}
