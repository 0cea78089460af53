"""A real screen reader on a screen that nobody sees: Orca reads a page in Chromium, and what it speaks is kept.

No sound is made: what Orca would hand to a synthesizer goes to a file. Each stretch of speech ends with marks, words
that the page announces itself after all that came before: so nothing here waits for a time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from browser import FLAGS, chromium_path
from patience import EXPECTED_WITHIN, milliseconds, seconds
from playwright.sync_api import Locator, Page, Playwright, expect
from saved import SAVED

from fieldguide.words import Words

UP_WITHIN = seconds(120)
#: What has to be on the machine, with the package of Debian's that brings it (.ci/run installs them).
_PACKAGES = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "dbus-daemon": "dbus-daemon",
    "gdbus": "libglib2.0-bin",
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "speech-dispatcher": "speech-dispatcher",
    "orca": "orca",
}
#: Orca reads this file when it starts. Without it, it would hang at a synthesizer that is not there, and would begin to
#: read the whole page by itself. Progress is told by the clock, every ten seconds at most, and so is left out. It would
#: also end itself where it starts more slowly than in ten seconds.
_CUSTOMIZATION = """
import os
import signal
import orca.input_event as input_event
import orca.settings as settings
import orca.speech as speech

signal.alarm(0)
settings.timeoutTime = 0
settings.sayAllOnLoad = False
settings.speakProgressBarUpdates = False
settings.pageSummaryOnLoad = False
speech.sayAll = lambda utterances, progress: None
_spoken = open(os.environ["ORCA_SPOKEN"], "a", buffering=1, encoding="utf-8")
speech._speak = lambda text, acss, interrupt: _spoken.write(text.replace("\\n", " ") + "\\n")
_process = input_event.KeyboardEvent.process


def process(event):
    taken = _process(event)
    if not event.isPressedKey():
        _spoken.write("fieldguidekey\\n")
    return taken


input_event.KeyboardEvent.process = process
"""
#: Orca without the look whether this user runs another one, by the name of its process: that may be the one of who runs
#: the tests, and ours reads a screen of its own.
_ORCA = """
import sys
from orca import orca

manager = orca.getSettingsManager()
manager.activate(None, {"enableSpeech": True, "enableBraille": False})
sys.path.insert(0, manager.getPrefsDir())
sys.exit(orca.main())
"""
#: What a page says only where the machine is slow.
_ON_THE_WAY = {
    Words(section).say(key) for section in ("player", "on_page") for key in ("no_kernel", "not_saved_yet")
} | {*(Words("player").say(key) for key in ("saving", "checking")), Words("live").say("sending")}
#: What Orca says of a page that loads, with its title; the first two come or not, as the page is quick.
_LOADING = ("Loading.  Please wait.", "{title} document web.")
_LOADED = "Finished loading {title}."
#: What is another in each run: times, as the page or the record says them.
_TIMES = {
    r"\w+day, \w+ \d+ at \d+:\d\d [AP]M \w+": "(day and time)",
    r"\b\d{4}-\d\d-\d\d-\d{6}\b": "(day and time)",
    r"\b\d+:\d\d [AP]M\b": "00:00",
}
#: A word of its own for each mark, as Orca may tell the same announcement twice in a row only once.
_MARK = "fieldguidemark"
#: What Orca notes once it has dealt with a key of the keyboard, as its customization says.
_KEY = "fieldguidekey"
#: Orca's own keys for going through a page.
_GOING = {
    "h": "next heading",
    "p": "next paragraph",
    "k": "next link",
    "b": "next button",
    "t": "next table",
    "Down": "next line",
}
_ANNOUNCE = """(mark) => {
  let node = document.getElementById("fieldguidemark");
  if (!node) {
    node = document.createElement("p");
    node.id = "fieldguidemark";
    node.setAttribute("role", "status");
    document.body.append(node);
  }
  node.textContent = mark;
}"""


def missing() -> list[str]:
    """The packages that this machine lacks for it."""
    lacking = [package for program, package in _PACKAGES.items() if not shutil.which(program)]
    return [*lacking, *([] if chromium_path() else ["chromium"])]


def need() -> None:
    """Skip where a screen reader cannot be had, aloud; in CI fail."""
    if not (packages := missing()):
        return
    reason = f"NOT HEARD BY A SCREEN READER: what is missing here comes with apt-get install {' '.join(packages)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Reader:
    """Orca with one page: presses keys in it, and tells what was spoken since."""

    def __init__(self, page: Page, spoken: Path, env: Mapping[str, str]) -> None:
        self.page = page
        self._spoken = spoken
        self._env = env
        self._seen = 0
        self._marks = 0
        self._told: list[str] = []

    def heard(self) -> list[str]:
        """What was spoken since the last call, once all that the page has brought up so far was spoken."""
        # Chromium tells of what changed at the same moment in any order, so that a mark may be heard before the news
        # that it follows. What changes after the first mark was heard comes later than all that.
        self._mark()
        self._mark()
        new = self._lines()[self._seen :]
        self._seen += len(new)
        return [text for line in new if (text := line.strip()) and not text.startswith((_MARK, _KEY))]

    def _mark(self) -> None:
        first = self._marks + 1
        again = 0.0

        def is_heard() -> bool:
            nonlocal again
            # A page that is still loading announces nothing: the mark is made anew until one is heard.
            if time.monotonic() > again:
                again = time.monotonic() + seconds(3)
                self._marks += 1
                self.page.evaluate(_ANNOUNCE, f"{_MARK}{self._marks}")
            marks = {f"{_MARK}{n}" for n in range(first, self._marks + 1)}
            return not marks.isdisjoint(self._lines()[self._seen :])

        wait_for(is_heard, lambda: f"a mark among {self._lines()[self._seen :]}")

    def _lines(self) -> list[str]:
        return self._spoken.read_text(encoding="utf-8").split("\n")[:-1]

    def start(self, title: str) -> None:
        """Begin a transcript with a title, from the top of the page, and out of the mode for forms."""
        for place in ("a.skip", "main"):
            self.page.locator(place).first.focus()
            self.heard()
        self._told = [f"# {title}"]

    def press(self, *keys: str, until: Locator | None = None, parts: bool = False) -> list[str]:
        """Press keys, one by one, and note what each brings; ``until``: what has to be in sight after the last.

        Where the last brings news of several ``parts``, they are noted by the alphabet: Chromium tells Orca of them in
        any order.
        """
        told: list[str] = []
        for number, key in enumerate(keys, 1):
            last = number == len(keys)
            if last:
                self._comes(until)
            self.page.keyboard.press(key)
            told = self._note(key, until if last else None, parts=parts and last)
        return told

    def browse(self, *keys: str) -> None:
        """Press Orca's own keys, one by one, and note what each brings."""
        for key in keys:
            self._strike(key)
            self._note(_GOING[key])
        # Where the last key was one of these, Orca takes every change of the focus for its work, and is silent.
        self._strike("Shift_L")

    def _strike(self, key: str) -> None:
        """Press a key of the keyboard, which Orca hears before the page does, and wait until Orca has dealt with it."""
        before = self._lines().count(_KEY)
        subprocess.run(["xdotool", "key", key], env=self._env, check=True)
        wait_for(lambda: self._lines().count(_KEY) > before, lambda: f"the key {key}")

    def follow(self, key: str, until: Locator) -> None:
        """Press a key that leads to another page, where ``until`` has to be in sight, and note what it brings."""
        self.page.keyboard.press(key)
        expect(until.first).to_be_visible()
        title = self.page.title()
        loaded = _LOADED.format(title=title)
        wait_for(lambda: loaded in self._lines()[self._seen :], lambda: loaded)
        own = {loaded, *(line.format(title=title) for line in _LOADING)}
        # Where one is on it, and what it announces, come in any order.
        self._told += ["", f"[{key}]", loaded, *sorted(line for line in self.heard() if line not in own)]

    def write(self, text: str, until: Locator | None = None) -> list[str]:
        """Write a text at once, as who pastes or dictates: on a slow machine, letter by letter is saved on the way."""
        self._comes(until)
        self.page.keyboard.insert_text(text)
        return self._note(f"writes {text}", until, set(text.split()) | set(text))

    @staticmethod
    def _comes(until: Locator | None) -> None:
        """To wait for what is there already would be no wait."""
        assert until is None or not until.first.is_visible(), f"{until} is there before"

    def news(self, what: str, does: Callable[[], None], until: Locator) -> None:
        """Note what a page tells by itself once somebody else ``does`` something, and ``until`` is in sight.

        What is told of several parts comes in any order, and is noted by the alphabet.
        """
        self._comes(until)
        does()
        self._note(what, until, parts=True)

    def land(self, selector: str) -> list[str]:
        """Go to a place as a link to it would."""
        self.page.locator(selector).first.focus()
        return self._note("arrives")

    def _note(
        self, act: str, until: Locator | None = None, echoed: Collection[str] = (), parts: bool = False
    ) -> list[str]:
        if until is not None:
            expect(until.first).to_be_visible()
        told = [line for line in self.heard() if line not in {*echoed, *_ON_THE_WAY}]
        self._told += ["", f"[{act}]", *(sorted(told) if parts else told)]
        return told

    def transcript(self) -> str:
        """What was noted since the start, without the times."""
        text = "\n".join(self._told) + "\n"
        for time_of, put in _TIMES.items():
            text = re.sub(time_of, put, text)
        # It is told once more only where the minute is another.
        first, saved, rest = text.partition(f"{SAVED} 00:00\n")
        return first + saved + rest.replace(saved, "") if saved else text


def wait_for(is_so: Callable[[], bool], what: Callable[[], str]) -> None:
    """Wait until something is so; RuntimeError with what was waited for where it does not come."""
    deadline = time.monotonic() + UP_WITHIN
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError(f"It did not come: {what()}")
        time.sleep(0.02)


@contextmanager
def _running(command: list[str | Path], env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(seconds(10))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def reading(playwright: Playwright, folder: Path, url: str) -> Iterator[Reader]:
    """A page at ``url`` in a window of its own, read by Orca; ``folder`` takes homes and logs."""
    spoken = folder / "spoken"
    spoken.touch()
    customization = folder / "home" / ".local" / "share" / "orca" / "orca-customizations.py"
    customization.parent.mkdir(parents=True)
    customization.write_text(_CUSTOMIZATION, encoding="utf-8")
    (folder / "run").mkdir(mode=0o700)
    (folder / "speech").mkdir()
    speech = folder / "speech" / "speechd.conf"
    speech.write_text(f'LogDir "{folder / "speech"}"\nAddModule "dummy" "sd_dummy" ""\nDefaultModule dummy\n')
    env = {
        **os.environ,
        "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "ACCESSIBILITY_ENABLED": "1",
        "GTK_MODULES": "gail:atk-bridge",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONUTF8": "1",
        "ORCA_SPOKEN": str(spoken),
    }
    # Python of this environment is not Orca's, which is the system's.
    env["PATH"] = os.pathsep.join(part for part in env["PATH"].split(os.pathsep) if ".venv" not in part)
    log = folder / "log"
    profile = folder / "profile"
    with ExitStack() as stack:

        def start(*command: str | Path) -> None:
            stack.enter_context(_running(list(command), env, log))

        number = folder / "display"
        with number.open("wb") as out:
            arguments = ["Xvfb", "-displayfd", str(out.fileno()), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
            screen = subprocess.Popen(arguments, pass_fds=[out.fileno()], stderr=subprocess.DEVNULL)
        stack.callback(screen.wait)
        stack.callback(screen.terminate)
        wait_for(lambda: number.read_text().endswith("\n"), lambda: "a screen")
        env["DISPLAY"] = f":{number.read_text().strip()}"
        env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder / 'run' / 'bus'}"
        start("dbus-daemon", "--session", "--nofork", f"--address={env['DBUS_SESSION_BUS_ADDRESS']}")
        wait_for((folder / "run" / "bus").exists, lambda: "a message bus")
        start("openbox")
        # Asking for the bus of assistive technology starts it; Chromium looks whether it is wanted.
        status = ["org.freedesktop.DBus.Properties.Set", "org.a11y.Status", "IsEnabled", "<true>"]
        ask = ["gdbus", "call", "--session", "-d", "org.a11y.Bus", "-o", "/org/a11y/bus", "-m", *status]
        subprocess.run(ask, env=env, check=True, capture_output=True)
        start("speech-dispatcher", "-s", "-C", folder / "speech", "-t", "0")
        start(
            str(chromium_path()),
            *FLAGS,
            "--force-renderer-accessibility",
            "--window-size=1000,850",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            url,
        )
        port = profile / "DevToolsActivePort"
        wait_for(lambda: port.exists() and "\n" in port.read_text(), lambda: "Chromium")
        chromium = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port.read_text().split()[0]}")
        stack.callback(chromium.close)
        page = chromium.contexts[0].pages[0]
        page.set_default_timeout(milliseconds(EXPECTED_WITHIN))
        page.wait_for_load_state()
        # Orca has to be started when the page is there.
        start("/usr/bin/python3", "-c", _ORCA)
        wait_for(
            lambda: "Screen reader on." in spoken.read_text(encoding="utf-8"), lambda: log.read_text(errors="replace")
        )
        window = subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--class", "chromium"],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()[-1]
        subprocess.run(["xdotool", "windowactivate", "--sync", window, "windowfocus", window], env=env, check=True)
        page.bring_to_front()
        reader = Reader(page, spoken, env)
        reader.heard()
        yield reader
