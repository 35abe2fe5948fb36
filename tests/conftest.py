"""What holds for every test."""

import pytest


def pytest_collection_modifyitems(items):
    """Keep whatever loads models, a browser or a recording in one process, one after the other: two would crowd out."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.xdist_group("slow"))
