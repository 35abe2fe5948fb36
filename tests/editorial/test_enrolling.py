"""Voiceprints: by consent, from reviewed speech, used in other recordings, and gone without a trace when taken back."""

import json
import sqlite3
import struct

import pytest

from convarchive.cli.app import run as command
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.editorial.assigning import assign
from convarchive.editorial.backing_up import back_up
from convarchive.editorial.desks import load_desks
from convarchive.editorial.enrolling import forget_voiceprints
from convarchive.editorial.forgetting import forget
from convarchive.editorial.restoring import restore
from convarchive.editorial.voices import undo
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.store.catalogue import Catalogue
from fakes.encoder import HashingEncoder
from fakes.scripted import ScriptedGrader
from fakes.walk import TALK, sounding, vector_of, walking
from servers import serving

pytestmark = pytest.mark.slow(alone=False)

ON, OFF = 'title = "A test (fiction)"\nallow_private_addresses = true\nvoiceprints = true\n', "voiceprints = false\n"
BEN = SpeakerId("ben-sample")
SAID = {"by": "An Editor", "why": "asked for it by letter"}
CONSENT = ("--consent-by", "Ben Sample", "--consent-on", "2026-01-31", "--consent-how", "signed form, cabinet 3")
CONSENT += ("--by", "B. Editor")
# The same two voices, and not a name in it.
NAMELESS = TALK[4:] * 2
PRINT = struct.pack("<48f", *vector_of(0))
"""Ben's, whose voice is the first that is listened to."""


@pytest.fixture
def walk(tmp_path):
    """Two episodes: in the first an editor has named Ben's voice; in the second nobody says a name."""
    with serving() as server:
        walk = walking(server, tmp_path / "home", "one")
        walk.lists("two", NAMELESS, day=7)
        walk.publish()
        walk.home.settings.write_text(ON)
        walk.printing = sounding(walk.ears)
        assert walk.ingest().failed == []
        with Catalogue.for_writing(walk.home) as catalogue:
            assign(catalogue, walk.episode("one").id, SpeakerLabel("S2"), BEN, **SAID)
        assert walk.ingest(feeds=False).failed == []
        yield walk


@pytest.fixture
def enrolled(walk, monkeypatch, capfd):
    assert ask(walk, monkeypatch, *CONSENT, "--later") == 0
    out = capfd.readouterr().out
    assert "1 voiceprint of" in out
    assert "2 episodes will be listened to again at the next convarchive ingest" in out
    return walk


def listening(walk, monkeypatch):
    for place in ("wiring", "wiring.hearing"):
        monkeypatch.setattr(f"convarchive.{place}.voiceprinting", lambda: walk.printing)
    monkeypatch.setattr("convarchive.wiring.hearing.grader", ScriptedGrader)


def ask(walk, monkeypatch, *given):
    listening(walk, monkeypatch)
    return command(["speakers", "enrol", BEN, *given, "--home", str(walk.home.root)])


def voices(walk, guid="two"):
    found = walk.read(lambda read: read.voices(walk.episode(guid).id))
    return {one.label: (one.speaker, one.status) for one in found}


def everything(home):
    """All bytes of the home's files, save the sound."""
    files = [path for path in home.root.rglob("*") if path.is_file() and path.parent != home.audio]
    return b"".join(path.read_bytes() for path in files)


def held(home):
    return everything(home).count(PRINT)


def test_an_enrolled_voice_is_known_where_nobody_says_the_name_and_only_while_it_is_on(enrolled):
    assert voices(enrolled) == {"S1": (None, "unattributed"), "S2": (None, "unattributed")}
    assert next(stage for _, stage, _ in enrolled.ingest(feeds=False).done) == "name"
    assert voices(enrolled) == {"S1": (None, "unattributed"), "S2": (BEN, "probable")}
    assert voices(enrolled, "one")["S2"] == (BEN, "confirmed")
    assert enrolled.ingest(feeds=False).done == []
    enrolled.home.settings.write_text(ON.replace("voiceprints = true\n", ""))
    enrolled.ingest(feeds=False)
    assert voices(enrolled)["S2"] == (None, "unattributed")


def test_enrolling_settles_voices_elsewhere_at_once_and_taking_the_ground_back_unsettles_them(walk, monkeypatch, capfd):
    assert ask(walk, monkeypatch, *CONSENT) == 0
    out = capfd.readouterr().out
    assert "2 episodes weighed again; names changed in 1" in out
    assert "    S2: Ben Sample (probable), was not named" in out
    assert "quotes now under Ben Sample (probable)" in out
    assert walk.ingest(feeds=False).done == []
    # An editor's word for another voice of his takes nothing back, and so nothing is erased.
    one, two = walk.episode("one").id, walk.episode("two").id
    with Catalogue.for_writing(walk.home) as catalogue:
        assert assign(catalogue, two, SpeakerLabel("S2"), BEN, **SAID).unprinted == ()
        assert undo(catalogue, two, **SAID).unprinted == ()
    assert held(walk.home) >= 1
    walk.ingest(feeds=False)
    # The voice that the print was made of is somebody else's: the print was never Ben's.
    given = ("--by", "An Editor", "--why", "heard it again", "--json", "--home", str(walk.home.root))
    assert command(["speakers", "assign", one, "S2", "ada-example", *given]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["voiceprints_erased"] == [BEN]
    (changed,) = told["elsewhere"]["changed"]
    assert (changed["episode"], changed["voices"]) == (
        two,
        [{"label": "S2", "before": {"name": "Ben Sample", "status": "probable"},
          "after": {"name": None, "status": "unattributed"}}],
    )  # fmt: skip
    assert held(walk.home) == 0
    assert voices(walk)["S2"] == (None, "unattributed")
    report = walk.read(lambda read: read.held_about(BEN))
    assert (report["voiceprints"], len(report["consent to voiceprints"])) == ([], 1)


def test_nothing_is_kept_without_consent_setting_and_reviewed_speech(walk, monkeypatch, capfd):
    def refused(*given):
        assert ask(walk, monkeypatch, *given) == 2
        (line,) = capfd.readouterr().err.strip().splitlines()
        assert held(walk.home) == 0
        return line

    assert "--consent-by WHO is missing" in refused()
    assert "--consent-how TEXT is missing" in refused(*CONSENT[:4])
    assert "is no date" in refused(*CONSENT[:3], "in spring", *CONSENT[4:])
    assert "still to come" in refused(*CONSENT[:3], "2999-01-01", *CONSENT[4:])
    walk.home.settings.write_text(OFF)
    assert "voiceprints = true in convarchive.toml" in refused(*CONSENT)
    walk.home.settings.write_text(ON)
    raw = sqlite3.connect(walk.home.catalogue)
    with raw:
        raw.execute("UPDATE voice_decision SET speaker = 'ada-example'")
    raw.close()
    assert "no editor named a voice of ben-sample yet" in refused(*CONSENT)
    assert command(["speakers", "enrol", "nobody", *CONSENT, "--home", str(walk.home.root)]) == 1


def test_less_than_twenty_seconds_of_clean_speech_are_too_little(walk, monkeypatch, capfd):
    monkeypatch.setattr("convarchive.ingest.clean_speech.PAUSE", 0)
    monkeypatch.setattr("convarchive.ingest.clean_speech.SHORTEST", 300)
    raw = sqlite3.connect(walk.home.catalogue)
    with raw:
        # Somebody talks over nearly all of it.
        recording = walk.recording("one").sha256
        raw.execute("INSERT INTO turn VALUES (?, 8000, 50000, 'S9')", (recording,))
    raw.close()
    assert ask(walk, monkeypatch, *CONSENT) == 2
    assert "20 s are needed" in capfd.readouterr().err


def test_one_voice_given_to_two_people_is_found_out(enrolled, monkeypatch, capfd):
    with Catalogue.for_writing(enrolled.home) as catalogue:
        assign(catalogue, enrolled.episode("two").id, SpeakerLabel("S2"), SpeakerId("ada-example"), **SAID)
    at = ("--home", str(enrolled.home.root))
    listening(enrolled, monkeypatch)
    assert command(["speakers", "enrol", "ada-example", *CONSENT, *at]) == 2
    assert "sounds like the voiceprint of ben-sample" in capfd.readouterr().err


def test_the_log_tells_who_enrolled_from_who_agreed(enrolled):
    entry = enrolled.read(lambda read: [one for one in read.reviews() if one.act == "enrol"])[0]
    assert (entry.by, entry.why) == ("B. Editor", "consent of Ben Sample, 2026-01-31")


def test_nobody_is_asked_about_an_erasure_that_lacks_who_orders_it(enrolled, capfd):
    for more in ((), ("--voiceprints",)):
        assert command(["speakers", "forget", BEN, *more, "--why", "a letter", "--home", str(enrolled.home.root)]) == 2
        said = capfd.readouterr()
        assert "--by WHO" in said.err
        assert "?" not in said.out + said.err


def test_the_report_counts_prints_and_tells_the_consent_and_no_door_tells_the_numbers(enrolled, capfd):
    enrolled.ingest(feeds=False)
    assert command(["speakers", "report", BEN, "--json", "--home", str(enrolled.home.root)]) == 0
    report = json.loads(capfd.readouterr().out)
    (told,) = report["consent to voiceprints"]
    assert (told["given_by"], told["given_on"], told["how"]) == ("Ben Sample", "2026-01-31", "signed form, cabinet 3")
    (one,) = report["voiceprints"]
    assert set(one) == {"recording", "speech_ms", "encoder", "made_at"}
    assert "voiceprint" not in "".join(enrolled.lines()).replace('"kind":"voiceprint"', "").replace(
        "sound like the voiceprint of", ""
    )


def test_a_backup_holds_none_unless_it_is_asked_for_them(enrolled, tmp_path, capfd):
    at = ("--home", str(enrolled.home.root))
    without, full = tmp_path / "without.tar", tmp_path / "full.tar"
    assert held(enrolled.home) >= 1
    assert command(["backup", str(without), *at, "--quiet"]) == 0
    assert PRINT not in without.read_bytes()
    assert command(["backup", str(full), "--with-voiceprints", *at, "--quiet"]) == 0
    assert "biometric data" in capfd.readouterr().err
    assert PRINT in full.read_bytes()


def test_taking_the_consent_back_erases_prints_and_what_was_concluded_and_nothing_else(enrolled, tmp_path):
    enrolled.ingest(feeds=False)
    old = tmp_path / "old.tar"
    back_up(enrolled.home, old, with_audio=True, replace=False, report=lambda *_: None, with_voiceprints=True)
    enrolled.home.settings.write_text(OFF + ON.partition("voiceprints")[0])
    quotes = set(enrolled.quotes())
    with Catalogue.for_writing(enrolled.home) as catalogue:
        done = forget_voiceprints(catalogue, BEN, **SAID)
    assert (done.prints, done.episodes, done.erased) == (1, (enrolled.episode("two").id,), True)
    assert held(enrolled.home) == 0
    # At once, before anything is weighed again, the name that stood on the print is gone.
    assert voices(enrolled) == {"S1": (None, "unattributed"), "S2": (None, "unattributed")}
    assert voices(enrolled, "one")["S2"] == (BEN, "confirmed")
    assert set(enrolled.quotes()) == quotes
    told = enrolled.read(lambda read: read.held_about(BEN))
    assert (told["voiceprints"], told["consent to voiceprints"]) == ([], [])
    assert not [one for one in told["evidence"] if one["kind"] == "voiceprint"]
    last = enrolled.read(lambda read: read.reviews())[-1]
    assert (last.act, last.person, last.by) == ("forget_voiceprints", BEN, "An Editor")
    # And a backup from before, prints and all, does not bring it back.
    restore(old, enrolled.home.root, replace_present=True, make_index=FaissIndex, report=lambda *_: None)
    assert held(enrolled.home) == 0
    assert voices(enrolled)["S2"] == (None, "unattributed")


def test_erasing_the_person_takes_the_prints_along_also_where_they_are_off(enrolled):
    enrolled.ingest(feeds=False)
    enrolled.home.settings.write_text(OFF + ON.partition("voiceprints")[0])
    with Catalogue.for_writing(enrolled.home) as catalogue:
        build(enrolled.home, catalogue, HashingEncoder(), FaissIndex)
        load_desks(enrolled.home, catalogue)
        assert forget(catalogue, enrolled.home, BEN, **SAID).erased
    assert list(enrolled.home.build.glob("vectors-*.index"))
    assert held(enrolled.home) == 0
    assert b"cabinet 3" not in everything(enrolled.home)
    last = enrolled.read(lambda read: read.reviews())[-1]
    assert (last.act, last.person[:7]) == ("forget", "erased-")
    evidence = [line for line in enrolled.lines() if '"kind":"voiceprint"' in line]
    assert evidence == []


def test_doctor_says_what_is_held_where_it_is_off_and_how_it_goes(enrolled, capfd):
    at = ("--home", str(enrolled.home.root))
    command(["doctor", *at])
    assert "on; 1, of 1 people, are held" in " ".join(capfd.readouterr().out.split())
    enrolled.home.settings.write_text(OFF)
    command(["doctor", *at])
    out = " ".join(capfd.readouterr().out.split())
    assert "off, so none is used, but 1, of 1 people, are held" in out
    assert "convarchive speakers forget ben-sample --voiceprints" in out
