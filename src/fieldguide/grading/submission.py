"""Reading what one student submitted. Nothing in it is executed, followed or trusted.

Problems become notes in words, for the summary and for the top of the graded notebook.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fieldguide.courseplan import PLAN_FILE
from fieldguide.grading.course import Course
from fieldguide.grading.inbound import SECRET
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.grading.names import show
from fieldguide.grading.notebook_diff import compare
from fieldguide.grading.sizes import why_too_large
from fieldguide.grading.times import TIME_FILE, read_time
from fieldguide.items import Item, Outcome, score
from fieldguide.plainfiles import read_plain
from fieldguide.policy.documents import is_named_like_one
from fieldguide.responses import Found, ItemResponses, ResponseRecord, Snapshot
from fieldguide.responses.names import ESSAYS, RECORD, is_receipt
from fieldguide.responses.requests import requests_name
from fieldguide.words import Words

_WORDS = Words("submission")
say, count = _WORDS.say, _WORDS.count

#: What nbgrader's exchange puts beside a submission; feedback is released by them.
EXCHANGE_FILES = (TIME_FILE, SECRET)
_LONGEST_EXCHANGE_FILE = 1000
_MOST_FILES = 2000
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Note:
    """A note about a submission.

    ``trouble``: somebody should look into it; ``for_student``: the student reads it too.
    """

    text: str
    trouble: bool = True
    for_student: bool = True


@dataclass(slots=True)
class Submission:
    """A student's submission, as far as grading uses it.

    ``timestamp`` is its time, in UTC and without a zone; None where it is not known. ``untold``: a time was written,
    but it cannot be read.
    """

    responses: dict[str, ItemResponses] = field(default_factory=dict)
    essays: dict[str, str] = field(default_factory=dict)
    timestamp: datetime | None = None
    untold: bool = False
    notes: list[Note] = field(default_factory=list)
    exchange_files: dict[str, bytes] = field(default_factory=dict)

    def outcome(self, item: Item) -> Outcome:
        """What the recorded response to an item earns."""
        return score(item, self.essays.get(item.id) if item.BY_PERSON else self.saved(item.id))

    def saved(self, record_id: str) -> object:
        """The response recorded under an id, a JSON value; None where there is none."""
        responses = self.responses.get(record_id)
        return responses.saved if responses else None


def read_submission(course: Course, folder: Path, notebook: InstructorNotebook) -> Submission:
    """Read the submitted folder of one student."""
    submission = Submission()
    if not course.is_in_place(folder, "submitted"):
        submission.notes.append(Note(say("folder_is_link")))
        return submission
    files = list(_walk(folder))
    module = notebook.module
    expected = {f"{module}.ipynb", f"{module}{RECORD}", f"{module}{ESSAYS}", PLAN_FILE, *EXCHANGE_FILES}
    expected.add(requests_name(module))
    # Files that the course gave are not reported, even if changed: opening a table may change its data.
    expected |= course.given_files(module)
    others = sorted(
        name
        for name, kind in files
        if kind == "file"
        and not (name in expected or is_named_like_one(name) or is_receipt(name) or course.is_left_out(name))
    )
    _read_record(submission, folder, notebook, others)
    _read_exchange_files(submission, folder, course.timezone)
    odd = _odd(files)
    if odd:
        submission.notes.append(Note(say("not_plain", names=_some(odd))))
    if others:
        names = _some([show(name) for name in others])
        submission.notes.append(Note(say("other_files", names=names), trouble=False))
    if len(files) > _MOST_FILES:
        submission.notes.append(Note(count("many_files", _MOST_FILES)))
    too_large = why_too_large(folder, course.most_bytes)
    if too_large:
        submission.notes.append(Note(say("too_large", why=too_large)))
    said = compare(folder / f"{module}.ipynb", notebook)
    if said is not None:
        submission.notes.append(Note(*said))
    return submission


def entered_by(folder: Path, record: Snapshot) -> str | None:
    """Who entered a submission from an answer sheet on paper; None where a student handed it in.

    A student can write anything into a record, but what they hand in through an exchange has a secret beside it.
    """
    return None if os.path.lexists(folder / SECRET) else record.entered_by


def is_on_paper(course: Course, student: str, module: str) -> bool:
    """Whether a student's submission was entered from an answer sheet on paper."""
    folder = course.folder("submitted", student, module)
    if not course.is_in_place(folder, "submitted"):
        return False
    return entered_by(folder, ResponseRecord(folder, module).snapshot()) is not None


def read_answers(course: Course, folder: Path, module: str) -> Submission:
    """What one student answered, without a look at the rest of the folder: for who counts a class, and tells of nobody.

    It has the responses and essays that read_submission() finds, and neither notes nor a time.
    """
    submission = Submission()
    if course.is_in_place(folder, "submitted"):
        _take(submission, ResponseRecord(folder, module).snapshot())
    return submission


def _take(submission: Submission, now: Snapshot) -> None:
    submission.responses = now.responses
    submission.essays = {item: essay.text for item, essay in now.essays.items()}


def unusual_files(folder: Path) -> list[str]:
    """The entries of a submitted folder that are neither plain files nor folders, by name and kind."""
    files = list(_walk(folder))
    unusual = _odd(files)
    return [*unusual, f"more than {_MOST_FILES} files"] if len(files) > _MOST_FILES else unusual


def _odd(files: list[tuple[str, str]]) -> list[str]:
    return [f"{show(name)} ({say(kind)})" for name, kind in files if kind != "file"]


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """The files below a folder by name and kind (``file``, or words for another kind), without following links."""
    waiting = [""]
    found = 0
    while waiting:
        inner = waiting.pop()
        try:
            entries = os.scandir(folder / inner if inner else folder)
        except OSError:
            yield inner or ".", "unreadable_folder"
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


def _read_record(submission: Submission, folder: Path, notebook: InstructorNotebook, others: list[str]) -> None:
    """Read the record and the essays, each by itself, since one may be damaged and the other not.

    ``others`` are the names of files in the folder that do not belong there.
    """
    record = ResponseRecord(folder, notebook.module)
    now = record.snapshot()
    _take(submission, now)
    if now.entered_by is not None:
        entered = entered_by(folder, now) is not None
        text = say("entered" if entered else "not_entered", by=show(now.entered_by))
        submission.notes.append(Note(text, trouble=not entered, for_student=entered))
    told = [show(problem, 200) for problem in record.problems]
    told += _about_record(now, record.path.name, others)
    told += _about_essays(now, record.essays_path.name, others)
    told += _about_ids(now, notebook.known_ids)
    submission.notes.extend(Note(text) for text in told)


def _about_record(now: Snapshot, name: str, others: list[str]) -> Iterator[str]:
    unanswered = _unanswered(now)
    beside = _beside(name, [other for other in others if _may_be_record(other)])
    if now.record_file is Found.MISSING:
        yield say("no_record", name=name, unanswered=unanswered) + beside
    elif now.record_file is Found.EMPTY and not now.cut:
        yield say("record_empty", name=name, unanswered=unanswered) + beside
    elif now.record_file is Found.READ and not (now.responses or now.kept or now.cut):
        yield say("record_without_answers", name=name, unanswered=unanswered) + beside
    if now.cut:
        yield say("cut", name=name) + beside


def _unanswered(now: Snapshot) -> str:
    return say("unanswered_but_essays" if now.essays else "unanswered")


def _about_essays(now: Snapshot, name: str, others: list[str]) -> Iterator[str]:
    lost = [show(item, 40) for item in sorted(now.kept - now.essays.keys())]
    found = [other for other in others if _may_be_essays(other)]
    if now.essays_file is Found.MISSING and (lost or found):
        yield say("no_essays_told" if lost else "no_essays", name=name) + _beside(name, found)
    elif now.essays_file is Found.READ and lost:
        yield say("essays_missing", name=name, items=_some(lost)) + _beside(name, found)


def _about_ids(now: Snapshot, known: frozenset[str]) -> Iterator[str]:
    unknown = sorted((now.responses.keys() | now.essays.keys()) - known)
    if now.responses and not now.responses.keys() & known:
        yield say("other_module", unanswered=_unanswered(now))
        unknown = sorted(now.essays.keys() - known)
    if unknown:
        names = _some([show(name, 40) for name in unknown])
        yield say("no_such_questions", names=names)


def _may_be_record(name: str) -> bool:
    """Whether a file may be a record that a browser, a file manager or a course site has renamed."""
    name = Path(name).name.casefold()
    return "responses" in name or "jsonl" in name


def _may_be_essays(name: str) -> bool:
    return "essays" in Path(name).name.casefold()


def _beside(name: str, found: list[str]) -> str:
    if not found:
        return ""
    return " " + say("beside", found=_some([show(other) for other in found]), name=name)


def _read_exchange_files(submission: Submission, folder: Path, zone: str) -> None:
    files = submission.exchange_files
    for name in EXCHANGE_FILES:
        try:
            files[name] = read_plain(folder / name, _LONGEST_EXCHANGE_FILE)
        except FileNotFoundError:
            continue
        except OSError as error:
            submission.untold |= name == TIME_FILE
            what = "time_not_read" if name == TIME_FILE else "not_read"
            submission.notes.append(Note(say(what, name=name, reason=error.strerror)))
    if TIME_FILE in files:
        written = files[TIME_FILE].decode("utf-8", "replace").strip()
        submission.timestamp = read_time(written, zone)
        if submission.timestamp is None:
            del files[TIME_FILE]  # nbgrader's own steps would fail on it
            submission.untold = True
            what = "no_time_but" if written else "no_time"
            submission.notes.append(Note(say(what, name=TIME_FILE, written=show(written))))


def _some(names: list[str]) -> str:
    named, more = ", ".join(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    return count("and_more", more, names=named) if more > 0 else named
