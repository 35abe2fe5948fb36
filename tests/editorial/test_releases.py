"""Release forms and the history of a quote: what a decision rested on can be looked up, and cannot be exchanged."""

import hashlib
import json

import pytest

from convarchive.cli.app import run as command
from convarchive.editorial.backing_up import back_up
from convarchive.editorial.clearing import clear, undo
from convarchive.editorial.restoring import restore
from convarchive.editorial.whole import Whole, close
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.store.catalogue import Catalogue
from convarchive.store.releases import LARGEST, release_file
from fakes import small_archive as small
from fakes.blank import blank_home

ADAS = small.HEARD["confirmed"]
SAID = {"by": "An Editor", "why": "signed on paper"}
FORM = b"I, Ada Example, agree that these words be printed. (an invented form)"


@pytest.fixture
def home(tmp_path):
    home = blank_home(tmp_path / "home")
    home.settings.write_text('title = "An invented archive"\n')
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
    return home


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "Form of Ada.PDF"
    path.write_bytes(FORM)
    return path


def cleared(home: Home, **choices):
    with Catalogue.for_writing(home) as catalogue:
        clear(catalogue, home, ADAS, **SAID, **choices)


def history(home, quote=ADAS):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading("editor") as read:
        return read.history(quote)


def test_a_clearing_names_the_digest_of_its_form_and_a_copy_is_kept_for_the_owner_alone(home, form):
    cleared(home, release=form)
    form.unlink()
    digest = hashlib.sha256(FORM).hexdigest()
    (act,) = history(home)
    assert (act.act, act.release_sha256) == ("clear", digest)
    kept = release_file(home, digest)
    assert kept.read_bytes() == FORM
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.name == f"{digest}.pdf"


@pytest.mark.parametrize("wrong", ["nowhere", "a folder", "empty", "too large"])
def test_what_is_no_form_decides_nothing(home, tmp_path, wrong):
    path = tmp_path / "form.pdf"
    if wrong == "a folder":
        path.mkdir()
    elif wrong == "empty":
        path.touch()
    elif wrong == "too large":
        with path.open("wb") as file:
            file.truncate(LARGEST + 1)
    with pytest.raises(BadInput, match=r"form\.pdf is"):
        cleared(home, release=path)
    assert history(home) == ()
    with Catalogue.for_reading(home) as catalogue, catalogue.reading("editor") as read:
        assert read.quote(ADAS).clearance == "unreviewed"


def test_doctor_tells_when_a_form_was_lost_or_exchanged(home, form, capfd):
    cleared(home, release=form)
    where = release_file(home, hashlib.sha256(FORM).hexdigest())
    command(["doctor", "--home", str(home.root)])
    before = capfd.readouterr().out
    assert "catalogue" in before
    assert "releases" not in before
    where.write_bytes(b"another form")
    command(["doctor", "--home", str(home.root)])
    told = capfd.readouterr().out
    assert "is not held as it was" in told
    where.unlink()
    command(["doctor", "--home", str(home.root)])
    assert "is not held as it was" in capfd.readouterr().out


def test_a_quotes_history_holds_what_was_decided_with_its_speaker_and_its_episode(home, form, capfd):
    cleared(home, release=form)
    with Catalogue.for_writing(home) as catalogue:
        undo(catalogue, home, ADAS, **SAID)
        close(catalogue, home, Whole(person=small.ADA), "withheld", **SAID)
        with catalogue.writing() as write:
            episode = write.episodes.episodes()[0].id
        close(catalogue, home, Whole(episode=episode), "withheld", **SAID)
        close(catalogue, home, Whole(person=small.BEN), "withheld", **SAID)
    assert [act.act for act in history(home)] == ["clear", "undo", "withhold", "withhold"]
    assert command(["review", "history", ADAS, "--json", "--home", str(home.root)]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told[0]["undone_by"], told[1]["undoes"]) == (told[1]["number"], told[0]["number"])
    assert command(["review", "history", ADAS, "--home", str(home.root)]) == 0
    text = capfd.readouterr().out
    assert f"undone by {told[1]['number']}" in text
    assert str(home.releases) in text


@pytest.mark.slow(alone=False)
def test_a_form_travels_with_a_backup(home, form, tmp_path):
    cleared(home, release=form)
    back_up(home, tmp_path / "backup.tar", with_audio=False, replace=False, report=lambda *_: None)
    there = tmp_path / "there"
    restore(tmp_path / "backup.tar", there, replace_present=False, make_index=FaissIndex, report=lambda *_: None)
    kept = release_file(Home(there), hashlib.sha256(FORM).hexdigest())
    assert kept.read_bytes() == FORM
    assert kept.stat().st_mode & 0o077 == 0


def test_one_unknown_id_among_several_leaves_the_others_undecided(home, capfd):
    cleared(home)
    reason = ["--by", "An Editor", "--why", "asked for", "--home", str(home.root)]
    for act in ("withdraw", "withhold", "undo"):
        assert command(["review", act, ADAS, "qnone", *reason]) == 1
        assert "no quote 'qnone' here, so nothing was decided" in capfd.readouterr().err
    assert [act.act for act in history(home)] == ["clear"]


def test_the_history_of_no_quote_is_told_by_exit_one(home, capfd):
    assert command(["review", "history", "qnone", "--home", str(home.root)]) == 1
    assert "no quote 'qnone' here" in capfd.readouterr().err
