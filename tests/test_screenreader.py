"""What a real screen reader speaks on a module's page, held to what was read and found good.

``SPOKEN=write ./run test tests/test_screenreader.py`` writes tests/data/spoken/ anew, to be read like any other change.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import orca
import pytest
from browser import JupyterServer
from conftest import PROJECT
from orca import Reader
from playwright.sync_api import Locator, Playwright
from saved import SAVED

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: A module with a question of every type, a case and a worksheet.
MODULE = "04-questions-for-your-agency"
SPOKEN = Path(__file__).parent / "data" / "spoken"


@pytest.fixture(scope="module")
def reader(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    orca.need()
    folder = tmp_path_factory.mktemp("orca")
    shutil.copytree(PROJECT / "release" / MODULE, folder / "root" / MODULE)
    server = JupyterServer(folder / "root", folder / "server")
    try:
        with orca.reading(driver, folder, f"{server.url}/fieldguide/module/{MODULE}/{MODULE}.ipynb") as reader:
            yield reader
    finally:
        server.stop()


def verdict(reader: Reader, item: str) -> Locator:
    return reader.page.locator(f"#fg-{item} .fg-verdict").filter(visible=True)


def saved(reader: Reader, item: str) -> Locator:
    return reader.page.locator(f"#fg-{item} [role=status]").filter(has_text=SAVED)


def choice(reader: Reader) -> None:
    item = "look-up-every-new-family"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab", "ArrowDown", "Tab")
    reader.press("Space", until=verdict(reader, item))
    # Back among the choices the vignette is not read again.
    reader.press("Shift+Tab")


def several(reader: Reader) -> None:
    item = "ideas-for-the-agency-page"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab", "Space", "Tab", "Space")
    reader.press("Enter", until=verdict(reader, item), parts=True)


def match(reader: Reader) -> None:
    reader.land("#fg-share-ask-or-leave-out h3")
    reader.press("Tab", "ArrowDown", "Tab", "ArrowDown", "Shift+Tab")


def order(reader: Reader) -> None:
    reader.land("#fg-steps-of-an-agreed-search h3")
    reader.press("Tab", "Space", "Tab", "Space", "Space")


def hottext(reader: Reader) -> None:
    item = "one-month-in-outreach"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab")
    reader.press("Space", until=saved(reader, item))
    reader.press("Tab")


def entry(reader: Reader) -> None:
    item = "no-current-rule-on-being-found"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab")
    reader.write("three")
    reader.press("Enter")
    reader.press("Control+a", "Delete")
    reader.write("3")
    reader.press("Enter", until=verdict(reader, item), parts=True)


def essay(reader: Reader) -> None:
    item = "devin-asks-and-answers"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab")
    reader.write("Devin asks on Monday.", until=saved(reader, item))
    reader.press("Tab")


def case(reader: Reader) -> None:
    reader.land("#fg-irenas-message h3")
    reader.press("Tab", "ArrowDown", "Tab")
    reader.press("Space", until=reader.page.locator("#fg-irenas-message h4:focus"))
    reader.press("Tab", "Tab")


def worksheet(reader: Reader) -> None:
    item = "irenas-message-ethic"
    reader.land(f"#fg-{item} input")
    reader.press("ArrowDown", until=saved(reader, item), parts=True)
    reader.press("Tab")


@pytest.mark.parametrize("walk", [choice, several, match, order, hottext, entry, essay, case, worksheet])
def test_orca_speaks_what_was_read_and_found_good(reader: Reader, walk: Callable[[Reader], None]) -> None:
    reader.start(walk.__name__)
    walk(reader)
    file = SPOKEN / f"{walk.__name__}.txt"
    if os.environ.get("SPOKEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(reader.transcript(), encoding="utf-8")
    assert reader.transcript() == file.read_text(encoding="utf-8")
