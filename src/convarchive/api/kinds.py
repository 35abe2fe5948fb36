"""The kinds of problem that only HTTP knows, beside those that are errors of the archive's own."""

from __future__ import annotations

from dataclasses import dataclass

PROBLEM_URN = "urn:convarchive:problem:{type}"


@dataclass(frozen=True, slots=True)
class HttpKind:
    """How a kind is told, and what it means."""

    status: int
    title: str
    meaning: str


HTTP_KINDS = {
    "http-not-found": HttpKind(404, "Nothing is at this address", "No page and no part of the API has this address."),
    "http-method-not-allowed": HttpKind(
        405, "Not spoken at this address", "The address is right and the method is not; `Allow` lists those that are."
    ),
    "content-too-large": HttpKind(413, "Too much was sent", "A form or a body was longer than any request here is."),
    "range-not-satisfiable": HttpKind(
        416, "The range lies beyond the end", "`Range` asked for bytes that the recording or clip does not have."
    ),
    "misdirected-request": HttpKind(
        421, "Not the name of this server", "The server was called by a host name that is not its own."
    ),
    "too-many-requests": HttpKind(
        429,
        "Too many requests",
        "Too much was asked, or too many wrong keys tried; `Retry-After` says when to come back.",
    ),
    "fault": HttpKind(500, "Something went wrong here", "A fault of the server's own; its log has the details."),
    "format-not-implemented": HttpKind(
        501, "There is no such format", "oEmbed was asked for a format other than JSON and XML."
    ),
    "not-ready": HttpKind(503, "Not ready", "`/readyz` found catalogue, index or encoder down; it says which."),
}


def body(kind: str, detail: str) -> dict[str, object]:
    """A problem as RFC 9457 writes it."""
    known = HTTP_KINDS[kind]
    return {"type": PROBLEM_URN.format(type=kind), "title": known.title, "status": known.status, "detail": detail}
