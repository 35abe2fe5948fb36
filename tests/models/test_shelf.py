"""Asking for a model never downloads it; what is not whole is named with the way out."""

from pathlib import Path

import pytest

from convarchive.errors import ModelMissing
from convarchive.models import shelf
from convarchive.models.record import Record, describe
from convarchive.models.table import TABLE, names, row

NAME = "campplus"


@pytest.fixture
def models(tmp_path):
    """A shelf with one small model under a real name."""
    folder = tmp_path / NAME
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"weights")
    Record(NAME, "Apache-2.0", "Example Labs", "a test", describe(folder), row(NAME).files, "0" * 64).write(folder)
    return tmp_path


def state(models, *, thorough):
    listed = shelf.check(models, [NAME]) if thorough else shelf.listing(models)
    return next(one for one in listed if one.name == NAME)


def test_a_whole_model_is_found(models):
    assert shelf.require(models, NAME) == models / NAME
    assert state(models, thorough=False).state == state(models, thorough=True).state == "whole"


def test_every_model_of_the_table_is_listed_pulled_or_not(models):
    listed = shelf.listing(models)
    assert tuple(one.name for one in listed) == names()
    missing = next(one for one in listed if one.name == "whisper-base")
    assert (missing.state, missing.licence) == ("missing", "MIT")
    assert missing.detail == "pull it with: convarchive models pull whisper-base"
    assert all(one.licence and one.origin and one.bytes for one in listed)


def test_one_that_was_never_pulled_is_a_one_line_error(tmp_path):
    with pytest.raises(ModelMissing, match=r"has not been pulled.*convarchive models pull whisper-base") as caught:
        shelf.require(tmp_path, "whisper-base")
    assert "\n" not in str(caught.value)


def test_a_changed_byte_is_found_by_check(models):
    (models / NAME / "model.onnx").write_bytes(b"Weights")
    assert state(models, thorough=False).state == "whole"
    found = state(models, thorough=True)
    assert found.state == "damaged"
    assert "model.onnx has changed" in found.detail
    assert "--again" in found.detail


@pytest.mark.parametrize("damage", ["gone", "short", "record"])
def test_a_damaged_model_is_not_handed_out(models, damage):
    if damage == "gone":
        (models / NAME / "model.onnx").unlink()
    elif damage == "short":
        (models / NAME / "model.onnx").write_bytes(b"w")
    else:
        (models / NAME / "model.json").write_text("{")
    with pytest.raises(ModelMissing, match=f"convarchive models pull {NAME}"):
        shelf.require(models, NAME)
    assert state(models, thorough=False).state == "damaged"


@pytest.mark.parametrize(
    ("given", "kept_as"),
    [
        ("base", "whisper-base"),
        ("tiny.en", "whisper-tiny.en"),
        ("whisper-base", "whisper-base"),
        ("small", "Systran/faster-whisper-small"),
        ("large", "Systran/faster-whisper-large-v3"),
        ("Owner/model", "Owner/model"),
    ],
)
def test_a_model_has_one_name_however_it_is_called(given, kept_as):
    assert shelf.canonical(given) == kept_as


def test_a_whisper_model_may_be_a_folder_of_ones_own(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "config.json").write_text("{}")
    with pytest.raises(ModelMissing, match=r"holds no model\.bin"):
        shelf.require_whisper(tmp_path, str(mine))
    (mine / "model.bin").write_bytes(b"w")
    assert shelf.require_whisper(tmp_path, str(mine)) == mine


def test_the_folder_is_the_users_choice_or_their_cache(monkeypatch):
    monkeypatch.setenv("CONVARCHIVE_MODELS", "/somewhere")
    assert shelf.default_folder() == Path("/somewhere")
    monkeypatch.delenv("CONVARCHIVE_MODELS")
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert shelf.default_folder() == Path("/cache/convarchive/models")


def test_the_table_pins_every_file():
    for model in TABLE:
        assert model.files, model.name
        assert model.licence
        assert all(len(file.sha256) == 64 and file.bytes > 0 for file in model.files)
        carried = {path for carrier in model.carriers for path, _ in carrier.members}
        assert carried == {file.path for file in model.files}, model.name
        assert all("==" in carrier.requirement for carrier in model.carriers)
