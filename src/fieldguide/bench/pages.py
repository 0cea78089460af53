"""A JupyterLab and a browser for measurements."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_UP_WITHIN = 60.0
_PAUSE = 1000
_QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


class Lab:
    """JupyterLab on this machine, without any of the person's settings."""

    def __init__(self, folder: Path, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._url = f"http://127.0.0.1:{port}"
        self._token = secrets.token_hex(16)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        places = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        self._process = subprocess.Popen(  # noqa: S603 - this environment's own JupyterLab
            [
                Path(sys.executable).parent / "jupyter-lab",
                "--no-browser",
                "--allow-root",
                f"--ServerApp.port={port}",
                f"--ServerApp.root_dir={folder}",
            ],
            env={**inherited, **places, "HOME": str(home), "JUPYTER_TOKEN": self._token},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _UP_WITHIN
        while not self._is_up():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self.stop()
                raise RuntimeError("JupyterLab did not start.")
            time.sleep(0.1)

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def page(self, notebook: str) -> str:
        """The address of a module's page of the course."""
        return f"{self._url}/fieldguide/module/{notebook}"

    def log_in(self, browser: Browser) -> BrowserContext:
        """A browser that has nothing in its cache and is logged in."""
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{self._url}/api/status?token={self._token}")
        page.close()
        return context

    def address(self, notebook: str) -> str:
        """The address of a notebook, in a workspace without memory."""
        return f"{self._url}/lab/tree/{notebook}?reset&token={self._token}"

    def end_kernels(self) -> None:
        """End all kernels, so that the next notebook starts its own."""
        for session in json.loads(self._ask("api/sessions")):
            self._ask(f"api/sessions/{session['id']}", "DELETE")

    def stop(self) -> None:
        """End the server and its kernels."""
        self._process.terminate()
        self._process.wait()

    def _is_up(self) -> bool:
        try:
            return bool(self._ask("api"))
        except OSError:
            return False

    def _ask(self, path: str, method: str = "GET") -> bytes:
        headers = {"Authorization": f"token {self._token}"}
        request = urllib.request.Request(f"{self._url}/{path}", method=method, headers=headers)  # noqa: S310
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=10) as answer:
            return bytes(answer.read())


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window: the one named by CHROMIUM, the system's, or Playwright's."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise RuntimeError("Measuring in a browser needs Playwright, which ./run installs.") from None
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=_QUIET)
        except Error as error:
            raise RuntimeError(f"There is no Chromium to measure in: {str(error).splitlines()[0]}") from None
        yield browser
        browser.close()


def seconds_until(browser: Browser, address: str, steps: Sequence[Callable[[Page], object]]) -> list[float]:
    """Open a notebook, run all its cells, and return when each step was done, counted from the opening.

    A pause of one second before Run All Cells is not counted: until JupyterLab has settled, it may lose the click.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    started = time.perf_counter()
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell", has_text=re.compile(r"\S")).first.wait_for()
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    opened = time.perf_counter() - started
    page.wait_for_timeout(_PAUSE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    started = time.perf_counter()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()  # a notebook may say it too
    seconds = []
    for step in steps:
        step(page)
        seconds.append(opened + time.perf_counter() - started)
    context.close()
    return seconds
