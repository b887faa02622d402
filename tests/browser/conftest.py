"""One Chromium for each worker, and pages opened in it that may neither reach a network nor complain.

REGLAMENT_CHROMIUM names another browser than Debian's. Where there is none these tests are skipped and say
why; in CI they fail instead.
"""

import os
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

CHROMIUM = Path(os.environ.get("REGLAMENT_CHROMIUM") or "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MS = 120_000
"""Two cores may be shared with other tests; what never comes is an error all the same."""


def absent():
    """Return why no browser can be had, or an empty text."""
    if not CHROMIUM.is_file():
        return f"no browser: {CHROMIUM} is not there (apt install chromium, or set REGLAMENT_CHROMIUM)"
    if not all(find_spec(name) for name in ("playwright", "axe_playwright_python")):
        return "no driver of a browser: playwright is not installed (make test-browser installs it)"
    return ""


def pytest_collection_modifyitems(items):
    reason = absent()
    for item in items:
        if reason and not os.environ.get("CI") and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def chromium():
    """The browser of this worker."""
    if reason := absent():
        pytest.fail(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, timeout=PATIENCE_MS)
        yield browser
        browser.close()


OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolls = (e) => e !== document.body && getComputedStyle(e).overflowX !== 'visible';
  const inside = (e) => e && (scrolls(e) || inside(e.parentElement));
  const sticksOut = (e) => e.getBoundingClientRect().right > wide + 1 && !inside(e.parentElement);
  const out = [...document.querySelectorAll('body *')].filter(sticksOut);
  return [document.documentElement.scrollWidth - wide, out.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
}"""


class Shown:
    """A page as the browser shows it: *page* is the driver's, *said* what it complained of or asked for."""

    def __init__(self, page, own):
        self.page = page
        self.said = []
        self._own = own
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", self._watch)

    def _hear(self, message):
        if message.type in {"error", "warning"}:
            self.said.append(f"{message.type}: {message.text}")

    def _watch(self, request):
        if not request.url.startswith(("data:", "blob:", self._own)):
            self.said.append(f"request: {request.url}")

    def ask(self, script, value=None):
        """Return what a script of the test finds; it works with the page's own scripts off too."""
        return self.page.evaluate(script, value)

    def overflow(self):
        """Return by how many pixels the page is wider than the window, and what sticks out of it."""
        return self.ask(OVERFLOW)


@pytest.fixture
def show(chromium, tmp_path):
    """Open a file, or the text of a page, in a window of its own; at the end nothing may have been said."""
    opened = []
    with ExitStack() as stack:

        def open_page(source, *, viewport=WIDE, scripts=True, address=""):
            place = source
            if not isinstance(source, Path):
                place = tmp_path / f"page-{len(opened)}.html"
                place.write_text(source, encoding="utf-8")
            context = chromium.new_context(offline=True, viewport=viewport, java_script_enabled=scripts)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            shown = Shown(context.new_page(), place.resolve().as_uri())
            shown.page.goto(place.resolve().as_uri() + address)
            opened.append(shown)
            return shown

        yield open_page
        complaints = [said for shown in opened for said in shown.said]
    assert complaints == [], "the page complained, or asked the network for something"
