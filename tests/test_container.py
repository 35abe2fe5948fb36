"""The container file, tried as far as that goes without a container engine: its steps in a fresh environment."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import typer

from convarchive import wiring
from convarchive.cli.app import app
from convarchive.errors import ModelMissing
from convarchive.index.build import build
from convarchive.models.shelf import default_folder
from convarchive.store.catalogue import Catalogue
from fakes.reading_archive import made
from fakes.show import home_at

ROOT = Path(__file__).parent.parent
MOST = 600_000_000
"""Bytes that the serving part may take on disk."""


def instructions():
    """(instruction, argument) of each line, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text())
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, argument) for word, argument in lines]


def only(word):
    found = [argument for name, argument in instructions() if name == word]
    assert len(found) == 1, word
    return found[0]


def command():
    return json.loads(only("ENTRYPOINT")) + json.loads(only("CMD"))


def test_it_runs_as_nobody_special_and_serves_what_it_exposes():
    assert only("USER").isdigit()
    assert int(only("USER")) > 1000
    words = command()
    assert words[:2] == ["convarchive", "serve"]
    assert words[words.index("--port") + 1] == only("EXPOSE")
    assert f"127.0.0.1:{only('EXPOSE')}/readyz" in only("HEALTHCHECK")
    serve = typer.main.get_command(app).commands["serve"]
    known = {option for one in serve.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_all_it_copies_is_there_and_let_through():
    copied = [argument.split()[:-1] for name, argument in instructions() if name == "COPY" and "--from" not in argument]
    names = {name for names in copied for name in names}
    assert all((ROOT / name).exists() for name in names)
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert names == let_through


def test_it_knows_only_variables_that_something_reads():
    names = set(re.findall(r"(\w+)=", only("ENV"))) - {"PATH", "PYTHONDONTWRITEBYTECODE"}
    assert names
    code = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    assert [name for name in names if f'"{name}"' not in code] == []


# -- replayed -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The environment that the first stage makes, from what the file copies and by the commands it runs."""
    try:
        wiring.encoder()
    except ModelMissing as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("container")
    source, venv = folder / "src", folder / "venv"
    source.mkdir()
    for name, argument in instructions():
        if name == "COPY" and "--from" not in argument:
            for one in argument.split()[:-1]:
                subprocess.run(["cp", "-r", ROOT / one, source / Path(one).name], check=True)
    steps = next(argument for name, argument in instructions() if name == "RUN").split(" && ")
    for step in steps:
        words = shlex.split(step.replace("/venv", str(venv)))
        if words[0] == "python":
            words[0] = sys.executable
        ran = subprocess.run(words, cwd=source, capture_output=True, text=True, check=False, env=bare())
        if "Temporary failure in name resolution" in ran.stderr or "No matching distribution" in ran.stderr:
            pytest.skip("no package index can be reached from here")
        assert ran.returncode == 0, ran.stderr
    return venv


def bare(**more):
    """The environment of a fresh machine: none of ours leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CONVARCHIVE"))}
    return kept | more


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_it_installs_is_small_and_cannot_listen_or_convert(installed):
    listed = subprocess.run(
        [installed / "bin" / "python", "-m", "pip", "list", "--format=json"],
        capture_output=True,
        check=True,
        env=bare(),
    )
    names = {one["name"].lower() for one in json.loads(listed.stdout)}
    assert not names & {"torch", "faster-whisper", "ctranslate2", "transformers", "sentence-transformers", "jiwer"}
    size = sum(path.lstat().st_size for path in installed.rglob("*"))
    assert size < MOST, f"{size / 1e6:.0f} MB"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_it_installs_serves_an_archive_and_is_found_healthy(installed, tmp_path):
    archive = made(home_at(tmp_path / "archive"))
    with Catalogue.for_writing(archive.home) as catalogue:
        build(archive.home, catalogue, wiring.encoder(), wiring.empty_index)
    words = command()
    words[words.index("--port") + 1] = "0"
    words[words.index("--host") + 1] = "127.0.0.1"
    variables = dict(re.findall(r"(\w+)=(\S+)", only("ENV"))) | {
        "PATH": f"{installed / 'bin'}:/usr/bin:/bin",
        "CONVARCHIVE_HOME": str(archive.home.root),
        "CONVARCHIVE_MODELS": str(default_folder()),
    }
    with subprocess.Popen(
        [installed / "bin" / words[0], *words[1:]],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=bare(**variables), cwd=tmp_path,
    ) as serving:  # fmt: skip
        try:
            port = next(m[1] for line in serving.stdout if (m := re.search(r"public: .*:(\d+)/", line)))
            check = [word.replace(":8000/", f":{port}/") for word in json.loads(only("HEALTHCHECK").split("CMD ")[1])]
            deadline = time.monotonic() + 60
            while subprocess.run(check, env=bare(**variables), capture_output=True, check=False).returncode:
                assert time.monotonic() < deadline, "never healthy"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/search?q=power", timeout=60) as answer:
                assert json.loads(answer.read())["hits"]
            # And ill once search is down.
            (archive.home.build / "manifest.json").unlink()
            time.sleep(1.1)
            assert subprocess.run(check, env=bare(**variables), capture_output=True, check=False).returncode
        finally:
            serving.terminate()
            _, said = serving.communicate(timeout=30)
        assert serving.returncode == 0
        requests = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        assert {"/readyz", "/api/v1/search"} <= {one.get("route") for one in requests}
