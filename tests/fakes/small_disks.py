"""Disks of their own for tests: small ones that fill up, and ones on which nothing may be written."""

import contextlib
import os
import shutil
import subprocess

import pytest


@contextlib.contextmanager
def disk_of(megabytes, at):
    """A real disk of this size at a folder; skips the test where this user may mount none."""
    at.mkdir(parents=True, exist_ok=True)
    if not shutil.which("mount") or _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(at)):
        pytest.skip("only a superuser may mount the small disk that this needs")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


@contextlib.contextmanager
def nothing_may_be_written(home):
    """The home's disk as one that is mounted for reading only."""
    if os.geteuid():
        home.holdings.chmod(0o500)
        try:
            yield
        finally:
            home.holdings.chmod(0o700)
    else:
        # The superuser may write everywhere but on a disk that cannot be written.
        if _mount("--bind", str(home.root), str(home.root)):
            pytest.skip("nothing can be mounted here")
        try:
            assert not _mount("-o", "remount,ro,bind", str(home.root))
            yield
        finally:
            subprocess.run(["umount", "-l", str(home.root)], check=True)


def _mount(*arguments):
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode
