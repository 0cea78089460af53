"""A restore that is stopped at any moment goes on when it is run again, and writes over nothing."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from forking import fork

from fieldguide.grading.course import CourseError
from fieldguide.school import SchoolError, begun, layingout, restoring
from fieldguide.school.archive import Archive, new_archive
from fieldguide.school.deletions import KEY, RECORD, bring_record
from fieldguide.school.doctor import stopped_restore
from fieldguide.school.gradebookfile import load, place_within, save
from fieldguide.school.layingout import Owners, is_there, lay_out, move
from fieldguide.school.planning import Places
from fieldguide.school.reading import Course
from fieldguide.school.server import refuse_unfinished

BEGINNING = "sw101/course/"
#: What changes a disk, and so what a machine can be stopped before.
STEPS = ("mkdir", "chown", "chmod", "link", "unlink", "rename", "replace", "open")


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """A course's folder in an archive."""
    folder = tmp_path / "course"
    (folder / "submitted" / "ana" / "small").mkdir(parents=True)
    (folder / "source").mkdir()
    (folder / "empty").mkdir(mode=0o500)
    for name in ("notes.txt", "submitted/ana/small/a.ipynb", "submitted/ana/small/b.jsonl", "source/x.md"):
        (folder / name).write_text(name)
    (folder / "submitted" / "ana" / "small" / "a.ipynb").chmod(0o440)
    (folder / "submitted" / "ana" / "small").chmod(0o550)
    with new_archive(tmp_path / "a.tar.gz") as writer:
        writer.add_tree(BEGINNING.rstrip("/"), folder)
        writer.finish({"courses": {"sw101": {"students": []}}})
    return Archive(tmp_path / "a.tar.gz")


def bring(archive: Archive, staged: Path, target: Path) -> None:
    """What a restore does with a course's files."""
    entry = pwd.getpwuid(os.getuid())
    owners = Owners({entry.pw_name: (entry.pw_uid, entry.pw_gid)})

    def whose(name: str) -> Owners | None:
        kept = archive.kept[BEGINNING + name]
        return None if kept.size is not None and is_there(target, name, kept) else owners

    shutil.rmtree(staged, ignore_errors=True)
    lay_out(archive, BEGINNING, staged, whose)
    move(staged, target)


def stopped(run: Callable[[], object], before: int) -> bool:
    """Run something in a process that ends before its n-th step as if the power went; returns whether it ended so."""
    left = before

    def stopping(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            nonlocal left
            if not left:
                os._exit(9)
            left -= 1
            return real(*arguments, **options)

        return step

    def run_stopping() -> None:
        for name in STEPS:
            setattr(os, name, stopping(getattr(os, name)))
        subprocess.run = stopping(subprocess.run)  # type: ignore[assignment]
        run()

    code = fork(run_stopping)
    assert code in (0, 9), code
    return code == 9


def test_stopped_before_any_step_and_run_again_it_ends_as_if_it_was_not(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)
    wanted = everything(tmp_path / "course")
    for number in count():
        place = tmp_path / f"stopped-{number}"
        target, staged = place / "target", place / "staged"
        (target / "source").mkdir(parents=True)  # which apply makes
        was_stopped = stopped(lambda: bring(archive, staged, target), number)  # noqa: B023
        bring(archive, staged, target)
        assert everything(target) == wanted, number
        if not was_stopped:
            break
    assert number > 20


def test_what_is_in_its_place_is_skipped_and_what_is_another_is_left(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "notes.txt").write_text("notes.txt")
    number = (target / "notes.txt").stat().st_ino
    bring(archive, tmp_path / "staged", target)
    assert (target / "notes.txt").stat().st_ino == number
    (target / "source" / "x.md").unlink()
    (target / "notes.txt").write_text("mine, now")
    with pytest.raises(SchoolError, match=r"notes\.txt is there and not as in the backup"):
        bring(archive, tmp_path / "staged", target)
    assert (target / "notes.txt").read_text() == "mine, now" and not (target / "source" / "x.md").exists()


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_nothing_else_is_taken_for_a_file_or_waited_for(archive: Archive, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "target"
    target.mkdir()
    place = target / "notes.txt"
    {"pipe": os.mkfifo, "link": lambda path: path.symlink_to("/etc/passwd"), "folder": os.mkdir}[kind](place)
    before = place.lstat()
    with pytest.raises(SchoolError, match="stays as it is"):
        bring(archive, tmp_path / "staged", target)
    assert place.lstat() == before


def test_a_file_that_comes_at_the_last_moment_is_not_written_over(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    real = layingout._link

    def late(name: str, there: int, here: int, place: Path) -> None:
        (place / name).write_text("a student's")
        real(name, there, here, place)

    monkeypatch.setattr(layingout, "_link", late)
    with pytest.raises(SchoolError, match="stays as it is"):
        bring(archive, tmp_path / "staged", target)
    assert (target / "notes.txt").read_text() == "a student's"


# -- the record of a restore -------------------------------------------------------------------------


def test_a_restore_that_was_stopped_is_told_and_keeps_the_courses_server_from_starting(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = Places(tmp_path / "root")
    assert begun.unfinished(places.state) is None and not [*stopped_restore(places)]
    record = begun.begin(places.state, archive.path, archive.digest, ["sw101"])
    record.note(places.state, "sw101", "files")
    again = begun.unfinished(places.state)
    assert again == record and again.has("sw101", "files") and not again.has("sw101", "gradebook")
    assert stat.S_IMODE((places.state / begun.NAME).stat().st_mode) == 0o600
    command = f"fieldguide-admin restore {archive.path} --course sw101"
    assert [*stopped_restore(places)] == [f"A restore was stopped, and is not done. Run: {command}"]
    refuse_unfinished(places.state, "sw202")
    with pytest.raises(SystemExit) as ended:
        refuse_unfinished(places.state, "sw101")
    assert ended.value.code == os.EX_CONFIG and command in capsys.readouterr().err
    assert restoring._going_on(archive, ["sw101"], places) == record
    with pytest.raises(SchoolError, match="Another restore was stopped"):
        restoring._going_on(archive, ["sw101", "sw202"], places)
    begun.end(places.state)
    refuse_unfinished(places.state, "sw101")
    (places.state / begun.NAME).write_text("{}")
    with pytest.raises(SchoolError, match="cannot be read"):
        begun.unfinished(places.state)


def test_a_course_with_folders_without_end_has_data_and_is_no_trouble(tmp_path: Path) -> None:
    places, course = Places(tmp_path), Course("sw101", "Ethics", ("grace",))
    places.folder(course).mkdir(parents=True)
    here = places.exchange(course)
    here.mkdir()
    restoring._need_empty(course, places)
    descriptor = os.open(here, os.O_RDONLY)
    for _ in range(200):
        os.mkdir("d", dir_fd=descriptor)
        deeper = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = deeper
    os.close(descriptor)
    with pytest.raises(SchoolError, match="has data here already"):
        restoring._need_empty(course, places)


def test_a_backup_that_does_not_fit_is_told_before_anything_is_changed(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage._replace(free=10))
    with pytest.raises(SchoolError, match="GB are free on the disk"):
        restoring._need_room(archive, [Course("sw101", "Ethics", ("grace",))], Places(tmp_path / "root"))
    restoring._need_room(archive, [Course("sw202", "Ethics", ("grace",))], Places(tmp_path / "root"))


# -- a gradebook -------------------------------------------------------------------------------------


def book(path: Path) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("CREATE TABLE scores (points)")
        made.execute("INSERT INTO scores VALUES (1)")
    return f"sqlite:///{path}"


def test_a_folder_that_the_courses_own_accounts_cannot_enter_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    with pytest.raises(SchoolError, match=f"Nothing can be restored into {closed}/rehearsal: no other account .*enter"):
        restoring._need_way(Places(closed / "rehearsal"))
    restoring._need_way(Places(Path("/srv")))


def test_a_gradebook_that_was_being_made_when_it_was_stopped_is_made(tmp_path: Path) -> None:
    content = save(book(tmp_path / "old.db"))
    new = tmp_path / "gradebook.db"
    (tmp_path / ".gradebook.db.restoring").write_bytes(content[:100])  # what a stopped one leaves
    load(f"sqlite:///{new}", content)
    assert new.read_bytes() == content and not [*tmp_path.glob(".*")]
    load(f"sqlite:///{new}", content, again=True)
    with pytest.raises(CourseError, match="already"):
        load(f"sqlite:///{new}", content)
    with closing(sqlite3.connect(new, isolation_level=None)) as other:
        other.execute("INSERT INTO scores VALUES (2)")
    changed = new.read_bytes()
    with pytest.raises(CourseError, match="already"):
        load(f"sqlite:///{new}", content, again=True)
    assert new.read_bytes() == changed


def test_a_damaged_copy_becomes_no_gradebook(tmp_path: Path) -> None:
    content = save(book(tmp_path / "old.db"))
    with pytest.raises(CourseError, match=r"could not be written|is damaged"):
        load(f"sqlite:///{tmp_path / 'new.db'}", content[:16] + bytes(len(content) - 16))
    assert [path.name for path in tmp_path.iterdir()] == ["old.db"]


def test_a_gradebook_of_another_name_is_found(tmp_path: Path) -> None:
    assert place_within(f"sqlite:///{tmp_path}/db/scores.db", tmp_path) == "db/scores.db"
    assert place_within("sqlite:////var/scores.db", tmp_path) == ""
    assert place_within("postgresql+psycopg://somewhere/scores", tmp_path) == ""


def test_what_is_told_of_a_course_that_an_archive_does_not_have(archive: Archive) -> None:
    assert restoring._wanted(archive, []) == restoring._wanted(archive, ["sw101"]) == ["sw101"]
    with pytest.raises(SchoolError, match=r"has no course 'sw202'\. Courses in it: sw101"):
        restoring._wanted(archive, ["sw202"])


def test_the_record_is_json_for_who_looks_at_it(archive: Archive, tmp_path: Path) -> None:
    begun.begin(tmp_path, archive.path, archive.digest, ["sw101"])
    assert json.loads((tmp_path / begun.NAME).read_text())["file"] == str(archive.path)


def test_the_record_of_deletions_comes_whole_also_where_it_was_stopped(tmp_path: Path) -> None:
    for number in count():
        places = Places(tmp_path / str(number))
        places.state.mkdir(parents=True)
        was_stopped = stopped(lambda: bring_record(b'{"time": 1}\n', b"key", places), number)  # noqa: B023
        bring_record(b'{"time": 1}\n', b"key", places)
        held = {name: (places.state / name).read_bytes() for name in (RECORD, KEY)}
        assert held == {RECORD: b'{"time": 1}\n', KEY: b"key"}, number
        if not was_stopped:
            break
    assert number > 1
    assert not bring_record(b'{"time": 2}\n', b"other", places)
    assert {name: (places.state / name).read_bytes() for name in (RECORD, KEY)} == held


def test_one_home_that_cannot_be_brought_back_keeps_nobody_elses_away(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, course, brought, told = Places(tmp_path), Course("sw101", "Ethics", ("grace",)), list[str](), list[str]()
    record = begun.begin(places.state, archive.path, archive.digest, ["sw101"])
    for student in ("ana", "ben"):
        (tmp_path / "homes" / student).mkdir(parents=True)

    def bring_home(there: Path, course: Course, student: str, tell: Callable[[str], None]) -> int:
        if student == "ana":
            raise SchoolError("ana could not run tar: Disk quota exceeded")
        brought.append(student)
        return 0

    monkeypatch.setattr(restoring, "_restore_home", bring_home)
    stayed = restoring._restore_homes(tmp_path / "homes", course, {"ana", "ben", "cy"}, places, record, told.append)
    assert stayed == 1 and brought == ["ben"] and "Disk quota exceeded" in told[0] and "sw101/homes/ana" in told[1]
    assert record.courses == {"sw101": ["home of ben"]}
