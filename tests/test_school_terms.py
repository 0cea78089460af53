"""courses.toml is changed by a command, and a course goes over into its next term."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts import Server, needs_root
from course import Course
from filled import ANA, everything_below, filled_school

from fieldguide.content.brought import NOTE
from fieldguide.failing import LEFT
from fieldguide.school import SchoolError
from fieldguide.school.acting import run_as
from fieldguide.school.archive import Archive
from fieldguide.school.editing import closed, table_of, with_course, with_person
from fieldguide.school.machine import members_of
from fieldguide.school.reading import parse_school
from fieldguide.school.server import environment
from fieldguide.school.terms import _begun

CAL = "-cal"

TEXT = """\
# The courses of this server.
[school]
address = "https://guide.school.edu"

# Ours.
[courses.sw101]  # the first
title = "Ethics"
instructors = [
    "grace",  # since 2020
    "joan",
]

[courses.sw202]
title = "Practice"
instructors = ["grace"]
[courses.sw202.sections.a]
assistants = ["tim"]
[courses.sw202.sections.b]
"""


def test_a_course_and_a_person_are_added_and_every_comment_stays() -> None:
    table = {"title": 'Law "and" ethics', "instructors": ["ann"]}
    text = with_course(TEXT, "sw303", table)
    assert text.startswith(TEXT.rstrip()) and table_of(text, "sw303") == table
    text = with_person(text, "sw101", "assistants", "tim")
    text = with_person(text, "sw101", "assistants", "ben")
    text = with_person(text, "sw202-b", "instructors", "joan")
    text = with_person(text, "sw101", "instructors", "ann")
    told = {course.id: (course.instructors, course.assistants) for course in parse_school(text).courses}
    assert told == {
        "sw101": (("grace", "joan", "ann"), ("tim", "ben")),
        "sw202-a": (("grace",), ("tim",)),
        "sw202-b": (("grace", "joan"), ()),
        "sw303": (("ann",), ()),
    }
    assert "# Ours.\n[courses.sw101]  # the first\n" in text and text.startswith("# The courses of this server.\n")


def test_a_new_term_is_another_course_of_the_course_site() -> None:
    old = {"title": "T", "closed": True, "lms": "canvas", "lms_context": "1"}
    old["sections"] = {"a": {"lms_context": "2", "instructors": ["joan"]}}
    assert _begun(old) == {"title": "T", "lms": "canvas", "sections": {"a": {"instructors": ["joan"]}}}


def test_a_closed_course_is_closed_with_its_sections() -> None:
    courses = parse_school(closed(TEXT, "sw202")).courses
    assert {course.id: course.closed for course in courses} == {"sw101": False, "sw202-a": True, "sw202-b": True}
    with pytest.raises(SchoolError, match="line 8: 'closed' is a text"):
        parse_school(TEXT.replace('title = "Ethics"', 'title = "Ethics"\nclosed = "yes"'))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda: with_course(TEXT, "sw101", {"title": "x", "instructors": ["ann"]}), "already"),
        (
            lambda: with_course(TEXT, "SW 4", {"title": "x", "instructors": ["ann"]}),
            "'SW 4' cannot be a course's id. Expected small letters, .* courses.toml was not changed",
        ),
        (lambda: with_person(TEXT, "sw101", "instructors", "joan"), "already"),
        (lambda: with_person(TEXT, "sw101", "assistants", "joan"), "an assistant too"),
        (lambda: with_person(TEXT, "sw999", "assistants", "joan"), "no course 'sw999'"),
        (lambda: closed(TEXT, "sw202-a"), "no course 'sw202-a'"),
        (lambda: with_person('courses.x = {title = "X", instructors = ["a"]}', "x", "instructors", "b"), "an editor"),
    ],
)
def test_what_cannot_be_is_refused(change, why: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SchoolError, match=why):
        change()


@pytest.fixture(scope="module")
def server(generated: Course) -> Iterator[Server]:
    with filled_school(generated) as made:
        yield made


def hand_in_as(student: str, like: Path, own: str) -> None:
    """Hand in what another did, as nbgrader does: for the student, and for the course's account to read."""
    folder = like.with_name(f"{student}+{like.name.partition('+')[2]}")
    shutil.copytree(like, folder)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, pwd.getpwnam(student).pw_uid, pwd.getpwnam(own).pw_gid)
        path.chmod(0o750 if path.is_dir() else 0o640)


@needs_root
@pytest.mark.slow
def test_a_term_ends_and_the_next_begins_with_the_same_content_and_nobody_in_it(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, file = server.name("a"), server.name("a27"), tmp_path / "a.tar.gz"
    place, folder = server.places.courses / old, server.places.courses / new / "grader/course"
    inbound = place / "exchange" / old / "inbound"
    server.enroll(CAL, "a")
    hand_in_as(server.name(CAL), next(inbound.glob(f"{server.name(ANA)}+*")), f"grader-{old}")
    for name in (NOTE, "modules/norming/small.yaml"):
        server.run(f"grader-{old}", "install", "-Dm600", "/etc/hostname", str(place / "grader/course" / name))
    before = everything_below(place / "grader")
    # What cannot be saved is told before anything is changed.
    assert server.admin("term", "new", old, new, "--archive", str(tmp_path / "none" / "a.tar.gz")) == 1
    assert "There is no folder" in capsys.readouterr().err
    assert server.may(server.name(ANA), "-w", inbound)
    server.run(server.name(ANA), "mkfifo", str(inbound / "pipe"))  # which stops nothing and is told
    assert server.admin("term", "new", old, new, "--title", "Ethics 2027", "--archive", str(file)) == 3
    assert f"{new}: has what {old} has in source/, no students" in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o400 and list(Archive(file).about["courses"]) == [old]  # type: ignore[index]
    # The old one is as it was, and nothing more comes in.
    assert everything_below(place / "grader") == before
    for account in (server.name(ANA), f"grader-{old}"):
        assert not server.may(account, "-w", inbound), account
        assert server.run(account, "chmod", "0777", str(inbound)).returncode != 0, account
    assert server.may(f"grader-{old}", "-r", inbound) and not server.may(server.name(ANA), "-r", inbound)
    assert server.may(server.name(ANA), "-r", place / "exchange" / old / "outbound")
    # The new one has its content, for its account alone.
    one, other = (everything_below(place / "grader/course/source"), everything_below(folder / "source"))
    assert {name: found[3] for name, found in one.items()} == {name: found[3] for name, found in other.items()}
    assert {found[0] for found in other.values()} == {f"grader-{new}"}
    brought = [path.relative_to(folder).as_posix() for path in (folder / NOTE, *(folder / "modules").rglob("*.yaml"))]
    assert brought == [NOTE, "modules/norming/small.yaml"]
    assert not list(folder.glob("gradebook*")) and not (folder / "submitted").exists()
    assert members_of(f"nbgrader-{new}") == {f"grader-{new}"}
    assert not server.may(server.name(ANA), "-x", server.places.courses / new)
    told = tomllib.loads((server.places.settings / "courses.toml").read_text())["courses"]
    assert told[old]["closed"] is True and told[new] == {"title": "Ethics 2027", "instructors": [server.name("-grace")]}
    assert server.admin("doctor") == LEFT
    assert server.admin("term", "new", old, new, "--archive", str(tmp_path / "b.tar.gz")) == 1
    assert "already" in capsys.readouterr().err and not (tmp_path / "b.tar.gz").exists()
    # A run that was stopped before the content was there goes on, from where the new course is named on.
    shutil.rmtree(folder / "source" / "small")
    assert server.admin("term", "new", old, new, "--archive", str(tmp_path / "b.tar.gz")) == 0
    assert everything_below(folder / "source") == other and not (tmp_path / "b.tar.gz").exists()
    # What was handed in and not yet collected still is.
    settings = json.loads((server.places.state / "servers" / f"{old}.json").read_text("utf-8"))
    home = str(server.places.courses / old / "grader")
    told = environment(settings, "", f"grader-{old}", home) | {"PATH": f"{server.python.parent}:/usr/bin:/bin"}
    command = [str(server.python.parent / "nbgrader"), "collect", "small"]
    run_as(f"grader-{old}", command, place / "grader/course", environment=told)
    assert (place / "grader/course/submitted" / server.name(CAL) / "small" / "timestamp.txt").is_file()


@needs_root
@pytest.mark.slow
def test_who_is_added_teaches_at_once(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    b, c = server.name("b"), server.name("c")
    assert server.admin("instructor", "add", b, server.name("-tim"), "--assistant") == 0
    assert members_of(f"assist-{b}") == {server.name("-tim")}
    assert server.admin("course", "add", c, "--title", "Law", "--instructor", server.name("-joan")) == 0
    assert f"account grader-{c}: made" in capsys.readouterr().out
    assert server.admin("apply", "--check") == 0
    assert server.admin("instructor", "add", c, "grader-x") == 1
    assert "cannot be a person's account" in capsys.readouterr().err
