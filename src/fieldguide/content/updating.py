"""Brings a newer text into a course folder: staged beside, then switched, and undone as a whole where it was stopped.

What stood there is kept as a content of its own, so that going back is bringing that one.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from traitlets.config import Config

from fieldguide.authoring.release import student_editions
from fieldguide.content.archive import Content, gather, pack
from fieldguide.content.brought import Brought, digest_of_file, read_brought, write_brought
from fieldguide.content.files import digest, files_in, write_files
from fieldguide.content.planning import ModulePlan, Plan, plan
from fieldguide.content.standing import read_standings
from fieldguide.courseplan import PLAN_FILE
from fieldguide.desk.notes import alone
from fieldguide.grading import configure
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import course_lock
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.grading.notebook_diff import cell_texts
from fieldguide.grading.released import CONTENT_FOLDER, earlier_editions
from fieldguide.plainfiles import read_own, write_whole

_EARLIER, _STAGED, _REPLACED, _JOURNAL = "earlier", "staged", "replaced", "switch.json"
_STEPS = ("source", "release")
_LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Updated:
    """What was done: the plan, where the earlier text is kept (None where there was none), and whether an update that
    had been stopped was ``undone`` first."""

    plan: Plan
    earlier: Path | None
    undone: bool


def look(course: Course, content: Content, replacing: frozenset[str] = frozenset()) -> Plan:
    """What bringing a content would do; nothing is changed. Raises CourseError."""
    _need_course(course)
    if _journal(course).exists():
        raise CourseError(
            "An earlier update was stopped halfway. Give the command without --plan: that is undone first."
        )
    return _plan(course, content, replacing)


def update(course: Course, content: Content, replacing: frozenset[str] = frozenset()) -> Updated:
    """Bring all of a content that is safe. What is refused stays as it is, module by module.

    Raises CourseError, and leaves the course as it was, where that cannot be done.
    """
    _need_course(course)
    with alone(course.root), course_lock(course.root):
        undone = undo_stopped(course)
        found = _plan(course, content, replacing)
        if not found.changes:
            write_brought(course.root, _noted(course, content))
            return Updated(found, None, undone)
        taken = [module for module in found.modules if module.brought]
        try:
            earlier = _keep_earlier(course)
            _stage(course, content, taken)
            _switch(course, content, found, taken)
        except OSError as error:
            undo_stopped(course)
            where = f"{error.filename}: " if error.filename else ""
            raise CourseError(f"{where}{error.strerror or error}. Nothing was changed in the course.") from error
        except BaseException:
            undo_stopped(course)
            raise
    return Updated(found, earlier, undone)


def undo_stopped(course: Course) -> bool:
    """Put back what an update that was stopped halfway had changed; whether there was any."""
    folder, journal = course.root / CONTENT_FOLDER, _journal(course)
    begun = journal.exists()
    if begun:
        brought, had_by = _read_journal(journal)
        write_brought(course.root, brought)
        for module, had in had_by.items():
            for step in _STEPS:
                now, kept, staged = course.folder(step, ".", module), *_places(folder, step, module)
                if kept.is_dir():
                    shutil.rmtree(now, ignore_errors=True)
                    kept.rename(now)
                elif step not in had and not staged.is_dir():
                    shutil.rmtree(now, ignore_errors=True)
        journal.unlink()
    for name in (_STAGED, _REPLACED):
        shutil.rmtree(folder / name, ignore_errors=True)
    return begun


def _read_journal(journal: Path) -> tuple[Brought, dict[str, list[str]]]:
    """What was noted before an update, and which folders each of its modules had."""
    try:
        told = json.loads(read_own(journal, _LARGEST))
        return Brought(**told["brought"]), dict(told["had"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CourseError(
            f"An update was stopped halfway, and {journal}, which tells how far it was, is damaged. What modules had "
            f"is in {journal.with_name(_REPLACED)}: put it back, then delete {journal.name}."
        ) from error


def _plan(course: Course, content: Content, replacing: frozenset[str]) -> Plan:
    standings = read_standings(course, content.modules)
    return plan(course, content, read_brought(course.root), standings, replacing)


def _need_course(course: Course) -> None:
    source = course.folder("source", ".", "x").parent
    if not source.is_dir():
        raise CourseError(
            f"{course.root} is no course folder: it has no {source.name}. To begin one: fieldguide course new FOLDER"
        )
    if any((course.root / "modules").glob("*.md")):
        raise CourseError(f"{course.root} is a project: its text is written in modules/, and brought by building.")


def _journal(course: Course) -> Path:
    return course.root / CONTENT_FOLDER / _JOURNAL


def _places(folder: Path, step: str, module: str) -> tuple[Path, Path]:
    """Where a step's folder of a module is kept while it is switched, and where the newer one is staged."""
    return folder / _REPLACED / step / module, folder / _STAGED / step / module


def _keep_earlier(course: Course) -> Path | None:
    """Keep the text that the course has now, in a file for the course's account alone."""
    source = course.folder("source", ".", "x").parent
    if not any(path.is_dir() for path in source.glob("[!.]*")):
        return None
    now = gather(course.root, source)
    folder = course.root / CONTENT_FOLDER / _EARLIER
    for place in (folder.parent, folder):
        place.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"fieldguide-content-{now.version}.tar"
    write_whole(path, pack(now))
    return path


def _stage(course: Course, content: Content, taken: list[ModulePlan]) -> None:
    """Make all that is to be switched, beside. Raises CourseError where it cannot be made."""
    folder = course.root / CONTENT_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    again = {}
    for module in taken:
        files = content.module(module.name)
        staged = _write_staged(folder, "source", module.name, files)
        _give_mode(staged, course.source(module.name), course)
        if module.standing.out and _released(course, module.name).is_file():
            again[module.name] = files[f"{module.name}.ipynb"].decode("utf-8")
    for name, text in _student_editions(again).items():
        files = {path: data for path, data in content.module(name).items() if not path.endswith(".ipynb")}
        old = _released(course, name).parent / PLAN_FILE
        if old.is_file():
            files[PLAN_FILE] = read_own(old, _LARGEST)
        files[f"{name}.ipynb"] = text.encode()
        staged = _write_staged(folder, "release", name, files)
        _need_no_key(staged / f"{name}.ipynb", _places(folder, "source", name)[1] / f"{name}.ipynb")
        _give_mode(staged, _released(course, name), course)


def _write_staged(folder: Path, step: str, module: str, files: dict[str, bytes]) -> Path:
    staged = _places(folder, step, module)[1]
    staged.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_files(staged, files)
    return staged


def _give_mode(folder: Path, like: Path, course: Course) -> None:
    """Give what is staged the permissions of the notebook whose place it takes."""
    usual = 0o660 if course.settings["groupshared"] else 0o600
    mode = like.stat().st_mode & 0o777 if like.is_file() else usual
    for path in (folder, *folder.rglob("*")):
        path.chmod(mode | (mode & 0o444) >> 2 | 0o700 if path.is_dir() else mode)


def _student_editions(sources: dict[str, str]) -> dict[str, str]:
    if not sources:
        return {}
    settings = Config()
    configure(settings)
    return student_editions(sources, settings)


def _need_no_key(release: Path, source: Path) -> None:
    """Raise CourseError unless a students' notebook holds just what may pass of the instructor's."""
    notebook = read_instructor_notebook(source)
    shown = dict(cell_texts(json.loads(read_own(release, _LARGEST))))
    if notebook is None or any(notebook.handed_out.get(str(cell)) != text for cell, text in shown.items()):
        raise CourseError(f"The students' edition of {source.stem} could not be made. Nothing was changed.")


def _released(course: Course, module: str) -> Path:
    return course.folder("release", ".", module) / f"{module}.ipynb"


def _switch(course: Course, content: Content, found: Plan, taken: list[ModulePlan]) -> None:
    """Have what was staged take the place of what is there. Until the journal goes, all of it is undone."""
    folder = course.root / CONTENT_FOLDER
    had = {module.name: [step for step in _STEPS if course.folder(step, ".", module.name).is_dir()] for module in taken}
    for module in taken:
        if module.standing.out:
            _keep_released(course, module.name)
    journal = {"had": had, "brought": asdict(read_brought(course.root))}
    write_whole(_journal(course), json.dumps(journal).encode())
    for module in taken:
        for step in _STEPS:
            now, (kept, staged) = course.folder(step, ".", module.name), _places(folder, step, module.name)
            if now.is_dir():
                kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                now.rename(kept)
            if staged.is_dir():
                now.parent.mkdir(parents=True, exist_ok=True)
                staged.rename(now)
    for name in found.beside:
        write_files(course.root, {name: content.files[name]})
    write_brought(course.root, _noted(course, content))
    _journal(course).unlink()
    undo_stopped(course)  # what was replaced goes


def _keep_released(course: Course, module: str) -> None:
    """Keep the students' edition of which copies are out: grading compares with it what they hand in."""
    path = _released(course, module)
    if not path.is_file():
        return
    data = read_own(path, _LARGEST)
    folder = earlier_editions(course, module)
    for place in (folder.parent, folder):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / f"{digest({path.name: data})[:12]}.ipynb", data)


def _noted(course: Course, content: Content) -> Brought:
    """What the course was brought, after this."""
    whole, before = Brought.of(content), read_brought(course.root)
    source = course.folder("source", ".", "x").parent
    as_brought = {
        name
        for name, wanted in whole.modules.items()
        if (source / name).is_dir() and digest(files_in(source / name)) == wanted
    }
    beside = {
        name
        for name, wanted in whole.beside.items()
        if (course.root / name).is_file() and digest_of_file(name, read_own(course.root / name, _LARGEST)) == wanted
    }
    return Brought(
        content.version,
        before.modules | {name: whole.modules[name] for name in as_brought},
        before.beside | {name: whole.beside[name] for name in beside},
    )
