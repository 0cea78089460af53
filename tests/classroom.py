"""`./run classroom` and the people in it, each at a browser of their own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

from browser import free_port
from conftest import PROJECT
from patience import seconds
from playwright.sync_api import Browser, Locator, Page, expect

#: The case that the class goes through.
CASE = "thursday-940"


class Classroom:
    """`./run classroom`, as a person starts it."""

    def __init__(self, folder: Path, *options: str, project: Path = PROJECT) -> None:
        self.folder, self.options = folder, options
        self.command = (sys.executable, "-m", "fieldguide.cli", "--project", str(project), "classroom")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*self.command, "--port", str(self.port), "--folder", str(self.folder), *self.options],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C stops"):
                break
        else:
            raise RuntimeError("".join(said))
        self.said = "".join(said)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(seconds(60))

    def password(self, name: str) -> str:
        passwords: dict[str, str] = json.loads((self.folder / "passwords.json").read_text("utf-8"))
        return passwords[name]

    def home(self, name: str) -> Path:
        return self.folder / "home" / name


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, classroom: Classroom, name: str) -> None:
        self.classroom = classroom
        self.name = name
        self.asked: set[str] = set()
        self.page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        self.page.on("request", lambda request: self.asked.add(request.url))

    def log_in(self) -> None:
        self.page.goto(self.classroom.url)
        self.give_password(self.page)

    def give_password(self, page: Page) -> None:
        """Log in on the page that asks for it."""
        page.fill("#username_input", self.name)
        page.fill("#password_input", self.classroom.password(self.name))
        page.click("#login_submit")

    def come_back(self) -> None:
        """Who was logged in when the classroom stopped in order, still is; their server starts again."""
        self.page.goto(self.classroom.url)
        self.page.wait_for_url(re.compile(f"/user/{self.name}/"))

    def go_to_assignments(self) -> None:
        """JupyterLab with nbgrader's list, beside the course page."""
        self.page.wait_for_url(re.compile(f"/user/{self.name}/"))
        self.page.goto(f"{self.classroom.url}/user/{self.name}/lab?clone=assignments")

    def card(self, item: str) -> Locator:
        """An item's card in the notebook."""
        return self.page.locator(f"#fg-{item}")

    def option(self, item: str, text: str) -> Locator:
        return self.card(item).locator("label", has_text=text).locator("input")

    def choose_in_case(self, text: str) -> None:
        """Take a way in the case, and wait for where it leads."""
        case = self.card(CASE)
        case.locator(".fg-story label", has_text=text).click()
        case.get_by_role("button", name="Go on").click()
        expect(case).to_contain_text(f"You chose: {text}")

    def restart_kernel(self) -> None:
        """Kernel, Restart Kernel…, Restart."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Kernel$")).click()
        self.page.locator("li[data-command='kernelmenu:restart']").click()
        self.page.locator(".jp-Dialog button.jp-mod-warn").click()

    def wait_until_open(self) -> None:
        """The notebook runs its own cells: nothing to click."""
        self.page.wait_for_selector("#fg-thursday-group-chat", state="attached")

    def wait_until_done(self) -> None:
        """The notebook has run its own cells, and shows each of them."""
        self.wait_until_open()
        self.page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', state="attached")


class Keys(Person):
    """Somebody without a mouse: everything goes through the keyboard, and is found by what has the focus."""

    FOCUS = """() => {
        let at = document.activeElement;
        while (at && at.tagName === "IFRAME" && at.contentDocument) at = at.contentDocument.activeElement;
        if (!at) return "";
        const named = at.getAttribute("aria-label") || (at.labels && at.labels[0] && at.labels[0].innerText);
        return [at.tagName, at.id, named || at.innerText || at.value || ""].join(" | ");
    }"""

    def focus(self) -> str:
        said: str = self.page.evaluate(self.FOCUS)
        return said.replace("\n", " ")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, text: str, key: str = "Tab", most: int = 120) -> None:
        """Press Tab until what has the focus says ``text``."""
        seen = []
        for _ in range(most):
            self.press(key)
            seen.append(self.focus())
            if text in seen[-1]:
                return
        raise AssertionError(f"{key} never reached '{text}': {[said[:60] for said in seen]}")

    def take_in_case(self, first: str, key: str, chosen: str) -> None:
        """Come to the first option of a scene, choose with a key, and go on."""
        self.tab_to(first)
        self.press(key)
        assert chosen in self.focus()
        self.tab_to("Go on")
        self.press("Enter")
        expect(self.card(CASE)).to_contain_text(f"You chose: {chosen}")

    def log_in(self) -> None:
        self.page.goto(self.classroom.url)
        expect(self.page.locator("#username_input")).to_be_focused()
        self.write(self.name)
        self.press("Tab")
        self.write(self.classroom.password(self.name))
        self.press("Enter")
