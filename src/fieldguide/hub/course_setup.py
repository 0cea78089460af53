"""Setting up the course: homes, the modules in the instructor's course folder, the students in the gradebook.

It may run at every start. It never overwrites what the instructor or a student has changed, nor a module that students
have handed in; a note says so instead.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fieldguide.content.archive import gather
from fieldguide.content.files import LITTER, digest_in
from fieldguide.hub import ClassroomError
from fieldguide.hub.accounts import INSTRUCTOR, STUDENTS, all_names
from fieldguide.hub.environment import CONFIG, path_with_tools, role_environment
from fieldguide.hub.homes import give_start_page
from fieldguide.hub.places import Places
from fieldguide.hub.processes import marked_environment


@dataclass
class ModuleRecord:
    """What was done for a module: digests of the source that was copied, and of the one its release was made from."""

    copied: str = ""
    generated: str = ""


def set_up(places: Places, tell: Callable[[str], None]) -> list[str]:
    """Update the classroom's course from the project; return notes for people.

    `tell` is called with a line for people as soon as a module is ready, as each takes seconds.
    """
    available = modules_of(places.project)
    _log_of(places).unlink(missing_ok=True)
    _make_homes(places)
    _give_settings(places)
    _give_beside(places)
    record_file = places.state / "course.json"
    records = _read_records(record_file)
    notes: list[str] = []
    pending = []
    for module in available:
        record = records.setdefault(module, ModuleRecord())
        if _take_over(places, module, record, notes) or not _is_ready(places, module, record):
            pending.append(module)
    _write_records(record_file, records)
    if pending or not (places.course / "gradebook.db").exists():
        failed = _run_nbgrader(places, pending, tell)
        for module in pending:
            if module in failed:
                reason = failed[module].strip().splitlines()[-1]
                notes.append(f"{module} could not be made ready ({reason}). More in {_log_of(places)}")
            else:
                records[module].generated = digest_in(places.course / "source" / module)
                if (places.exchange / places.course_id / "outbound" / module).exists():
                    notes.append(f"{module} is newer than what was released: release it again in Formgrader.")
        _write_records(record_file, records)
    return notes


def check_not_begun(places: Places) -> None:
    """Raise ClassroomError where something was handed out or in already: made-up students only fill a new class."""
    handed_out = (places.exchange / places.course_id / "outbound").glob("*")
    if any(handed_out) or any((places.course / "submitted").glob("*/*")):
        raise ClassroomError(
            f"The class in {places.folder} has begun already, and made-up students only fill a new one. Give another "
            "folder with --folder, or delete this class first with --reset."
        )


def fill_class(places: Places, count: int, tell: Callable[[str], None]) -> None:
    """Fill a course that has not begun with ``count`` made-up students; ``tell`` is called as in `set_up`.

    Raises ClassroomError where it fails.
    """
    norming = places.project / "modules" / "norming"
    options = [str(count), str(norming)] if norming.is_dir() else [str(count)]
    for line in _as_instructor(places, "fieldguide.madeup.filling", *options):
        tell(f"  {line.rstrip()}")


def modules_of(project: Path) -> list[str]:
    """The names of the folders of `source/` that hold a notebook. Raises ClassroomError where there are none."""
    source = project / "source"
    found = sorted(folder.name for folder in source.iterdir() if any(folder.glob("*.ipynb"))) if source.is_dir() else []
    if not found:
        raise ClassroomError(
            f"There are no modules in {source}. Run this in the project's folder, or name it with --project; "
            "modules that are only written are built with: ./run build"
        )
    return found


def _make_homes(places: Places) -> None:
    for name in all_names():
        (places.homes / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    for student in STUDENTS:
        give_start_page(places.homes / student.id)


def _give_settings(places: Places) -> None:
    """Copy the project's nbgrader settings into the course folder, once; there the instructor may edit them."""
    settings = places.course / "nbgrader_config.py"
    if settings.exists():
        return
    original = places.project / settings.name
    shutil.copyfile(original if original.is_file() else CONFIG / "course" / settings.name, settings)


def _give_beside(places: Places) -> None:
    """Copy what belongs to no module into the course folder, where it is not there: samples for scorers, and what the
    class report calls the guide's statements by."""
    for name, content in gather(places.project).beside.items():
        file = places.course / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _take_over(places: Places, module: str, record: ModuleRecord, notes: list[str]) -> bool:
    """Copy the project's module into the course folder if nothing is lost by it; return whether it was copied.

    Not by the rule of ``fieldguide course update``, by which a school's course goes: that makes the students' edition
    of what is out by our own stripper, where a try-out has nbgrader make it, of any project's modules, ordinary ones
    too. And it takes a content as a whole or not at all, where here a module that cannot be made ready costs no other.
    So a try-out takes nothing of a module that was handed in.
    """
    original = places.project / "source" / module
    copy = places.course / "source" / module
    wanted = digest_in(original)
    if copy.exists():
        present = digest_in(copy)
        if wanted in (present, record.copied):
            record.copied = wanted
            return False
        if present != record.copied:
            notes.append(f"{module} has changed in the project, but the course has its own version: that one stays.")
            return False
        if _has_submissions(places, module):
            notes.append(
                f"{module} has changed in the project, but students have handed it in: the course's version stays."
            )
            return False
    draft = copy.with_name(f".{module}.new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(original, draft, ignore=LITTER)
    if copy.exists():
        shutil.rmtree(copy)
    draft.rename(copy)
    record.copied = wanted
    return True


def _is_ready(places: Places, module: str, record: ModuleRecord) -> bool:
    """Whether the student's edition exists and is made from the current source, or is for the instructor to make."""
    if not (places.course / "release" / module).exists():
        return False
    if record.generated == record.copied or _has_submissions(places, module):
        return True
    return digest_in(places.course / "source" / module) != record.copied


def _has_submissions(places: Places, module: str) -> bool:
    handed_in = (places.exchange / places.course_id / "inbound").glob(f"*+{module}+*")
    collected = (places.course / "submitted").glob(f"*/{module}")
    return any(handed_in) or any(collected)


def _run_nbgrader(places: Places, modules: list[str], tell: Callable[[str], None]) -> dict[str, str]:
    """Set up the gradebook and the modules; return those that failed, each with nbgrader's message."""
    failed = {}
    for number, line in enumerate(_as_instructor(places, "fieldguide.hub.nbgrader_setup", *modules), 1):
        module, reason = json.loads(line)
        tell(f"  {number} of {len(modules)}: {module}")
        if reason is not None:
            failed[module] = reason
    return failed


def _log_of(places: Places) -> Path:
    return places.log.with_name("course.log")


def _as_instructor(places: Places, program: str, *options: str) -> Iterator[str]:
    """Run a program of ours in the course folder with the instructor's settings; the lines that it prints.

    Raises ClassroomError where it fails; what it said besides is in a log.
    """
    environment = {
        **marked_environment(places.folder),
        **role_environment(
            "instructor",
            course_id=places.course_id,
            exchange=str(places.exchange),
            course=str(places.course),
            tryout=True,
        ),
        "HOME": str(places.homes / INSTRUCTOR),
        "PATH": path_with_tools(),
    }
    log = _log_of(places)
    with (
        log.open("ab") as stream,
        subprocess.Popen(  # noqa: S603  (our own programs, on names of folders)
            [sys.executable, "-m", program, *options],
            cwd=places.course,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        ) as process,
    ):
        assert process.stdout
        yield from process.stdout
    if process.returncode != 0:
        raise ClassroomError(f"The course in {places.course} could not be set up. What was said is in {log}")


def _read_records(file: Path) -> dict[str, ModuleRecord]:
    if not file.exists():
        return {}
    return {module: ModuleRecord(**record) for module, record in json.loads(file.read_text(encoding="utf-8")).items()}


def _write_records(file: Path, records: dict[str, ModuleRecord]) -> None:
    draft = file.with_name(file.name + ".new")
    draft.write_text(json.dumps({module: asdict(record) for module, record in records.items()}, indent=2) + "\n")
    draft.replace(file)
