"""What holds for every test."""

import pytest


def pytest_collection_modifyitems(items):
    """Keep whatever loads models, a browser or a recording in one process, one after the other: two would crowd out."""
    for item in items:
        slow = item.get_closest_marker("slow")
        # Others are slow because they start servers, or take a whole show the whole way; those crowd nobody out.
        if slow and slow.kwargs.get("alone", True):
            item.add_marker(pytest.mark.xdist_group("slow"))
