"""
Everything that can go wrong on purpose, and whose business it is.

* ArchiveError
  x NotFound                 somebody asked by id for a thing that is not here
    + Gone                   it was here and was taken down
  x BadInput                 what was handed in cannot be used; the message says what to change
    + SettingsError          a TOML file of the owner's says something we cannot act on
    + FeedUnreadable         the address answered, but not with a feed
    + SourceUnavailable      the outside world did not give us what it promised
    + AddressRefused         an address that must not be fetched (inside the own network, odd scheme)
    + AudioUnreadable        no sound can be got out of these bytes
    + TranscriptUnreadable   a supplied transcript does not parse
    + NotAHome               the folder is no archive
    + ModelMissing           weights that a command needs have not been pulled
    + EngineMissing          an optional library that a command needs is not installed
    + BackupUnreadable       the file is no backup, is damaged, or holds what it must not
  x NotRecognised            a key that is none of ours, has ended, or is missing where one is needed
  x NotAllowed               it exists, but this audience or state forbids it
    + NotPublishable         it may be read, but not taken away for publication
    + Changed                it is no longer what was looked at; look again, then decide
  x CatalogueError           the catalogue cannot be used as it is
    + CatalogueTooNew        written by a later release
    + CatalogueTooOld        waits for a writer to migrate it
    + CatalogueCorrupt       the file is damaged
    + HomeBusy               another process is ingesting into this home
    + HomeNotWritable        the disk is full or read-only
  x IndexError_              the search index cannot be used as it is
    + IndexMissing           nothing was built yet
    + IndexForeign           built from another catalogue or by another encoder
    + IndexCorrupt           the file is damaged
"""

from __future__ import annotations

import re
from typing import ClassVar

_COMMAND = re.compile(r"(?:, with|; [^;]*?): (convarchive [a-z].*)$")


class ArchiveError(Exception):
    """
    Something went wrong that a person can do something about; `str()` is one line saying what.

    Where it ends with a command as the way out, that stands behind `: `, in a clause of its
    own (`; list them with: convarchive …`) or at a clause's end (`, with: convarchive …`).
    """

    way: ClassVar[str] = ""
    """A command that is a way out of every error of this kind, which its message need not name."""

    @property
    def command(self) -> str:
        """The command that the message advises; empty where it advises none."""
        found = _COMMAND.search(str(self))
        return found[1] if found else ""

    @property
    def without_command(self) -> str:
        """
        The message for those who have no command line.

        >>> NotFound("no quote q1 here; list what there is with: convarchive search").without_command
        'no quote q1 here'
        >>> NotAllowed("q1 is withdrawn; take that back first, with: convarchive review undo q1").without_command
        'q1 is withdrawn; take that back first'
        """
        return _COMMAND.sub("", str(self))


class NotFound(ArchiveError):
    """Somebody asked by id for a thing that is not in the archive."""


class Gone(NotFound):
    """The thing was here and has been taken down."""


class BadInput(ArchiveError):
    """What was handed in cannot be used; the message names it and the way out."""


class SettingsError(BadInput):
    """A TOML file of the archive's owner says something that cannot be acted on."""


class FeedUnreadable(BadInput):
    """The address answered, but not with a podcast feed."""


class SourceUnavailable(BadInput):
    """The outside world did not give what it promised."""


class AddressRefused(BadInput):
    """An address that must not be fetched: inside the own network, or not http(s)."""


class AudioUnreadable(BadInput):
    """No sound can be got out of these bytes."""


class TranscriptUnreadable(BadInput):
    """A supplied transcript does not parse."""


class NotAHome(BadInput):
    """The folder is not an archive's home."""


class ModelMissing(BadInput):
    """Model weights that this command needs have not been pulled."""


class EngineMissing(BadInput):
    """An optional library that this command needs is not installed."""


class BackupUnreadable(BadInput):
    """The file is no backup of an archive, is damaged, or holds what it must not."""


class NotRecognised(ArchiveError):
    """A key is none of the archive's, has expired or was revoked, or is missing where one is needed."""


class NotAllowed(ArchiveError):
    """The thing exists, but this audience or its state forbids the request."""


class NotPublishable(NotAllowed):
    """The quote may be read, but not taken away for publication: not cleared, or its name is not sure."""


class Changed(NotAllowed):
    """The thing is no longer what somebody looked at before deciding."""


class CatalogueError(ArchiveError):
    """The catalogue cannot be used as it is."""


class CatalogueTooNew(CatalogueError):
    """The catalogue was written by a later release of convarchive."""


class CatalogueTooOld(CatalogueError):
    """The catalogue waits for a writing command to migrate it."""


class CatalogueCorrupt(CatalogueError):
    """The catalogue file is damaged."""

    way = "convarchive restore FILE --replace"


class HomeBusy(CatalogueError):
    """Another process is writing to this home."""


class HomeNotWritable(CatalogueError):
    """The home cannot be written: the disk is full or read-only."""


class IndexError_(ArchiveError):
    """The search index cannot be used as it is."""


class IndexMissing(IndexError_):
    """No index has been built for this home yet."""


class IndexForeign(IndexError_):
    """The index was built from another catalogue, or by another encoder."""


class IndexCorrupt(IndexError_):
    """An index file is damaged."""
