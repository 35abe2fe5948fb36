"""Commands that take something in: a show, audio files, transcripts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import HomeOption, JsonOption, QuietOption, home_of
from convarchive.cli.output import as_json, note, say, watching
from convarchive.domain.episode import EpisodeId, Item
from convarchive.domain.transcript import Transcript
from convarchive.errors import BadInput, NotFound
from convarchive.home import Home
from convarchive.ingest.added import Given, again, audio_item, person, transcript_item
from convarchive.ingest.desk_changes import add_feed
from convarchive.ingest.desks import read_feeds
from convarchive.ingest.gathering import read_one
from convarchive.ingest.run import run
from convarchive.ingest.sources import source
from convarchive.ingest.subscribe import address
from convarchive.ingest.transcripts import read_transcript
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding

TitleOption = Annotated[str | None, typer.Option("--title", help="The episode's title; else the file's name.")]
PublishedOption = Annotated[str | None, typer.Option("--published", help="The day it came out.", metavar="DATE")]
PersonOption = Annotated[
    list[str] | None, typer.Option("--person", help="Somebody who speaks: NAME or NAME:role; repeat for more.")
]
FictionOption = Annotated[bool, typer.Option("--fiction", help="Made up: labelled so wherever it appears.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Take in a show, audio files or transcripts.", no_args_is_help=True)
    group.command("feed")(feed)
    group.command("audio")(audio)
    group.command("transcript")(transcript)
    app.add_typer(group, name="add")


def feed(
    show: Annotated[str, typer.Argument(help="A feed's address, an Apple Podcasts link or id, or a folder of audio.")],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """
    Follow a show: read its feed now, and again with every ingest.

    Example: convarchive add feed https://podcast.example/feed.xml
    """
    place = home_of(home)
    entry = source(show)
    tool = wiring.fetcher(load(place))
    read_feeds(place)  # A desk that cannot be read cannot be added to either.
    with holding(place, "convarchive add feed"), Catalogue.for_writing(place) as catalogue:
        # What cannot be read now is not written down either.
        news = read_one(place, catalogue, tool, entry)
        fresh = add_feed(place, entry)
    if json:
        as_json({"feed": news.feed, "title": news.title, "episodes": list(news.episodes)})
        return
    if news.trouble:
        note(news.trouble)
    say(f"{news.title}: {'unchanged' if news.unchanged else f'{len(news.episodes)} episodes'}")
    say(f"{'written to' if fresh else 'stands already in'} {place.feeds.relative_to(place.root)}: {address(entry)}")
    say("next: convarchive ingest")


def audio(
    files: Annotated[list[Path], typer.Argument(help="Audio files: mp3, m4a, opus, flac, wav and others.")],
    title: TitleOption = None,
    published: PublishedOption = None,
    persons: PersonOption = None,
    fiction: FictionOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """
    Take in audio files, each as an episode. A file that is here already is not taken twice.

    Example: convarchive add audio talk.mp3 --title "A talk" --published 2031-01-01 --person "Ada Example:guest"
    """
    place = home_of(home)
    people = tuple(person(one) for one in persons or [])
    if title and len(files) > 1:
        raise BadInput(f"--title names one episode, and {len(files)} files were given; add them one by one")
    items = [(file, audio_item(file, title, published, people, fiction=fiction)) for file in files]
    for file in files:
        # Before anything is written: a file that holds no sound is no episode.
        wiring.measure(file)
    with holding(place, "convarchive add audio"), Catalogue.for_writing(place) as catalogue:
        given = Given(title=bool(title), published=bool(published), persons=bool(people), fiction=fiction)
        added = [_keep(place, catalogue, file, item, given, quiet) for file, item in items]
    _told(added, json)


def _keep(place: Home, catalogue: Catalogue, file: Path, item: Item, given: Given, quiet: bool) -> EpisodeId:
    """An episode with its sound safely held; one whose file is no good leaves nothing behind."""
    settings = load(place)
    with_tools = wiring.tools(settings)
    fetch = [stage for stage in wiring.stages(place, settings, with_tools) if stage.name == "fetch"]
    with catalogue.writing() as write:
        known = {one.guid: one for one in write.episodes.episodes() if one.feed is None}
        if item.guid in known:
            item = again(item, known[item.guid], given)
        episode = write.episodes.put_item(None, item, fiction=item.fiction)
        write.count_up("content")
    with watching(quiet) as tell:
        done = run(catalogue, fetch, only=episode, tell=tell)
    for _, _, trouble in done.failed:
        raise BadInput(trouble)
    return episode


def transcript(
    file: Annotated[Path, typer.Argument(help="WebVTT, SRT, Podcasting 2.0 JSON, or text with `Name: words` lines.")],
    sound: Annotated[Path | None, typer.Option("--audio", help="The recording it belongs to.")] = None,
    episode: Annotated[str | None, typer.Option("--episode", help="The episode it belongs to.", metavar="ID")] = None,
    title: TitleOption = None,
    published: PublishedOption = None,
    persons: PersonOption = None,
    fiction: FictionOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """
    Take in a transcript somebody made, with its recording, for an episode that is here, or on its own.

    With a recording, handing it in is your statement that its words were checked against that recording.

    Example: convarchive add transcript talk.vtt --audio talk.mp3 --title "A talk"
    """
    place = home_of(home)
    if sound and episode:
        raise BadInput("--audio and --episode name two places for one transcript; give one of them")
    body, words = _read(file)
    if sound:
        wiring.measure(sound)
    people = tuple(person(one) for one in persons or [])
    with holding(place, "convarchive add transcript"), Catalogue.for_writing(place) as catalogue:
        where = EpisodeId("")
        if episode:
            where = _existing(catalogue, episode)
        elif sound:
            given = Given(title=bool(title), published=bool(published), persons=bool(people), fiction=fiction)
            item = audio_item(sound, title, published, people, fiction=fiction)
            where = _keep(place, catalogue, sound, item, given, quiet)
        with catalogue.writing() as write:
            if not where:
                item = transcript_item(file, body, title, published, people, fiction=fiction)
                where = write.episodes.put_item(None, item, fiction=fiction)
            held = write.episodes.recording_of(where)
            write.speech.put_transcript(where, held[0].sha256 if held else None, words)
            write.count_up("content")
    if held and not words.timed:
        note(f"{file.name} gives no times, so the recording is listened to and its words are used; the text is kept")
    _told([where], json)


def _read(file: Path) -> tuple[bytes, Transcript]:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}); give a transcript's file") from error
    return body, read_transcript(body, name=file.name)


def _existing(catalogue: Catalogue, episode: str) -> EpisodeId:
    with catalogue.writing() as write:
        known = {one.id for one in write.episodes.episodes()}
    if episode not in known:
        raise NotFound(f"no episode {episode[:60]!r} here; list them with: convarchive episodes list")
    return EpisodeId(episode)


def _told(episodes: list[EpisodeId], json: bool) -> None:
    if json:
        as_json({"episodes": list(episodes)})
        return
    for one in episodes:
        say(one)
    note("next: convarchive ingest")
