"""``fieldguide bench logins``: a class logs in on a school's server within a minute, or all at once.

Everything is as a school runs it: accounts of the system, their passwords asked by PAM, the hub and its proxy with our
settings, and each student's own server as the student. Each student is a client that does what a browser does: logs in,
is told how far the start is, and opens Home. The accounts are made for it below a folder of their own, and removed
after it, so only root can run it. How busy the machine was with other things is told, as that changes every figure.
"""

from __future__ import annotations

import csv
import json
import os
import pwd
import random
import re
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import psutil
import requests

from fieldguide.bench.everybody import python_for_everybody, roots_ports
from fieldguide.school import SchoolError
from fieldguide.school.planning import Places

_UP_WITHIN, _OPEN_WITHIN = 180.0, 600.0
_SCHOOL = """\
[school]
address = "http://127.0.0.1:{port}"
port = {port}
[courses.{tag}]
title = "Ethics"
instructors = ["{tag}-grace"]
"""
_TOKEN = re.compile(r'name="_xsrf" value="([^"]+)"')
Say = Callable[[str], None]


@dataclass
class Seen:
    """What the students met, in seconds from when they sent their password: until they were told that the server
    starts, and until Home was there; who never came so far, and why."""

    told: list[float] = field(default_factory=list)
    home: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    #: From when the first student came until the last was at Home.
    lasted: float = 0.0


@dataclass
class Taken:
    """Seconds of a processor: by the hub, its proxy, all students' servers, and everything else on the machine."""

    ours: dict[str, float] = field(default_factory=dict)
    others: float = 0.0
    idle: float = 0.0
    #: MB, in proportion where it is shared, of all students' servers.
    memory: float = 0.0


def bench_logins(students: int, seconds: float, say: Say) -> None:
    """Measure, and print the figures. Raises SchoolError where it cannot be run here."""
    if os.geteuid() != 0:
        raise SchoolError("This makes accounts of the system, and removes them again. Run it as root (sudo).")
    with _school(students) as (url, passwords, hub):
        say(f"{students} students log in within {seconds:.0f} seconds, {os.cpu_count()} cores:")
        seen, taken = Seen(), Taken()
        with _watched(hub, list(passwords), taken):
            _class(url, passwords, seconds, seen)
        _tell(students, seen, taken, say)


# -- the school --------------------------------------------------------------------------------------


@contextmanager
def _school(students: int) -> Iterator[tuple[str, dict[str, str], psutil.Process]]:
    """A school's hub with a course of so many students: its address, their passwords by name, and its process."""
    tag = f"fgb{secrets.token_hex(2)}"
    root = Path(tempfile.mkdtemp(prefix="fieldguide-bench-"))
    root.chmod(0o755)  # students' homes are below it
    places, port = Places(root), roots_ports(12)
    try:
        python = python_for_everybody(root / "env")
        places.settings.mkdir(parents=True)
        (places.settings / "courses.toml").write_text(_SCHOOL.format(tag=tag, port=port), encoding="utf-8")
        (root / "class.csv").write_text("id\n" + "".join(f"{tag}-s{n:03}\n" for n in range(students)), encoding="utf-8")
        for command in (("apply",), ("roster", tag, str(root / "class.csv"))):
            admin = [str(python), "-P", "-m", "fieldguide.school.admin", "--root", str(root), *command]
            done = subprocess.run(admin, capture_output=True, text=True, check=False)  # noqa: S603 (our own)
            if done.returncode:
                raise SchoolError(done.stderr)
        (file,) = places.settings.glob(f"first-passwords-{tag}-*.csv")
        with file.open(encoding="utf-8-sig", newline="") as stream:
            passwords = {row["id"]: row["password"] for row in csv.DictReader(stream)}
        with _hub(places, python, f"http://127.0.0.1:{port}") as process:
            yield f"http://127.0.0.1:{port}", passwords, process
    finally:
        _remove(tag, root)


@contextmanager
def _hub(places: Places, python: Path, url: str) -> Iterator[psutil.Process]:
    environment = {
        "PATH": f"{python.parent}:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "FIELDGUIDE_HUB": str(places.hub),
    }
    log = places.root / "hub.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 (our hub, as its unit starts it)
            [str(python), "-P", "-m", "fieldguide.school.hub"],
            cwd=places.state / "hub",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    try:
        until = time.monotonic() + _UP_WITHIN
        while not _answers(f"{url}/hub/api"):
            if process.poll() is not None or time.monotonic() > until:
                raise SchoolError(f"The hub did not start. It said: {log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.2)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(120)


def _answers(address: str) -> bool:
    try:
        return bool(requests.get(address, timeout=10).ok)
    except requests.RequestException:
        return False


def _remove(tag: str, root: Path) -> None:
    """Remove every account and group of this bench, what still runs as one of them, and all files."""
    accounts = [entry for entry in pwd.getpwall() if tag in entry.pw_name]
    for process in psutil.process_iter(["uids"]):
        if process.info["uids"] and process.info["uids"].real in {entry.pw_uid for entry in accounts}:
            process.kill()
    for entry in accounts:
        subprocess.run(["userdel", "--force", entry.pw_name], capture_output=True, check=False)  # noqa: S603, S607
    for line in Path("/etc/group").read_text("utf-8").splitlines():
        if tag in (name := line.split(":")[0]):
            subprocess.run(["groupdel", name], capture_output=True, check=False)  # noqa: S603, S607
    shutil.rmtree(root, ignore_errors=True)


# -- the class ---------------------------------------------------------------------------------------


def _class(url: str, passwords: dict[str, str], seconds: float, seen: Seen) -> None:
    chance = random.Random(len(passwords))  # noqa: S311 (the same class each time)
    begin = time.monotonic()
    threads = [
        threading.Thread(target=_student, args=(url, name, word, begin + seconds * chance.random(), seen))
        for name, word in passwords.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.lasted = time.monotonic() - begin


def _student(url: str, name: str, password: str, comes: float, seen: Seen) -> None:
    """Log in, wait as the page does that tells of the start, and open Home."""
    browser = requests.Session()
    try:
        time.sleep(max(0.0, comes - time.monotonic()))
        form = _TOKEN.findall(browser.get(f"{url}/hub/login", timeout=_OPEN_WITHIN).text)
        sent = time.monotonic()
        page = browser.post(
            f"{url}/hub/login", {"username": name, "password": password, "_xsrf": form[0]}, timeout=_OPEN_WITHIN
        )
        seen.told.append(time.monotonic() - sent)
        if "/hub/spawn-pending/" in page.url:
            _until_started(browser, url, name)
            page = browser.get(f"{url}/user/{name}/fieldguide/", timeout=_OPEN_WITHIN)
        if page.status_code != 200 or f"/user/{name}/fieldguide/" not in page.url:
            raise SchoolError(f"came to {page.url} ({page.status_code})")
        seen.home.append(time.monotonic() - sent)
    except (requests.RequestException, SchoolError, IndexError) as error:
        seen.failed.append(f"{name}: {error}")


def _until_started(browser: requests.Session, url: str, name: str) -> None:
    """Listen to what the hub tells of the start, until it is done. Raises SchoolError where it failed."""
    address = f"{url}/hub/api/users/{name}/server/progress"
    xsrf = next(cookie.value for cookie in browser.cookies if cookie.name == "_xsrf" and cookie.path == "/hub/")
    with browser.get(address, params={"_xsrf": xsrf}, stream=True, timeout=_OPEN_WITHIN) as events:
        for line in events.iter_lines():
            if line.startswith(b"data: "):
                told = json.loads(line.removeprefix(b"data: "))
                if told.get("failed"):
                    raise SchoolError(told["message"])
                if told.get("ready"):
                    return
    raise SchoolError("was told nothing more of the start")


# -- what it took ------------------------------------------------------------------------------------


@contextmanager
def _watched(hub: psutil.Process, students: list[str], taken: Taken) -> Iterator[None]:
    before, machine = _of_hub(hub), psutil.cpu_times()
    own = sum(psutil.Process().cpu_times()[:2])
    yield
    after, later = _of_hub(hub), psutil.cpu_times()
    numbers = {pwd.getpwnam(name).pw_uid for name in students}
    servers = [one for one in psutil.process_iter(["uids"]) if one.info["uids"].real in numbers]
    taken.ours = {name: after[name] - before.get(name, 0.0) for name in after}
    taken.ours["students' servers"] = sum(sum(one.cpu_times()) for one in servers)
    taken.ours["this bench"] = sum(psutil.Process().cpu_times()[:2]) - own
    taken.memory = sum(one.memory_full_info().pss for one in servers) / 1e6
    taken.idle = later.idle + later.iowait - machine.idle - machine.iowait
    taken.others = sum(later[:8]) - sum(machine[:8]) - taken.idle - sum(taken.ours.values())


def _of_hub(hub: psutil.Process) -> dict[str, float]:
    """Seconds of a processor so far, of the hub and of what it started for all."""
    called = {"hub.proxy": "its proxy", "live.service": "votes in class"}
    found = {"the hub": sum(hub.cpu_times()[:2])}
    for child in hub.children():
        words = " ".join(child.cmdline())
        for part, name in called.items():
            if part in words:
                found[name] = sum(child.cpu_times()[:2])
    return found


def _tell(students: int, seen: Seen, taken: Taken, say: Say) -> None:
    for what, times in (("told how long it takes", seen.told), ("at Home", seen.home)):
        if len(times) > 1:
            at = quantiles(times, n=100, method="inclusive")
            say(
                f"  {what:<22} half within {at[49]:5.1f} s   95 of 100 within {at[94]:5.1f} s   "
                f"last {max(times):5.1f} s"
            )
    say(f"  all that came were at Home {seen.lasted:.0f} s after the first log-in   lost {students - len(seen.home)}")
    for line in seen.failed:
        say(f"    {line}")
    for name, seconds in sorted(taken.ours.items(), key=lambda one: -one[1]):
        say(f"  {name:<18} {seconds:6.1f} s of a processor   {seconds / students:5.2f} for each student")
    say(f"  everything else on this machine took {taken.others:.0f} s of a processor; {taken.idle:.0f} s were not used")
    say(f"  students' servers: {taken.memory / students:.0f} MB each, what they share counted once")
