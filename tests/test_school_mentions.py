"""What a course folder and backups still hold of somebody is found wherever it lies, and nothing else changes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from filled import rows_of
from sqlalchemy import create_engine, insert

from fieldguide.grading import schema
from fieldguide.grading.course import Course
from fieldguide.school import forgetting, records
from fieldguide.school.archive import Archive, new_archive
from fieldguide.school.backup import NOTES
from fieldguide.school.forgetcourse import forget, look
from fieldguide.school.planning import Places

ANA, BEN = "ana", "ben"


def gradebook(path: Path, *people: str) -> Path:
    """A gradebook in which each of these people handed something in, and got a score."""
    engine = create_engine(f"sqlite:///{path}")
    for tables in (schema.NBGRADER, schema.OURS):
        tables.create_all(engine)
    with engine.begin() as connection:
        for one in people:
            connection.execute(insert(schema.student).values(id=one))
            connection.execute(insert(schema.had_student).values(id=one))
            connection.execute(insert(schema.submitted_assignment).values(id=f"a-{one}", student_id=one))
            connection.execute(insert(schema.submitted_notebook).values(id=f"n-{one}", assignment_id=f"a-{one}"))
            connection.execute(insert(schema.grade).values(id=f"g-{one}", notebook_id=f"n-{one}"))
    engine.dispose()
    return path


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course").mkdir()
    gradebook(tmp_path / "course" / "gradebook.db", ANA, BEN)
    return Course(tmp_path / "course")


def below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_students_rows_go_from_every_copy_of_the_gradebook_and_nothing_else(course: Course) -> None:
    (course.root / "saved").mkdir()
    copies = [
        gradebook(course.root / "gradebook.db.2026-11-01-101500.123456", ANA, BEN),
        gradebook(course.root / "saved" / "before spring.sqlite", BEN, ANA),
    ]
    others = gradebook(course.root / "gradebook.db.2025-01-01-101500.123456", BEN)
    old = course.root / "gradebook.db.2024-01-01-000000.000000"
    with closing(sqlite3.connect(old)) as connection:  # of another nbgrader: not to be touched, and named
        connection.execute("CREATE TABLE student (id TEXT)")
        connection.execute("CREATE TABLE submitted_assignment (id TEXT, who TEXT)")
        connection.execute("INSERT INTO student VALUES ('ana')")
        connection.commit()
    (course.root / "gradebook.db.notes.txt").write_text("ask ana")
    before = below(course.root)

    found = look(course, ANA)
    assert below(course.root) == before
    names = [str(path.relative_to(course.root)) for path in copies]
    assert {name: found.entries.get(name) for name in names} == dict.fromkeys(names, 5)
    assert found.mentions == [old.name, "gradebook.db.notes.txt"]

    rows = {path: rows_of(path) for path in (*copies, course.root / "gradebook.db")}
    done = forget(course, ANA)
    assert done.entries == found.entries and done.mentions == found.mentions
    after = below(course.root)
    changed = {name for name, content in after.items() if before[name] != content}
    assert after.keys() == before.keys() and changed == {*names, "gradebook.db"}
    assert str(others.relative_to(course.root)) not in changed
    for path, was in rows.items():
        now = rows_of(path)
        assert now == [row for row in was if ANA not in row] and any(BEN in row for row in now)
        assert ANA.encode() not in path.read_bytes()


def test_a_copy_that_cannot_be_changed_is_named(course: Course) -> None:
    copy = gradebook(course.root / "gradebook.db.2026-11-01-101500.123456", ANA, BEN)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(
            "CREATE TRIGGER kept BEFORE DELETE ON student BEGIN SELECT RAISE(ABORT, 'this copy is for reading'); END"
        )
    before = copy.read_bytes()
    done = forget(course, ANA)
    assert copy.read_bytes() == before and done.mentions == [copy.name] and copy.name not in done.entries


def test_a_name_is_found_in_a_file_of_any_size_and_however_it_is_packed(course: Course) -> None:
    with (course.root / "large.log").open("wb") as stream:
        stream.truncate(30 << 20)
        stream.seek((21 << 20) - 2)  # over the end of a block
        stream.write(b" ana ")
    with (course.root / "large without.log").open("wb") as stream:
        stream.truncate((1 << 20) - 3)
        stream.seek(0, io.SEEK_END)
        stream.write(b"anabel and dana and ana-maria")
    text = b"id,score\nana,4\n"
    for name, pack in (("a.gz", gzip.compress), ("b.bz2", bz2.compress), ("c.xz", lzma.compress)):
        (course.root / name).write_bytes(pack(text))
    with zipfile.ZipFile(course.root / "grades.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", "<t>ana</t>")
    (course.root / "other.gz").write_bytes(gzip.compress(b"ben"))
    saved = io.BytesIO()
    with tarfile.open(fileobj=saved, mode="w:gz") as archive:
        archive.add(course.root / "gradebook.db", "gradebook.db")
    (course.root / "saved.tgz").write_bytes(saved.getvalue())
    (course.root / "letters" / "ana" / "deep").mkdir(parents=True)
    (course.root / "letters" / "ana" / "deep" / "one.txt").write_text("Dear A.")
    (course.root / "damaged.gz").write_bytes(gzip.compress(b"ben")[:-9])
    (course.root / "7.7z").write_bytes(b"7z\xbc\xaf\x27\x1c and more")
    (course.root / ".git").mkdir()
    (course.root / "submitted" / BEN / "05").mkdir(parents=True)
    (course.root / "submitted" / BEN / "05" / "essay.txt").write_text("I said to ana: …")
    before = below(course.root)
    found = look(course, ANA)
    assert found.mentions == [
        "a.gz",
        "b.bz2",
        "c.xz",
        "grades.xlsx",
        "large.log",
        "letters/ana",
        "saved.tgz",
    ]
    assert found.closed == [".git", "7.7z", "damaged.gz"]
    assert below(course.root) == before


def test_a_backup_is_known_to_hold_who_is_in_its_gradebook_alone(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.state.mkdir(parents=True)
    about = {"courses": {"sw101": {"title": "x", "students": [BEN]}}}

    def backup(name: str, **files: bytes) -> None:
        with new_archive(tmp_path / name) as archive:
            for path, content in files.items():
                archive.add(path, content, "root", "root")
            archive.finish(about)
        records.add(
            places.state / NOTES,
            {"time": "2026-01-01T00:00:00Z", "file": str(tmp_path / name), "courses": ["sw101"]},
        )

    backup("1", **{"sw101/gradebook": gradebook(tmp_path / "with", ANA, BEN).read_bytes()})
    backup("2", **{"sw101/gradebook": gradebook(tmp_path / "without", BEN).read_bytes()})
    backup("3", **{"sw101/gradebook": b"PGDMP and more"})
    backup("4", **{"sw101/course/grades.csv": b"id\nana\n"})
    backup("5", **{"sw101/course/submitted/ben/05/essay.txt": b"I said to ana: no", "sw101/exchange/x": b"ana"})
    backup("6", **{"sw101/course/gradebook.db.2026": (tmp_path / "with").read_bytes()})
    told = list(forgetting.backups_with(ANA, places))
    said = {name: next((line for line in told if f"{tmp_path / name}," in line), "") for name in "123456"}
    assert [name for name, line in said.items() if "still holds data of ana" in line] == ["1", "4", "6"]
    assert "could not all be looked into, and may hold data of ana" in said["3"]
    assert not said["2"] and not said["5"]
    assert Archive(tmp_path / "1").about is not None
