"""What docs/deploy.md prints for others to copy: units that systemd accepts, paths that agree, settings that exist."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from convarchive.settings import environment

PAGE = (Path(__file__).parent.parent / "docs" / "deploy.md").read_text()


def units():
    """Every unit that the page prints, by its file's name."""
    return {
        Path(name).name: text
        for name, text in re.findall(r"`(/etc/systemd/system/[\w.-]+)`:\n\n```ini\n(.+?)```", PAGE, re.DOTALL)
    }


def settings_of(name):
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str
    parsed.read_string(units()[name])
    return parsed


def test_the_page_prints_the_units_that_it_names():
    assert set(units()) == {"convarchive.service", "convarchive-backup.service", "convarchive-backup.timer"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here to ask")
def test_systemd_accepts_every_unit(tmp_path):
    for name, text in units().items():
        # What is started is not installed here; any program that is will do.
        (tmp_path / name).write_text(text.replace("/opt/convarchive/venv/bin/convarchive", sys.executable))
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in units())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in ran.stderr.splitlines() if str(tmp_path) in line or "convarchive" in line]
    assert ours == []
    assert ran.returncode == 0, ran.stderr


def test_it_is_stopped_after_its_patience_is_over_and_may_write_only_its_own():
    from convarchive.api.server import PATIENCE_S

    service = settings_of("convarchive.service")["Service"]
    assert int(service["TimeoutStopSec"]) > PATIENCE_S
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/convarchive"
    assert PAGE.count("Environment=CONVARCHIVE_HOME=/var/lib/convarchive/archive") == 2


def test_the_environment_that_units_set_is_one_that_is_read():
    found = dict(re.findall(r"^Environment=(\w+)=(\S+)$", PAGE, re.MULTILINE))
    assert environment({"CONVARCHIVE_LOG": found["CONVARCHIVE_LOG"]}).log == "info"
    code = "".join(path.read_text() for path in (Path(__file__).parent.parent / "src").rglob("*.py"))
    assert [name for name in found if f'"{name}"' not in code] == []


def test_every_number_that_is_worth_an_alarm_is_told():
    from convarchive.api import meter

    names = set(re.findall(r"`(convarchive_\w+)`", PAGE))
    assert names
    code = Path(meter.__file__).read_text()
    assert [name for name in names if f'"{name}"' not in code] == []
