"""An invented show taken the whole way by scripted ears, for decisions that later rounds must keep."""

import pytest

from fakes.walk import walking
from servers import serving


@pytest.fixture
def walked(tmp_path):
    """One episode after its first ingest; the server answers on."""
    with serving() as server:
        walk = walking(server, tmp_path / "home", "one")
        assert walk.ingest().failed == []
        yield walk
