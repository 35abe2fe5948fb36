"""A recording that is still coming in: its bytes so far, and what is needed to go on after any interruption."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import Path

from convarchive.domain.episode import Sha256
from convarchive.errors import SourceUnavailable
from convarchive.ingest.engines.disk import room_for, settle, writing
from convarchive.ingest.media import SNIFFED, SUFFIXES, suffix
from convarchive.ingest.ports import Download
from convarchive.ingest.retrying import Busy

_RANGE = re.compile(r"bytes\s+([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)", re.IGNORECASE)
_UNSATISFIED = re.compile(r"bytes\s+\*/([0-9]{1,15})", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,15}")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Beside:
    """
    What the side file keeps: the address asked for and the one that answered, the validator
    for `If-Range` (a strong ETag, else a date), the whole size, whether the body marked its own
    end (in chunks), and whether all is there.
    """

    url: str
    answered: str
    validator: str | None
    etag: str | None
    media_type: str | None
    total: int | None
    framed: bool = False
    complete: bool = False


class PartFile:
    """
    `<digest of the address>.part`, with `.part.json` beside it.

    The order of writing makes every instant safe: the bytes are emptied before the side file
    speaks of another version, and the side file is replaced whole. So bytes never stand
    beside a validator that is not theirs.
    """

    def __init__(self, folder: Path, url: str) -> None:
        stem = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:32]
        self._folder = folder
        self._path = folder / f"{stem}.part"
        self._side = folder / f"{stem}.part.json"
        self._url = url
        self._beside = self._read_side()
        self.size = self._path.stat().st_size if self._path.is_file() else 0
        """Bytes held so far."""

    @classmethod
    def open(cls, folder: Path, url: str) -> PartFile:
        """What an earlier try left of this address, or a fresh start. Raises HomeNotWritable."""
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            part = cls(folder, url)
            if part._beside is None or (part.total is not None and part.size > part.total):
                part.discard()
        return part

    @property
    def total(self) -> int | None:
        """How many bytes the server says there are."""
        return self._beside.total if self._beside else None

    @property
    def whole(self) -> bool:
        """Whether every byte is here."""
        beside = self._beside
        return beside is not None and self.size > 0 and (beside.complete or beside.total == self.size)

    def resume_headers(self) -> dict[str, str]:
        """What to ask for: the rest, if it is still the same version, else everything."""
        if not self.size or self._beside is None or self._beside.validator is None:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self._beside.validator}

    def continues(self, headers: Mapping[str, str]) -> bool:
        """Whether a partial answer goes on exactly where we stopped, in the same version."""
        found = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
        if found is None or self._beside is None or int(found[1]) != self.size:
            return False
        if found[3] != "*" and self._beside.total not in (None, int(found[3])):
            return False
        etag = headers.get("ETag")
        if etag is not None and self._beside.etag is not None and etag != self._beside.etag:
            return False
        if found[3] != "*" and self._beside.total is None:
            self._write_side(replace(self._beside, total=int(found[3])))
        return True

    def unsatisfiable(self, content_range: str | None) -> None:
        """Deal with 416: nothing is missing, or what we hold is of another version."""
        found = _UNSATISFIED.fullmatch((content_range or "").strip())
        if found and self._beside is not None and int(found[1]) == self.size and self._beside.total is None:
            self._write_side(replace(self._beside, total=self.size))
        else:
            self.discard()

    def restart(self, headers: Mapping[str, str], answered: str, media_type: str | None) -> None:
        """Begin anew with this answer's version."""
        said = headers.get("Content-Length", "").strip()
        coding = headers.get("Transfer-Encoding", "")
        etag = headers.get("ETag")
        self.discard()
        self._write_side(
            _Beside(
                url=self._url,
                answered=answered,
                validator=_validator(etag, headers.get("Last-Modified"), headers.get("Date")),
                etag=etag,
                media_type=media_type,
                # With a transfer coding the length, if any, is not of the file.
                total=int(said) if _LENGTH.fullmatch(said) and not coding else None,
                framed="chunked" in coding.lower(),
            )
        )

    def append(self, chunk: bytes) -> None:
        """Add bytes. Raises HomeNotWritable; what is there stays."""
        with writing(self._folder), self._path.open("ab") as file:
            file.write(chunk)
        self.size += len(chunk)

    def expect(self, most: int, shown: str) -> None:
        """Raise SourceUnavailable where the file is, or says it will be, larger than `most` bytes."""
        if max(self.size, self.total or 0) > most:
            self.discard()
            raise SourceUnavailable(
                f"{shown} is larger than {most / 1e6:.0f} MB, the most a recording may be; if it is meant to be, "
                "raise max_download_mb in convarchive.toml"
            )
        room_for((self.total or 0) - self.size, self._folder, shown)

    def ended(self, promised: int | None, shown: str) -> None:
        """
        Judge a body that ended by itself.

        Raises Busy where bytes that the server announced are missing, SourceUnavailable where
        the file is empty or, where nothing marks its end, shorter than the feed promised.
        """
        if self._beside is None or not self.size:
            self.discard()
            raise SourceUnavailable(f"{shown} is empty; tell its publisher, or try again later")
        if self.total is not None:
            if self.size < self.total:
                raise Busy(f"only {self.size} of {self.total} bytes came")
            if self.size > self.total:
                self.discard()
                raise Busy("more bytes came than were announced")
        elif promised and self.size < promised and not self._beside.framed:
            size = self.size
            self.discard()
            raise SourceUnavailable(
                f"{shown} broke off after {size} of the {promised} bytes its feed promises, and its server "
                "announced no size; try again later"
            )
        self._write_side(replace(self._beside, complete=True))

    def keep(self, promised: int | None) -> Download:
        """Give the whole file its digest as its name, durably and at once. Raises HomeNotWritable."""
        beside = self._beside
        assert beside is not None
        digest, head = hashlib.sha256(), b""
        with writing(self._folder):
            with self._path.open("rb") as file:
                while block := file.read(_BLOCK):
                    head = head or block[:SNIFFED]
                    digest.update(block)
            ending = suffix(head, beside.media_type, beside.answered)
            target = self._folder / f"{digest.hexdigest()}{ending}"
            settle(self._path, target)
            self._side.unlink(missing_ok=True)
        note = None
        if promised and promised != self.size:
            note = f"the feed promises {promised} bytes, the server sent {self.size} and says that is all"
        elif beside.total is None and not beside.framed and not promised:
            note = "neither the feed nor the server said how many bytes there should be"
        declared = beside.media_type if (beside.media_type or "").startswith(("audio/", "video/")) else None
        return Download(
            target, Sha256(digest.hexdigest()), self.size, declared or SUFFIXES.get(ending), beside.answered, note
        )

    def discard(self) -> None:
        """Forget everything that came."""
        # The bytes go first: a side file without bytes is harmless, bytes with a foreign side file are not.
        with writing(self._folder):
            self._path.unlink(missing_ok=True)
            self._side.unlink(missing_ok=True)
        self._beside = None
        self.size = 0

    def _read_side(self) -> _Beside | None:
        try:
            beside = _Beside(**json.loads(self._side.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return beside if beside.url == self._url else None

    def _write_side(self, beside: _Beside) -> None:
        fresh = self._side.with_suffix(".new")
        with writing(self._folder):
            fresh.write_text(json.dumps(asdict(beside)), "utf-8")
            fresh.replace(self._side)
        self._beside = beside


def _validator(etag: str | None, last_modified: str | None, date: str | None) -> str | None:
    """
    What `If-Range` may hold (RFC 9110 §13.1.5): a strong ETag, else a date that is older
    than the answer by a second at least; None where there is neither.
    """
    if etag and not etag.startswith("W/"):
        return etag
    if not last_modified or not date or etag:
        return None
    try:
        older = parsedate_to_datetime(date) - parsedate_to_datetime(last_modified)
    except (ValueError, TypeError, IndexError):
        return None
    return last_modified if older.total_seconds() >= 1 else None
