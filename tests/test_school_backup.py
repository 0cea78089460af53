"""What a school's server holds is written into one file, and comes back on an empty machine as it was."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from accounts import Server, needs_root
from course import Course
from filled import ANA, BEN, everything_below, filled_school, rows_of
from nbgrader.api import Gradebook
from test_school_restoring import stopped

from fieldguide.bench.everybody import python_for_everybody
from fieldguide.courseplan import NOTES
from fieldguide.failing import LEFT
from fieldguide.grading.course import CourseError
from fieldguide.school import SchoolError, begun, restoring
from fieldguide.school.archive import MANIFEST, Archive, new_archive
from fieldguide.school.deletions import KEY, RECORD, note
from fieldguide.school.gradebookfile import SQLITE, load, save
from fieldguide.school.identities import Identities, Identity
from fieldguide.school.planning import Places

# -- one gradebook -----------------------------------------------------------------------------------


def test_a_gradebook_that_is_written_to_is_copied_as_at_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE scores (points)")
        writer.execute("INSERT INTO scores VALUES (1)")
        writer.execute("BEGIN")
        writer.execute("INSERT INTO scores VALUES (2)")
        content = save(f"sqlite:///{path}")
        writer.execute("COMMIT")
    assert content.startswith(SQLITE)
    other = tmp_path / "restored.db"
    load(f"sqlite:///{other}", content)
    with closing(sqlite3.connect(other)) as reader:
        assert reader.execute("SELECT points FROM scores").fetchall() == [(1,)]
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
    with pytest.raises(CourseError, match="already"):
        load(f"sqlite:///{other}", content)
    with pytest.raises(CourseError, match="another kind"):
        load(f"sqlite:///{tmp_path / 'third.db'}", b"PGDMP...")
    assert save(f"sqlite:///{tmp_path / 'none.db'}") == b""


def test_a_damaged_gradebook_is_told_and_not_kept_as_if_it_were_well(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    path.write_bytes(b"this is no database, and never was one" * 100)
    with pytest.raises(CourseError, match="could not be read"):
        save(f"sqlite:///{path}")


# -- the file ----------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A whole archive with two files."""
    path = tmp_path / "backup.tar.gz"
    with new_archive(path) as writer:
        writer.add("courses.toml", b"[school]\n", "root", "root")
        writer.add("sw101/course/notes.txt", b"hello", "grader-sw101", "grader-sw101")
        writer.finish({"courses": {"sw101": {"title": "x", "students": []}}})
    return path


def made_of(path: Path, change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]) -> Path:
    """The archive again, with its members changed."""
    with tarfile.open(path) as old:
        members = [(member, old.extractfile(member).read()) for member in old]  # type: ignore[union-attr]
    change(members)
    with tarfile.open(path, "w:gz") as new:
        for member, content in members:
            member.size = 0 if member.issym() else len(content)
            new.addfile(member, io.BytesIO(content))
    return path


def link(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    members[1][0].type, members[1][0].linkname = tarfile.SYMTYPE, "/etc/shadow"


def renamed(name: str) -> Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]:
    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        members[1][0].name = name

    return change


def told(change: Callable[[dict], None]) -> Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]:  # type: ignore[type-arg]
    def changed(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        about = json.loads(members[-1][1])
        change(about)
        members[-1] = (members[-1][0], json.dumps(about).encode())

    return changed


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (link, "is a link"),
        (renamed("../../etc/cron.d/x"), "belongs nowhere"),
        (renamed("/etc/shadow"), "belongs nowhere"),
        (renamed("sw101/course/../../../etc/shadow"), "belongs nowhere"),
        (renamed("sw101/other/notes.txt"), "belongs nowhere"),
        (renamed("sw101/course/other.txt"), "not as the manifest says"),
        (lambda members: members.__setitem__(1, (members[1][0], b"hullo")), "not as the manifest says"),
        (lambda members: members.insert(1, members[1]), "twice"),
        (lambda members: members.append(members[1]), "after the manifest"),
        (lambda members: members.pop(), "no manifest"),
        (lambda members: members.pop(0), "'courses.toml' is not as the manifest says"),
        (told(lambda about: about.update(version=2)), "in a form that this version does not know"),
        (told(lambda about: about["files"].update({"sw101/course/../x": {}})), "belongs nowhere"),
        (told(lambda about: about["files"]["courses.toml"].update(mode="0644")), "cannot be read at 'courses.toml'"),
        (told(lambda about: about["files"]["courses.toml"].update(extra=1)), "cannot be read at 'courses.toml'"),
    ],
)
def test_an_archive_with_anything_else_in_it_is_refused(archive: Path, change, why: str) -> None:  # type: ignore[no-untyped-def]
    assert Archive(archive).content("sw101/course/notes.txt", 100) == b"hello"
    with pytest.raises(SchoolError, match=why):
        Archive(made_of(archive, change))


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_an_archive_that_is_cut_off_is_refused(archive: Path, cut: int) -> None:
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(SchoolError, match="is not restored"):
        Archive(archive)


def test_an_archive_is_for_its_owner_alone_whole_and_never_written_over(archive: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    before = archive.read_bytes()
    with pytest.raises(SchoolError, match="is there already"), new_archive(archive):
        pass
    with pytest.raises(OSError, match="full"), new_archive(tmp_path / "other.tar.gz"):
        raise OSError("full")
    assert archive.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == [archive.name]
    with gzip.open(archive) as stream:
        assert MANIFEST.encode() in stream.read()


@needs_root
def test_a_link_in_a_course_is_named_and_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "own.txt").write_text("own")
    (folder / "secret").symlink_to("/etc/shadow")
    (folder / "etc").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    with new_archive(tmp_path / "backup.tar.gz") as writer:
        writer.add_tree("sw101/course", folder)
        writer.finish({"courses": {"sw101": {}}})
    assert sorted(writer.left_out) == ["sw101/course/etc", "sw101/course/pipe", "sw101/course/secret"]
    assert [name for name, *_ in Archive(tmp_path / "backup.tar.gz").files("sw101/course/")] == ["deep/own.txt"]


# -- a school ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(generated: Course) -> Iterator[Server]:
    with filled_school(generated) as made:
        yield made


def empty_machine(server: Server) -> Server:
    """A machine on which nothing of the school is left, its accounts included."""
    server.remove()
    other = Server.__new__(Server)
    root = Path(tempfile.mkdtemp(prefix="fieldguide-school-"))
    root.chmod(0o755)
    other.tag, other.places, other.python = server.tag, Places(root), python_for_everybody(root / "env")
    return other


@needs_root
@pytest.mark.slow
def test_a_backup_is_restored_onto_an_empty_machine(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b, file = server.name("a"), server.name("b"), tmp_path / "school.tar.gz"
    courses = server.places.courses
    note(server.name(ANA), a, {}, (), server.places)
    with_gradebook_of_another_name(server, b)
    Identities(server.places.identities).note(Identity(server.name(BEN), "https://canvas.test", "ben"))
    who = [path.read_bytes() for path in (server.places.identities, server.places.names_secret)]
    assert server.admin("backup", str(file)) == 1 and "Name one course" in capsys.readouterr().err
    assert server.admin("backup", "--all", a, str(file)) == 1
    before = {
        part: everything_below(courses / part)
        for part in (
            *(f"{a}/grader/course/{step}" for step in ("source", "submitted", "autograded")),
            *(f"{a}/exchange", f"{b}/exchange", f"{b}/grader/course/own"),
        )
    }
    course = everything_below(courses / a / "grader/course")
    rows = {
        place: rows_of(courses / place) for place in (f"{a}/grader/course/gradebook.db", f"{b}/grader/course/scores.db")
    }
    homes = {name: everything_below(server.places.homes / server.name(name) / a) for name in (ANA, BEN)}
    settings = (server.places.settings / "courses.toml").read_bytes()
    assert (
        all(before.values())
        and all(homes.values())
        and all(any("INSERT" in row for row in one) for one in rows.values())
    )
    put_there_by_a_student(server, a)
    assert server.admin("backup", "--all", str(file), "--homes") == 3
    said = capsys.readouterr().out
    assert f"{a}: gradebook (SQLite" in said and "passwords: whoever has none" in said
    for left_out in (
        "pipe: it is a pipe",
        "huge: one account has 2.1 GB",
        "d/d: it lies too deep",
        f"homes/{server.name(BEN)}",
    ):
        assert left_out in said
    assert f"{b}/grader/course/scores.db" not in Archive(file).kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert server.admin("restore", str(file)) == 1
    assert "has data here already" in capsys.readouterr().err

    machine = empty_machine(server)
    try:
        ana, ben = server.name(ANA), server.name(BEN)
        # Another person's account, and the home of somebody who had the name before, are told together.
        subprocess.run(["useradd", "--no-create-home", ana], check=True, capture_output=True)
        (machine.places.homes / ben).mkdir(parents=True)
        assert machine.admin("restore", str(file)) == 1
        said = capsys.readouterr().err
        assert f"{ana} has an account here" in said and f"a home {machine.places.homes / ben}" in said
        assert "--existing" in said and "Nothing was changed." in said and not machine.places.settings.exists()
        subprocess.run(["userdel", ana], check=True, capture_output=True)
        (machine.places.homes / ben).rmdir()
        # One course first, which goes on while the other is restored by a machine that stops again and again.
        assert machine.admin("restore", str(file), "--course", b) == 0
        said = capsys.readouterr().out
        assert f"{b}: restored, with 0 students and its gradebook." in said and f"{a}: restored" not in said
        assert not everything_below(machine.places.courses / a / "grader/course/source")
        (machine.places.courses / b / "exchange/new.txt").write_text("of today")
        number = 10
        while stopped(lambda: need_well(machine, file, a), number):
            number *= 3
        assert number > 400
        capsys.readouterr()
        record = begun.begin(machine.places.state, file, Archive(file).digest, [a])  # as before the very last step
        for done in (restoring._FILES, restoring._LOADING, restoring._GRADEBOOK, f"home of {ana}"):
            record.note(machine.places.state, a, done)
        assert machine.admin("restore", str(file), "--course", a) == LEFT
        said = capsys.readouterr().out
        assert f"{a}: restored, with 2 students and its gradebook." in said
        assert f"{ana} was deleted, and is back" in said and f"run: fieldguide-admin forget {ana}\n" in said
        for name in (RECORD, KEY):
            about = (machine.places.state / name).stat()
            assert (about.st_uid, stat.S_IMODE(about.st_mode)) == (0, 0o600)
        place = machine.places.courses / a
        (machine.places.courses / b / "exchange/new.txt").unlink()
        assert (machine.places.settings / "courses.toml").read_bytes() == settings
        shutil.rmtree(place / "exchange" / a / "inbound" / f"{ben}+deep")  # as far as its names went
        for part, found in before.items():
            assert everything_below(machine.places.courses / part) == found, part
        for part, found in rows.items():
            assert rows_of(machine.places.courses / part) == found
        restored = everything_below(place / "grader/course")
        assert {name: found for name, found in restored.items() if name != "gradebook.db"} == {
            name: found for name, found in course.items() if name != "gradebook.db"
        }
        assert restored["gradebook.db"][:2] == course["gradebook.db"][:2]
        own = place / "exchange" / a / NOTES / f"{ana}.json"
        assert machine.may(ana, "-r", own) and not machine.may(ben, "-r", own)
        assert everything_below(machine.places.homes / ana / a) == homes[ANA]
        assert not (machine.places.homes / ben / a).exists()
        assert machine.admin("apply", "--check") == 0
        assert not list(place.glob(".restoring")) and not list(machine.places.state.glob("restoring*"))
        assert [path.read_bytes() for path in (machine.places.identities, machine.places.names_secret)] == who
        given = "".join(path.read_text() for path in machine.places.settings.glob(f"first-passwords-{a}-*.csv"))
        assert ana in given and ben not in given  # who signs in elsewhere
        assert machine.admin("restore", str(file)) == 1
    finally:
        machine.remove()
        shutil.rmtree(machine.places.root, ignore_errors=True)


def need_well(machine: Server, file: Path, course: str) -> None:
    code = machine.admin("restore", str(file), "--course", course)
    assert code == LEFT, sys.stderr.getvalue()  # type: ignore[attr-defined]


def with_gradebook_of_another_name(server: Server, course: str) -> None:
    """Settings of the course's own that name it, and a file of its account."""
    folder = server.places.courses / course / "grader/course"
    settings = "from pathlib import Path\nc.CourseDirectory.db_url = f'sqlite:///{Path(__file__).parent}/scores.db'\n"
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    (folder / "own").mkdir()
    (folder / "own" / "notes.txt").write_text("notes", encoding="utf-8")
    (server.places.courses / course / "exchange/board.txt").write_text("all may write here", encoding="utf-8")
    Gradebook(f"sqlite:///{folder}/scores.db", course).close()
    for path in (*folder.rglob("*"), server.places.courses / course / "exchange/board.txt"):
        shutil.chown(path, f"grader-{course}", f"grader-{course}")


def put_there_by_a_student(server: Server, course: str) -> None:
    """What would stop a backup, or make one that nobody can restore."""
    ben, inbound = server.name(BEN), server.places.courses / course / "exchange" / course / "inbound"
    place = inbound / f"{ben}+deep"
    home = server.places.homes / ben / course
    for command in (
        ["mkfifo", str(inbound / "pipe")],
        ["truncate", "--size", "20G", str(inbound / "huge")],
        ["mkdir", "-p", str(place) + 500 * "/d"],
        ["rm", "-rf", str(home)],
        ["ln", "-s", "/etc", str(home)],
    ):
        done = server.run(ben, *command)
        assert not done.returncode, done.stderr
