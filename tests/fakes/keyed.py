"""Keys for tests' archives, and archives of their own for tests that decide."""

import shutil
from dataclasses import replace

from convarchive.editorial import keys
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue


def key_for(archive, audience, name=None, **more):
    """The text of a new key of an archive."""
    with Catalogue.for_writing(archive.home) as catalogue:
        return keys.create(catalogue, name or f"The {audience}", audience, by="A. Owner", **more)[1]


def revoke(archive, name):
    with Catalogue.for_writing(archive.home) as catalogue:
        keys.revoke(catalogue, name, by="A. Owner")


def bearer(text):
    """The header that brings a key."""
    return {"Authorization": f"Bearer {text}"}


def copied(archive, folder):
    """The same archive in another folder."""
    shutil.copytree(archive.home.root, folder, dirs_exist_ok=True)
    return replace(archive, home=Home(folder))
