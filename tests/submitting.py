"""A student with a folder, who presses Submit; nbgrader's own exchange behind it."""

from __future__ import annotations

import os
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config

from fieldguide.player.ownrecord import OwnRecord

MODULE = "05-m"


class Student:
    """A student's folder, with an exchange, as nbgrader has it."""

    def __init__(self, root: Path, course: str = "ethics") -> None:
        self.course = course
        self.home = root / f"home-{course}"
        self.folder = self.home / MODULE
        self.folder.mkdir(parents=True)
        self.exchange = root / "exchange"
        (self.exchange / course / "inbound").mkdir(parents=True)
        (self.exchange / course / "outbound" / MODULE).mkdir(parents=True)
        for place in (self.folder, self.exchange / course / "outbound" / MODULE):
            (place / f"{MODULE}.ipynb").write_text("{}", encoding="utf-8")
        self.record = OwnRecord(self.folder, MODULE)

    def submit(self) -> None:
        """Press Submit."""
        config = Config()
        config.CourseDirectory.course_id = self.course
        config.CourseDirectory.assignment_id = MODULE
        config.CourseDirectory.root = str(self.home)
        config.CourseDirectory.student_id = "ana"
        config.Exchange.root = str(self.exchange)
        config.Exchange.assignment_dir = str(self.home)
        config.ExchangeSubmit.assignment_dir = str(self.home)
        there = Path.cwd()
        os.chdir(self.home)
        try:
            course, authenticator = CourseDirectory(config=config), Authenticator(config=config)
            factory = ExchangeFactory(config=config)
            factory.Submit(coursedir=course, authenticator=authenticator, config=config).start()
        finally:
            os.chdir(there)
