"""What all descriptions of the wire format share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """What is sent has these fields and no others."""

    model_config = ConfigDict(extra="forbid")


def like(example: object) -> ConfigDict:
    """A description with an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})  # type: ignore[list-item]
