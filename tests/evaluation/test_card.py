"""The accuracy card, on small references whose answers are known."""

import json
from html.parser import HTMLParser
from itertools import count

import pytest

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.domain.transcript import Transcript, Word
from convarchive.evaluation.card import NOBODY, card, utterances, voices, words
from convarchive.evaluation.card_names import names
from convarchive.evaluation.card_page import html, markdown
from convarchive.evaluation.naming import Answer
from convarchive.evaluation.resampling import difference, interval
from convarchive.evaluation.speech import references

STM = "{0} 1 ada 0.0 10.0 WE GAVE IT AWAY\n{0} 1 ben 10.0 20.0 AND IT GREW\n"
RTTM = "SPEAKER {0} 1 0.0 10.0 <NA> <NA> ada <NA> <NA>\nSPEAKER {0} 1 10.0 10.0 <NA> <NA> ben <NA> <NA>\n"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "speech"
    folder.mkdir()
    for name in ("libri1", "our_talk", "ami_one"):
        (folder / f"{name}.flac").write_bytes(b"never opened here")
        (folder / f"{name}.rttm").write_text(RTTM.format(name))
    for name in ("libri1", "our_talk"):
        (folder / f"{name}.stm").write_text(STM.format(name))
    return tmp_path


def ear(text, spoilt=None):
    """Hears `text`, and with hints `spoilt`; both a word a second."""

    def hear(_audio, hints):
        said = spoilt if spoilt and hints else text
        at = (*range(1, 5), *range(11, 99))
        placed = tuple(Word(word, Span.seconds(s, s + 0.5)) for word, s in zip(said.split(), at, strict=False))
        return Transcript(placed, "en", "heard", "an ear")

    return hear


def tell(audio):
    at = 10 if audio.stem != "ami_one" else 15
    return (Turn(Span.seconds(0, at), SpeakerLabel("S1")), Turn(Span.seconds(at, 20), SpeakerLabel("S2")))


def answers(wrong=0, total=40, *, fitted=False, condition="full"):
    number = count()
    return [
        Answer(condition, f"made-up-{next(number)}", SpeakerLabel("S1"), 0,
               "Ada Example" if at >= wrong else "Ben Sample",
               "host" if at % 2 else "guest", 500, "Ada Example", "confirmed", 0.99, fitted)
        for at in range(total)
    ]  # fmt: skip


@pytest.fixture
def whole(data):
    known = references(data)
    ears = {"base": ear("We gave it away And it grew"), "tiny.en": ear("We gave it back And it grew")}
    return card(
        {
            "words": words(known, ears),
            "voices": voices(known, tell, ears, system="voices 0"),
            "names": names(answers(1)),
        },
        command="convarchive evaluate all --data references",
        made="2031-01-01",
        models=[{"name": "base", "purpose": "words", "sha256": "ab" * 32, "origin": "made up", "licence": "none"}],
        settings={"words, language": "en"},
        archive=None,
        left_out={},
    )


def test_errors_stand_where_they_were_made(data):
    talk = next(one for one in references(data) if one.id == "our_talk")
    first, second = utterances(talk, "We gave him away too. And grew.")
    assert (first.words, first.wrong, first.missing, first.invented) == (4, 1, 0, 1)
    assert (second.words, second.wrong, second.missing, second.invented) == (3, 0, 1, 0)
    assert [part.missing for part in utterances(talk, "")] == [4, 3]


def test_an_interval_holds_the_rate_and_is_the_same_each_time():
    errors, totals = [0, 1, 2, 0, 5, 1], [10, 12, 9, 11, 14, 8]
    low, high = interval(errors, totals)
    assert low < sum(errors) / sum(totals) < high
    assert interval(errors, totals) == (low, high)
    assert interval([1] * 6, [10] * 6) == (0.1, 0.1)
    # From so few there is none, rather than one that is too narrow.
    assert interval([1, 2, 3, 4, 0], [10, 10, 10, 10, 0]) is None
    # The same errors on the same units differ by nothing, however wide either interval is.
    assert difference(errors, errors, totals) == (0, 0)


def test_words_are_told_by_model_with_and_without_hints(data):
    given = []

    def hear(audio, hints):
        given.append(hints)
        return ear("We gave it away And it grew", spoilt="We gave Ada Example away And it grew")(audio, hints)

    plain, hinted = words(references(data), {"base": hear})["rows"]
    assert set(given) == {(), NOBODY}
    assert (plain["errors"], plain["words"], plain["wer"], plain["interval_95"]) == (0, 14, 0, None)
    assert (hinted["hints"], hinted["wrong"] + hinted["invented"]) == ("invented names", 4)
    assert hinted["change"] == pytest.approx(4 / 14)


def test_a_register_beside_a_recording_is_given_as_hints(data):
    (data / "speech" / "our_talk.hints.txt").write_text("Ada Example\n\nBen Sample\n")
    asked = {}

    def hear(audio, hints):
        asked.setdefault(audio.stem, set()).add(hints)
        return ear("We gave it away And it grew")(audio, hints)

    found = words(references(data), {"base": hear})
    assert [(row["hints"], len(row["recordings"])) for row in found["rows"]] == [
        ("none", 2), ("invented names", 2), ("register", 1)
    ]  # fmt: skip
    assert asked["our_talk"] - asked["libri1"] == {("Ada Example", "Ben Sample")}


def test_voices_are_told_by_kind_and_never_only_in_one_heap(data, whole):
    found = whole["voices"]
    by_kind = {row["kind"]: row for row in found["kinds"]}
    assert set(by_kind) == {"read conversations", "other recordings", "meetings"}
    assert by_kind["read conversations"]["der"] == 0
    assert by_kind["meetings"]["confused"] == pytest.approx(4.75 / 19)
    assert found["all"]["der"] == pytest.approx(4.75 / 57)
    assert found["all"]["interval_95"] is None
    many = voices([one for one in references(data)] * 2, tell, {})["all"]
    low, high = many["interval_95"]
    assert low == 0
    assert many["der"] == found["all"]["der"] < high
    assert (found["all"]["voices"], found["all"]["expected"], found["all"]["counted_right"]) == (6, 6, 3)
    assert [(row["model"], row["cpwer"]) for row in found["words_by_voice"]] == [("base", 0), ("tiny.en", 2 / 14)]


def test_confirmed_names_have_an_upper_bound_and_an_interval():
    row = names(answers(2, 1000))["all"]["conditions"][0]["together"]
    assert (row["wrong"], row["confirmed"], round(row["upper_bound_95"], 4)) == (2, 1000, 0.0063)
    assert [round(one, 4) for one in row["interval_95"]] == [0.0005, 0.0073]
    assert row["talk_confirmed"] == 0.998
    assert row["talk_interval_95"][0] < 0.998 < row["talk_interval_95"][1]
    nothing = names([])["all"]
    assert nothing["conditions"] == []


def test_what_was_held_out_is_counted_by_itself():
    found = names([*answers(3, fitted=True), *answers(0)])
    assert [found[key]["conditions"][0]["together"]["wrong"] for key in ("all", "held_out")] == [3, 0]


def test_typed_and_audio_figures_are_never_pooled(data, whole):
    audio, typed = ("words", "voices"), ("names",)
    assert {whole[name]["material"] for name in audio} == {"recordings"}
    assert {whole[name]["material"] for name in typed} == {"typed transcripts"}
    for name in (*audio, *typed):
        assert {one["material"] for one in whole[name]["references"]} == {whole[name]["material"]}
    # No figure stands outside the parts, where it could be of both.
    outside = {key: value for key, value in whole.items() if key not in (*audio, *typed)}
    numbers = [one for one in flat(outside) if isinstance(one, int | float)]
    assert numbers == [1]  # the schema's
    sizes = {row["words"] for row in whole["words"]["rows"]} | {
        row["words"] for row in whole["voices"]["words_by_voice"]
    }
    assert sizes == {14}


def flat(value):
    if isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from flat(one)
    else:
        yield value


class Read(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.cells, self.where = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.where = tag

    def handle_data(self, text):
        if self.where == "td" and text.strip():
            self.cells.append(text)


def test_both_pages_say_the_same_and_html_is_escaped(whole):
    whole = json.loads(json.dumps(whole))
    trap = "<script>alert(1)</script> & | *bold*"
    whole["models"][0]["origin"] = trap
    whole["command"] = f"convarchive evaluate all --model '{trap}'"
    page = Read(html(whole))
    assert "script" not in page.tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in html(whole)
    lines = markdown(whole).splitlines()
    rows = [line for line in lines if line.startswith("| ") and "---" not in line]
    assert r"\<script>alert(1)\</script> & \| \*bold\*" in next(line for line in rows if "ab" * 32 in line)
    heads = html(whole).count("<thead>")
    assert len(rows) == page.tags.count("tr")
    assert sum(line.startswith("| --- |") for line in lines) == heads
    said = markdown(whole).replace("\\", "")
    assert {"1 of 40", "meetings", "read conversations"} <= set(page.cells)
    assert [cell for cell in page.cells if cell not in said] == []


def test_what_was_not_measured_is_said_and_never_shown_as_nought(whole):
    bare = {
        **whole,
        "words": None,
        "names": None,
        "left_out": {"words": "the folder of references holds no recordings"},
    }
    assert "Not measured: the folder of references holds no recordings." in markdown(bare)
    assert "Not measured: no archive was named." in html(bare)
    none = {"checked": 0, "right": 0, "wrong": 0, "share": None, "interval_95": None}
    some = {"checked": 50, "right": 49, "wrong": 1, "share": 0.98, "interval_95": [0.895, 0.9965]}
    archive = {"names": some, "names_on_evidence": none, "words": none, "unsure_names": 1, "unsure_words": 0,
               "stale": 2, "people": 1, "confirmed_quotes": 300,
               "reference": "people who listened to the recordings"}  # fmt: skip
    said = markdown({**bare, "archive": archive})
    assert "Names: 50 checked by people, 1 wrong; right 98.0 %, 95 % 89.5–99.7 % (Wilson)." in said
    assert "Words: not measured; nobody has checked any yet." in said
