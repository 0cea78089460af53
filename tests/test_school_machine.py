"""A machine is brought to what courses.toml says, with real accounts, and can be brought there again."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterator

import pytest
from accounts import Server, needs_root, school_server

pytestmark = needs_root

TWO_COURSES = """\
[school]
address = "http://127.0.0.1:8000"
[courses.@a]
title = "Ethics"
instructors = ["@-grace"]
assistants = ["@-tim"]
[courses.@b]
title = "Practice"
instructors = ["@-joan"]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with school_server() as made:
        made.write(TWO_COURSES)
        yield made


@pytest.fixture
def applied(server: Server, capsys: pytest.CaptureFixture[str]) -> Server:
    """The server, as courses.toml says."""
    server.write(TWO_COURSES)
    assert server.admin("apply") == 0
    capsys.readouterr()
    return server


def test_checking_names_what_is_missing_and_changes_nothing(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.admin("apply", "--check") == 1
    told = capsys.readouterr().err
    assert f"there is no group nbgrader-{server.tag}a\n" in told
    assert f"there is no account {server.tag}-grace\n" in told
    assert told.endswith("Run: fieldguide-admin apply\n")
    assert [path.name for path in server.places.root.rglob("*")] == ["etc", "fieldguide", "courses.toml"]
    assert not [entry for entry in pwd.getpwall() if server.tag in entry.pw_name]


def test_the_second_time_there_is_nothing_to_change(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.admin("apply") == 0
    first = capsys.readouterr().out
    assert f"account {server.tag}-grace: made, which cannot log in before it has a password\n" in first
    assert server.admin("apply") == 0
    assert capsys.readouterr().out == "Nothing to change: everything is as courses.toml says.\n"
    assert server.admin("apply", "--check") == 0


def test_nobody_reaches_another_courses_files(applied: Server) -> None:
    name, places = applied.name, applied.places
    joan, grace, other = name("-joan"), name("-grace"), f"grader-{name('b')}"
    first = places.courses / name("a")
    assert applied.may(f"grader-{name('a')}", "-w", first / "grader/course/source")
    for account in (joan, other, grace):
        assert not applied.may(account, "-r", first / "grader"), account
        assert not applied.may(account, "-x", first / "exchange"), account
        assert not applied.may(account, "-r", places.state / "tokens" / name("a")), account
        assert not applied.may(account, "-r", places.hub), account
        assert not applied.may(account, "-x", places.state / "hub"), account
    for account in (joan, grace):
        assert not applied.may(account, "-r", pwd.getpwnam(name("-tim")).pw_dir), account


def test_a_home_that_others_may_look_into_is_closed(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    home = applied.places.homes / applied.name("-grace")
    home.chmod(0o755)
    assert applied.admin("apply", "--check") == 1
    assert f"{home} is {applied.name('-grace')}:{applied.name('-grace')} 0755, and should be" in capsys.readouterr().err
    assert applied.admin("apply") == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_what_was_changed_by_hand_is_named_and_mended(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    exchange = applied.places.courses / applied.name("a") / "exchange"
    exchange.chmod(0o777)
    applied.places.hub.write_text("{}")
    os.chown(applied.places.courses / applied.name("b"), 0, 0)
    assert applied.admin("apply") == 0
    told = capsys.readouterr().out
    assert f"{exchange}: now root:root 1777\n" in told
    assert f"{applied.places.hub}: written anew\n" in told
    assert f"{applied.places.courses / applied.name('b')}: now root:nbgrader-{applied.name('b')} 0750\n" in told
    assert told.endswith("3 changed.\n")


def test_who_is_no_longer_named_no_longer_grades_and_keeps_the_account(applied: Server) -> None:
    applied.write(TWO_COURSES.replace('["@-tim"]', "[]"))
    assert applied.admin("apply") == 0
    assert applied.name("-tim") not in grp.getgrnam(f"formgrade-{applied.name('a')}").gr_mem
    assert pwd.getpwnam(applied.name("-tim"))


def test_a_secret_is_made_once(applied: Server) -> None:
    tokens = [applied.places.state / "tokens" / applied.name(course) for course in "ab"]
    before = [path.read_text() for path in tokens]
    applied.places.hub.unlink()
    assert applied.admin("apply") == 0
    assert [path.read_text() for path in tokens] == before and len({*before}) == 2
    assert all(len(text) == 65 for text in before)


def test_a_link_that_a_courses_account_put_there_is_not_followed(
    applied: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    grader = applied.places.grader(_course(applied))
    target = applied.places.root / "precious"
    target.mkdir()
    before = target.stat()
    (grader / "course" / "source").rmdir()
    (grader / "course").rmdir()
    (grader / "course").symlink_to(target)
    os.lchown(grader / "course", pwd.getpwnam(f"grader-{applied.name('a')}").pw_uid, -1)
    assert applied.admin("apply") == 1
    assert f"{grader / 'course'} is no folder" in capsys.readouterr().err
    after = target.stat()
    assert (before.st_uid, before.st_mode) == (after.st_uid, after.st_mode) and not list(target.iterdir())
    (grader / "course").unlink()
    assert applied.admin("apply") == 0


def test_an_account_of_the_system_is_taken_for_nobody(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    applied.write(TWO_COURSES.replace('"@-joan"', '"daemon"'))
    assert applied.admin("apply") == 1
    assert "daemon is an account of the system itself" in capsys.readouterr().err
    assert "daemon" not in grp.getgrnam(f"formgrade-{applied.name('b')}").gr_mem


def _course(server: Server):  # type: ignore[no-untyped-def]
    from fieldguide.school.reading import read_school

    return read_school(server.places.settings / "courses.toml").courses[0]
