"""
Remembers which publishers were seen to serve the very bytes of a recording, and when.

Whoever plays a clip of sound that is not held here any more is sent there, for a while: after
`BELIEVED_DAYS` somebody has to look again. Nothing is fetched here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import Sha256
from convarchive.store import schema as s

BELIEVED_DAYS = 30
_FACT = "enclosure {}"


def put_seen(connection: Connection, now: str, recording: Sha256, url: str | None) -> None:
    """The enclosure at `url` serves exactly this recording, as was just checked; None: nobody does."""
    name = _FACT.format(recording)
    connection.execute(delete(s.fact).where(s.fact.c.name == name))
    if url is not None:
        connection.execute(insert(s.fact).values(name=name, value=json.dumps({"url": url, "at": now})))


def seen(connection: Connection, now: str, recording: Sha256) -> str | None:
    """Where a publisher serves this recording; None where nobody looked lately, or it was published elsewhere since."""
    value = connection.execute(select(s.fact.c.value).where(s.fact.c.name == _FACT.format(recording))).scalar()
    if value is None:
        return None
    said = json.loads(value)
    age = datetime.fromisoformat(now).astimezone(UTC) - datetime.fromisoformat(said["at"]).astimezone(UTC)
    still = said["url"] in addresses(connection, recording)
    return str(said["url"]) if still and age < timedelta(days=BELIEVED_DAYS) else None


def addresses(connection: Connection, recording: Sha256) -> tuple[str, ...]:
    """The enclosures on the web that this recording was fetched from, newest first."""
    held = s.episode_recording.c
    rows = connection.execute(
        select(held.enclosure_url)
        .where(held.recording == recording, held.enclosure_url.is_not(None))
        .order_by(held.position.desc(), held.episode)
    ).scalars()
    return tuple(dict.fromkeys(url for url in rows if url.startswith(("https://", "http://"))))
