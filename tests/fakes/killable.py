"""An ingest that kills itself at a named point, or goes slowly enough to be killed by others: run as a script."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from convarchive import wiring
from convarchive.editorial.desks import load_desks
from convarchive.home import Home
from convarchive.ingest.gathering import gather
from convarchive.ingest.run import run
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding
from fakes.scripted import ScriptedDiarizer, ScriptedGrader, ScriptedTranscriber


class Fatal:
    """A stage that dies before its work, after it, or after its writes and before they are committed."""

    def __init__(self, stage, point):
        self._stage, self._point, self.name = stage, point, stage.name

    def plan(self, write, episode):
        return self._stage.plan(write, episode)

    def work(self, inputs, report):
        self._die("begun")
        made = self._stage.work(inputs, report)
        self._die("worked")
        return made

    def keep(self, write, episode, inputs, made):
        note = self._stage.keep(write, episode, inputs, made)
        self._die("written")
        return note

    def _die(self, point):
        if self._point == f"{self.name}:{point}":
            os.kill(os.getpid(), signal.SIGKILL)


def main(root: str, point: str, pace: str) -> None:
    home = Home(Path(root))
    settings = load(home)
    ears, told = ScriptedTranscriber(float(pace)), ScriptedDiarizer()
    tools = replace(wiring.tools(settings), transcriber=lambda: ears, diarizer=lambda: told, grader=ScriptedGrader)
    with holding(home, "a test"), Catalogue.for_writing(home) as catalogue:
        load_desks(home, catalogue)
        gather(home, catalogue, tools.fetcher)
        run(catalogue, [Fatal(stage, point) for stage in wiring.stages(home, settings, tools)])


if __name__ == "__main__":
    main(*sys.argv[1:])
