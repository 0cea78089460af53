"""What a student can change while it is read: never another file than the one that was looked at."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import listening
from course import Course
from graded import grade
from test_grading import CLASS

from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.copying import copy_plain
from fieldguide.grading.course import Course as Settings
from fieldguide.plainfiles import NotPlainError, TooLargeError, read_plain
from fieldguide.policy.saving import save_documents
from fieldguide.responses import ResponseRecord

HANDED_IN = ("small.ipynb", "small.responses.jsonl", "small.essays.json", "timestamp.txt", "submission_secret.txt")


def submit(course: Course, student: str, text: str) -> Path:
    folder = course.submit(student, CLASS["right"], {"the-group-chat": text})
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    (folder / "submission_secret.txt").write_text(f"secret of {student}")
    return folder


def test_nothing_of_a_students_is_opened_by_following_or_waiting(course: Course, tmp_path: Path) -> None:
    folder = submit(course, "ana", "I would ask.")
    mine = tmp_path / "mine"
    shutil.copytree(folder, mine)
    record = ResponseRecord(mine, "small")
    save_documents(mine, {".html": b"one"})
    careful = os.O_NOFOLLOW | os.O_NONBLOCK
    seen: set[str] = set()
    careless: list[Path] = []

    def look(path: Path, flags: int) -> None:
        # A folder is opened to bring its entries to the disk, and a draft is a file that was made just then.
        if path.parent in (folder, mine) and not path.is_dir() and not path.name.endswith(".part"):
            seen.add(path.name)
            if flags & careful != careful:
                careless.append(path)

    with listening(look):
        assert not grade(course).failed
        assert feedback_for_class(Settings(course.root, course.config()), "small")[0] == ["ana"]
        copy_plain(folder, tmp_path / "collected", 10**6)
        record.save("after-hours-message", ["wait"])
        record.save_essay("the-group-chat", "I would ask first.")
        record.make_room()
        save_documents(mine, {".html": b"two"})
    assert seen >= {*HANDED_IN, "my-social-media-policy.html"}
    assert careless == []


@pytest.mark.parametrize("name", HANDED_IN)
def test_a_file_that_is_swapped_for_a_link_before_it_is_read_gives_nothing(course: Course, name: str) -> None:
    """Between looking at a file and opening it there is time enough to put a link to another's in its place."""
    ana, ben = submit(course, "ana", "Hers alone."), submit(course, "ben", "His own.")

    def swap(path: Path, flags: int) -> None:
        if path == ben / name and not path.is_symlink():
            path.unlink()
            path.symlink_to(ana / name)

    with listening(swap):
        report = grade(course)
    assert (ben / name).is_symlink() and not report.failed
    scores = course.scores("ben")
    if name == "small.responses.jsonl":
        assert scores["after-hours-message"] == (0.0, False)
        assert f"{name} could not be read (it is no plain file)." in [note.text for note in report.notes["ben"]]
    elif name == "small.essays.json":
        assert scores["the-group-chat"] == (0.0, False)
        assert f"{name} could not be read (it is no plain file)." in [note.text for note in report.notes["ben"]]
    elif name == "small.ipynb":
        assert any(f"{name} is no plain file and was not opened" in note.text for note in report.notes["ben"])
    kept = {path.name: path.read_text() for path in (course.root / "autograded" / "ben" / "small").iterdir()}
    assert "Hers alone." not in kept["small.ipynb"] and kept.get("submission_secret.txt") != "secret of ana"
    assert course.scores("ana")["after-hours-message"] == (2.0, False)


def test_a_plain_file_is_read_up_to_its_limit_and_nothing_else_is(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_plain(file, 5) == b"12345"
    with pytest.raises(TooLargeError):
        read_plain(file, 4)
    with file.open("ab") as end:
        end.truncate(1 << 40)  # a terabyte of nothing
    with pytest.raises(TooLargeError):
        read_plain(file, 5)
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "dangling", "pipe", "."):
        with pytest.raises(NotPlainError, match=r"^it is no plain file$"):
            read_plain(tmp_path / name, 5)
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "nothing", 5)
