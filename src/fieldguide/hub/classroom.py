"""`./run classroom`: a whole course on this machine, in one terminal, until Ctrl-C.

This process only sets things up, starts JupyterHub and waits; JupyterHub starts the proxy and the people's servers. All
of them carry the classroom's mark (see `processes`), so that none of them is left, whichever ends first and however.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import IO, TextIO

from fieldguide.hub import ClassroomError, accounts, checks, course_setup, processes
from fieldguide.hub.environment import path_with_tools
from fieldguide.hub.places import Places
from fieldguide.madeup.people import MOST

# In seconds. JupyterHub starts in about 3 and stops in 2, or in up to 8 if a server does not stop. A busy machine takes
# many times that.
UP_WITHIN = 180.0
DOWN_WITHIN = 60.0
LAST_LINES = 15
#: How often other ports are tried, where another program took one that was free a moment before.
_TRIES = 5


def start(
    project: Path, folder: Path, port: int, *, service: bool = False, made_up: int = 0, browser: bool = False
) -> int:
    """Run the classroom until it is stopped; return the exit code.

    `project` is the folder with `source/`; a `nbgrader_config.py` beside it becomes the course's. `folder` holds
    everything that the classroom writes and can be used again: homes, exchange, gradebook, passwords, log. The pages
    are at http://127.0.0.1:`port`, for this machine alone. With `service` the exchange is a service of the hub instead
    of a folder; what was handed in through the one is not in the other. A new class is filled with so many ``made_up``
    students. With ``browser`` the log-in page is opened in the person's own browser, where there is a screen for one.
    JupyterLab opens by itself; Notebook 7 is at `/tree` instead of `/lab` in the same addresses.

    Returns 0 when stopped by Ctrl-C (or SIGTERM, or by closing the terminal), 1 when JupyterHub failed. Raises
    `ClassroomError` when something stands in the way of starting: the port is taken, the disk full, the folder not
    writable or in use by another classroom, or the project has no modules.
    """
    if sys.platform == "win32":
        raise ClassroomError(
            "The classroom needs Linux or macOS. On Windows, run it in the Windows Subsystem for Linux."
        )
    with _private_files():
        return _start(Places(project.resolve(), folder.resolve()), port, service, made_up, browser)


@contextmanager
def _private_files() -> Iterator[None]:
    """Make all files that are written meanwhile private to their owner, those of the hub and the servers included."""
    previous = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(previous)


def _start(places: Places, port: int, service: bool, made_up: int, browser: bool) -> int:
    course_setup.modules_of(places.project)
    if made_up and service:
        raise ClassroomError(
            "Made-up students hand in through an exchange of folders. Leave out --with-class or --exchange-service."
        )
    if not 0 <= made_up <= MOST:
        raise ClassroomError(f"A made-up class has 1 to {MOST} students. Give such a number with --with-class.")
    checks.check_room(places.folder)
    checks.make_folders(places)
    with checks.only_one(places):
        # What an earlier classroom left here that was killed or lost its power.
        _clean_up(places)
        checks.check_port(port)
        if made_up:
            course_setup.check_not_begun(places)
        _say("Getting the course ready.")
        try:
            passwords = accounts.load_passwords(places.passwords)
            notes = course_setup.set_up(places, _say)
            if made_up:
                _say(f"Having {made_up} made-up students take the course, up to its fifth module.")
                course_setup.fill_class(places, made_up, _say)
        except KeyboardInterrupt:
            _say("\nStopped before the classroom was ready. The next start goes on from here.")
            return 0
        except OSError as error:
            raise _unusable(places, error) from error
        return _run(places, port, service, passwords, notes, browser)


def _unusable(places: Places, error: OSError) -> ClassroomError:
    return ClassroomError(
        f"{places.folder} cannot be used ({error}). Make room there, or give another folder with --folder."
    )


def _say(text: str, stream: TextIO | None = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


def _clean_up(places: Places) -> None:
    """End the processes of this classroom that still run; if there were any, delete JupyterHub's database too.

    After an orderly stop the database is kept, and people are still logged in at the next start. After any other end it
    names processes that are gone, and JupyterHub could signal others that now have their numbers.
    """
    processes.end(processes.running_in(places.folder))
    proxy_record = places.state / "proxy.pid"
    if proxy_record.exists():
        proxy_record.unlink()
        (places.state / "jupyterhub.sqlite").unlink(missing_ok=True)


def _write_settings(places: Places, port: int, service: bool = False) -> list[int]:
    """Write what the hub is told; returns the ports that it takes besides the people's."""
    hub_port, proxy_port, service_port, live_port = processes.free_ports(4)
    settings = {
        "port": port,
        "tryout": True,
        "hub_port": hub_port,
        "proxy_port": proxy_port,
        "service_port": service_port if service else None,
        "live_port": live_port,
        "course_id": places.course_id,
        "course": str(places.course),
        "exchange": str(places.exchange),
        "homes": str(places.homes),
        "state": str(places.state),
        "passwords": str(places.passwords),
        "instructors": [accounts.INSTRUCTOR],
        "assistants": [accounts.ASSISTANT],
        "students": [student.id for student in accounts.STUDENTS],
    }
    try:
        places.settings.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unusable(places, error) from error
    return [hub_port, proxy_port, live_port, *([service_port] if service else [])]


def _run(places: Places, port: int, service: bool, passwords: dict[str, str], notes: list[str], browser: bool) -> int:
    """Start JupyterHub, print its address, wait, and stop everything."""
    _say("Starting JupyterHub.")
    stop = threading.Event()
    if places.log.exists():
        places.log.replace(places.log.with_suffix(".previous.log"))
    with _stopping_on_signals(stop), places.log.open("wb") as log:
        for left in reversed(range(_TRIES)):
            own = _write_settings(places, port, service)
            hub = _start_hub(places, log)
            try:
                up = _wait_until_up(places, hub, port, own, stop)
                if up:
                    _say(_welcome(places, port, passwords, notes))
                    if browser and _has_screen():
                        webbrowser.open(f"http://127.0.0.1:{port}")
                    while hub.poll() is None and not stop.wait(0.5):
                        pass
                if stop.is_set():
                    _say("\nStopping the classroom.")
            finally:
                _stop_hub(hub)
                _clean_up(places)
            if up or stop.is_set():
                break
            # All of the classroom's own has ended: who listens there is another.
            checks.check_port(port)
            if not left or not any(processes.can_listen(one) for one in own):
                break
            _say("Another program took a port that was free a moment ago. Starting again with others.")
    if stop.is_set():
        _say("Stopped. Nothing is lost: the next start finds everything as it was.")
        return 0
    _say(_last_words(places), sys.stderr)
    return 1


def _start_hub(places: Places, log: IO[bytes]) -> subprocess.Popen[bytes]:
    config = Path(__file__).with_name("jupyterhub_config.py")
    environment = {
        **processes.marked_environment(places.folder),
        "FIELDGUIDE_SETTINGS": str(places.settings),
        "PATH": path_with_tools(),
    }
    # In a session of its own, so that Ctrl-C in the terminal reaches this process alone, which stops things in order.
    return subprocess.Popen(  # noqa: S603  (JupyterHub, with our own settings)
        [sys.executable, "-m", "jupyterhub", "--config", str(config)],
        cwd=places.state,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _wait_until_up(
    places: Places, hub: subprocess.Popen[bytes], port: int, own: list[int], stop: threading.Event
) -> bool:
    """Wait for JupyterHub's first answer, and until somebody listens at all its ``own`` ports; return whether it came,
    and none of the ports is another program's."""
    deadline = monotonic() + UP_WITHIN
    # Without a proxy for the outside network that the environment may name.
    client = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while hub.poll() is None and monotonic() < deadline and not stop.wait(0.2):
        try:
            with client.open(f"http://127.0.0.1:{port}/hub/api", timeout=2):
                pass
        except (OSError, http.client.HTTPException):  # nothing answers yet, or only the proxy
            continue
        if all(processes.is_listened_at(one) for one in (port, *own)):
            return not processes.strangers_at(places.folder, [port, *own])
    return False


def _has_screen() -> bool:
    """Whether a browser would have a window: one of text would take the terminal."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _stop_hub(hub: subprocess.Popen[bytes]) -> None:
    if hub.poll() is None:
        hub.terminate()
        try:
            hub.wait(DOWN_WITHIN)
        except subprocess.TimeoutExpired:
            hub.kill()
            hub.wait()


@contextmanager
def _stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `stop`; a second Ctrl-C does not interrupt the stopping."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup a closed terminal must not stop it
        numbers.append(signal.SIGHUP)
    previous = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _welcome(places: Places, port: int, passwords: dict[str, str], notes: list[str]) -> str:
    def line(who: str, name: str, then: str) -> str:
        return f"  {who:<12}{name:<13}{passwords[name]:<17}{then}"

    return "\n".join(
        [
            "",
            f"The classroom is open: http://127.0.0.1:{port}",
            "",
            f"  {'Who':<12}{'Name':<13}{'Password':<17}What they come to",
            line("Instructor", accounts.INSTRUCTOR, "the desk: release, collect, grade, give feedback"),
            line("Assistant", accounts.ASSISTANT, "the desk: score essays, answer requests, lead a vote"),
            *(
                line("Student", student.id, "the course page: read, answer, hand in, read feedback")
                for student in accounts.STUDENTS
            ),
            "",
            f"The passwords are kept in {places.passwords}",
            "Use one browser, or one private window, for each person.",
            "",
            "This is for trying out, on this machine: it listens to this machine alone, and the accounts are not",
            "isolated from one another, because all of them run as the same system user.",
            *(f"Note: {note}" for note in notes),
            "",
            "Ctrl-C stops the classroom. That loses nothing: the next start finds everything as it was.",
        ]
    )


def _last_words(places: Places) -> str:
    lines = places.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    return "\n".join(
        [
            "JupyterHub did not come up, or has stopped by itself. The last it said:",
            "",
            *lines,
            "",
            f"All of it is in {places.log}",
        ]
    )
