"""What a server writes about itself: a line of text or of JSON for each event, on stderr, with the request's id."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal, get_args

from asgi_correlation_id import correlation_id

from convarchive.errors import ArchiveError

Form = Literal["text", "json"]
FORMS: tuple[str, ...] = get_args(Form)

FACTS = ("method", "route", "status", "ms", "audience")
"""What a line about a request says of it. What was asked for, and from where, is never among it."""


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        request = correlation_id.get()
        return super().formatMessage(record) + (f" [{request}]" if request else "")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": correlation_id.get(),
        }
        said |= {fact: getattr(record, fact) for fact in FACTS if hasattr(record, fact)}
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps({key: value for key, value in said.items() if value is not None}, ensure_ascii=False)


class _Foreseen(logging.Filter):
    """Tells an error that has its own line of words in that line: where in the code it came up helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, ArchiveError):
            record.msg, record.args, record.exc_info = f"{record.getMessage()}: {error}", (), None
        return True


def to_stderr(level: str, form: str = "text") -> None:
    """Write what this server and its libraries say, from `level` on, in the form `text` or `json`."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _Text())
    handler.addFilter(_Foreseen())
    for name in ("convarchive", "uvicorn"):
        log = logging.getLogger(name)
        log.handlers = [handler]
        log.propagate = False
        log.setLevel(level.upper())
