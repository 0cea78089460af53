"""``fieldguide bench deadline``: the last minutes before a deadline, with a real hub and the exchange as its service.

Every student fetches a module, answers on their own disk as their server would, and hands in, most of them near the
end; what is refused is done again, as the course page asks for. Then all that arrived is held against what they had on
record. Students are threads of this process: their own servers, which a machine has for each of them, are measured by
``bench page``. What the processes of hub and exchange take is told, and what this one takes as well.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, TypeVar

import psutil
import requests

from fieldguide.bench.courses import make_course
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.hub.processes import free_ports
from fieldguide.responses import ResponseRecord

if TYPE_CHECKING:
    from fieldguide.grading.instructor import InstructorNotebook
    from fieldguide.sharing.client import Service

_COURSE, _INSTRUCTOR = "ethics", "instructor"
_UP_WITHIN = 120.0
#: How often a student does again what was refused, and how long they wait before it, in seconds.
_TRIES, _AGAIN = 20, 1.0
_HUB = """
import json, os
from pathlib import Path
from fieldguide.hub.logs import LOGGING
from fieldguide.sharing.setting_up import add_service

c = get_config()
told = json.loads(Path(os.environ["FIELDGUIDE_BENCH"]).read_text())
c.JupyterHub.logging_config = LOGGING
c.JupyterHub.bind_url = f"http://127.0.0.1:{told['ports'][0]}"
c.JupyterHub.hub_port = told["ports"][1]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{told['ports'][2]}"
c.ConfigurableHTTPProxy.command = [told["python"], "-P", "-m", "fieldguide.hub.proxy"]
c.ConfigurableHTTPProxy.log_level = "error"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.load_groups = {
    "formgrade-ethics": {"users": ["instructor"]},
    "nbgrader-ethics": {"users": told["students"]},
}
add_service(c, ["ethics"], Path("exchange"), told["ports"][3])
c.JupyterHub.services.append({"name": "bench", "api_token": told["token"]})
c.JupyterHub.load_roles.append(
    {"name": "bench", "services": ["bench"], "scopes": ["tokens", "list:users", "access:services"]}
)
"""
Say = Callable[[str], None]
T = TypeVar("T")


@dataclass
class Seen:
    """What the students met: how long each step took, in seconds, by its name; what was refused; what never went."""

    waits: dict[str, list[float]] = field(default_factory=lambda: {"fetch": [], "save": [], "hand in": []})
    refused: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)


def bench_deadline(project: Path, students: int, seconds: float, say: Say) -> None:
    """Measure, and print the figures. ``project`` holds a built course; the last minutes are ``seconds`` long."""
    names = [f"student-{number:05}" for number in range(students)]
    with tempfile.TemporaryDirectory(prefix="fieldguide-bench-") as folder:
        root = Path(folder)
        module = "05-questions-for-the-classroom"
        make_course(root / "course", project, module, 0)
        notebook = read_instructor_notebook(root / "course" / "source" / module / f"{module}.ipynb")
        assert notebook is not None
        files = _files(root / "course" / "release" / module)
        with _hub(root, names) as (service, hub):
            service(_INSTRUCTOR).release(_COURSE, module, files)
            say(f"{students} students, {seconds:.0f} seconds to the deadline, {os.cpu_count()} cores:")
            seen = Seen()
            with _watched(hub) as taken:
                _class(root, names, service, notebook, seen, seconds)
            _tell(seen, taken, say)
            lost, answers = _held_against(root, names, service(_INSTRUCTOR), notebook)
        say(f"  submissions lost {lost}   answers lost {answers}   (to reach: 0 and 0)")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- the hub -----------------------------------------------------------------------------------------


@contextmanager
def _hub(root: Path, names: list[str]) -> Iterator[tuple[Callable[[str], Service], psutil.Process]]:
    """A hub with the exchange; what makes somebody's way to it, and its process."""
    ports, token = free_ports(4), secrets.token_hex(32)
    told = {"ports": ports, "python": sys.executable, "token": token, "students": names}
    (root / "told.json").write_text(json.dumps(told), encoding="utf-8")
    (root / "hub.py").write_text(_HUB, encoding="utf-8")
    with (root / "hub.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 (JupyterHub, with our own settings)
            [sys.executable, "-P", "-m", "jupyterhub", "--config", str(root / "hub.py")],
            cwd=root,
            env={**os.environ, "FIELDGUIDE_BENCH": str(root / "told.json")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        api = f"http://127.0.0.1:{ports[0]}/hub/api"
        exchange = f"http://127.0.0.1:{ports[3]}/services/exchange"
        _wait(process, f"{api}/", root / "hub.log")
        _wait(process, f"{exchange}/healthz", root / "hub.log")
        tokens = _tokens(api, token, [_INSTRUCTOR, *names])
        yield _ways(exchange, tokens), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _UP_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer. The hub said: {log.read_text('utf-8', 'replace')[-2000:]}")


def _tokens(api: str, token: str, names: list[str]) -> dict[str, str]:
    """A token of each person's server, by name, with the right to use the exchange."""
    session = requests.Session()
    session.headers["Authorization"] = f"token {token}"
    wanted = {"scopes": ["access:services!service=exchange"], "note": "bench"}
    found = {}
    for name in names:
        answer = session.post(f"{api}/users/{name}/tokens", json=wanted, timeout=60)
        answer.raise_for_status()
        found[name] = str(answer.json()["token"])
    return found


def _ways(exchange: str, tokens: dict[str, str]) -> Callable[[str], Service]:
    from fieldguide.sharing.client import Service

    one_at_a_time = threading.Lock()

    def way(name: str) -> Service:
        # A server knows its token from its environment.
        with one_at_a_time:
            os.environ["JUPYTERHUB_API_TOKEN"] = tokens[name]
            return Service(exchange)

    return way


@contextmanager
def _watched(hub: psutil.Process) -> Iterator[dict[str, tuple[float, float]]]:
    """The share of one core and the most memory, in MB, of each process of the hub and of the students, meanwhile."""
    processes = {_called(one): one for one in (hub, *hub.children(recursive=True))} | {"students": psutil.Process()}
    before = {name: sum(one.cpu_times()[:2]) for name, one in processes.items()}
    began = time.monotonic()
    taken: dict[str, tuple[float, float]] = {}
    most = dict.fromkeys(processes, 0.0)
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            for name, one in processes.items():
                most[name] = max(most[name], one.memory_info().rss / 1e6)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield taken
    finally:
        over.set()
        looking.join()
        took = time.monotonic() - began
        for name, one in processes.items():
            taken[name] = ((sum(one.cpu_times()[:2]) - before[name]) / took, most[name])


def _called(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return next((name for name in ("sharing.service", "hub.proxy", "jupyterhub") if name in words), words[-40:])


# -- the class ---------------------------------------------------------------------------------------


def _class(
    root: Path,
    names: list[str],
    service: Callable[[str], Service],
    notebook: InstructorNotebook,
    seen: Seen,
    seconds: float,
) -> None:
    begin = time.monotonic()
    threads = [
        threading.Thread(target=_student, args=(root, name, service(name), notebook, seen, begin, seconds))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _student(
    root: Path, name: str, service: Service, notebook: InstructorNotebook, seen: Seen, begin: float, seconds: float
) -> None:
    """Come at some moment, fetch, answer, and hand in near the end."""
    chance = random.Random(name)  # noqa: S311 (the same class each time)
    comes = begin + seconds * 0.6 * chance.random()
    hands_in = begin + seconds * (1 - 0.25 * chance.betavariate(1, 4))
    _until(comes)
    files = _done(seen, "fetch", name, lambda: service.module(_COURSE, notebook.module))
    if files is None:
        return
    home = root / "homes" / name
    home.mkdir(parents=True)
    for path, content in files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    record = ResponseRecord(home, notebook.module)
    for number, graded in enumerate(notebook.graded, 1):
        _until(comes + (hands_in - comes) * number / (len(notebook.graded) + 1))
        item, started = graded.item, time.monotonic()
        if item.BY_PERSON:
            record.save_essay(item.id, f"What {name} wrote. " * 60)
        else:
            record.save(item.id, item.guess(chance))
        seen.waits["save"].append(time.monotonic() - started)
    _until(hands_in)
    _done(seen, "hand in", name, lambda: service.hand_in(_COURSE, notebook.module, _files(home)))


def _until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _done(seen: Seen, step: str, name: str, do: Callable[[], T]) -> T | None:
    """Do a step until it is done; how long it took in all goes into ``seen``. None where it never was."""
    from fieldguide.sharing.client import ServiceError

    started = time.monotonic()
    for _ in range(_TRIES):
        try:
            done = do()
        except ServiceError as error:
            seen.refused.append(f"{step}: {error.trouble}")
            time.sleep(_AGAIN)
        else:
            seen.waits[step].append(time.monotonic() - started)
            return done
    seen.given_up.append(f"{name}: {step}")
    return None


# -- what came of it ---------------------------------------------------------------------------------


def _held_against(root: Path, names: list[str], instructor: Service, notebook: InstructorNotebook) -> tuple[int, int]:
    """How many students' submissions are not there, and how many answers are not as they were on record."""
    module = notebook.module
    times = {one["student_id"]: one["timestamp"] for one in instructor.submissions(_COURSE)}
    lost = answers = 0
    for name in names:
        if name not in times:
            lost, answers = lost + 1, answers + len(notebook.graded)
            continue
        (there := root / "collected" / name).mkdir(parents=True)
        for path, content in instructor.submission(_COURSE, module, name, times[name]).items():
            (there / path).parent.mkdir(parents=True, exist_ok=True)
            (there / path).write_bytes(content)
        own, came = (ResponseRecord(folder, module).snapshot() for folder in (root / "homes" / name, there))
        for graded in notebook.graded:
            item = graded.item.id
            kept = [
                (found.essays[item].text if item in found.essays else None)
                if graded.item.BY_PERSON
                else (found.responses[item].saved if item in found.responses else None)
                for found in (own, came)
            ]
            answers += kept[0] is None or kept[0] != kept[1]
        shutil.rmtree(there)
    return lost, answers


def _tell(seen: Seen, taken: dict[str, tuple[float, float]], say: Say) -> None:
    for step, waits in seen.waits.items():
        if len(waits) > 1:
            at = quantiles(waits, n=100)
            say(
                f"  {step:<8} {len(waits):>5} times   half within {1000 * at[49]:6.0f} ms   95 of 100 within "
                f"{1000 * at[94]:6.0f} ms   99 within {1000 * at[98]:6.0f} ms   longest {1000 * max(waits):6.0f} ms"
            )
    say(f"  refused and done again: {len(seen.refused)}   given up: {len(seen.given_up)}")
    for name, (share, most) in sorted(taken.items(), key=lambda one: -one[1][0]):
        say(f"  {name:<18} {100 * share:4.0f} % of a core   {most:5.0f} MB at most")
