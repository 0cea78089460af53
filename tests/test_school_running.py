"""What a school's server starts and starts anew, with a systemctl that keeps books instead of starting anything."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from fieldguide.school import SchoolError, running
from fieldguide.school.machine import differing, mend
from fieldguide.school.planning import Places
from fieldguide.school.reading import Course, School
from fieldguide.school.running import CADDY
from fieldguide.school.units import HUB

SYSTEMCTL = """\
#!/usr/bin/env python3
import json, sys, time
from pathlib import Path
book = Path(__file__).with_name("book.json")
units = json.loads(book.read_text())
verb, *rest = sys.argv[1:]
names = [word for word in rest if not word.startswith("-")]
for name in names:
    one = units.get(name, {"LoadState": "not-found", "ActiveState": "inactive"})
    if verb == "show":
        print("\\n".join(f"{key}={value}" for key, value in one.items()))
    if verb in ("start", "restart"):
        one |= {"ActiveState": "active", "ActiveEnterTimestampMonotonic": int(time.monotonic() * 1e6)}
    if verb == "enable":
        one["UnitFileState"] = "enabled"
    if verb == "disable":
        one |= {"UnitFileState": "disabled", "ActiveState": "inactive"}
if verb == "list-units":
    print("\\n".join(name for name in units if name.startswith("fieldguide-server@")))
if verb == "daemon-reload":
    for one in units.values():
        one["NeedDaemonReload"] = "no"
book.write_text(json.dumps(units))
"""
COURSES = (Course("a", "A", ("grace",)), Course("b", "B", ("grace",)))
NAMES = (HUB, "fieldguide-server@a.service", "fieldguide-server@b.service")


class Systemd:
    """What systemctl keeps of its units."""

    def __init__(self, folder: Path) -> None:
        self._book = folder / "book.json"
        (folder / "systemctl").write_text(SYSTEMCTL)
        (folder / "systemctl").chmod(0o755)
        fresh = {"LoadState": "loaded", "ActiveState": "inactive", "UnitFileState": "disabled"}
        self.write({name: dict(fresh) for name in NAMES})
        self.change("systemd-journald.service", LoadState="loaded", ActiveState="active", **self.since(0))

    def read(self) -> dict[str, dict[str, Any]]:
        return json.loads(self._book.read_text())

    def write(self, units: dict[str, dict[str, Any]]) -> None:
        self._book.write_text(json.dumps(units))

    def change(self, name: str, **told: Any) -> None:
        units = self.read()
        units.setdefault(name, {}).update(told)
        self.write(units)

    @staticmethod
    def since(seconds: float) -> dict[str, int]:
        """That a unit was started so many seconds ago."""
        return {"ActiveEnterTimestampMonotonic": int((time.monotonic() - seconds) * 1e6)}

    def states(self) -> list[tuple[str, str]]:
        units = self.read()
        return [(units[name]["ActiveState"], units[name]["UnitFileState"]) for name in NAMES]


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Systemd:
    (tmp_path / "programs").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:{os.environ['PATH']}")
    monkeypatch.setattr(running, "why_not", lambda places: None)
    return Systemd(tmp_path / "programs")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A machine whose files were written a minute ago."""
    places = Places(tmp_path / "root")
    for path in (places.hub, places.services / HUB, *(places.server(course) for course in COURSES)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        written(path, 60)
    return places


@pytest.fixture
def school() -> Iterator[School]:
    """A school whose hub answers."""

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tells nobody."""

    server = HTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield School(COURSES, port=server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


def written(path: Path, seconds_ago: float) -> None:
    os.utime(path, (time.time() - seconds_ago,) * 2)


def bring(school: School, places: Places) -> list[str]:
    told: list[str] = []
    mend(running.looks(school, places), told.append)
    return told


def test_everything_is_started_once_and_the_hub_first(systemd: Systemd, school: School, places: Places) -> None:
    assert len(list(differing(running.looks(school, places)))) == 6
    assert systemd.states() == [("inactive", "disabled")] * 3
    told = bring(school, places)
    assert [line.split(":")[0] for line in told] == [name for name in NAMES for _ in "12"]
    assert systemd.states() == [("active", "enabled")] * 3
    assert bring(school, places) == [] and list(differing(running.looks(school, places))) == []


def test_who_was_stopped_between_starting_and_enabling_goes_on(
    systemd: Systemd, school: School, places: Places
) -> None:
    systemd.change(HUB, ActiveState="active", **systemd.since(1))
    assert bring(school, places)[0] == f"{HUB}: starts with the machine from now on"
    assert systemd.states()[0] == ("active", "enabled")


def test_only_what_has_newer_settings_is_started_anew(systemd: Systemd, school: School, places: Places) -> None:
    bring(school, places)
    systemd.change(NAMES[1], **systemd.since(30))
    assert bring(school, places) == []
    written(places.server(COURSES[0]), 10)
    (wrong,) = differing(running.looks(school, places))
    assert wrong == f"{NAMES[1]} runs with settings from before the last change"
    assert bring(school, places) == [f"{NAMES[1]}: started anew, with its settings as they are now"]
    assert bring(school, places) == []


def test_what_somebody_stopped_stays_so_and_is_told(systemd: Systemd, school: School, places: Places) -> None:
    bring(school, places)
    systemd.change(NAMES[2], ActiveState="inactive")
    written(places.server(COURSES[1]), 0)
    assert bring(school, places) == []
    assert list(running.left(school, places)) == [
        f"{NAMES[2]} is stopped. To start it: systemctl start {NAMES[2]}",
    ]


def test_what_has_failed_is_started_again(systemd: Systemd, school: School, places: Places) -> None:
    bring(school, places)
    systemd.change(HUB, ActiveState="failed")
    assert bring(school, places) == [f"{HUB}: had failed, and is started again"]


def test_units_that_systemd_has_not_read_again_are_read_first(systemd: Systemd, school: School, places: Places) -> None:
    bring(school, places)
    systemd.change(HUB, NeedDaemonReload="yes")
    written(places.services / HUB, 0)
    told = bring(school, places)
    assert told == [f"systemd: has read {HUB} again", f"{HUB}: started anew, with its settings as they are now"]


def test_the_server_of_a_course_that_is_gone_is_stopped(systemd: Systemd, school: School, places: Places) -> None:
    bring(school, places)
    fewer = School(COURSES[:1], port=school.port)
    assert bring(fewer, places) == [f"{NAMES[2]}: stopped, as no course in courses.toml has it"]
    assert systemd.states()[2] == ("inactive", "disabled") and bring(fewer, places) == []


def test_a_hub_that_does_not_answer_is_told_with_where_to_look(
    systemd: Systemd, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_OPENS_WITHIN", 0.1)
    with pytest.raises(SchoolError, match="journalctl -u fieldguide-hub"):
        bring(School(COURSES, port=1), places)


def test_a_mistake_in_caddys_own_file_ends_no_caddy_that_runs(
    systemd: Systemd, school: School, places: Places, tmp_path: Path
) -> None:
    bring(school, places)
    own = places.root / "etc/caddy/Caddyfile"
    own.parent.mkdir(parents=True)
    own.write_text("a school's own, with a mistake")
    systemd.change(CADDY, LoadState="loaded", ActiveState="active", UnitFileState="enabled", **systemd.since(60))
    before = systemd.read()[CADDY]
    caddy = tmp_path / "programs/caddy"
    caddy.write_text("#!/bin/sh\necho 'unrecognized directive' >&2\nexit 1\n")
    caddy.chmod(0o755)
    public = School(COURSES, address="https://guide.school.edu", port=school.port)
    with pytest.raises(SchoolError, match="unrecognized directive"):
        bring(public, places)
    assert systemd.read()[CADDY] == before
    caddy.write_text("#!/bin/sh\n")
    assert bring(public, places) == [f"{CADDY}: started anew, with its settings as they are now"]


def test_without_systemd_nothing_is_started_and_it_is_said_why(places: Places) -> None:
    assert "is not this machine" in (running.why_not(places) or "")
    assert list(differing(running.looks(School(COURSES), places))) == []


def test_a_unit_that_is_not_there_is_told_with_what_brings_it(systemd: Systemd, school: School, places: Places) -> None:
    systemd.write({name: told for name, told in systemd.read().items() if name != HUB})
    wrong = list(differing(running.looks(school, places)))
    assert f"systemd has no unit {HUB}. Run: fieldguide-admin apply" in wrong
    caddys = list(differing(running.looks(replace(school, address="https://guide.school.edu"), places)))
    assert f"systemd has no unit {CADDY}. Run: apt-get install caddy" in caddys
