"""What the serving extra alone must be able to do: everything but taking in, converting and measuring."""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from convarchive import wiring
from convarchive.errors import ModelMissing

pytestmark = pytest.mark.slow(alone=False)

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]

# Run in a process of its own: whatever a serving machine has not installed cannot be imported.
BARE = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name in {absent}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotInstalled())
"""


def names(requirements):
    return {re.match(r"[\w.-]+", one)[0].lower() for one in requirements}


def absent_modules():
    serving = names(PROJECT["dependencies"]) | names(EXTRAS["serve"])
    others = names(EXTRAS["ingest"]) | names(EXTRAS["convert"]) | names(EXTRAS["evaluate"])
    # Not wanted themselves, but what they would drag in.
    absent = (others - serving) | {"transformers", "ctranslate2"}
    found = {module for module, owners in packages_distributions().items() if {o.lower() for o in owners} & absent}
    assert {"torch", "faster_whisper", "ctranslate2", "sentence_transformers"} <= found
    return found


def on_a_serving_machine(script, **variables):
    """What a script prints where only the core and the `serve` extra are installed."""
    code = BARE.format(absent=sorted(absent_modules())) + script
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ | variables
    )
    assert not ran.returncode, ran.stderr
    return ran.stdout


def commands(*lines):
    return f"from convarchive.cli.app import run\nfor line in {lines!r}:\n    print(run(list(line)))\n"


def test_every_door_can_be_loaded_from_the_serving_extra_alone():
    on_a_serving_machine(
        "import convarchive.cli.app, convarchive.api.app, convarchive.api.server\n"
        "import convarchive.web.pages, convarchive.ingest.engines.playing\n"
    )


def test_what_the_serving_extra_cannot_do_says_which_extra_can(tmp_path):
    home = str(tmp_path / "home")
    said = on_a_serving_machine(
        "import sys; sys.stderr = sys.stdout\n"
        + commands(("init", home), ("add", "feed", "https://podcast.example/feed", "--home", home), ("models", "pull"))
    )
    assert "pip install 'convarchive[ingest]'" in said
    assert "pip install 'convarchive[convert]'" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_server_that_only_answers_searches_loads_no_speech_model(tmp_path):
    try:
        wiring.encoder()
    except ModelMissing as error:
        pytest.skip(str(error))
    home = str(tmp_path / "home")
    said = on_a_serving_machine(
        commands(("init", home), ("index", "build", "--home", home, "--json")) + "import json, sys\n"
        "from pathlib import Path\n"
        "from convarchive import wiring\n"
        "from convarchive.home import Home\n"
        "from convarchive.settings import Settings\n"
        f"home = Home(Path({home!r}))\n"
        "wiring.doors(home, Settings(), '127.0.0.1', 0)\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    loaded = set(json.loads(said.splitlines()[-1]))
    assert "convarchive.api.app" in loaded
    assert not loaded & {"torch", "ctranslate2", "faster_whisper", "transformers", "sentence_transformers"}


def test_libraries_that_would_report_their_use_are_told_not_to():
    look = "import convarchive, os; print(os.environ['ORT_DISABLE_TELEMETRY'], os.environ['HF_HUB_DISABLE_TELEMETRY'])"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["1", "1"]
