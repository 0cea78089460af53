"""A real browser and real Jupyter servers for the tests that need them. The fixture is there for every test."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest
from patience import DONE_WITHIN, EXPECTED_WITHIN, milliseconds, seconds
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

#: No calls home, and none of what a machine without a screen does not have.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
#: What the person who runs the tests may have set for their own Jupyter.
OTHERS = ("FIELDGUIDE", "IPYTHON", "JUPYTER")
UP_WITHIN = seconds(120)
#: Below those that a system gives to whoever asks for any, as kernels do and a browser's connections: who finds one of
#: these free finds it free a moment later too. Each process of tests has a hundred of its own.
FIRST_PORT, PORTS_EACH, PROCESSES = 20_000, 100, 100
_tried = itertools.count()


def chromium_path() -> str | None:
    """Where this machine's Chromium is: the one that CHROMIUM names, or the system's."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives browsers: one for all tests of a process, as there can be no second."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=milliseconds(EXPECTED_WITHIN))
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """A Chromium without windows. Where none can be had the tests are skipped, aloud, and in CI they fail."""
    path = chromium_path()
    if path is None and not Path(driver.chromium.executable_path).exists():
        reason = "NOT TESTED IN A BROWSER: there is no Chromium here. Install one, or name it with CHROMIUM=path."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
    _running.append(chromium)
    yield PatientBrowser(chromium)  # type: ignore[misc]
    _running.remove(chromium)
    chromium.close()


_running: list[Browser] = []


def _close_all_but(kept: list[BrowserContext]) -> None:
    for chromium in _running:
        for context in chromium.contexts:
            if context not in kept:
                context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Close what a test has opened and left open: its page would go on taking time from all tests that follow."""
    kept = [context for chromium in _running for context in chromium.contexts]
    try:
        return (yield)
    finally:
        _close_all_but(kept)


@pytest.fixture(scope="module", autouse=True)
def _leave_no_page() -> Iterator[None]:
    """Close what the fixtures of a file have left open."""
    yield
    _close_all_but([])


def zone_of_today(*wanted: str) -> str:
    """The first of these time zones, or of others, in which today goes on for hours: pages tell only other days' days,
    and a test of what was saved a moment ago may run at midnight."""
    zones = (*wanted, "UTC", "America/New_York", "Asia/Tokyo")
    return next(zone for zone in zones if datetime.now(ZoneInfo(zone)).hour < 20)


class PatientBrowser:
    """A Browser whose pages wait as long as the tests' patience says, and not as long as Playwright would, and whose
    day is not about to end."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def new_context(self, **options: Any) -> BrowserContext:
        """A new context, as of Browser."""
        context = self._browser.new_context(**{"timezone_id": zone_of_today()} | options)
        context.set_default_timeout(milliseconds(DONE_WITHIN))
        return context

    def new_page(self, **options: Any) -> Page:
        """A page in a context of its own, as of Browser."""
        page = self._browser.new_page(**{"timezone_id": zone_of_today()} | options)
        page.set_default_timeout(milliseconds(DONE_WITHIN))
        return page

    def __getattr__(self, name: str) -> Any:
        return getattr(self._browser, name)


def free_port() -> int:
    """A port on this machine that nobody is using, and that nobody else will take before it is used."""
    first = FIRST_PORT + os.getpid() % PROCESSES * PORTS_EACH
    for number in itertools.islice(_tried, PORTS_EACH):
        port = first + number % PORTS_EACH
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"Each of the {PORTS_EACH} ports from {first} on is in use.")


class JupyterServer:
    """JupyterLab and Notebook 7 on one port, with a home of its own and nothing of the person's settings."""

    def __init__(self, root: Path, home: Path, port: int | None = None, *, token: str = "", **environment: str) -> None:
        self.root = root
        self.home = home
        self.url = f"http://127.0.0.1:{port or free_port()}"
        home.mkdir(parents=True, exist_ok=True)
        self._log = home / "server.log"
        tools = Path(sys.executable).parent
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    tools / "jupyter-lab",
                    "--no-browser",
                    "--allow-root",
                    f"--IdentityProvider.token={token}",
                    "--ServerApp.port_retries=0",
                    f"--ServerApp.port={self.url.rpartition(':')[2]}",
                    f"--ServerApp.root_dir={root}",
                ],
                cwd=home,
                env={
                    **inherited,
                    "HOME": str(home),
                    "JUPYTER_CONFIG_DIR": str(home / "config"),
                    "JUPYTER_DATA_DIR": str(home / "data"),
                    "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
                    "IPYTHONDIR": str(home / "ipython"),
                    "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
                    **environment,
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    @property
    def pid(self) -> int:
        """The server's process; its kernels are the children."""
        return self._process.pid

    def lab(self, path: str) -> str:
        """The address of a notebook in JupyterLab, in a workspace that remembers nothing."""
        return f"{self.url}/lab/tree/{path}?reset"

    def notebook7(self, path: str) -> str:
        """The address of a notebook in Notebook 7."""
        return f"{self.url}/notebooks/{path}"

    def ask(self, path: str) -> Any:
        """What the server's own interface says, such as at ``api/kernels``."""
        # Past any proxy that the environment names for the network outside.
        client = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with client.open(f"{self.url}/{path}", timeout=seconds(30)) as answer:
            return json.load(answer)

    def stop(self) -> None:
        """End the server and its kernels."""
        self._process.terminate()
        try:
            self._process.wait(seconds(15))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End the server as a machine that breaks down would."""
        for process in [*psutil.Process(self.pid).children(recursive=True), psutil.Process(self.pid)]:
            process.kill()
        self._process.wait()

    def pause(self) -> None:
        """Let the server take what comes and answer nothing, until it goes on."""
        psutil.Process(self.pid).suspend()

    def go_on(self) -> None:
        """Let a server that was paused do what came meanwhile."""
        psutil.Process(self.pid).resume()

    def log(self) -> str:
        """What the server has said."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _wait(self) -> None:
        deadline = time.monotonic() + UP_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.ask("api")
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"Jupyter did not come up:\n{self.log()}")
