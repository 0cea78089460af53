"""A course folder with an exchange of folders: an instructor's server with the desk, and students who hand in."""

from __future__ import annotations

import contextlib
import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from browser import JupyterServer
from conftest import PROJECT
from nbgrader.api import Gradebook

from fieldguide.coursepage.steps import take
from fieldguide.courseplan import PLAN_FILE, Plan, Planned, now
from fieldguide.grading.course import Course
from fieldguide.responses import ResponseRecord

FIRST, SECOND = "03-code-of-ethics", "05-questions-for-the-classroom"
SETTINGS = """from fieldguide.grading import configure
c = get_config()
configure(c)
c.CourseDirectory.course_id = 'ethics'
c.Exchange.root = {exchange!r}
c.CourseDirectory.root = {course!r}
c.Collect.check_owner = False  # of students without accounts
"""


@contextlib.contextmanager
def own_jupyter(folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """Have Jupyter's data and settings lie below a folder, here and in what is started here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_DATA_DIR", str(folder / "data"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(folder / "config"))
        yield patch


def said(page: requests.Response | str) -> str:
    """What a page says, without its elements."""
    text = page if isinstance(page, str) else page.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


class DeskCourse:
    """The course ``ethics`` with two modules of the guide, and the students of ``names``."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.root, self.exchange, self.folder = folder / "course", folder / "exchange", folder
        self.exchange.mkdir(parents=True)
        self.exchange.chmod(0o777)
        for module in (FIRST, SECOND):
            for step in ("source", "release"):
                shutil.copytree(PROJECT / step / module, self.root / step / module)
        planned = (Planned(FIRST, "The Code", 80), Planned(SECOND, "The Classroom", 90))
        (self.root / "release" / FIRST / PLAN_FILE).write_text(Plan(now(), planned).text(), encoding="utf-8")
        settings = SETTINGS.format(exchange=str(self.exchange), course=str(self.root))
        (self.root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        with Gradebook(self.course.db_url, "ethics") as gradebook:
            for name in names:
                gradebook.add_student(name)

    @property
    def course(self) -> Course:
        return Course(self.root)

    def server(self, **environment: str) -> JupyterServer:
        """The instructor's server."""
        config = self.folder / "home" / "config"
        config.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.root / "nbgrader_config.py", config)
        return JupyterServer(self.folder, self.folder / "home", **environment)

    def student(self, name: str) -> Path:
        """The root folder of a student's server."""
        root = self.folder / "students" / name
        if not root.is_dir():
            root.mkdir(parents=True)
            settings = (
                f"c = get_config()\nc.CourseDirectory.course_id = 'ethics'\nc.Exchange.root = {str(self.exchange)!r}\n"
            )
            settings += f"c.CourseDirectory.student_id = {name!r}\n"
            (root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        return root

    def take(self, name: str, step: str, module: str) -> dict[str, object]:
        """A student's step, as their course page takes it."""
        root = self.student(name)
        with contextlib.chdir(root):
            told = take(root, step, module)
        assert "trouble" not in told, told
        return told

    def hand_in(self, name: str, module: str, **answers: object) -> None:
        """A student fetches the module, answers and hands in."""
        self.take(name, "fetch", module)
        record = ResponseRecord(self.student(name) / module, module)
        for item, answer in answers.items():
            record.save(item.replace("_", "-"), answer)
        self.take(name, "submit", module)
