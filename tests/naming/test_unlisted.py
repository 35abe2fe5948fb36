"""Guests whom no list names, and what keeps a name from them."""

import pytest
from tests.naming.talk import ADA, of, talk

from convarchive.domain.episode import Person
from convarchive.naming import name

PRESENTED = "S1: Hello and welcome to the show. I'm Ada Example, and my guest today is Ben Sample. ..."
TOLD = "S1: Ben Sample keeps a garden in the hills. I'm Ada Example, and this is the show. ..."
ASKED = ("S1: Ben, what did you plant first?", "S2: Beans. ...")
AGAIN = ("S1: And the weather, Ben, how was it?", "S2: Wet. ...")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((PRESENTED, "S2: It all began with a shed. ...", *ASKED, *AGAIN), "confirmed"),
        ((PRESENTED, "S2: It all began with a shed. ...", *ASKED), "probable"),
        ((TOLD, "S2: It all began with a shed. ...", *ASKED, *AGAIN, *ASKED), "confirmed"),
    ],
    ids=["asked twice", "asked once", "told of as the talk opens"],
)
def test_who_is_presented_in_full_answers_to_the_name_where_it_speaks_up_when_asked(
    lines: tuple[str, ...], status: str
) -> None:
    found = of(name(talk(*lines), persons=(ADA,), typed=True), "S2")
    assert (found.name, found.status) == ("Ben Sample", status)
    assert any(reason.kind == "answers when asked" and reason.span for reason in found.evidence)


def test_somebody_famous_whom_the_talk_opens_with_is_not_the_guest() -> None:
    lines = (
        "S1: Ben Sample was a gardener of kings. I'm Ada Example, and this is the show. ...",
        "S2: Nobody writes like that today. ...",
        "S1: What do you plant? ...",
        "S2: Beans. ...",
    )
    assert of(name(talk(*lines), persons=(ADA,), typed=True), "S2").name is None


WELCOMED = (
    "S1: Hello and welcome to the show. ...",
    "S3: My guest today is {}. Welcome, {}.",
    "S2: Thank you for having me. ...",
    "S3: {}, what did you plant first? ...",
    "S2: Beans. ...",
    "S3: And the weather, {}, how was it?",
    "S2: Wet. ...",
)


@pytest.mark.parametrize(
    ("said", "listed", "status"),
    [
        ("Cleo Specimen", (ADA,), "confirmed"),
        ("Bo Sampleton", (ADA, Person("Boniface Sampleton", "host")), "probable"),
    ],
    ids=["nobody like that is listed", "somebody of that surname is"],
)
def test_a_heard_name_that_shares_its_surname_with_a_listed_one_may_be_a_slip(
    said: str, listed: tuple[Person, ...], status: str
) -> None:
    first = said.split()[0]
    lines = [
        line.replace("{}", said, 1).replace("{}", first) if "guest" in line else line.format(first) for line in WELCOMED
    ]
    assert of(name(talk(*lines), persons=listed, typed=True), "S2").status == status


def test_who_speaks_of_ada_and_i_is_not_ada() -> None:
    lines = (
        "S1: Hello and welcome to the show. I'm Ben Sample. ...",
        "S2: {}It is a long story. ...",
        "S1: Ada, what did you plant first?",
        "S2: Beans. ...",
        "S1: And the weather, Ada, how was it?",
        "S2: Wet. ...",
    )
    listed = (ADA, Person("Ben Sample", "host"), Person("Cleo Specimen", "guest"))
    plain, beside = (
        of(name(talk(*(line.format(words) for line in lines)), persons=listed), "S2")
        for words in ("", "Work with us, I mean, Ada and I agree. ")
    )
    assert (plain.name, plain.status) == ("Ada Example", "confirmed")
    assert beside.status != "confirmed"


def test_whoever_answers_with_nothing_but_the_name_keeps_it_from_the_next_voice() -> None:
    lines = (
        "S1: Today we are joined by Cleo Specimen, or Speciman. I'm Ada Example.",
        "S2: {}Nice to meet you.",
        "S1: A scientist who has grown everything that there is. So you are the real deal, Cleo.",
        "S3: Wow. ...",
        "S1: Cleo, how did it all begin?",
        "S3: With beans. ...",
    )
    listed = (ADA, Person("Cleo Specimen", "guest"), Person("Ben Sample", "host"))
    plain, named = (
        of(name(talk(*(line.format(words) for line in lines)), persons=listed), "S3").status
        for words in ("", "Cleo Specimen. ")
    )
    assert (plain, named) == ("confirmed", "probable")
