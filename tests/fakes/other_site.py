"""
A page of another site with the widget in it, in a real browser.

The archive stands at 127.0.0.1, the page at localhost: another origin, and another site. Its
policy lets in what docs/widget.md lists, and nothing else.
"""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from servers import Answer, Server, serving

CHROMIUM = Path("/usr/bin/chromium")

POLICY = (
    "default-src 'none'; script-src {archive}; connect-src {archive}; media-src {archive}; frame-src {archive}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
window.sounds = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (!window.sounds.includes(this)) window.sounds.push(this);
  return play.call(this);
};
"""
"""Writes down what the page's policy refused, and every sound that was ever begun."""


@dataclass
class Site:
    """The page, the archive's address, the site's own server, and what the browser's console said."""

    page: object
    archive: str
    server: Server
    host: str = "localhost"
    said: list = field(default_factory=list)

    def show(self, body, *, archive=None, head="", policy=POLICY, script=True):
        """
        Open a page with this body; `{archive}` in it is the archive's address.

        With another `archive` the script still comes from ours, as it would where that has just died.
        """
        address = archive or self.archive
        tag = f'<script type="module" src="{self.archive}/widget/v1/quote-search.js"></script>' if script else ""
        whole = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Another site</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{tag}{head}</head>'
            f"<body><main><h1>Another site</h1>\n{body}\n</main></body></html>"
        ).replace("{archive}", address)
        sources = " ".join(dict.fromkeys((self.archive, address)))
        headers = {"Content-Security-Policy": policy.replace("{archive}", sources)}
        self.server.put("/page", Answer(whole.encode(), "text/html; charset=utf-8", headers=headers))
        self.page.goto(f"http://{self.host}:{self.server.port}/page")
        return self.page

    def put(self, path, body, media_type):
        """Something else that the site holds."""
        self.server.put(path, Answer(body, media_type))

    def violations(self):
        return self.page.evaluate("window.violations")

    def until(self, condition):
        """Wait for what a script says, asked from outside: the page's policy lets nothing be evaluated inside."""
        for _ in range(1_000):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"never came true: {condition}")

    def told(self, text):
        """Wait until the widget says this where screen readers hear it."""
        self.page.locator("quote-search").get_by_role("status").filter(has_text=text).wait_for()

    def axe(self, frame=None):
        """What axe-core finds wrong, by rule; where its own probes break the page's policy, that is not counted."""
        from axe_playwright_python.base import AXE_FILE_PATH

        looked_at, before = frame or self.page, self.violations()
        looked_at.evaluate(Path(AXE_FILE_PATH).read_text())
        found = looked_at.evaluate("axe.run().then((result) => result.violations)")
        self.page.evaluate("(before) => { window.violations = before; }", before)
        return {one["id"]: [node["html"] for node in one["nodes"]] for one in found}


@contextlib.contextmanager
def visiting(browser, archive, *, host="localhost", **context):
    """A site in a browser that watches; fails where the policy or the console had anything to say."""
    with serving() as server:
        room = browser.new_context(**context)
        page = room.new_page()
        page.add_init_script(WATCH)
        site = Site(page, archive, server, host)
        page.on("console", lambda message: site.said.append(message.text))
        page.on("pageerror", lambda error: site.said.append(str(error)))
        yield site
        violations = site.violations()
        room.close()
    assert violations == []
    # The browser says itself which answers were no success; that is no fault of the widget's.
    assert [one for one in site.said if not one.startswith(("Failed to load resource", "Access to fetch"))] == []
