"""Fills a new course with made-up students, each module less far than the one before, by the steps of the desk.

    python -m fieldguide.madeup.filling COUNT [NORMING]

Runs in the course folder with the instructor's settings, where the exchange is one of folders. NORMING is the folder of
norming sets, whose answers become the students' essays. Prints a line for people as soon as something is done.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import Gradebook

from fieldguide.desk.essays import read_tasks
from fieldguide.desk.notes import Job, now, read_notes
from fieldguide.desk.state import Step
from fieldguide.desk.work import Work
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.feedback import wording
from fieldguide.grading.inbound import SECRET
from fieldguide.grading.instructor import InstructorNotebook, read_instructor_notebook
from fieldguide.grading.scorers import Scoring, keep_scoring
from fieldguide.grading.times import TIME_FILE
from fieldguide.items import Essay
from fieldguide.items.essay import Profile
from fieldguide.items.norming import read_norming
from fieldguide.madeup.answers import write_answers
from fieldguide.madeup.people import MadeUp, students
from fieldguide.responses.requests import add_request

_SEED = 23
_TIME = "%Y-%m-%d %H:%M:%S.%f UTC"
_SCORER = "instructor"
_REASONS = (
    "I said that I would ask her first, and in the case she has just said that she does not want it shared. Isn't that "
    "what the second option means?",
    "Two of these seem right to me, since our agency's policy allows it with a supervisor's word.",
)


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a module has come. ``due``: in how many days, a minute before midnight in UTC. ``handed_in``, ``late``:
    shares of the class. ``steps`` were taken since; ``scored`` is the share of essays that have their points, and
    ``asked`` whether somebody asks for another look."""

    due: int
    handed_in: float
    late: float = 0.0
    steps: tuple[Step, ...] = ()
    scored: float = 0.0
    asked: bool = False


#: Of the modules in order; those after them are not handed out yet.
STAGES = (
    Stage(-16, 1.0, 0.1, (Step.COLLECT, Step.FEEDBACK), scored=1.0),
    Stage(-9, 0.96, 0.1, (Step.COLLECT, Step.FEEDBACK), scored=1.0, asked=True),
    Stage(-2, 0.9, 0.1, (Step.COLLECT,), scored=0.4),
    Stage(0, 0.8),
    Stage(5, 0.4),
)


class Filling:
    """A course that is being filled with a class."""

    def __init__(
        self, course: Course, people: list[MadeUp], norming: Path | None, stages: tuple[Stage, ...] = STAGES
    ) -> None:
        self.course, self.people, self._norming, self._stages = course, people, norming, stages
        self._chance = random.Random(_SEED)  # noqa: S311 (the same class each time)

    def fill(self) -> Iterator[str]:
        """Do it; yields the name of each module once it is done. Raises CourseError where a step failed."""
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            for one in self.people:
                gradebook.update_or_create_student(one.id, first_name=one.first_name, last_name=one.last_name)
        modules = sorted({path.parent.name for path in self.course.source("x").parent.parent.glob("*/*.ipynb")})
        for module, stage in zip(modules, self._stages, strict=False):
            notebook = read_instructor_notebook(self.course.source(module))
            if notebook is None:
                continue
            self._fill(notebook, stage)
            yield module

    def _fill(self, notebook: InstructorNotebook, stage: Stage) -> None:
        module, due = notebook.module, (now() + timedelta(days=stage.due)).replace(hour=23, minute=59, second=0)
        self._take(Step.RELEASE, module, due=f"{due:%Y-%m-%dT%H:%M:%S}Z")
        here = self._chance.sample(self.people, round(stage.handed_in * len(self.people)))
        late = round(stage.late * len(here))
        given = {}
        for place, student in enumerate(here):
            given[student.id] = self._hand_in(notebook, student, self._moment(due, late=place < late, stage=stage))
        if Step.COLLECT in stage.steps:
            self._take(Step.COLLECT, module)
            self._score(notebook, given, stage.scored)
        if Step.FEEDBACK in stage.steps:
            self._take(Step.FEEDBACK, module)
        if stage.asked:
            for student, reason in zip(here, _REASONS, strict=False):
                self._ask(notebook, student, reason)

    def _moment(self, due: datetime, *, late: bool, stage: Stage) -> datetime:
        """When somebody hands in: just now where nobody has collected, as collecting asks about a time long past."""
        if Step.COLLECT not in stage.steps:
            return now() - timedelta(minutes=self._chance.uniform(0, 5))
        return due + timedelta(hours=self._chance.uniform(1, 30) if late else -self._chance.uniform(1, 24 * 6))

    def _take(self, step: Step, module: str, due: str | None = None) -> None:
        job = Job(step.value, module, f"{now():%Y-%m-%dT%H:%M:%S}Z", due)
        notes = read_notes(self.course.root)
        notes.job = job
        Work(self.course, notes).do()
        if job.trouble:
            raise CourseError(f"{module}: {job.trouble}")

    def _hand_in(self, notebook: InstructorNotebook, student: MadeUp, moment: datetime) -> dict[str, Profile]:
        """Put a submission where handing in puts it; returns the sample that became each essay."""
        module, time = notebook.module, f"{moment:{_TIME}}"
        folder = self.course.exchange / self.course.course_id / "inbound" / f"{student.id}+{module}+{time}"
        folder.mkdir()
        shutil.copy(self.course.folder("release", ".", module) / f"{module}.ipynb", folder)
        (folder / TIME_FILE).write_text(time, encoding="utf-8")
        (folder / SECRET).write_text(f"{student.id}+{module}+{self._chance.getrandbits(128):032x}", encoding="utf-8")
        samples = {one.item.id: self._sample(one.item) for one in notebook.graded if isinstance(one.item, Essay)}
        write_answers(
            folder,
            notebook,
            self._chance,
            moment,
            guesses=student.guesses,
            student=student.id,
            essays={name: sample.text for name, sample in samples.items()},
        )
        return samples

    def _sample(self, essay: Essay) -> Profile:
        samples = list(essay.profiles.values())
        if self._norming is not None and (path := self._norming / f"{essay.id}.yaml").is_file():
            samples += read_norming(path, essay).values()
        return self._chance.choice(samples)

    def _score(self, notebook: InstructorNotebook, given: dict[str, dict[str, Profile]], share: float) -> None:
        """Give so many of the essays the points that their samples have."""
        module = notebook.module
        _, tasks = read_tasks(self.course, module, _SCORER)
        for name, task in tasks.items():
            for essay in task.written[: round(share * len(task.written))]:
                points = given[essay.grade.student][name].scores
                keep_scoring(
                    self.course,
                    module,
                    task.essay,
                    essay.grade.grade_id,
                    Scoring(_SCORER, points=points, saw=essay.shown),
                )

    def _ask(self, notebook: InstructorNotebook, student: MadeUp, reason: str) -> None:
        asked = self._chance.choice([one for one in notebook.graded if not one.item.BY_PERSON])
        folder = self.course.folder("submitted", student.id, notebook.module)
        add_request(
            folder,
            notebook.module,
            asked.item.id,
            reason,
            wording=wording(asked.source),
            points=0.0,
            of=asked.item.maximum,
        )


def main(count: int, norming: Path | None) -> None:
    """Fill the course of the current folder."""
    for module in Filling(Course(Path.cwd()), students(count), norming).fill():
        sys.stdout.write(f"{module}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
