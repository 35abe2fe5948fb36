"""The commands `backup` and `restore`, from the archive of a show that was taken the whole way."""

import json

import pytest

from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical

pytestmark = pytest.mark.slow(alone=False)


def lines(home):
    with Catalogue.for_reading(home) as catalogue:
        return list(canonical(catalogue))


def test_an_archive_goes_into_a_file_and_comes_out_the_same(cli, walked, tmp_path):
    done = cli("backup", tmp_path / "b.tar", "--with-audio", "--home", walked.root)
    assert (done.code, done.err) == (0, "")
    assert "with 2 of 2 recordings" in done.out
    done = cli("restore", tmp_path / "b.tar", "--home", tmp_path / "there", "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert (told["recordings"], told["missing"], told["carried"], told["unread"]) == (2, 0, 0, False)
    assert lines(Home(tmp_path / "there")) == lines(walked)
    assert (
        cli("episodes", "list", "--home", tmp_path / "there").out == cli("episodes", "list", "--home", walked.root).out
    )


def test_refusals_are_one_line_with_the_way_out(cli, walked, tmp_path):
    assert cli("backup", tmp_path / "b.tar", "--home", walked.root).code == 0
    (tmp_path / "junk.tar").write_bytes(b"junk" * 500)
    for arguments, said in (
        (("backup", tmp_path / "b.tar", "--home", walked.root), "--replace"),
        (("backup", tmp_path, "--home", walked.root), "is a folder"),
        (("restore", tmp_path / "b.tar", "--home", walked.root), "--replace"),
        (("restore", tmp_path / "junk.tar", "--home", tmp_path / "there"), "is no backup"),
        (("restore", tmp_path / "none.tar", "--home", tmp_path / "there"), "cannot be read"),
        (("backup", tmp_path / "c.tar", "--home", tmp_path), "convarchive init"),
    ):
        done = cli(*arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert said in done.err
        assert done.err.count("\n") == 1


def test_it_says_what_was_closed_since_and_what_was_left_beside(cli, walked, tmp_path):
    assert cli("backup", tmp_path / "b.tar", "--home", walked.root).code == 0
    with Catalogue.for_reading(walked) as catalogue, catalogue.reading("editor") as read:
        quote = read.quotes()[0].id
    why = ("--by", "B. Editor", "--why", "she asked", "--home", walked.root)
    assert cli("review", "withdraw", quote, *why).code == 0
    (walked.published / "later.toml").write_text('id = "later"\ntitle = "Later"\n')
    done = cli("restore", tmp_path / "b.tar", "--replace", "--home", walked.root)
    assert done.code == 0
    assert "1 decisions made since then were kept" in done.out
    assert "ingest/published/later.toml is not in the backup" in done.err
    assert cli("quote", quote, "--audience", "researcher", "--home", walked.root).code == 1
    assert (walked.published / "later.toml").exists()


def test_where_metrics_are_to_be_told_must_be_an_address(cli, walked):
    for wrong in ("9464", "127.0.0.1:", ":1", "127.0.0.1:x", "127.0.0.1:99999"):
        done = cli("serve", "--metrics", wrong, "--home", walked.root)
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert "such as 127.0.0.1:9464" in done.err
    assert "json" in cli("serve", "--log-format", "xml", "--home", walked.root).err
