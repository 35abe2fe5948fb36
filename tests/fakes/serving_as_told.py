"""`convarchive serve` with an encoder that needs no model: same arguments, same lines on stdout; may break a route."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main() -> None:
    given = argparse.ArgumentParser()
    for name in ("--home", "--port", "--break"):
        given.add_argument(name)
    said = given.parse_args()

    from convarchive import wiring
    from convarchive.cli.app import run
    from fakes.encoder import HashingEncoder

    wiring.finding.encoder = lambda *_, **__: HashingEncoder()
    real = wiring.doors

    class Broken:
        """The app, save for one path, where nothing is found."""

        def __init__(self, app):
            self._app, self.state = app, app.state

        async def __call__(self, scope, receive, send):
            if scope.get("path", "").startswith(getattr(said, "break") or "nothing"):
                scope = scope | {"path": "/nowhere", "raw_path": b"/nowhere"}
            await self._app(scope, receive, send)

    def doors(*arguments, **named):
        opened = real(*arguments, **named)
        return replace(opened, app=Broken(opened.app))

    wiring.doors = doors
    sys.exit(run(["serve", "--home", said.home, "--port", said.port]))


if __name__ == "__main__":
    main()
