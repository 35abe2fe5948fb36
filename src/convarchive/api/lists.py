"""Themes, people and episodes over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from convarchive.api import near_schemas, schemas
from convarchive.api.answering import API, Cursor, Limit, Visiting, answer, send_text
from convarchive.api.paging import page
from convarchive.api.quotes import known, quote_page
from convarchive.domain.passage import Query as Asked
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.index.portraits import portrait
from convarchive.publish import transcript as transcripts
from convarchive.publish.lists import episode_record, person_record, theme_record
from convarchive.publish.theme_record import portrait_record

router = APIRouter(prefix=API)

TRANSCRIPT_TYPES = {
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "json": "application/json",
    "txt": "text/plain",
}


@router.get("/themes", response_model=schemas.ThemePage, tags=["themes"], summary="The archive's themes")
def themes(visit: Visiting, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """All themes in their owner's order, with how many quotes you may see of each."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        shown, more = page("themes", read.themes(), lambda theme: theme.id, cursor, limit)
        return answer(visit, read.generation(), {"themes": [theme_record(one) for one in shown], "next": more}, more)


@router.get(
    "/themes/{theme}",
    response_model=near_schemas.ThemePortrait,
    tags=["themes"],
    summary="A theme and what speaks to it",
)
def theme_portrait(visit: Visiting, theme: str, limit: Limit = 10) -> Response:
    """Its strongest quotes by many voices, who speaks to it (where you may see shares), when, and its neighbours."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        found = portrait(read, theme, visit.doors.encoder(), limit)
        generation = read.generation()
    body = portrait_record(
        found.theme,
        [(one.quote, one.score, one.also) for one in found.quotes],
        found.voices,
        found.periods,
        found.neighbours,
        public_url=visit.doors.public_url,
        served_at="",
    )
    return answer(visit, generation, body)


@router.get("/themes/{theme}/quotes", response_model=schemas.QuotePage, tags=["themes"], summary="A theme's quotes")
def theme_quotes(
    visit: Visiting,
    theme: str,
    speaker: Annotated[str | None, Query(description="Only this person's quotes.", examples=["ada-example"])] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Quotes that belong to the theme, by id."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        found = read.theme(theme)
        asked = Asked("", ThemeId(found.id), SpeakerId(speaker) if speaker is not None else None, limit=limit)
        known(read, asked)
        return quote_page(visit, read, f"theme:{found.id}:{speaker or ''}", asked, cursor)


@router.get("/speakers", response_model=schemas.PersonPage, tags=["speakers"], summary="Who is quoted")
def speakers(visit: Visiting, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Everybody whose name you may see beside a quote, most quoted first."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        shown, more = page("speakers", read.speakers(), lambda person: person.id, cursor, limit)
        body = {"speakers": [person_record(one) for one in shown], "next": more}
        return answer(visit, read.generation(), body, more)


@router.get(
    "/speakers/{speaker}/quotes", response_model=schemas.QuotePage, tags=["speakers"], summary="A person's quotes"
)
def speaker_quotes(visit: Visiting, speaker: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Quotes beside which you may see this person's name, by id."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        found = read.speaker(speaker)
        asked = Asked("", speaker=SpeakerId(found.id), limit=limit)
        return quote_page(visit, read, f"speaker:{found.id}", asked, cursor)


@router.get("/episodes", response_model=schemas.EpisodePage, tags=["episodes"], summary="Episodes")
def episodes(visit: Visiting, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Episodes of which you may see something, newest first."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        shown, more = page("episodes", read.episodes(), lambda episode: episode.id, cursor, limit)
        body = {"episodes": [episode_record(one) for one in shown], "next": more}
        return answer(visit, read.generation(), body, more)


@router.get("/episodes/{episode}", response_model=schemas.EpisodeRecord, tags=["episodes"], summary="One episode")
def one(visit: Visiting, episode: str) -> Response:
    """An episode, with how many of its quotes you may see."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        return answer(visit, read.generation(), episode_record(read.episode(episode)))


@router.get(
    "/episodes/{episode}/transcript",
    response_model=schemas.TranscriptRecord,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in TRANSCRIPT_TYPES.values()}}},
    tags=["episodes"],
    summary="An episode's transcript",
)
def transcript(
    visit: Visiting,
    episode: str,
    form: Annotated[Literal["vtt", "srt", "json", "txt"], Query(alias="as", description="The file format.")] = "json",
) -> Response:
    """The whole transcript with withdrawn stretches masked; for the public, the cleared excerpts."""
    with visit.doors.catalogue.reading(visit.audience) as read:
        found, lines = read.episode(episode), read.lines(episode)
        generation = read.generation()
    write = {
        "vtt": transcripts.as_vtt,
        "srt": transcripts.as_srt,
        "json": transcripts.as_json,
        "txt": transcripts.as_txt,
    }[form]
    return send_text(visit, generation, write(lines, fiction=found.fiction), TRANSCRIPT_TYPES[form])
