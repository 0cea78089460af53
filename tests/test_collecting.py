"""Collecting a hostile class from the exchange: plain files come, the rest stays behind and is named."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from browser import JupyterServer
from course import Course
from hostile import CASES
from nbgrader.utils import parse_utc
from patience import seconds
from playwright.sync_api import Browser
from test_hostile import FULL, HONEST, Class

from fieldguide.grading import copying, inbound
from fieldguide.grading.copying import copy_plain
from fieldguide.grading.inbound import RefusedError, look_at

TIME = "2026-11-20 10:00:00 UTC"
#: Collect takes nothing of them, so they have no score and no feedback.
REFUSED = {"too-large": "larger than CourseDirectory.max_dir_size allows", "deep-folders": "more than 50 deep"}
TAKEN = [case for case in CASES if case.name not in REFUSED]
STAYS_BEHIND = ("link", "pipe", "socket")
ODD_NAMES = ("honest-1+small+when", "ghost+small+99999-01-01 00:00:00 UTC", "+small+", "a+small+")


@dataclass
class Collected:
    """A course whose submissions came through the exchange, what collecting said, and where they came from."""

    students: Class
    said: str
    inbound: Path


@pytest.fixture(scope="module")
def collected(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collected]:
    folder = tmp_path_factory.mktemp("collected")
    students = Class(generated.copy(folder / "course", stock=False), folder / "canary")
    root = students.course.root
    inbound = folder / "exchange" / "ethics" / "inbound"
    inbound.mkdir(parents=True)
    for student in [*HONEST, *(case.name for case in CASES)]:
        submitted = root / "submitted" / student / "small"
        time = submitted / "timestamp.txt"
        if not time.exists() and not time.is_symlink():
            time.write_text(TIME, encoding="utf-8")
        secret = submitted / "submission_secret.txt"
        if not secret.exists():
            secret.write_text(student.encode().hex(), encoding="utf-8")
        submitted.rename(inbound / f"{student}+small+{TIME}")
    shutil.rmtree(root / "submitted")
    for name in ODD_NAMES:
        (inbound / name).mkdir()
    (inbound / f"mallory+small+{TIME}").symlink_to("/etc")
    with (root / "nbgrader_config.py").open("a") as settings:
        settings.write(f"c.CourseDirectory.root = {str(root)!r}\nc.CourseDirectory.course_id = 'ethics'\n")
        settings.write(f"c.Exchange.root = {str(inbound.parent.parent)!r}\nc.CourseDirectory.groupshared = False\n")
        settings.write("c.ExchangeCollect.check_owner = False\n")  # everybody here is the account that runs the tests
    yield Collected(students, nbgrader(students, "collect", "small"), inbound)
    shutil.rmtree(folder)


def nbgrader(students: Class, *command: str) -> str:
    """What one of nbgrader's commands says in the course's folder. It has to come to its end."""
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=students.course.root,
        capture_output=True,
        text=True,
        timeout=seconds(300),
    )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    return run.stderr


def test_everybody_is_collected_and_what_is_no_plain_file_stays_behind(collected: Collected) -> None:
    submitted = collected.students.course.root / "submitted"
    assert {path.name for path in submitted.iterdir()} - {*REFUSED} == {*HONEST, *(case.name for case in TAKEN)}
    for name, why in REFUSED.items():
        assert re.search(f"{name}[+]small.*{re.escape(why)}", collected.said), name
    for folder, folders, files in os.walk(submitted):
        for name in (*folders, *files):
            mode = Path(folder, name).lstat().st_mode
            assert stat.S_ISREG(mode) or stat.S_ISDIR(mode), (folder, name)
    for case in CASES:
        if case.name.startswith(STAYS_BEHIND):
            assert f"{case.name}+small+{TIME}: left behind, " in collected.said, case.name
    assert collected.students.nothing_ran()


def test_what_tells_no_student_or_time_is_named_and_left(collected: Collected) -> None:
    for name in (*ODD_NAMES, f"mallory+small+{TIME}"):
        assert f"{name} is left out: " in collected.said
    for case in CASES:
        if case.name.startswith("time-"):
            folder = collected.students.course.root / "submitted" / case.name / "small"
            assert not (folder / "timestamp.txt").exists() and (folder / "timestamp.txt.unreadable").is_file()
    folder = collected.students.course.root / "submitted" / "mark-before-time" / "small"
    assert parse_utc((folder / "timestamp.txt").read_text()) == parse_utc(TIME)  # Formgrader has to read it too


def test_times_in_the_exchange_are_read_in_the_courses_zone(tmp_path: Path) -> None:
    names = {
        "2026-06-15 22:59:00 JST": "2026-06-15 13:59",
        "2026-06-15 22:59:00 JST+aB3_dE6-gH9j": "2026-06-15 13:59",
        "2026-06-15 22:59:00": "2026-06-15 13:59",
        "2026-06-15 22:59:00 +0200": "2026-06-15 20:59",
        "2026-06-15 22:59:00 +0200+aB3_dE6-gH9j": "2026-06-15 20:59",
        "2026-06-15 22:59:00 UTC+123456789012": "2026-06-15 22:59",
    }
    for written, moment in names.items():
        folder = tmp_path / f"ana+small+{written}"
        folder.mkdir()
        (folder / "timestamp.txt").write_text(written.removesuffix("+aB3_dE6-gH9j").removesuffix("+123456789012"))
        (folder / "submission_secret.txt").write_text("secret")
        found = look_at(folder, "small", "Asia/Tokyo")
        assert (found.student, found.stated, found.torn) == ("ana", datetime.fromisoformat(moment), None), written
    odd = tmp_path / "ana+small+2026-06-15 22:59:00 XYZ"
    odd.mkdir()
    with pytest.raises(RefusedError, match="does not tell a time"):
        look_at(odd, "small")


def test_a_folder_that_is_too_large_is_left_out_whole(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "in").mkdir(parents=True)
    (source / "in" / "a.txt").write_text("a" * 600, encoding="utf-8")
    (source / "b.txt").write_text("b" * 600, encoding="utf-8")
    assert copy_plain(source, tmp_path / "whole", 1200) == []
    with pytest.raises(OSError, match="larger than"):
        copy_plain(source, tmp_path / "part", 1199)


@pytest.mark.parametrize("kind", ["folder", "file", "link", "pipe"])
def test_a_folder_with_too_much_in_it_of_any_kind_is_left_out_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(copying, "MOST_FILES", 20)
    folder = tmp_path / f"ana+small+{TIME}"
    for place in (folder, folder / "in"):
        place.mkdir()
        for number in range(10):
            path = place / str(number)
            make = {"folder": path.mkdir, "file": path.touch, "link": lambda path=path: path.symlink_to("/etc")}
            make.get(kind, lambda path=path: os.mkfifo(path))()
    (folder / "9").rmdir() if kind == "folder" else (folder / "9").unlink()
    assert len(copy_plain(folder, tmp_path / "whole", 1000)) == (0 if kind in ("folder", "file") else 19)
    (folder / "9").mkdir()
    with pytest.raises(OSError, match="holds more than 20 files and folders"):
        copy_plain(folder, tmp_path / "part", 1000)


def test_what_lies_in_an_endless_folder_is_not_even_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (copying, inbound):
        monkeypatch.setattr(module, "MOST_FILES", 20)
    folder = tmp_path / f"ana+small+{TIME}"
    folder.mkdir()
    for number in range(100):
        (folder / str(number)).mkdir()
    listed, asked = [], []
    scandir, lstat = os.scandir, os.lstat

    class Counted:
        def __init__(self, place: object) -> None:
            self._entries = scandir(place)  # type: ignore[call-overload]

        def __enter__(self) -> Counted:
            return self

        def __exit__(self, *_: object) -> None:
            self._entries.close()

        def __iter__(self) -> Counted:
            return self

        def __next__(self) -> object:
            listed.append(1)
            return next(self._entries)

    def asks(path: str, **options: int) -> os.stat_result:
        asked.append(path)
        return lstat(path, **options)

    monkeypatch.setattr(os, "scandir", Counted)
    monkeypatch.setattr(os, "lstat", asks)
    look_at(folder, "small")
    with pytest.raises(OSError, match="holds more than 20"):
        copy_plain(folder, tmp_path / "copy", 1000)
    assert len(listed) <= 45 and len(asked) <= 45


def nested(folder: Path, deep: int) -> None:
    """Make folders in one another, with a file in the last; a step at a time, as a path can be too long."""
    inner = os.open(folder, os.O_RDONLY)
    for _ in range(deep):
        os.mkdir("d", dir_fd=inner)
        deeper = os.open("d", os.O_RDONLY, dir_fd=inner)
        os.close(inner)
        inner = deeper
    os.close(os.open("last.txt", os.O_WRONLY | os.O_CREAT, dir_fd=inner))
    os.close(inner)


@pytest.mark.parametrize("deep", [copying.DEEPEST + 1, 2500])  # the second is deeper than any path can name
def test_folders_are_copied_only_so_deep(tmp_path: Path, deep: int) -> None:
    source, well = tmp_path / "source", tmp_path / "well"
    for folder, how_deep in ((source, deep), (well, copying.DEEPEST)):
        folder.mkdir()
        nested(folder, how_deep)
    assert copy_plain(well, tmp_path / "whole", 1000) == []
    assert len([*(tmp_path / "whole").rglob("last.txt")]) == 1
    with pytest.raises(OSError, match=f"lie more than {copying.DEEPEST} deep in one another"):
        copy_plain(source, tmp_path / "part", 1000)
    subprocess.run(["rm", "-rf", str(source)], check=True)  # which Python's own cannot


def test_folders_that_lie_too_deep_are_told_like_anything_odd(tmp_path: Path) -> None:
    folder = tmp_path / f"ana+small+{TIME}"
    folder.mkdir()
    nested(folder, 2500)
    with pytest.raises(RefusedError, match=f"lie more than {copying.DEEPEST} deep in one another"):
        look_at(folder, "small")
    subprocess.run(["rm", "-rf", str(folder)], check=True)  # which Python's own cannot


def test_what_takes_the_place_of_a_folder_while_it_is_collected_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner of a submission swaps it for a link to a classmate's once collecting has begun to read it."""
    mine, classmates, away = tmp_path / "mine", tmp_path / "classmates", tmp_path / "away"
    for folder in (mine, classmates):
        folder.mkdir()
        for name in ("a.txt", "b.txt"):
            (folder / name).write_text(folder.name, encoding="utf-8")
    scandir = os.scandir

    def swap(folder: int) -> object:
        entries = scandir(folder)
        mine.rename(away)
        mine.symlink_to(classmates)
        return entries

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", swap)
        assert copy_plain(mine, tmp_path / "copy", 1000) == []
    assert {path.read_text("utf-8") for path in (tmp_path / "copy").iterdir()} == {"mine"}
    with pytest.raises(OSError, match=r"[Nn]ot a directory|symbolic links"):
        copy_plain(mine, tmp_path / "another", 1000)


def test_what_is_handed_in_late_in_the_place_of_an_older_folder_is_not_taken_for_it(tmp_path: Path) -> None:
    folder, later = tmp_path / f"ana+small+{TIME}", tmp_path / "later"
    folder.mkdir()
    (folder / "a.txt").write_text("in time", encoding="utf-8")
    found = look_at(folder, "small")
    owners = {os.getuid()}
    assert copy_plain(folder, tmp_path / "honest", 1000, owners, found.changed) == []
    wait_for_the_clock(tmp_path, found.changed)
    later.mkdir()
    (later / "a.txt").write_text("too late", encoding="utf-8")
    folder.rename(tmp_path / "away")
    later.rename(folder)
    with pytest.raises(OSError, match="was changed while it was collected"):
        copy_plain(folder, tmp_path / "copy", 1000, owners, found.changed)


def wait_for_the_clock(folder: Path, moment: datetime) -> None:
    """Until a file that is made now is seen to be newer: file systems count in steps."""
    probe = folder / "probe"
    while True:
        probe.touch()
        if datetime.fromtimestamp(probe.stat().st_ctime, UTC).replace(tzinfo=None) > moment:
            return


@pytest.fixture(scope="module")
def graded(collected: Collected) -> Collected:
    """The class, graded."""
    command = [sys.executable, "-m", "fieldguide.cli", "grade", "small"]
    root = collected.students.course.root
    subprocess.run(command, cwd=root, capture_output=True, timeout=seconds(120), check=False)
    assert collected.students.honest_are_graded()
    return collected


@pytest.mark.slow
def test_none_of_them_stops_any_later_step_of_nbgraders(graded: Collected) -> None:
    students = graded.students
    nbgrader(students, "generate_feedback", "small")
    said = nbgrader(students, "release_feedback", "small")
    released = list((graded.inbound.parent / "feedback").glob("*.html"))
    without = {case.name for case in CASES if case.name.startswith("secret-")}
    for name in REFUSED:
        assert not any((students.course.root / "submitted" / name).glob("*"))
    assert len(released) == len(HONEST) + len(TAKEN) - len(without)
    for name in without:
        assert f"{name} has no feedback in the exchange: submission_secret.txt is missing or not readable" in said
    said = nbgrader(students, "list", "--inbound")
    for student in HONEST:
        assert f"ethics {student} small" in said and "(feedback ready to be fetched)" in said
    for name in (*without, "mallory"):
        assert f"{name}+small+{TIME} is not in the list: " in said
    nbgrader(students, "export", "--to", str(students.course.root / "grades.csv"))
    rows = (students.course.root / "grades.csv").read_text("utf-8").splitlines()
    assert len(rows) == len(HONEST) + len(TAKEN) + 1
    assert students.nothing_ran()


@pytest.fixture(scope="module")
def formgrader(graded: Collected, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """The instructor's server on the class, collected and graded."""
    root, home = graded.students.course.root, tmp_path_factory.mktemp("instructor")
    (home / "config").mkdir()
    shutil.copy(root / "nbgrader_config.py", home / "config")
    server = JupyterServer(root, home)
    yield server
    server.stop()


@pytest.mark.browser
@pytest.mark.slow
def test_no_script_runs_and_nothing_is_fetched_in_formgrader(
    collected: Collected, formgrader: JupyterServer, browser: Browser
) -> None:
    submissions = formgrader.ask("formgrader/api/submitted_notebooks/small/small")
    assert len(submissions) == len(TAKEN) + len(HONEST)
    lists = ["manage_assignments", "manage_submissions/small", "manage_students", "gradebook", "gradebook/small"]
    lists += ["gradebook/small/small", f"manage_students/{HONEST[0]}"]
    addresses = [*lists, *(f"submissions/{submission['id']}/" for submission in submissions)]
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error.message}"))
    for address in addresses:
        # A submission's page has all there is when it has loaded; a list asks for its rows afterwards.
        until: Literal["load", "networkidle"] = "load" if address.startswith("submissions/") else "networkidle"
        answer = page.goto(f"{formgrader.url}/formgrader/{address}", wait_until=until)
        assert answer is not None and answer.ok, address
        assert page.evaluate("window.canary") is None, address
        if address.startswith("submissions/"):
            assert page.locator(".fg-item").count() > len(FULL), address
        elif "manage_submissions" in address:
            page.locator("td.student-id").first.wait_for()
    assert [url for url in asked if not url.startswith((f"{formgrader.url}/", "data:"))] == []
    assert errors == []
    assert collected.students.nothing_ran()
    page.close()
