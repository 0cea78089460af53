"""Draws the pictures of docs/coursepage.md: ``python tests/coursepage_pictures.py`` in the project."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from browser import FLAGS, JupyterServer, chromium_path
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).parent.parent
PICTURES = PROJECT / "docs" / "images"
MODULE = "02-safe-social-networking"


def opened(browser: Browser, server: JupyterServer, theme: str, width: int, height: int) -> Page:
    """The page of a module whose cells are drawn."""
    dark = "dark" if theme == "dark" else "light"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=dark, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{server.url}/fieldguide/module/{MODULE}/{MODULE}.ipynb")
    page.locator("[data-cell]:empty").first.wait_for(state="detached")
    return page


def draw(folder: Path) -> None:
    """A module's page in light and dark, with a word's meaning, and on a telephone."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        shutil.copytree(PROJECT / "release", Path(place) / "root")
        server = JupyterServer(Path(place) / "root", Path(place) / "home")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            for theme in ("light", "dark"):
                page = opened(browser, server, theme, 1280, 800)
                page.get_by_role("heading", name="Look yourself up").evaluate("node => node.scrollIntoView()")
                page.get_by_role("link", name="field instructor").first.click()
                page.screenshot(path=folder / f"coursepage-{theme}.png")
            page = opened(browser, server, "light", 390, 844)
            page.locator(".prose.is-stop").first.evaluate("node => node.scrollIntoView({ block: 'center' })")
            page.screenshot(path=folder / "coursepage-telephone.png")
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    draw(PICTURES)
