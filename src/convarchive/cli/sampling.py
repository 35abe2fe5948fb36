"""Commands with which people measure how often the archive is right: a sample to hear, and what came of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from convarchive.cli.clipping import Clip, Clips, clipping
from convarchive.cli.options import ByOption, HomeOption, JsonOption, WhyOption, home_of, limit_of, one_of
from convarchive.cli.output import as_json, clock, note, say, wrapped
from convarchive.cli.voice_walk import Quit, ask
from convarchive.cli.voices import ServerOption, base_of
from convarchive.domain.checking import VERDICTS, Measured, Verdict, measured
from convarchive.domain.quote import AudioSource, QuoteId
from convarchive.domain.share import Share
from convarchive.domain.span import Span
from convarchive.editorial.sampling import Sample, Sampled, judge, sample, take_back
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.publish.record import listen_at
from convarchive.store.catalogue import Catalogue
from convarchive.store.views import RecordingView

_KEYS: dict[str, Verdict] = {"y": "right", "n": "wrong", "?": "unsure"}
_KEYS_SHOWN = "[y/n, ? unsure, u undo the last quote, q quit]"
SHOWN = ", ".join(VERDICTS)


def take_sample(
    number: Annotated[int, typer.Option("-n", "--limit", help="How many quotes, 1 to 1000.")] = 50,
    seed: Annotated[int, typer.Option(help="Which sample: the same number, the same quotes.")] = 1,
    verdict: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--verdict",
            help=f"Without questions: this drawn quote's name is {SHOWN}; or undo: take its newest verdict back.",
            metavar="QUOTE VERDICT",
        ),
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("--words", help=f"With --verdict: its words are {SHOWN}; else as said before.", metavar="VERDICT"),
    ] = None,
    by: ByOption = None,
    why: WhyOption = None,
    clips: Annotated[
        Path | None, typer.Option("--clips", help="Write what is to be heard into this folder.", metavar="FOLDER")
    ] = None,
    server: ServerOption = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Check a random sample of confirmed quotes by ear: is the name right, are the words? Stop and go on when you like.

    This is the archive's own measure of itself, kept in the log. Correct what is wrong after the sample, not within.
    For scripts: --json prints the sample, --verdict records what a person heard of a quote that -n and --seed draw.

    Example: convarchive review sample -n 50 --by "B. Editor"
    """
    place = home_of(home)
    count, base = limit_of(number), base_of(place, server)
    if verdict is not None:
        _record_one(place, Sample(count, seed), *verdict, words, by or "", why or "")
        return
    if words is not None:
        raise BadInput("--words goes with --verdict QUOTE VERDICT")
    with Catalogue.for_reading(place) as catalogue:
        with catalogue.reading("editor") as read:
            chosen = sample(read, count, seed)
            sounds = {one: read.recording(one) for one in {_place(each)[0] for each in chosen}}
        if json:
            with clipping(place, clips) as cut:
                made = [_clip(cut, one, sounds) if clips else None for one in chosen]
            as_json([_record(one, base, clip) for one, clip in zip(chosen, made, strict=True)])
            return
    if not chosen:
        say("there is nothing to check: no quote from a recording has a confirmed name yet")
        return
    if not sys.stdin.isatty():
        raise BadInput("review sample asks questions, which needs a terminal; for scripts add --json, or --verdict")
    if not (by and by.strip()):
        raise BadInput("a verdict needs --by WHO, so that others can follow it")
    with clipping(place, clips) as cut:
        _walk(place, Sample(count, seed), chosen, sounds, cut, base, by)


def accuracy(home: HomeOption = None, json: JsonOption = False) -> None:
    """
    Say how often confirmed names and words were right, by people who checked them by ear.

    Example: convarchive speakers accuracy
    """
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading("editor") as read:
        found, frame = measured(read.checks()), len(read.to_check())
    if json:
        as_json(accuracy_record(found, frame))
        return
    for line in told(found):
        say(line)
    note(f"{frame} quotes from recordings have a confirmed name; check some with: convarchive review sample --by WHO")


def told(found: Measured) -> list[str]:
    """What people found, in lines."""
    if not found.names.total and not found.words.total and not found.unsure_names:
        return ["no confirmed quote was checked by a person yet"]
    lines = [f"names: {_said(found.names, 'wrong')}"]
    if found.by_evidence.total != found.names.total:
        lines.append(f"names on evidence alone: {_said(found.by_evidence, 'wrong')}")
    lines.append(f"words: {_said(found.words, 'wrong')}")
    if found.unsure_names or found.unsure_words:
        lines.append(f"not counted, for they were unsure: names {found.unsure_names}, words {found.unsure_words}")
    if found.stale:
        lines.append(f"not counted, for words or name have changed since: {found.stale}")
    return lines


def _said(share: Share, bad: str) -> str:
    low, high = share.interval
    wrong = f"{share.total - share.right} {bad}"
    if not share.total:
        return "none checked by people"
    return f"{share.total} checked by people, {wrong}; right {share.part:.1%}, 95 % interval {low:.1%} to {high:.1%}"


def accuracy_record(found: Measured, frame: int) -> dict[str, object]:
    """The same as a record: shares with their 95 % Wilson intervals."""

    def share(one: Share) -> dict[str, object]:
        low, high = one.interval
        return {
            "checked": one.total,
            "right": one.right,
            "wrong": one.total - one.right,
            "share": round(one.part, 4) if one.total else None,
            "interval_95": [round(low, 4), round(high, 4)] if one.total else None,
        }

    return {
        "names": share(found.names),
        "names_on_evidence": share(found.by_evidence),
        "words": share(found.words),
        "unsure_names": found.unsure_names,
        "unsure_words": found.unsure_words,
        "stale": found.stale,
        "people": found.people,
        "confirmed_quotes": frame,
        "reference": "people who listened to the recordings",
    }


def _place(one: Sampled) -> tuple[str, Span]:
    return next((source.recording, source.span) for source in one.quote.sources if isinstance(source, AudioSource))


def _clip(cut: Clips, one: Sampled, sounds: dict[str, RecordingView]) -> Clip | None:
    recording, span = _place(one)
    return next(iter(cut.of(sounds[recording], [span], one.quote.id)), None)


def _record(one: Sampled, base: str | None, clip: Clip | None) -> dict[str, object]:
    view, (recording, span) = one.quote, _place(one)
    episode = view.episode.id if view.episode else None
    return {
        "quote": view.id,
        "version": view.version,
        "text": view.text,
        "name": view.speaker.name if view.speaker else None,
        "fiction": view.fiction,
        "episode": episode,
        "recording_sha256": recording,
        "start_ms": span.start,
        "end_ms": span.end,
        "file": str(clip.path) if clip else None,
        "listen": listen_at(episode, span.start, base) if episode else None,
        "checked": {"name": one.check.name, "words": one.check.words, "by": one.check.by} if one.check else None,
    }


def _record_one(place: Home, drawn: Sample, quote: str, name: str, words: str | None, by: str, why: str) -> None:
    if name == "undo":
        if words is not None:
            raise BadInput("--verdict QUOTE undo takes the whole verdict back; leave --words out")
        with Catalogue.for_writing(place) as catalogue:
            number = take_back(catalogue, QuoteId(quote), by=by, note=why)
        say(f"the newest verdict on {quote} is taken back (review {number})")
        return
    verdicts = {one: one for one in VERDICTS}
    one_of("--verdict", name, (*VERDICTS, "undo"))
    if words is not None:
        one_of("--words", words, VERDICTS)
    heard = verdicts[words] if words is not None else None  # type: ignore[index]
    with Catalogue.for_writing(place) as catalogue:
        kept = judge(catalogue, drawn, QuoteId(quote), verdicts[name], heard, by=by, note=why)  # type: ignore[index]
    say(f"kept: the name of {quote} is {kept.name}, its words are {kept.words} (review {kept.review})")


class _Back(Exception):
    """The last quote is to be judged anew."""


def _walk(
    place: Home,
    drawn: Sample,
    chosen: tuple[Sampled, ...],
    sounds: dict[str, RecordingView],
    cut: Clips,
    base: str | None,
    by: str,
) -> None:
    # Quotes of one recording after another: each is decoded once. The order says nothing about what is drawn.
    left = sorted((one for one in chosen if one.check is None), key=_place)
    before, at = len(chosen) - len(left), 0
    try:
        while at < len(left):
            one = left[at]
            say(f"\n{before + at + 1} of {len(chosen)}")
            _show(one, base, _clip(cut, one, sounds))
            try:
                _ask(place, drawn, one, by)
                at += 1
            except _Back:
                if at == 0:
                    say("no verdict was given on this walk; for older ones: review sample --verdict QUOTE undo")
                    continue
                at -= 1
                with Catalogue.for_writing(place) as catalogue:
                    take_back(catalogue, left[at].quote.id, by=by)
            if at == len(left) and ask("that was the last; u takes its verdict back, Enter ends: ").casefold() == "u":
                at -= 1
                with Catalogue.for_writing(place) as catalogue:
                    take_back(catalogue, left[at].quote.id, by=by)
    except Quit:
        pass
    done = before + at
    say(f"\n{done} of {len(chosen)} checked" + ("" if done == len(chosen) else "; the same command goes on from here"))
    with Catalogue.for_reading(place) as catalogue, catalogue.reading("editor") as read:
        for line in told(measured(read.checks())):
            say(line)


def _ask(place: Home, drawn: Sample, one: Sampled, by: str) -> None:
    """Ask about one quote and keep what is said. Raises Quit, and _Back where the last one is to be asked again."""
    name = _verdict(f"is that the right name? {_KEYS_SHOWN} ")
    words = _verdict(f"are those the words? {_KEYS_SHOWN} ")
    said = ask("what is wrong: ") if "wrong" in (name, words) else ""
    with Catalogue.for_writing(place) as catalogue:
        judge(catalogue, drawn, one.quote.id, name, words, by=by, note=said, version=one.quote.version)


def _show(one: Sampled, base: str | None, clip: Clip | None) -> None:
    view, (_, span) = one.quote, _place(one)
    say(wrapped(f"“{view.text}”"))
    who = view.speaker.name if view.speaker else "nobody named"
    fiction = " [fiction]" if view.fiction else ""
    say(f"  {who}{fiction}, “{view.episode.title if view.episode else ''}”, {clock(span.start)}–{clock(span.end)}")
    link = listen_at(view.episode.id, span.start, base) if view.episode else None
    for heard in (clip.path if clip else None, link):
        if heard:
            say(f"  listen {heard}")


def _verdict(question: str) -> Verdict:
    while True:
        key = ask(question).casefold()[:1]
        if key == "q":
            raise Quit
        if key == "u":
            raise _Back
        if key in _KEYS:
            return _KEYS[key]
        say("y, n, ?, u or q")
