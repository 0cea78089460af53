"""A course folder to grade in: nbgrader's own converters, on generated submissions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from fieldguide.grading import configure
from fieldguide.responses import ResponseRecord


class Course:
    """One assignment in one course folder. With ``stock`` nbgrader grades without any setting of ours."""

    def __init__(self, root: Path, assignment: str, source: str, *, stock: bool = False) -> None:
        self.root = root
        self.assignment = assignment
        self.stock = stock
        self.db_url = f"sqlite:///{root / 'gradebook.db'}"
        path = root / "source" / assignment / f"{assignment}.ipynb"
        if not path.exists():
            path.parent.mkdir(parents=True)
            path.write_text(source, encoding="utf-8")

    def copy(self, root: Path, *, stock: bool) -> Course:
        """The same course, gradebook and submissions included, in another folder."""
        shutil.copytree(self.root, root)
        return Course(root, self.assignment, "", stock=stock)

    def config(self, *, ours: bool = True) -> Config:
        config = Config()
        if ours:
            configure(config)
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = self.db_url
        config.CourseDirectory.assignment_id = self.assignment
        return config

    def generate(self) -> None:
        self._run(GenerateAssignment, ours=True)

    def submit(self, student: str, responses: Mapping[str, object], essays: Mapping[str, str] | None = None) -> Path:
        """Put a submission where collecting would put it; returns its folder."""
        folder = self.root / "submitted" / student / self.assignment
        folder.mkdir(parents=True)
        shutil.copy(self.root / "release" / self.assignment / f"{self.assignment}.ipynb", folder)
        record = ResponseRecord(folder, self.assignment)
        for item, response in responses.items():
            record.save(item, response)
        for item, text in (essays or {}).items():
            record.save_essay(item, text)
        return folder

    def autograde(self) -> None:
        self._run(Autograde, ours=not self.stock)

    def feedback(self, student: str, *, show_best_answer: bool = True) -> str:
        """The feedback page of a student."""
        config = self.config()
        config.FeedbackExporter.show_best_answer = show_best_answer
        self._start(GenerateFeedback, config)
        return (self.root / "feedback" / student / self.assignment / f"{self.assignment}.html").read_text("utf-8")

    def feedback_shown(self, student: str) -> str:
        """The feedback page of a student without its data, which no browser runs or shows."""
        page = self.feedback(student)
        (data,) = re.findall(r'<script type="application/json" id="fieldguide-feedback">[^<>&]*</script>', page)
        return page.replace(data, "")

    def graded_text(self, student: str) -> str:
        """The graded notebook as a scorer sees it: the sources of its cells."""
        import nbformat

        path = self.root / "autograded" / student / self.assignment / f"{self.assignment}.ipynb"
        return "\n\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)

    def scores(self, student: str) -> dict[str, tuple[float | None, bool]]:
        """The automatic score of each graded cell, and whether it waits for a person."""
        with Gradebook(self.db_url) as gradebook:
            submission = gradebook.find_submission_notebook(self.assignment, self.assignment, student)
            return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in submission.grades}

    def _run(self, converter: type, *, ours: bool) -> None:
        self._start(converter, self.config(ours=ours))

    def _start(self, converter: type, config: Config) -> None:
        run = converter(coursedir=CourseDirectory(config=config), config=config)
        run.force = True
        run.start()
