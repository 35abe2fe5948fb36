"""The commands on keys."""

import json

import pytest

from convarchive.cli import laying_out


@pytest.fixture
def home(tmp_path):
    laying_out.init(tmp_path / "home")
    return tmp_path / "home"


EDITOR = ("--name", "B. Editor", "--audience", "editor", "--by", "A. Owner")


def test_a_key_is_printed_once_and_listed_without_its_secret(cli, home):
    text = cli("keys", "create", *EDITOR, "--home", home).out.strip()
    assert text.startswith("cva_")
    listed = cli("keys", "list", "--home", home).out
    assert "B. Editor" in listed
    assert "never" in listed
    assert text.split("_")[1] in listed
    assert text.split("_")[2] not in listed + cli("keys", "list", "--json", "--home", home).out


def test_as_json_it_comes_with_what_it_opens(cli, home):
    said = cli(
        "keys", "create", *EDITOR, "--origin", "https://www.example", "--expires", "2999-01-01", "--json",
        "--home", home,
    )  # fmt: skip
    record = json.loads(said.out)
    assert record["key"].startswith(f"cva_{record['prefix']}_")
    assert (record["audience"], record["origins"], record["expires_at"], record["state"]) == (
        "editor", ["https://www.example"], "2999-01-01", "valid",
    )  # fmt: skip


def test_a_revoked_key_stays_listed_as_such(cli, home):
    cli("keys", "create", *EDITOR, "--home", home)
    assert "opens nothing any more" in cli("keys", "revoke", "B. Editor", "--by", "A. Owner", "--home", home).out
    assert "revoked" in cli("keys", "list", "--home", home).out
    assert cli("keys", "revoke", "B. Editor", "--by", "A. Owner", "--home", home).code == 1


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize(
    "wrong", [("--name", "x", "--audience", "boss", "--by", "y"), ("--name", "x", "--audience", "editor")]
)
def test_a_key_for_nobody_we_know_or_by_nobody_is_refused_in_one_line(cli, home, wrong):
    said = cli("keys", "create", *wrong, "--home", home)
    assert said.code == 2
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
