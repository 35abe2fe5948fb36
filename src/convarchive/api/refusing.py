"""What is wrong with the parameters of a request, in one line and in our own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError

from convarchive.tomlfile import suggestion

_UNKNOWN = "unknown_parameter"
_SHOWN = 60
"""Characters of a name that somebody sent."""

# By pydantic's name for what is wrong; `ctx` of the error fills the braces.
_WORDS = {
    "missing": "is missing",
    "string_too_long": "is longer than {max_length} characters",
    "string_type": "must be a text",
    "string_pattern_mismatch": "is not written as the archive writes it; send it as you got it",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "json_invalid": "is no JSON",
    "model_attributes_type": "must be a JSON object, sent as application/json",
    "dict_type": "must be a JSON object",
    "date_from_datetime_parsing": "is no day of the calendar",
    "date_parsing": "is no day of the calendar",
}


def faults(error: RequestValidationError) -> tuple[tuple[str, str], ...]:
    """Each field that was refused, and what is wrong with it, to be read after its name."""
    return tuple((_field(one["loc"]), _said(one["type"], one.get("ctx") or {})) for one in error.errors())


def _field(loc: Sequence[str | int]) -> str:
    # The body as a whole is told with the place in it at which reading stopped.
    return next((str(one) for one in reversed(loc) if isinstance(one, str)), "request")


def _said(kind: str, ctx: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(ctx.get("error", "cannot be used"))
    if kind == "string_too_short":
        least = ctx.get("min_length", 1)
        return "is empty" if least == 1 else f"is shorter than {least} characters"
    if kind == _UNKNOWN:
        return f"is no parameter of this address; {ctx['advice']}"
    return _WORDS.get(kind, "cannot be used; /api/v1/openapi.json describes it").format(**ctx)


def only_declared(request: Request) -> None:
    """
    Raise RequestValidationError for query parameters that the route which answers does not declare.

    A filter that is misspelt would otherwise be an answer to another question.
    """
    known = set(_declared(request.scope["route"].dependant))
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        raise RequestValidationError(
            [
                {
                    "type": _UNKNOWN,
                    "loc": ("query", name[:_SHOWN]),
                    "msg": "",
                    "ctx": {"advice": suggestion(name, known)},
                }
                for name in unknown
            ]
        )


def _declared(dependant: Dependant) -> Iterator[str]:
    for one in dependant.query_params:
        yield one.alias
    for inner in dependant.dependencies:
        yield from _declared(inner)
