"""Reading what one student handed in. Nothing in it is executed, followed or trusted.

What is found wrong becomes notes, in words: for the summary, and for the top of the graded notebook.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fieldguide.cases.model import Case
from fieldguide.cases.paths import CaseResponse, parse_case_response
from fieldguide.cases.worksheet import Worksheet
from fieldguide.grading.answers import CaseAnswer, WorksheetAnswer, parse_worksheet
from fieldguide.grading.course import Course
from fieldguide.grading.handed_in import compare
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.grading.names import show
from fieldguide.grading.times import TIME_FILE, read_time
from fieldguide.items import Essay, Item, Outcome, score
from fieldguide.plainfiles import read_plain
from fieldguide.responses import ItemResponses, ResponseRecord

#: What nbgrader's exchange puts beside a submission; feedback is released by them.
EXCHANGE_FILES = (TIME_FILE, "submission_secret.txt")
_LONGEST_EXCHANGE_FILE = 1000
_MOST_FILES = 2000
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a submission.

    ``trouble`` is what somebody should look into, ``for_student`` what the student reads too.
    """

    text: str
    trouble: bool = True
    for_student: bool = True


@dataclass(slots=True)
class Submission:
    """What a student handed in, as far as grading uses it.

    ``timestamp`` is when, in UTC and without a zone; None where that is not known. ``untold``: a time is written there,
    and nobody can tell which.
    """

    responses: dict[str, ItemResponses] = field(default_factory=dict)
    essays: dict[str, str] = field(default_factory=dict)
    timestamp: datetime | None = None
    untold: bool = False
    notes: list[Note] = field(default_factory=list)
    exchange_files: dict[str, bytes] = field(default_factory=dict)

    def outcome(self, item: Item) -> Outcome:
        """What the response on record earns."""
        if isinstance(item, Essay):
            return score(item, self.essays.get(item.id))
        return score(item, self._saved(item.id))

    def case_answer(self, case: Case) -> CaseAnswer:
        """What is on record for a case."""
        try:
            response = parse_case_response(case, self._saved(case.id))
        except ValueError as error:
            response = CaseResponse(remark=f"Could not be read: {error}.")
        return CaseAnswer(response, None if case.graded else self.essays.get(case.id))

    def worksheet_answer(self, worksheet: Worksheet) -> WorksheetAnswer:
        """What is on record for a worksheet."""
        ids = {step.name: f"{worksheet.id}.{step.name}" for step in worksheet.written()}
        texts = {step: self.essays[text_id] for step, text_id in ids.items() if text_id in self.essays}
        return parse_worksheet(worksheet, self._saved(worksheet.id), texts)

    def _saved(self, record_id: str) -> object:
        responses = self.responses.get(record_id)
        return responses.saved if responses else None


def read_submission(course: Course, folder: Path, notebook: InstructorNotebook) -> Submission:
    """Read the submitted folder of one student."""
    submission = Submission()
    if not course.is_in_place(folder, "submitted"):
        submission.notes.append(Note("The submitted folder is a link to another place; it was not followed."))
        return submission
    files = list(_walk(folder))
    _read_record(submission, folder, notebook, {name for name, kind in files if kind == "file"})
    _read_exchange_files(submission, folder, course.timezone)
    module = notebook.module
    expected = {f"{module}.ipynb", f"{module}.responses.jsonl", f"{module}.essays.json", *EXCHANGE_FILES}
    odd = [f"{show(name)} ({kind})" for name, kind in files if kind != "file"]
    if odd:
        submission.notes.append(Note(f"Not followed or opened, because they are no plain files: {_some(odd)}."))
    other = [show(name) for name, kind in files if kind == "file" and name not in expected]
    if other:
        submission.notes.append(Note(f"Other files stay in the submitted folder: {_some(other)}.", trouble=False))
    if len(files) > _MOST_FILES:
        submission.notes.append(Note(f"The submitted folder holds more than {_MOST_FILES} files."))
    said = compare(folder / f"{module}.ipynb", notebook)
    if said is not None:
        submission.notes.append(Note(*said))
    return submission


def unusual_files(folder: Path) -> list[str]:
    """What a submitted folder holds that is neither a plain file nor a folder, by name and kind."""
    files = list(_walk(folder))
    unusual = [f"{show(name)} ({kind})" for name, kind in files if kind != "file"]
    return [*unusual, f"more than {_MOST_FILES} files"] if len(files) > _MOST_FILES else unusual


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """The files below a folder by name and kind (file, link, pipe, socket, device), links not followed."""
    waiting = [""]
    found = 0
    while waiting:
        inner = waiting.pop()
        try:
            entries = os.scandir(folder / inner if inner else folder)
        except OSError:
            yield inner or ".", "unreadable folder"
            continue
        with entries:
            for entry in entries:
                found += 1
                if found > _MOST_FILES + 1:
                    return
                name = f"{inner}/{entry.name}" if inner else entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(name)
                elif entry.is_file(follow_symlinks=False):
                    yield name, "file"
                else:
                    yield name, _kind(entry.stat(follow_symlinks=False).st_mode)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISFIFO(mode):
        return "pipe"
    return "socket" if stat.S_ISSOCK(mode) else "device"


def _read_record(submission: Submission, folder: Path, notebook: InstructorNotebook, files: set[str]) -> None:
    record = ResponseRecord(folder, notebook.module)
    handed_in = record.snapshot()
    submission.responses = handed_in.responses
    submission.essays = {item: essay.text for item, essay in handed_in.essays.items()}
    submission.notes.extend(Note(show(problem, 200)) for problem in record.problems)
    ids = set(submission.responses) | set(submission.essays)
    unknown = sorted(ids - notebook.known_ids)
    if unknown and len(unknown) == len(ids):
        text = "The record speaks of none of this module's questions; it may be another module's. "
        submission.notes.append(Note(text + "Every question counts as unanswered."))
    elif unknown:
        names = _some([show(name, 40) for name in unknown])
        submission.notes.append(Note(f"Set aside, because this module has no such questions: {names}."))
    elif not ids and not record.problems:
        submission.notes.append(Note(_nothing_on_record(record.path.name, files)))


def _nothing_on_record(name: str, files: set[str]) -> str:
    if name in files:
        return f"The record {name} is empty: every question counts as unanswered."
    others = sorted(file for file in files if file.endswith(".responses.jsonl"))
    there = f" The folder holds another: {_some([show(other) for other in others])}." if others else ""
    return f"There is no record {name}: every question counts as unanswered.{there}"


def _read_exchange_files(submission: Submission, folder: Path, zone: str) -> None:
    files = submission.exchange_files
    for name in EXCHANGE_FILES:
        try:
            files[name] = read_plain(folder / name, _LONGEST_EXCHANGE_FILE)
        except FileNotFoundError:
            continue
        except OSError as error:
            why = f"{name} could not be read ({error.strerror})"
            if name == TIME_FILE:
                _leave_untold(submission, why)
            else:
                submission.notes.append(Note(f"{why}."))
    if TIME_FILE in files:
        written = files[TIME_FILE].decode("utf-8", "replace").strip()
        submission.timestamp = read_time(written, zone)
        if submission.timestamp is None:
            del files[TIME_FILE]  # nbgrader's own steps would stop at it
            _leave_untold(submission, f"{TIME_FILE} does not tell a time" + (f" ({show(written)})" if written else ""))


def _leave_untold(submission: Submission, why: str) -> None:
    submission.untold = True
    submission.notes.append(Note(f"{why}: nobody can say whether this came late, and nothing is taken off."))


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
