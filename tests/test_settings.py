from pathlib import Path

import pytest

from convarchive.errors import SettingsError
from convarchive.home import Home
from convarchive.settings import Environment, Settings, environment, load


def loaded(folder, text):
    (folder / "convarchive.toml").write_text(text)
    return load(Home(folder))


def test_an_empty_file_takes_every_default(tmp_path):
    assert loaded(tmp_path, "") == Settings()


def test_there_are_hardly_more_than_a_dozen_choices():
    assert len(Settings.__dataclass_fields__) <= 13


def test_every_choice_is_read(tmp_path):
    text = """
title = "Example archive"
public_url = "https://archive.example/"
contact = "archive@example.org"
language = "auto"
whisper_model = "tiny.en"
jobs = 2
max_download_mb = 10
allow_private_addresses = true
host = "::1"
port = 0
allowed_origins = ["https://www.example.org", "*"]
trusted_proxies = ["127.0.0.1", "fd00::/8"]
voiceprints = true
"""
    assert loaded(tmp_path, text) == Settings(
        "Example archive", "https://archive.example", "archive@example.org", None, "tiny.en", 2, 10, True,
        "::1", 0, ("https://www.example.org", "*"), ("127.0.0.1", "fd00::/8"), True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("titel = 'x'", "convarchive.toml:1: unknown key 'titel'; did you mean 'title'?"),
        ("\nport = 65536", "convarchive.toml:2: port must lie between 0 and 65535"),
        ("port = '8000'", "port must be a whole number, not a text"),
        ("contact = 'the office'", "contact must be an e-mail address, or a web address such as"),
        ("contact = 'a@b.example?subject=x'", "contact must be an e-mail address"),
        ("contact = 'javascript:alert(1)'", "contact must be an e-mail address"),
        ("public_url = 'archive.example'", "public_url must be an address such as"),
        ("public_url = 'https://archive.example:x'", "public_url must be an address such as"),
        ("public_url = 'https://archive.example/?a=b'", "without ? and #"),
        ("public_url = 'https://archive.example/#top'", "without ? and #"),
        ("public_url = 'https://archive.example/sub/'", "public_url must end with the host"),
        ("allowed_origins = ['https://a.example', 'https://b.example/x']", "write scheme and host"),
        ("language = 'English language'", "language is 'English language'; write a language code such as en, or auto"),
        ("jobs = -1", "jobs must lie between 0 and 64"),
        ("trusted_proxies = ['127.0.0.1', 'proxy.example']", "write an address or a network"),
        ("voiceprints = 'yes'", "voiceprints must be true or false"),
    ],
)
def test_a_wrong_choice_is_refused_on_its_line(tmp_path, text, says):
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_environment_speaks_of_this_machine_only():
    assert environment({}) == Environment()
    assert environment({"CONVARCHIVE_EVAL": "/data", "CONVARCHIVE_LOG": "INFO"}) == Environment(Path("/data"), "info")
    with pytest.raises(SettingsError, match="CONVARCHIVE_LOG is 'inof'; did you mean 'info'"):
        environment({"CONVARCHIVE_LOG": "inof"})
