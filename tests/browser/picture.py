"""Make the picture of the README anew: the top of the page that `make run` wrote, as a browser shows it.

Called by `make picture`. A browser of another version may draw letters a little otherwise, so the octets are
compared with nothing.
"""

import sys
from pathlib import Path

from tests.browser.conftest import CHROMIUM, FLAGS, PATIENCE_MS, absent

SIZE = {"width": 1280, "height": 860}


def main(page: Path, picture: Path) -> None:
    """Write the top of *page* into *picture*."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, timeout=PATIENCE_MS)
        shown = browser.new_page(viewport=SIZE)
        shown.goto(page.resolve().as_uri())
        shown.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    if reason := absent():
        sys.exit(reason)
    main(*map(Path, sys.argv[1:]))
