"""Erasing a person: nothing of them stays in the archive's files, and nothing comes back when it is taken in again."""

import json
import shutil
import sqlite3
import zlib

import pytest

from convarchive.cli.app import run as command
from convarchive.domain.passage import Query
from convarchive.domain.speaker import Credit, Speaker, SpeakerId
from convarchive.editorial.backing_up import back_up
from convarchive.editorial.clearing import clear, withdraw
from convarchive.editorial.desks import load_desks
from convarchive.editorial.forgetting import forget
from convarchive.editorial.restoring import restore
from convarchive.errors import BadInput, Gone, NotAllowed, NotFound
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.ingest.desk_changes import add_speaker
from convarchive.ingest.withdrawals import read_erased, read_withdrawals
from convarchive.store.catalogue import Catalogue

pytestmark = pytest.mark.slow(alone=False)

SAID = {"by": "An Editor", "why": "asked for it by letter"}
BENS = ("letting go of control", "hide the small mistakes", "A good public service", "look after a small council")
ADAS = "People who clean a building"
NAMES = ("ben sample", "ben-sample")


def traces(home):
    """Everything the home's derived files hold, packed words unpacked, in lower case."""
    parts = []
    for path in sorted(home.holdings.rglob("*")) + sorted(home.build.rglob("*")):
        if path.is_file() and path.parent != home.audio:
            parts.append(path.read_bytes())
    with sqlite3.connect(home.catalogue) as raw:
        for (blob,) in raw.execute("SELECT words FROM transcript"):
            parts.append(" ".join(json.loads(zlib.decompress(blob))["text"]).encode())
    raw.close()
    return b"\n".join(parts).lower()


def held(walk, part):
    return part.lower().encode() in traces(walk.home)


@pytest.fixture
def told(walked):
    """The walked show, with Ben on the desk, a decision about him, vectors, and a note that names him."""
    walked.lists("one", title="Ben Sample on councils", further="<description>With Ben Sample.</description>")
    walked.publish()
    ben = walked.quote(BENS[0]).speaker.id
    credit = Credit("Clerk", "p. 1")
    add_speaker(walked.home, Speaker(ben, "Ben Sample", ("Benjamin Sample",), fiction=True, credits=(credit,)))
    assert walked.ingest().failed == []
    with Catalogue.for_writing(walked.home) as catalogue:
        form = walked.home.root / "form.txt"
        form.write_text("I agree. Signed: Ben Sample (an invented form)")
        quote = walked.quote(BENS[0]).id
        clear(catalogue, walked.home, quote, by="An Editor", why="Ben Sample agreed by telephone", release=form)
        form.unlink()
        with catalogue.writing() as write:
            texts = write.search.without_vector("fake", 100)
            write.search.put_vectors("fake", {text: (text[::-1] * 3).encode() for text in texts})
    return walked, ben


def forgotten(walk, ben):
    with Catalogue.for_writing(walk.home) as catalogue:
        load_desks(walk.home, catalogue)
        return forget(catalogue, walk.home, ben, **SAID)


def test_all_of_it_is_there_before(told):
    walk, _ = told
    assert all(held(walk, part) for part in (*BENS, *NAMES))


def test_words_name_and_vectors_leave_every_file(told):
    walk, ben = told
    quote = walk.quote(BENS[0])
    done = forgotten(walk, ben)
    assert done.erased
    assert done.went.quotes >= 3
    assert done.recordings == (walk.recording("one").sha256,)
    assert done.forms == 1
    assert list(walk.home.releases.iterdir()) == []
    # Nobody shall be asked to bring back what the person had signed.
    with Catalogue.for_reading(walk.home) as catalogue, catalogue.reading("editor") as read:
        assert {act.release_sha256 for act in read.reviews()} == {None}
    for part in (*BENS, *NAMES, "clerk", "benjamin"):
        assert not held(walk, part), part
    assert quote.text[::-1].lower().encode() not in traces(walk.home)
    assert ADAS.lower().encode() in traces(walk.home)
    text = walk.home.withdrawals.read_text() + walk.home.speakers.read_text()
    assert not [name for name in NAMES if name in text.lower()]
    with Catalogue.for_reading(walk.home) as catalogue:
        assert catalogue.check() == ()
        for audience in ("public", "researcher", "comms", "editor"):
            with catalogue.reading(audience) as read:
                with pytest.raises(Gone):
                    read.quote(quote.id)
                assert "Ben" not in repr((read.quotes(), read.speakers(), read.episodes()))


def test_what_others_said_reads_on_with_the_name_taken_out(told):
    walk, ben = told
    forgotten(walk, ben)
    episode = walk.episode("one").id
    lines = walk.read(lambda read: read.lines(episode))
    assert lines[0].text.endswith("My guest today is [name] [name]. Welcome, Ben.")
    assert {line.name for line in lines} <= {"Ada Example", None}
    assert walk.quote(ADAS).speaker.name == "Ada Example"
    assert walk.read(lambda read: read.episode(episode)).title == "[name] on councils"


@pytest.mark.parametrize("how", ["ingest", "hear again", "tell apart again", "from nothing", "with an advert"])
def test_nothing_comes_back_when_it_is_taken_in_again(told, how):
    walk, ben = told
    forgotten(walk, ben)
    if how == "hear again":
        walk.ears.words_by = "other words"
    if how == "tell apart again":
        walk.ears.turns_by = "other turns"
    if how == "from nothing":
        shutil.rmtree(walk.home.holdings)
    if how == "with an advert":
        walk.lists("one", offset=45_000, seed="other bytes", name="again.wav")
        walk.publish()
    assert walk.ingest().failed == []
    if how == "with an advert":
        # Where the words stand in other sound nobody knows any more: all of it is closed until an editor has listened.
        assert walk.read(lambda read: read.listed(Query("")), "researcher") == ()
        assert any(one.kind == "withdrawal" for one in walk.read(lambda read: read.questions()))
    else:
        assert not [part for part in BENS if held(walk, part)]
        assert ADAS.lower().encode() in traces(walk.home)
    assert not [name for name in NAMES if held(walk, name)]


def test_an_old_backup_brings_nothing_back(told, tmp_path):
    walk, ben = told
    old = tmp_path / "old.tar"
    back_up(walk.home, old, with_audio=True, replace=False, report=lambda *_: None)
    forgotten(walk, ben)
    restore(old, walk.home.root, replace_present=True, make_index=FaissIndex, report=lambda *_: None)
    for _ in range(2):
        assert not [part for part in (*BENS, *NAMES) if held(walk, part)]
        assert not [name for name in NAMES if name in walk.home.speakers.read_text().lower()]
        assert ADAS.lower().encode() in traces(walk.home)
        assert walk.ingest().failed == []


def test_a_quote_of_somebody_else_that_named_the_person_waits_for_review_again(told):
    walk, ben = told
    with Catalogue.for_writing(walk.home) as catalogue:
        with catalogue.writing() as write:
            write.speech.put_speaker(Speaker(SpeakerId("cleo-sample"), "Cleo Sample"), "heard")
        theirs = walk.quote(ADAS).id
        clear(catalogue, walk.home, theirs, **SAID)
    raw = sqlite3.connect(walk.home.catalogue)
    with raw:
        raw.execute("UPDATE version SET text = text || ' Ask Ben Sample.' WHERE quote = ?", (theirs,))
    raw.close()
    done = forgotten(walk, ben)
    assert done.went.mentions == 1
    quote = walk.read(lambda read: read.quote(theirs))
    assert quote.text.endswith("Ask [name].")
    assert quote.clearance == "unreviewed"


def test_the_log_keeps_what_was_decided_under_a_pseudonym(told):
    walk, ben = told
    quote = walk.quote(BENS[0]).id
    with Catalogue.for_writing(walk.home) as catalogue:
        withdraw(catalogue, walk.home, quote, **SAID)
    before = [(one.number, one.act) for one in walk.read(lambda read: read.reviews())]
    done = forgotten(walk, ben)
    after = walk.read(lambda read: read.reviews())
    assert [(one.number, one.act) for one in after] == [*before, (done.review, "forget")]
    assert after[-1].person.startswith("erased-")
    assert "[name] agreed by telephone" in {one.why for one in after}
    # And nobody else may write into the log.
    raw = sqlite3.connect(walk.home.catalogue)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("UPDATE review SET why = 'another'")
    raw.close()


def test_the_desk_keeps_stretches_and_digests_and_no_name(told):
    walk, ben = told
    forgotten(walk, ben)
    assert all(one.erased and one.person is None for one in read_withdrawals(walk.home))
    erased = read_erased(walk.home)
    assert [mark.words for mark in erased.marks] == [2, 2]
    assert erased.redactor.text("Here is BEN SAMPLE.") == "Here is [name]."


def test_somebody_whom_a_desk_quotes_in_print_is_not_erased_before_the_desk_is_mended(told):
    walk, ben = told
    walk.home.published.mkdir(parents=True, exist_ok=True)
    print_ = walk.home.published / "paper.toml"
    print_.write_text(
        'id = "paper"\ntitle = "A paper"\npublisher = "Example Press"\npublished = "2030"\n'
        f'[[quotes]]\nkey = "one"\ntext = "Printed words."\nspeaker = "{ben}"\nname = "Ben Sample"\ncredit = "Clerk"\n'
        'place = "page 1"\nkind = "podcast"\n'
    )
    with pytest.raises(NotAllowed, match=r"paper\.toml:8, .*paper\.toml:9 name this person"):
        forgotten(walk, ben)
    assert held(walk, BENS[0])
    print_.unlink()
    assert forgotten(walk, ben).erased


def test_nobody_is_erased_without_who_and_why_and_nobody_unknown(told):
    walk, ben = told
    with Catalogue.for_writing(walk.home) as catalogue:
        with pytest.raises(BadInput):
            forget(catalogue, walk.home, ben, by="", why="x")
        with pytest.raises(NotFound):
            forget(catalogue, walk.home, SpeakerId("nobody"), **SAID)


def test_the_report_holds_every_kind_of_thing_and_is_empty_of_them_afterwards(told, capfd):
    walk, ben = told
    at = ("--home", str(walk.home.root))
    assert command(["speakers", "report", ben, "--json", *at]) == 0
    report = json.loads(capfd.readouterr().out)
    full = {what for what, rows in report.items() if rows}
    assert full >= {
        "record", "credits", "voices", "evidence", "quotes", "decisions", "named in titles and notes",
        "named in transcripts",
    }  # fmt: skip
    assert report["voiceprints"] == []
    assert any(BENS[0] in row["text"] for row in report["quotes"])
    assert command(["speakers", "report", ben, *at]) == 0
    assert "Ben Sample agreed by telephone" in " ".join(capfd.readouterr().out.split())
    assert command(["speakers", "forget", ben, "--by", "An Editor", "--why", "asked", "--yes", *at]) == 0
    out, err = capfd.readouterr()
    assert "erased: " in out
    assert "cannot be called back" in err
    assert command(["speakers", "report", ben, *at]) == 1


def test_only_editors_are_told_what_is_held(told):
    walk, ben = told
    for audience in ("public", "researcher", "comms"):
        with pytest.raises(NotAllowed):
            walk.read(lambda read: read.held_about(ben), audience)
