"""The wire format of what other websites need to show the archive. Described as in `schemas`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from convarchive.api.schemas import EXAMPLE_ID
from convarchive.api.wire import Wire, like


class WidgetRecord(Wire):
    """Where the widget's script lies: an address that moves with releases, and one whose bytes never change."""

    moving: str
    pinned: str
    integrity: str


class EmbedRecord(BaseModel):
    """How to show a page of the archive within another page: an oEmbed 1.0 answer of the type rich."""

    model_config = like(
        {
            "version": "1.0",
            "type": "rich",
            "title": "Fictional sample: a quote from The Example Show",
            "provider_name": "The Example Show",
            "provider_url": "https://archive.example/",
            "cache_age": 3600,
            "html": f'<iframe src="https://archive.example/embed?quote={EXAMPLE_ID}" width="600" height="320" '
            'title="Fictional sample: a quote from The Example Show" loading="lazy"></iframe>',
            "width": 600,
            "height": 320,
        }
    )

    version: Literal["1.0"]
    type: Literal["rich"]
    title: str
    provider_name: str
    provider_url: str
    cache_age: int
    html: str
    width: int
    height: int
