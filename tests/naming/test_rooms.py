"""Who is who where a conversation is not the usual one: absent guests, panels, callers, changing hosts, no list."""

from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.episode import Person
from convarchive.naming import name
from naming.talk import ADA, BEN, CLEO, FILLER, INTERVIEW, of, talk, who


def test_a_guest_who_is_introduced_but_never_speaks_is_nobody_here() -> None:
    lines = (
        "S1: Welcome, I'm Ada Example. My guests today are Ben Sample and Cleo Specimen. Hello, Ben.",
        "S2: Hello, Ada. Thanks for having us. ...",
        "S1: Ben, is Cleo with you? ...",
        "S2: She sends her greetings. Cleo could not find the way. ...",
        "S1: Thank you, Ben.",
        "S2: Thank you, Ada.",
    )
    found = who(name(talk(*lines), persons=(ADA, BEN, CLEO)))
    assert found["S2"] == ("Ben Sample", "confirmed")
    assert "Cleo Specimen" not in {shown for shown, _ in found.values()}


PANEL = {"S2": "Ben Sample", "S3": "Cleo Specimen", "S4": "Dora Mockup", "S5": "Egon Standin"}


def panel(order: list[str]) -> list[str]:
    lines = ["S1: Hello and welcome to the show, I'm Ada Example. Four people are here today."]
    for label in order:
        first = PANEL[label].split()[0]
        lines += [f"S1: I am joined by {PANEL[label]}. Hello, {first}.", f"{label}: Hello, Ada. Good to be here. ..."]
    for label in order:
        first = PANEL[label].split()[0]
        lines += [f"S1: {first}, what do you say?", f"{label}: ...", f"S1: Thank you, {first}. ..."]
    return lines


@given(st.permutations(list(PANEL)))
def test_a_panel_of_five_is_seated_whatever_the_order(order: list[str]) -> None:
    persons = (ADA, *(Person(one, "guest") for one in PANEL.values()))
    found = who(name(talk(*panel(order)), persons=persons))
    assert {label: shown for label, (shown, _) in found.items()} == {"S1": "Ada Example", **PANEL}
    assert {status for _, status in found.values()} == {"confirmed"}


def test_somebody_who_phones_in_unannounced_takes_nobody_s_name() -> None:
    lines = (
        *INTERVIEW[:4],
        "S1: Somebody is on the line. Hello?",
        "S3: Yes, a question about beans. ...",
        *INTERVIEW[4:],
    )
    found = who(name(talk(*lines), persons=(ADA, BEN, CLEO)))
    assert found == {
        "S1": ("Ada Example", "confirmed"),
        "S2": ("Ben Sample", "confirmed"),
        "S3": (None, "unattributed"),
    }


def test_an_interviewer_who_changes_is_a_voice_with_a_name_of_its_own() -> None:
    lines = (
        *INTERVIEW,
        "S3: And I'm Cleo Specimen, I take over from Ada for the second half. Ben, how is the soil?",
        "S2: Thank you, Cleo. Dry. ...",
        "S3: Ben, and the weather? ...",
        "S2: Wet, Cleo. ...",
    )
    found = who(name(talk(*lines), persons=(ADA, BEN, Person("Cleo Specimen", "host"))))
    assert found == {
        "S1": ("Ada Example", "confirmed"), "S2": ("Ben Sample", "confirmed"), "S3": ("Cleo Specimen", "confirmed")
    }  # fmt: skip


def test_an_episode_without_metadata_and_without_whole_names_names_nobody() -> None:
    lines = ("S1: Hello. Ben, what came first? ...", "S2: Beans. ...", "S1: Thank you, Ben. ...", "S2: Thanks, Ada.")
    assert {shown for shown, _ in who(name(talk(*lines))).values()} == {None}


def plain(*lines: str) -> list[str]:
    """The lines as a recogniser writes them that knows neither capitals nor stops."""
    return [f"{line[:3]} {''.join(c for c in line[3:].lower() if c.isalnum() or c in chr(39) + ' ')}" for line in lines]


def test_words_without_capitals_or_stops_still_name_whom_the_list_knows() -> None:
    lines = plain(*(line.replace("...", FILLER) for line in INTERVIEW))
    assert who(name(talk(*lines), persons=(ADA, BEN)))["S2"] == ("Ben Sample", "confirmed")
    assert {shown for shown, _ in who(name(talk(*lines))).values()} == {None}


def test_a_reason_says_how_often_its_kind_was_right() -> None:
    reasons = [
        e for e in of(name(talk(*INTERVIEW), persons=(ADA, BEN)), "S2").evidence if e.kind == "self-introduction"
    ]
    assert all(" times" in reason.detail and 0.5 < reason.weight <= 1 for reason in reasons)
    assert reasons
