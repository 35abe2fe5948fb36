"""Every word goes to one voice, and an utterance is words of one voice in a row."""

from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.domain.transcript import Word
from convarchive.ingest.utterances import NEAR, PAUSE, by_voice, join

ADA, BEN = SpeakerLabel("S1"), SpeakerLabel("S2")


def spoken(text, start=0, each=300, voice=None):
    """Words of `text`, `each` ms long, without pauses between them."""
    return [
        Word(token, Span(start + n * each, start + (n + 1) * each), None, voice) for n, token in enumerate(text.split())
    ]


def turn(start, end, label):
    return Turn(Span(start, end), label)


def said(utterances):
    return [(utterance.label, utterance.text) for utterance in utterances]


def test_words_go_to_the_voice_whose_turn_covers_them():
    words = spoken("Who leads here? We all do.")
    assert said(join(words, [turn(0, 900, ADA), turn(900, 1800, BEN)])) == [
        (ADA, "Who leads here?"),
        (BEN, "We all do."),
    ]


def test_positions_count_on_through_the_transcript():
    found = join(spoken("Who leads here? We all do."), [turn(0, 900, ADA), turn(900, 1800, BEN)])
    assert [(u.first, len(u.words)) for u in found] == [(0, 3), (3, 3)]


def test_a_short_answer_inside_another_voices_speech_is_its_own_utterance():
    words = spoken("We gave it away. Yes. And it grew.")
    turns = [turn(0, 1200, ADA), turn(1200, 1500, BEN), turn(1500, 2400, ADA)]
    assert said(join(words, turns)) == [(ADA, "We gave it away."), (BEN, "Yes."), (ADA, "And it grew.")]


def test_a_word_that_two_voices_share_stays_with_the_sentence_it_stands_in():
    words = spoken("We gave the power away at last.")
    assert said(join(words, [turn(0, 2100, ADA), turn(850, 1250, BEN)])) == [(ADA, "We gave the power away at last.")]


def test_a_word_mostly_but_not_wholly_under_another_voice_does_not_cut_a_sentence():
    words = spoken("We gave the power away at last.")
    turns = [turn(0, 1000, ADA), turn(1000, 1200, BEN), turn(1200, 2100, ADA)]
    assert said(join(words, turns)) == [(ADA, "We gave the power away at last.")]


def test_a_turn_that_begins_a_little_late_does_not_take_the_first_word_from_its_sentence():
    words = spoken("Who leads here? We all do.")
    assert said(join(words, [turn(0, 1060, ADA), turn(1060, 1800, BEN)])) == [
        (ADA, "Who leads here?"),
        (BEN, "We all do."),
    ]


def test_a_sentence_handed_over_in_the_middle_is_cut_where_the_voice_changes():
    words = spoken("so what I would say is that they chose to stay with us instead")
    assert said(join(words, [turn(0, 2100, ADA), turn(2100, 4200, BEN)])) == [
        (ADA, "so what I would say is that"),
        (BEN, "they chose to stay with us instead"),
    ]


def test_a_word_just_outside_every_turn_goes_to_the_nearest():
    (utterance,) = join(spoken("Hello", start=1000), [turn(1500, 4000, ADA), turn(5000, 9000, BEN)])
    assert utterance.label == ADA


def test_a_word_far_from_every_turn_has_no_label():
    words = [*spoken("Hello there.", start=0), *spoken("Jingle", start=1000 + 2 * NEAR)]
    assert said(join(words, [turn(0, 600, ADA)])) == [(ADA, "Hello there."), (None, "Jingle")]


def test_no_turns_leave_all_words_without_a_label():
    assert said(join(spoken("Nobody was told apart."), [])) == [(None, "Nobody was told apart.")]


def test_no_words_make_no_utterance():
    assert join([], [turn(0, 1000, ADA)]) == ()


def test_a_long_silence_ends_an_utterance_of_the_same_voice():
    words = [*spoken("Let me think."), *spoken("No.", start=900 + PAUSE + 1)]
    assert said(join(words, [turn(0, 9000, ADA)])) == [(ADA, "Let me think."), (ADA, "No.")]


def test_a_word_without_length_is_given_to_the_voice_around_it():
    word = Word("Yes.", Span(2000, 2000))
    assert said(join([word], [turn(0, 1500, ADA), turn(1700, 2600, BEN)])) == [(BEN, "Yes.")]


texts = st.sampled_from(["one", "two,", "three.", "four?", "…"])
times = st.integers(0, 30_000)
spans = st.builds(lambda a, b: Span(min(a, b), max(a, b)), times, times)
turns_anyhow = st.lists(st.builds(Turn, spans, st.sampled_from(["S1", "S2", "S3"]).map(SpeakerLabel)), max_size=12)
words_anyhow = st.lists(
    st.builds(Word, texts, spans, st.none(), st.sampled_from([None, "Ada Example", "Ben Sample"])), max_size=40
)


@given(words_anyhow, turns_anyhow)
def test_no_word_is_lost_doubled_or_moved(words, turns):
    utterances = join(words, turns)
    assert [word for utterance in utterances for word in utterance.words] == words
    at = 0
    for utterance in utterances:
        assert utterance.first == at
        assert utterance.words
        at += len(utterance.words)


@given(words_anyhow, turns_anyhow)
def test_every_label_is_near_and_only_words_far_from_all_turns_have_none(words, turns):
    sounding = [t for t in turns if t.span.duration]
    for utterance in join(words, turns):
        for word in utterance.words:
            near = {t.label for t in sounding if t.span.gap(word.span) <= NEAR - 200}
            around = {t.label for t in sounding if t.span.gap(word.span) <= NEAR + 200}
            if utterance.label is None:
                assert not near
            else:
                assert utterance.label in around


@given(words_anyhow, turns_anyhow)
def test_the_order_in_which_turns_are_handed_in_changes_nothing(words, turns):
    assert join(words, turns) == join(words, turns[::-1])


def test_printed_voices_become_labels_by_first_appearance_with_their_names():
    words = [
        *spoken("Welcome.", voice="Tom Atlantis"),
        *spoken("Thank you, Tom.", start=300, voice="Ada Example"),
        *spoken("Let's begin.", start=1200, voice="Tom Atlantis"),
    ]
    found = by_voice(words)
    assert said(found.utterances) == [("S1", "Welcome."), ("S2", "Thank you, Tom."), ("S1", "Let's begin.")]
    assert found.names == {"S1": "Tom Atlantis", "S2": "Ada Example"}
    assert [(t.span.start, t.span.end, t.label) for t in found.turns] == [
        (0, 300, "S1"),
        (300, 1200, "S2"),
        (1200, 1800, "S1"),
    ]


def test_words_nobody_is_printed_beside_have_no_label_and_no_turn():
    found = by_voice(spoken("Music plays."))
    assert said(found.utterances) == [(None, "Music plays.")]
    assert found.turns == ()
    assert found.names == {}


def test_words_without_times_have_utterances_but_no_turns():
    words = [Word("Hello.", Span(0, 0), None, "Ada Example"), Word("Hello.", Span(0, 0), None, "Ben Sample")]
    found = by_voice(words)
    assert said(found.utterances) == [("S1", "Hello."), ("S2", "Hello.")]
    assert found.turns == ()


@given(words_anyhow)
def test_printed_voices_are_never_mixed(words):
    found = by_voice(words)
    assert [word for utterance in found.utterances for word in utterance.words] == words
    for utterance in found.utterances:
        voice = None if utterance.label is None else found.names[utterance.label]
        assert {word.voice for word in utterance.words} == {voice}
