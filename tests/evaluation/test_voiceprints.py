"""Trials of voiceprints, counted on invented voices whose answers are known."""

import numpy as np
import pytest

from convarchive.domain.span import Span
from convarchive.evaluation.damaged import damaged, table_of
from convarchive.evaluation.voiceprints import facts, material, report, score, upper_bound, write
from convarchive.naming.voiceprints import Voice

# Three people of an invented panel; the third sounds nearly like the first in one recording.
VOICES = {"p1": (1.0, 0.0, 0.0), "p2": (0.0, 1.0, 0.0), "p3": (0.0, 0.0, 1.0), "near p1": (0.8, 0.0, 0.6)}


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "speech"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.flac").write_bytes(b"never opened here")
        lines = [
            f"SPEAKER {name} 1 {at} 24.0 <NA> <NA> {who} <NA> <NA>" for at, who in ((0, "p1"), (30, "p2"), (60, "p3"))
        ]
        (folder / f"{name}.rttm").write_text("\n".join(lines) + "\n")
    return tmp_path


def listening(by, narrow=()):
    """Hears, for each recording, who sounds like whom."""

    def listen(audio, voices):
        found = {}
        for label, spans in voices.items():
            who = label.partition(" ")[2]
            like = by.get((audio.stem, who), who)
            ms = sum(span.duration for span in spans)
            found[label] = Voice(VOICES[like], ms, Span(0, 1), (audio.stem, who) in narrow)
        return found

    return listen


def test_three_voices_like_nobody_else_are_all_found_and_never_mistaken(data):
    found = score(material(data, listening({})))
    told = facts(found)
    # Three portions of 6 s of each of three people in two recordings; each is compared with the two others.
    assert (told["open"], told["closed"], told["right"], told["wrong"]) == (18, 18, 18, 0)
    assert (told["impostor_trials"], told["false"], told["pairs"]) == (36, 0, 6)
    assert dict((at, (false, true)) for at, false, true in found.curve)[0.6] == (0, 18)
    assert "| one other person enrolled | 0 | 36 |" in report(found)


def test_an_impostor_is_counted_and_the_margin_counts_for_him(data, tmp_path):
    found = score(material(data, listening({("two", "p3"): "near p1"})))
    told = facts(found)
    # Three portions of p3 are 0.8 like p1, and all six of p1 are as like p3's print from there.
    assert (told["false"], told["false_pairs"]) == (9, 2)
    assert told["highest_impostor"] == pytest.approx(0.8)
    assert told["false_open"] == 9
    write(found, tmp_path / "runs")
    lines = (tmp_path / "runs" / "voiceprints.csv").read_text().splitlines()
    assert lines[0] == "portion,recording,person,compared_with,likeness,own,narrow"
    assert len(lines) == 1 + len(found.trials) == 1 + 54


def test_what_is_by_telephone_is_counted_apart(data):
    told = facts(score(material(data, listening({("two", "p3"): "near p1"}, narrow={("two", "p3")}))))
    assert (told["false"], told["false_open"], told["open"]) == (0, 0, 15)


def test_words_that_are_read_twice_are_the_same_sound_and_are_compared_once(data):
    for name in ("one", "two"):
        (data / "speech" / f"{name}.stm").write_text(f"{name} 1 p1 0.0 24.0 THE SAME WORDS\n")
    assert facts(score(material(data, listening({}))))["open"] == 15


@pytest.mark.parametrize(
    ("wrong", "trials", "bound"), [(0, 1, 0.95), (0, 100, 0.02951), (1, 100, 0.04656), (5, 50, 0.19883), (3, 3, 1.0)]
)
def test_the_upper_bound_is_clopper_and_pearsons(wrong, trials, bound):
    assert upper_bound(wrong, trials) == pytest.approx(bound, abs=1e-4)


def test_the_table_of_damage_listens_to_each_recording_as_it_was_spoilt_and_leaves_telephones_out(data, tmp_path):
    heard = []

    def listen(audio, voices):
        heard.append((audio.parent, audio.suffix, audio.is_file()))
        # What comes out of the damage is duller: the third voice is nearly the first's.
        spoilt = {("two", "p3"): "near p1"} if audio.parent == tmp_path / "made" else {}
        return listening(spoilt, narrow={("one", "p2")} if not spoilt else ())(audio, voices)

    made = tmp_path / "made"
    made.mkdir()
    (data / "speech" / "three.flac").write_bytes(b"never opened here")
    rows = (data / "speech" / "two.rttm").read_text().replace("two", "three")
    (data / "speech" / "three.rttm").write_text(rows)
    sound = np.zeros(16_000, dtype=np.float32)
    table = list(damaged(data, listen, lambda audio: sound, lambda audio, out: out.write_bytes(b"mp3"), made))
    assert [one.damage for one in table[:2]] == ["as recorded", "MP3 at 24 kbit/s"]
    assert len(table) == 6
    assert (table[0].likest_impostor, table[0].least_own) == (0.0, 1.0)
    assert {(round(one.likest_impostor, 3), round(one.least_own, 3)) for one in table[1:]} == {(0.8, 0.6)}
    # Two recordings of three people each: the one that came by telephone counts in no row.
    assert {one.impostor_trials for one in table} == {36}
    assert {ending for folder, ending, there in heard if folder == made and there} == {".mp3", ".wav"}
    assert list(made.iterdir()) == []
    assert "| MP3 at 24 kbit/s | 0.80 of 36 | 0.60 of 18 |" in table_of(table)
