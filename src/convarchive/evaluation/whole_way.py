"""Takes one recording through every stage and into an index, in an archive of its own that is thrown away."""

from __future__ import annotations

import tempfile
from pathlib import Path

from convarchive import wiring
from convarchive.home import MARKER, Home
from convarchive.index.build import build
from convarchive.ingest.added import audio_item
from convarchive.ingest.run import Summary, run
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue


def whole_way(recording: Path) -> Summary:
    """
    Fetch, transcribe, diarize, name, quote, embed and index a recording.

    Raises BadInput where a stage failed, ModelMissing where weights are not there.
    """
    with tempfile.TemporaryDirectory(prefix="convarchive-") as folder:
        home = Home(Path(folder))
        (home.root / MARKER).write_text('title = "measured"\n', encoding="utf-8")
        settings = load(home)
        with Catalogue.for_writing(home) as catalogue:
            with catalogue.writing() as write:
                write.episodes.put_item(None, audio_item(recording))
            done = run(catalogue, wiring.stages(home, settings, wiring.tools(settings)))
            build(home, catalogue, wiring.encoder(), wiring.empty_index)
    return done
