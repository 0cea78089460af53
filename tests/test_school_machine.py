"""A machine is brought to what courses.toml says, with real accounts, and can be brought there again."""

from __future__ import annotations

import asyncio
import grp
import json
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pamela
import pytest
from accounts import Server, needs_root, school_server
from conftest import MODULE, PROJECT
from jupyterhub.auth import PAMAuthenticator

from fieldguide.content.archive import gather, pack
from fieldguide.failing import LEFT
from fieldguide.school import SchoolError
from fieldguide.school.acting import run_as
from fieldguide.school.authenticator import SchoolAuthenticator
from fieldguide.school.machine import check
from fieldguide.school.people import People
from fieldguide.school.planning import SHARED, Plan
from fieldguide.school.server import environment

pytestmark = needs_root

TWO_COURSES = """\
[school]
address = "http://127.0.0.1:650"
[courses.@a]
title = "Ethics"
instructors = ["@-grace"]
assistants = ["@-tim"]
[courses.@b]
title = "Practice"
instructors = ["@-joan"]
"""


#: A plan of the groups that every server has, and of nothing else.
NOTHING = Plan(SHARED, (), {}, frozenset(), (), ())


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
    assert [path.name for path in server.places.root.glob("[!e]*")] == []
    assert [path.name for path in server.places.settings.parent.rglob("*")] == ["fieldguide", "courses.toml"]
    assert not [entry for entry in pwd.getpwall() if server.tag in entry.pw_name]


def test_a_python_that_only_root_can_run_is_refused_with_what_to_do(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    bin_ = server.places.root / "env" / "bin"
    bin_.chmod(0o700)
    assert server.admin("apply") == 1
    bin_.chmod(0o755)
    told = capsys.readouterr()
    assert "can be run by root alone" in told.err and "/usr/bin/python3 -m venv" in told.err and not told.out


def test_a_machine_on_which_anybody_may_stand_in_for_the_hub_is_refused(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "first").write_text("80\n")
    monkeypatch.setattr("fieldguide.school.machine._FIRST_OF_ANYBODY", tmp_path / "first")
    assert server.admin("apply") == 1
    told = capsys.readouterr()
    assert "ports from 80 on" in told.err and "sysctl -w net.ipv4" in told.err and not told.out


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


def test_a_home_of_another_server_of_the_machine_is_left_alone(applied: Server, tmp_path: Path) -> None:
    """Of one that is tried out below another folder, say: the groups of accounts that were made are the machine's."""
    home = applied.places.homes / applied.name("-grace")
    home.chmod(0o755)
    assert [check(replace(NOTHING, root=root)) for root in (tmp_path, applied.places.root)] == [
        [],
        [f"{home} is {home.name}:{home.name} 0755, and should be {home.name}:{home.name} 0700"],
    ]
    home.chmod(0o700)


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


def test_nobody_else_is_in_the_group_of_a_courses_account(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    own, token = f"grader-{applied.name('a')}", applied.places.state / "tokens" / applied.name("a")
    subprocess.run(["gpasswd", "--add", applied.name("-joan"), own], check=True, capture_output=True)
    assert applied.may(applied.name("-joan"), "-r", token)
    assert applied.admin("apply") == 0
    assert f"{applied.name('-joan')}: no longer in the group {own}" in capsys.readouterr().out
    assert not applied.may(applied.name("-joan"), "-r", token)


def test_a_folder_that_a_student_made_first_is_not_taken_for_the_courses(
    applied: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    applied.enroll("-early", "b")
    inside = applied.places.exchange(_course(applied, 1)) / applied.name("b")
    inside.rename(inside.with_name("away"))
    assert applied.run(applied.name("-early"), "mkdir", "-p", str(inside / "outbound" / "x")).returncode == 0
    assert applied.admin("apply") == 1
    assert f"{inside} was made by {applied.name('-early')}" in capsys.readouterr().err
    assert inside.stat().st_uid == pwd.getpwnam(applied.name("-early")).pw_uid
    shutil.rmtree(inside)
    inside.with_name("away").rename(inside)


def test_a_secret_that_was_cut_short_is_made_anew(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    token = applied.places.state / "tokens" / applied.name("a")
    token.write_text("")
    assert applied.admin("apply", "--check") == 1
    assert f"{token} holds no secret" in capsys.readouterr().err
    assert applied.admin("apply") == 0
    assert len(token.read_text()) == 65 and stat.S_IMODE(token.stat().st_mode) == 0o440


def test_a_course_that_is_taken_out_leaves_no_way_in(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    token = applied.places.state / "tokens" / applied.name("b")
    applied.write(TWO_COURSES[: TWO_COURSES.index("[courses.@b]")])
    assert applied.admin("apply", "--check") == 1
    assert f"{token} is of no course in courses.toml" in capsys.readouterr().err and token.is_file()
    assert applied.admin("apply") == 0
    assert f"{token}: removed\n" in capsys.readouterr().out
    assert not token.exists() and (applied.places.courses / applied.name("b") / "grader").is_dir()


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
    applied.write(TWO_COURSES.replace('"@-joan"', '"@-new", "www-data"'))
    assert applied.admin("apply") == 1
    said = capsys.readouterr()
    assert "www-data is an account of the system itself" in said.err and not said.out, "it stops before any change"
    assert "www-data" not in grp.getgrnam(f"formgrade-{applied.name('b')}").gr_mem


def class_list(server: Server, text: str) -> str:
    path = server.places.root / "class.csv"
    path.write_text(text.replace("@", server.tag), encoding="utf-8")
    return str(path)


def passwords(server: Server) -> dict[str, str]:
    """Every first password that was written."""
    lines = [path.read_text().splitlines() for path in server.places.settings.glob("first-passwords-*.csv")]
    return dict(line.split(",") for rows in lines for line in rows[1:])


@pytest.mark.slow
def test_a_class_list_makes_accounts_with_passwords_for_root_alone(
    applied: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = class_list(applied, "\ufeffid,first_name,last_name\n@-ana,Ana,Souza\n@-ben,Ben,Çarter\n")
    assert applied.admin("roster", applied.name("a"), listed) == 0
    told = capsys.readouterr().out
    assert "2 first passwords are in" in told and f"line 2: {applied.name('-ana')}, added" in told
    group = grp.getgrnam(f"nbgrader-{applied.name('a')}").gr_mem
    assert {applied.name("-ana"), applied.name("-ben")} <= {*group}
    files = list(applied.places.settings.glob("first-passwords-*.csv"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600]
    assert not any(word in told for word in passwords(applied).values())
    pamela.authenticate(applied.name("-ana"), passwords(applied)[applied.name("-ana")], service="login")
    with pytest.raises(pamela.PAMError):
        pamela.authenticate(applied.name("-ana"), passwords(applied)[applied.name("-ben")], service="login")
    assert not applied.may(applied.name("-ben"), "-r", applied.places.homes / applied.name("-ana"))
    # The gradebook is the course's own, and root has made nothing in it.
    gradebook = applied.places.folder(_course(applied)) / "gradebook.db"
    assert pwd.getpwuid(gradebook.stat().st_uid).pw_name == f"grader-{applied.name('a')}"
    # The second time nothing is changed, and no password.
    assert applied.admin("roster", applied.name("a"), listed) == 0
    assert "first passwords" not in capsys.readouterr().out
    pamela.authenticate(applied.name("-ana"), passwords(applied)[applied.name("-ana")], service="login")


def test_a_mistake_in_a_class_list_changes_nothing(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    listed = class_list(applied, "id\n@-new\nana.souza@school.edu\n@-grace\n")
    assert applied.admin("roster", applied.name("a"), listed) == 1
    told = capsys.readouterr().err
    assert "line 3: 'ana.souza" in told and f"line 4: {applied.name('-grace')} teaches {applied.name('a')}" in told
    assert not [entry for entry in pwd.getpwall() if entry.pw_name == applied.name("-new")]
    assert applied.admin("roster", "sw999", listed) == 1
    assert f"no course 'sw999'. Courses there: {applied.name('a')}, {applied.name('b')}." in capsys.readouterr().err


def shadow(name: str) -> str:
    """What the system keeps of an account's password."""
    return subprocess.run(["getent", "shadow", name], check=True, capture_output=True, text=True).stdout.split(":")[1]


@pytest.mark.slow
def test_an_account_that_the_school_has_made_or_locked_gets_no_password(
    applied: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    applied.enroll("-locked")
    subprocess.run(["usermod", "--lock", applied.name("-locked")], check=True)
    applied.enroll("-key")
    subprocess.run(["usermod", "--password", "!", applied.name("-key")], check=True)
    before = [shadow(applied.name(name)) for name in ("-locked", "-key")]
    listed = class_list(applied, "id\n@-locked\n@-key\n")
    assert applied.admin("roster", applied.name("a"), listed) == 1
    told = capsys.readouterr().err
    assert f"line 2: {applied.name('-locked')} has an account here that Field Guide has not made." in told
    assert "--existing" in told and "Nothing was changed." in told
    assert applied.name("-key") not in grp.getgrnam(f"nbgrader-{applied.name('a')}").gr_mem
    assert applied.admin("roster", applied.name("a"), listed, "--existing") == 0
    assert applied.name("-key") in grp.getgrnam(f"nbgrader-{applied.name('a')}").gr_mem
    assert [shadow(applied.name(name)) for name in ("-locked", "-key")] == before and before[0].startswith("!$")
    assert not {applied.name("-locked"), applied.name("-key")} & {*passwords(applied)}
    # Who is in the course is not asked about again. One that was made here and then locked stays so.
    both = class_list(applied, "id\n@-locked\n@-own\n")
    assert applied.admin("roster", applied.name("a"), both) == 0
    subprocess.run(["usermod", "--lock", applied.name("-own")], check=True)
    locked = shadow(applied.name("-own"))
    assert applied.admin("roster", applied.name("a"), both) == 0 and shadow(applied.name("-own")) == locked


def test_no_row_makes_an_account_of_the_system_a_students(applied: Server, capsys: pytest.CaptureFixture[str]) -> None:
    applied.enroll("-boss")
    subprocess.run(["usermod", "--append", "--groups", "adm", applied.name("-boss")], check=True)
    left = applied.places.homes / applied.name("-left")
    left.mkdir(parents=True)
    names = ("@-first", "root", "nobody", "daemon", "shadow", "@-boss", "@-left", f"grader-{applied.name('a')}")
    listed = class_list(applied, "\n".join(["id", *names]))
    assert applied.admin("roster", applied.name("a"), listed, "--existing") == 1
    told = capsys.readouterr().err
    for line, why in (
        (3, "'root' cannot be an account of this machine: that is an account of the system itself (number 0)"),
        (4, "'nobody' cannot be an account of this machine: that is an account of the system itself (number 65534)"),
        (5, "'daemon' cannot be"),
        (6, "'shadow' cannot be an account of this machine: this machine has a group of that name"),
        (7, f"'{applied.name('-boss')}' cannot be an account of this machine: that account administers this machine"),
        (8, f"{applied.name('-left')} has no account, and a home {left}"),
        (9, "names that begin with grader- are the courses' own"),
    ):
        assert f"line {line}: {why}" in told or (f"line {line}: " in told and why in told), (line, told)
    assert "line 2:" not in told and told.endswith("Nothing was changed.\n")
    assert not [entry for entry in pwd.getpwall() if entry.pw_name == applied.name("-first")]
    left.rmdir()


def test_what_runs_as_another_account_has_no_terminal_of_roots() -> None:
    # The sixth field is the session, whose terminal a process may type into.
    session = run_as("nobody", ["/usr/bin/cut", "-d", " ", "-f", "6", "/proc/self/stat"], Path("/"))
    assert int(session) != os.getsid(0)


def test_what_belongs_to_an_account_that_is_gone_is_told() -> None:
    with pytest.raises(SchoolError, match="useradd --system grader-gone"):
        run_as("grader-gone", ["/bin/true"], Path("/"))


@pytest.mark.slow
def test_who_is_not_listed_leaves_only_when_asked_and_keeps_the_home(
    applied: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    both = class_list(applied, "id\n@-cy\n@-dee\n")
    assert applied.admin("roster", applied.name("b"), both) == 0
    one = class_list(applied, "id\n@-cy\n")
    assert applied.admin("roster", applied.name("b"), one) == 0
    assert f"left as they were: {applied.name('-dee')}." in capsys.readouterr().out
    group = f"nbgrader-{applied.name('b')}"
    assert applied.name("-dee") in grp.getgrnam(group).gr_mem
    assert applied.admin("roster", applied.name("b"), one, "--remove") == 0
    assert grp.getgrnam(group).gr_mem == [f"grader-{applied.name('b')}", applied.name("-cy")]
    assert (applied.places.homes / applied.name("-dee")).is_dir()


def test_a_class_list_waits_for_a_machine_that_is_as_planned(
    applied: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    (applied.places.courses / applied.name("a")).chmod(0o755)
    assert applied.admin("roster", applied.name("a"), class_list(applied, "id\n@-eve\n")) == 1
    assert "Run: fieldguide-admin apply" in capsys.readouterr().err


def test_modules_come_with_their_keys_to_the_courses_account_alone(
    applied: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "content.tar"
    file.write_bytes(pack(gather(PROJECT)))
    file.chmod(0o600)
    before = list((applied.places.courses / applied.name("b") / "grader" / "course").rglob("*"))
    assert applied.admin("modules", applied.name("b"), str(file), "--plan") == 0
    assert f"{MODULE}: new\n" in (said := capsys.readouterr().out) and "Nothing was changed" in said
    assert list((applied.places.courses / applied.name("b") / "grader" / "course").rglob("*")) == before
    assert applied.admin("modules", applied.name("b"), str(file)) == 0
    assert f"{MODULE}: new\n" in capsys.readouterr().out
    own = f"grader-{applied.name('b')}"
    course = applied.places.courses / applied.name("b") / "grader" / "course"
    source = course / "source"
    brought = [*source.rglob("*"), *(course / "modules").rglob("*"), course / ".fieldguide-content.json"]
    assert {pwd.getpwuid(path.stat().st_uid).pw_name for path in brought} == {own}
    assert not [path for path in brought if stat.S_IMODE(path.stat().st_mode) & 0o077]
    original = PROJECT / "source" / MODULE / f"{MODULE}.ipynb"
    assert (source / MODULE / original.name).read_bytes() == original.read_bytes()
    # What an instructor changed there is never written over; a project's folder comes the same way.
    (source / MODULE / original.name).write_text("changed")
    newer = tmp_path / "project"
    shutil.copytree(PROJECT / "source", newer / "source")
    text = (newer / "source" / MODULE / original.name).read_text("utf-8")
    (newer / "source" / MODULE / original.name).write_text(text.replace("Thursday", "Friday"), "utf-8")
    assert applied.admin("modules", applied.name("b"), str(newer)) == LEFT
    assert f"{MODULE}: STAYS, as it was changed here" in capsys.readouterr().out
    assert (source / MODULE / original.name).read_text() == "changed"
    assert applied.admin("modules", applied.name("b"), str(PROJECT / "docs")) == 1
    assert "There are no modules in" in capsys.readouterr().err
    file.write_bytes(file.read_bytes()[:5000])
    assert applied.admin("modules", applied.name("b"), str(file)) == 1
    assert "was not taken: it is cut off" in capsys.readouterr().err


def test_who_is_let_in_is_what_the_groups_say_at_that_time(applied: Server) -> None:
    groups = {f"{kind}-{applied.name(course)}" for kind in ("nbgrader", "formgrade") for course in "ab"}
    door = SchoolAuthenticator(course_groups=groups)
    grace = SimpleNamespace(name=applied.name("-grace"))
    teaching = f"formgrade-{applied.name('a')}"
    assert asyncio.run(door.refresh_user(grace)) == {"name": grace.name, "groups": [teaching]}
    assert door.check_allowed(grace.name)
    subprocess.run(["gpasswd", "--delete", grace.name, teaching], check=True, capture_output=True)
    assert asyncio.run(door.refresh_user(grace)) is False and not door.check_allowed(grace.name)
    # A name without a course is never let in, and asked about as others are: the time that it takes tells nothing.
    asked = []

    async def says_yes(_: object, __: object, data: dict[str, str]) -> str:
        asked.append(data["username"])
        return data["username"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PAMAuthenticator, "authenticate", says_yes)
        for name in (grace.name, "root", "nobody-at-all"):
            assert asyncio.run(door.authenticate(None, {"username": name, "password": "x"})) is None
    assert len(asked) == 3 and not {grace.name, "root"} & {*asked}
    # Neither root nor a course's own account is a person, whatever groups they are in.
    for name in ("root", "nobody", f"grader-{applied.name('a')}", "no-such-account", "a\0b", ""):
        assert not door.check_allowed(name), name


def _course(server: Server, number: int = 0):  # type: ignore[no-untyped-def]
    from fieldguide.school.reading import read_school

    return read_school(server.places.settings / "courses.toml").courses[number]


def test_what_is_handed_in_is_open_to_its_student_and_the_courses_account_alone(applied: Server) -> None:
    """By the step that a student's server takes, with what the hub tells it; classmates know every name."""
    course, places = applied.name("a"), applied.places
    student, other, grader = applied.name("-honest"), applied.name("-other"), f"grader-{course}"
    for name in ("-honest", "-other"):
        applied.enroll(name, "a")
    exchange, home = places.courses / course / "exchange" / course, places.homes / student
    shutil.copytree(PROJECT / "release" / MODULE, exchange / "outbound" / MODULE)
    shutil.copytree(PROJECT / "release" / MODULE, home / course / MODULE)
    subprocess.run(["chown", "-R", f"{student}:", home / course], check=True)

    def take(account: str, folder: Path, told: dict[str, str], *step: str) -> None:
        words = [f"{name}={value}" for name, value in told.items()]
        words += [f"PATH={applied.python.parent}:/usr/bin:/bin", f"HOME={pwd.getpwnam(account).pw_dir}"]
        done = applied.run(
            account, "env", *words, "sh", "-c", 'umask 077; cd "$1"; shift; exec "$@"', "x", folder, *step
        )
        assert done.returncode == 0, done.stderr

    taken = [SimpleNamespace(name=f"nbgrader-{course}")]
    spawner = SimpleNamespace(user=SimpleNamespace(groups=taken), user_options={}, environment={})
    People(json.loads(places.hub.read_text("utf-8"))["courses"]).prepare(spawner)
    take(student, home / course, {**spawner.environment, "JUPYTERHUB_USER": student}, "nbgrader", "submit", MODULE)
    (handed_in,) = (exchange / "inbound").iterdir()
    everything = [handed_in, *handed_in.rglob("*")]
    assert len(everything) > 3
    for account in (other, applied.name("-grace"), f"grader-{applied.name('b')}"):
        assert not [path for path in everything for what in ("-r", "-w", "-x") if applied.may(account, what, path)]
    settings = json.loads((places.state / "servers" / f"{course}.json").read_text("utf-8"))
    told = environment(settings, "", grader, str(pwd.getpwnam(grader).pw_dir))
    folder = Path(settings["folder"])
    take(grader, folder, told, "nbgrader", "collect", MODULE)
    assert (folder / "submitted" / student / MODULE / f"{MODULE}.ipynb").is_file()
