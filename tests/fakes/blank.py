"""Homes whose catalogue is made already: a copy of one empty catalogue, since making one takes a while."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from convarchive.home import Home
from convarchive.store.catalogue import Catalogue


def blank_home(root: Path) -> Home:
    """A home with an empty catalogue. All of one run's share the catalogue's id."""
    home = Home(root)
    home.holdings.mkdir(parents=True, exist_ok=True)
    home.catalogue.write_bytes(_catalogue())
    return home


@cache
def _catalogue() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        Catalogue.for_writing(home).close()
        return home.catalogue.read_bytes()
