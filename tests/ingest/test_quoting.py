"""Cutting talk into quotes that stand on their own."""

import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.home import Home
from convarchive.ingest import quoting
from convarchive.ingest.desks import read_published, read_speakers
from convarchive.ingest.engines.grader import OnnxGrader
from convarchive.ingest.quoting import MOST
from fakes.scripted import ScriptedGrader
from ingest.talk import talk, texts

HOME = Home(Path(__file__).parents[2])
PRINTED = [
    quote
    for document in read_published(HOME, read_speakers(HOME))
    for quote in document.quotes
    if quote.kind == "podcast"
]

HARBOUR = "The harbour belongs to everyone who lives beside it."
KEYS = "If you give people the keys, they open doors you never saw."


def cut(said, grade=None, **how):
    return quoting.cut(said, grade or ScriptedGrader().grade, **how)


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]+", " ", text.replace("’", "'").lower()).split())


def test_there_are_twenty_printed_quotations_of_the_podcast():
    assert len(PRINTED) == 20


@pytest.mark.parametrize("before", ["Yeah, I think so.", f"Well, you know, I grew up here. {HARBOUR}"])
@pytest.mark.parametrize("after", ["And, yeah, I don't know. Thanks.", "The bus leaves every hour from the square."])
@pytest.mark.parametrize("quote", PRINTED, ids=lambda quote: quote.key)
def test_a_printed_quotation_comes_out_whole_from_ordinary_talk(quote, before, after):
    said = talk(
        ("S1", "Welcome back to the show. What does working together mean to you?"),
        ("S2", f"{before} {quote.text} {after}"),
        ("S1", "Mhm. Right."),
        ("S2", "The next ten years will be decided in our towns and villages."),
        ("S1", "And what do you tell your own children?"),
    )
    found = [plain(text) for text in texts(cut(said))]
    assert any(plain(quote.text) in text for text in found)
    # What stands on its own after it stays outside.
    assert not any(plain(quote.text) in text and "bus leaves" in text for text in found)


@pytest.mark.parametrize("quote", PRINTED, ids=lambda quote: quote.key)
def test_a_printed_quotation_comes_out_whole_over_somebody_else_s_agreement(quote):
    words = quote.text.split()
    half = len(words) // 2
    said = talk(("S2", " ".join(words[:half])), ("S1", "Mhm."), ("S2", " ".join(words[half:])))
    assert plain(quote.text) in [plain(text) for text in texts(cut(said))]


def test_a_sentence_that_leans_on_the_one_before_is_joined_to_it():
    said = talk(("S1", f"{HARBOUR} That's why nobody may sell it without asking the town."))
    assert texts(cut(said)) == [said[0].text]


def test_a_sentence_that_leans_on_another_voice_s_words_is_left_out():
    said = talk(("S1", "What about the cranes by the old fish market?"), ("S2", "They never asked us about those."))
    assert cut(said) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Hello and welcome to the show, it's so good to have you here today.",
        "Thank you so much for having me on this lovely morning.",
        "This episode is brought to you by Example Mattresses, the softest beds in town.",
        "What would you say to a young person who wants to change the town?",
        "Yeah, exactly, right.",
        "Use the code HARBOUR for ten percent off your first order of tea.",
    ],
)
def test_greetings_adverts_questions_and_agreement_are_no_quotes(text):
    assert cut(talk(("S1", text))) == ()


def test_agreement_between_two_sentences_is_part_of_no_quote():
    said = talk(("S1", f"{KEYS} I see. They also close the doors that you left open."))
    assert all("I see" not in text for text in texts(cut(said)))


def test_what_stands_beside_an_advert_s_words_in_a_host_s_mouth_is_no_quote():
    said = talk(
        ("S1", "This episode is brought to you by Example Mattresses. Their beds are soft, and their prices are fair."),
        ("S2", KEYS),
    )
    assert texts(cut(said, roles={SpeakerLabel("S1"): "host"})) == [KEYS]


def test_what_cannot_be_understood_alone_is_no_quote():
    said = talk(("S1", f"{KEYS} The bus leaves every hour from the square beside the church."))
    assert texts(cut(said, ScriptedGrader("keys").grade)) == [
        "The bus leaves every hour from the square beside the church."
    ]


def test_what_cannot_be_understood_alone_is_taken_with_what_follows_where_that_helps():
    square = "The bus leaves every hour from the square beside the church."
    said = talk(("S1", f"{KEYS} {square} Nobody in the town hall has ever taken the bus."))
    together = [f"{KEYS} {square}", "Nobody in the town hall has ever taken the bus."]
    assert texts(cut(said, lambda given: [float(text != KEYS) for text in given])) == together


def test_a_last_sentence_that_makes_the_rest_unclear_is_left_out():
    said = talk(("S1", f"{HARBOUR} That's why nobody may sell it without asking the town."))
    assert texts(cut(said, ScriptedGrader("sell").grade)) == [HARBOUR]


def test_a_host_s_words_are_quotes_too():
    assert texts(cut(talk(("S1", KEYS)), roles={SpeakerLabel("S1"): "host"})) == [KEYS]


def test_a_short_sentence_is_a_quote_where_it_is_a_saying_of_its_own():
    assert texts(cut(talk(("S1", "Leadership is about patience and trust.")))) == [
        "Leadership is about patience and trust."
    ]
    assert cut(talk(("S1", "We go there now."))) == ()


def test_words_that_only_set_speech_going_are_left_outside():
    said = talk(("S1", f"Yeah, so, well, {KEYS[0].lower()}{KEYS[1:]}"))
    draft = cut(said)[0]
    assert draft.text.startswith("if you give")
    assert draft.first == 3
    assert draft.span.start == said[0].words[3].span.start


def test_a_draft_says_where_it_stands_and_what_stands_around_it():
    said = talk(("S1", HARBOUR), ("S2", KEYS), ("S1", "Mhm. And what did the council say?"))
    draft = cut(said)[1]
    assert (draft.label, draft.first, draft.words) == ("S2", 9, 12)
    assert draft.span == said[1].span
    assert draft.excerpts[0].span == said[1].span
    assert draft.selector.exact == KEYS
    assert draft.selector.span == said[1].span
    assert HARBOUR.endswith(draft.selector.prefix)
    assert 20 < len(draft.selector.prefix) <= 32
    assert "Mhm. And what did the council say?".startswith(draft.selector.suffix)
    assert draft.confidence == pytest.approx(0.9)
    assert draft.doubts == ()


def test_doubts_say_why_confidence_is_low():
    words = list(talk(("S1", KEYS))[0].words)
    words[8] = Word("floors", words[8].span, 0.2)
    draft = cut((Utterance(SpeakerLabel("S1"), 0, tuple(words)),))[0]
    assert draft.confidence == pytest.approx((11 * 0.9 + 0.2) / 12)
    assert draft.doubts == ("1 word the recogniser was unsure of: floors",)


def test_words_without_times_are_doubted():
    words = tuple(Word(token, Span(0, 0)) for token in KEYS.split())
    draft = cut((Utterance(SpeakerLabel("S1"), 0, words),))[0]
    assert draft.confidence is None
    assert "the words have no measured times" in draft.doubts


def test_two_voices_at_once_are_doubted():
    first = talk(("S1", KEYS))[0]
    words = tuple(Word(w, Span(1000 + 300 * n, 1300 + 300 * n)) for n, w in enumerate("No, not in this town".split()))
    drafts = cut((first, Utterance(SpeakerLabel("S2"), len(first.words), words)))
    assert drafts[0].doubts == ("another voice speaks at the same time",)


def test_a_language_without_word_lists_is_cut_by_sentences_and_length():
    said = talk(
        ("S1", "Der Hafen gehört allen, die neben ihm wohnen und arbeiten. Wem gehört die Stadt heute Abend noch?")
    )
    assert texts(cut(said, language="de")) == ["Der Hafen gehört allen, die neben ihm wohnen und arbeiten."]


TOKENS = st.sampled_from(
    "the harbour belongs to everyone Yeah, so it. they We give people power. and that's why because ... who? Thanks "
    "leaders listen, Ada's 10% you -- “never” I think uh".split()
) | st.text(min_size=1, max_size=6).filter(lambda text: text.strip() == text and len(text.split()) == 1)
TURNS = st.lists(st.tuples(st.sampled_from(["S1", "S2"]), st.lists(TOKENS, min_size=1, max_size=40)), max_size=6)


@settings(max_examples=60)
@given(TURNS, st.integers(0, 4000), st.sampled_from(["en", "fr"]), st.floats(0, 1))
def test_whatever_is_said_quotes_are_its_words_in_one_voice_and_never_overlap(turns, gap, language, clear):
    said = talk(*((label, " ".join(tokens)) for label, tokens in turns), gap=gap)
    voice = {u.first + n: (u.label, word) for u in said for n, word in enumerate(u.words)}
    taken: set[int] = set()
    chance = random.Random(0)
    drafts = cut(said, lambda given: [float(chance.random() < clear) for _ in given], language=language)
    for draft in drafts:
        own = [at for at in sorted(voice) if at >= draft.first and voice[at][0] == draft.label][: draft.words]
        assert draft.text == " ".join(voice[at][1].text for at in own)
        assert draft.span == Span(voice[own[0]][1].span.start, voice[own[-1]][1].span.end)
        assert draft.words <= MOST
        assert not taken & set(own)
        taken |= set(own)
    assert [draft.first for draft in drafts] == sorted(draft.first for draft in drafts)


@pytest.mark.slow
@pytest.mark.parametrize("before", ["Yeah, I think so.", f"Well, you know, I grew up here. {HARBOUR}"])
@pytest.mark.parametrize("after", ["And, yeah, I don't know. Thanks.", "The bus leaves every hour from the square."])
def test_the_printed_quotations_pass_the_grader_that_ingest_asks(before, after):
    folder = Path(os.environ.get("CONVARCHIVE_MODELS", "nowhere")) / "all-MiniLM-L6-v2"
    if not folder.is_dir():
        pytest.skip("all-MiniLM-L6-v2 is not there; convarchive models pull, and name its folder in CONVARCHIVE_MODELS")
    grade = OnnxGrader(folder).grade
    for quote in PRINTED:
        said = talk(
            ("S1", "Welcome back to the show. What does working together mean to you?"),
            ("S2", f"{before} {quote.text} {after}"),
            ("S1", "And what do you tell your own children?"),
        )
        found = [plain(text) for text in texts(cut(said, grade))]
        assert any(plain(quote.text) in text for text in found), quote.key
