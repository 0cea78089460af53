"""Draws the pictures of docs/desk.md: ``python tests/desk_pictures.py`` in the project.

With a folder behind it, every page in light and dark, wide and narrow, is drawn there, to be looked at.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from browser import FLAGS, chromium_path
from desk_course import FIRST, SECOND
from nbgrader.api import Gradebook
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from test_desk_pages import Desk

PICTURES = Path(__file__).parent.parent / "docs" / "images"
SIZES = {"wide": (1000, 760), "narrow": (320, 800)}
#: The pages, by their names: an address on the desk, and a summary that is opened.
PAGES = {
    "modules": ("", f"#more-{FIRST}"),
    "more-time": (f"extensions/{FIRST}", None),
    "as-a-student": (f"preview/{SECOND}", None),
    "begun": ("begun", None),
}
#: Those that stand in the docs.
CHOSEN = ("modules-wide-light", "more-time-wide-dark")
MOST = 120_000  # ms that a step may take on a busy machine


def draw(desk: Desk, browser: Browser, folder: Path, wanted: tuple[str, ...] | None) -> None:
    """Draw the pages into a folder; all, or those that are wanted."""
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,
                locale="en-US",
                timezone_id="America/New_York",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.set_default_timeout(MOST)
            for name, (address, opened) in PAGES.items():
                picture = f"{name}-{size}-{theme}"
                if wanted is not None and picture not in wanted:
                    continue
                page.goto(f"{desk.at.url}/fieldguide/desk/{address}")
                page.wait_for_load_state("networkidle")
                if opened is not None:
                    page.locator(f'[id="{opened[1:]}"]').click()
                    page.evaluate("document.activeElement.blur()")
                shown = Image.open(io.BytesIO(page.screenshot(full_page=name != "as-a-student")))
                shown.save(folder / f"desk-{picture}.webp", quality=80, method=6)
            context.close()


def main() -> None:
    """Draw them."""
    everything = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    place = Path(tempfile.mkdtemp(prefix="fieldguide-desk-"))
    os.environ |= {"JUPYTER_DATA_DIR": str(place / "data"), "JUPYTER_CONFIG_DIR": str(place / "config")}
    desk = Desk(place)
    with Gradebook(desk.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate="2099-12-05 04:59:00 UTC")
    desk.post(f"extensions/{FIRST}", student="ana", due="2099-12-07T18:00", zone="America/New_York")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            draw(desk, browser, everything or PICTURES, None if everything else CHOSEN)
    finally:
        desk.at.stop()


if __name__ == "__main__":
    main()
