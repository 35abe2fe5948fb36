"""How surely a word is its voice's: by its own time under that voice's turns and others'."""

from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.domain.transcript import Word
from convarchive.ingest.sharing import Share, shares
from convarchive.ingest.utterances import join

ADA, BEN = SpeakerLabel("S1"), SpeakerLabel("S2")


def words(text, each=300):
    return [Word(token, Span(n * each, (n + 1) * each)) for n, token in enumerate(text.split())]


def told(text, *turns):
    turns = [Turn(Span(start, end), label) for label, start, end in turns]
    return shares(join(words(text), turns), turns)


def test_words_that_one_voice_holds_alone_are_surely_its():
    assert set(told("Who leads here? We all do.", (ADA, 0, 900), (BEN, 900, 1800)).values()) == {Share(1.0, None)}


def test_words_said_while_another_voice_speaks_are_marked_and_half_as_sure():
    found = told("We gave the power away at last.", (ADA, 0, 2100), (BEN, 900, 1200))
    assert found[3] == Share(0.5, "overlap")
    assert {share.mark for at, share in found.items() if at != 3} == {None}


def test_a_word_that_its_own_voice_hardly_holds_lies_on_a_boundary():
    found = told("We gave the power away at last.", (ADA, 0, 1000), (BEN, 1000, 1200), (ADA, 1200, 2100))
    assert found[3].mark == "boundary"
    assert found[3].sure < 0.5


def test_where_the_voice_changes_inside_a_sentence_without_a_pause_both_words_are_marked():
    found = told("We gave the power away at last", (ADA, 0, 900), (BEN, 900, 2100))
    assert [at for at, share in found.items() if share.mark == "boundary"] == [2, 3]


TURNS = st.lists(
    st.tuples(st.sampled_from([ADA, BEN]), st.integers(0, 4000), st.integers(1, 2000)).map(
        lambda t: Turn(Span(t[1], t[1] + t[2]), t[0])
    ),
    max_size=8,
)


@given(TURNS)
def test_whatever_the_turns_every_word_with_a_voice_has_a_share_between_none_and_all(turns):
    utterances = join(words("We gave the power away. And it grew from there on."), turns)
    found = shares(utterances, turns)
    assert set(found) == {u.first + n for u in utterances for n in range(len(u.words)) if u.label}
    assert all(0 <= share.sure <= 1 for share in found.values())
