"""Draws the pictures of docs/player.md and docs/cases.md: ``python tests/player_pictures.py`` in the project."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser import FLAGS, chromium_path
from case_page import CasePage
from player_page import PlayerPage
from playwright.sync_api import sync_playwright
from samples import CHOICE, ENTRY, ESSAY, HOTTEXT, MATCH, ORDER

from fieldguide.authoring.module import read_module
from fieldguide.cases.reading import public_case_text
from fieldguide.cells.kinds import CASE

MODULE = Path(__file__).parent.parent / "modules" / "05-questions-for-the-classroom.md"
PICTURES = Path(__file__).parent.parent / "docs" / "images"


def practice(text: str) -> str:
    """A graded sample as a practice question."""
    kept = [line for line in text.splitlines() if not line.startswith("points:")]
    return "\n".join(kept).replace("use: graded", "use: practice\nhint: Who else can help?")


KINDS = {
    "choice": practice(CHOICE),
    "match": practice(MATCH),
    "order": practice(ORDER),
    "hottext": HOTTEXT,
    "entry": ENTRY,
    "essay": ESSAY,
}
ITEMS = tuple(KINDS.values())


def answer(player: PlayerPage) -> None:
    """Answers that show what each kind of question looks like."""
    player.head().get_by_label("Ask me how sure I am").check()
    player.wait()
    choice, match, order, hottext, entry, essay = (player.card(text.split("\n")[0][4:]) for text in ITEMS)
    choice.get_by_label("Block the account.").check()
    choice.get_by_label("Fairly sure").check()
    choice.get_by_role("button", name="Check").click()
    player.wait()
    choice.get_by_role("button", name="Hint").click()
    for place, option in enumerate(("recording", "posting", "posting")):
        match.get_by_role("combobox").nth(place).select_option(option)
    match.get_by_role("button", name="Check").click()
    for _ in range(3):
        order.get_by_role("button", name="Move down: Talk").click()
    order.get_by_role("button", name="Move down: Tell").click()
    order.get_by_label("Sure", exact=True).check()
    order.get_by_role("button", name="Check").click()
    hottext.get_by_label("Fern Hollow").check()
    hottext.get_by_label("the fire in May").check()
    entry.get_by_role("textbox").fill("12.5")
    essay.get_by_role("textbox").fill(
        "I would ask for the picture to be taken down, and tell my field instructor tonight. Then I would look at who "
        "else could have seen it, because the family can be recognized by the house."
    )
    essay.get_by_role("textbox").blur()
    player.wait(700)


def draw(folder: Path) -> None:
    """One picture of the head and one of each kind of question, in light and in dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for theme in ("light", "dark"):
            size = {"width": 736, "height": 900}
            with (
                tempfile.TemporaryDirectory() as place,
                PlayerPage(browser, Path(place), theme=theme, items=ITEMS, viewport=size) as player,
            ):
                answer(player)
                player.head().screenshot(path=folder / f"head-{theme}.png")
                for kind, text in KINDS.items():
                    player.card(text.split("\n")[0][4:]).screenshot(path=folder / f"{kind}-{theme}.png")
                essay = player.card(ESSAY.split("\n")[0][4:])
                essay.get_by_role("textbox").fill("My client Dana, who is at Lincoln High, would not want this.")
                essay.get_by_role("button", name="Review my text").click()
                essay.get_by_role("button", name="Show in my text").first.wait_for()
                essay.screenshot(path=folder / f"review-{theme}.png")
            with (
                tempfile.TemporaryDirectory() as place,
                CasePage(browser, Path(place), case_text(), theme=theme, viewport=size) as case,
            ):
                for way in ("Call Alex, who doesn't know yet", "Call the agency's on-call supervisor"):
                    case.card.get_by_label(way).check()
                    case.button("Go on").click()
                    case.wait(300)
                case.card.screenshot(path=folder / f"case-{theme}.png")
        browser.close()


def case_text() -> str:
    """The text of the core case of module 05, as students have it."""
    cell = next(cell for cell in read_module(MODULE).cells if cell.kind is CASE)
    return public_case_text(cell.source)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
