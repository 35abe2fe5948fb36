"""Asking the C library to keep freed memory."""

import platform
import subprocess
import sys

import pytest

CHURN = """
import resource
{first}
for _ in range(20):
    b"x" * 40_000_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def _faults(first: str) -> int:
    done = subprocess.run([sys.executable, "-c", CHURN.format(first=first)], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these settings")
def test_a_large_piece_is_cleared_by_the_system_once_and_then_used_again() -> None:
    kept = _faults("from convarchive.ingest.engines.memory import keep_freed; assert keep_freed()")
    assert kept < _faults("") / 4
