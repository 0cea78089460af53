"""What a machine should be like, from courses.toml: pure, so it is looked at for any school."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyterhub.services.auth import HubOAuth
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application, RequestHandler

from fieldguide.school.planning import Places, Plan, grader, hub_settings, plan, server_settings, student_group
from fieldguide.school.reading import ROOTS_PORTS, Course, School
from fieldguide.school.server import environment
from fieldguide.school.sockets import runtime_folder
from fieldguide.school.spawner import StudentSpawner
from fieldguide.school.units import HUB, SERVER, caddyfile, units

PLACES = Places(Path("/"))
IDS = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}(-[ab])?", fullmatch=True), min_size=1, max_size=5, unique=True)
PEOPLE = st.lists(st.sampled_from(["grace", "joan", "tim"]), min_size=1, unique=True)


@st.composite
def schools(draw: st.DrawFn) -> School:
    return School(tuple(Course(id_, id_, tuple(draw(PEOPLE))) for id_ in draw(IDS)))


def planned(school: School) -> Plan:
    return plan(school, PLACES, "/opt/fieldguide/bin/python")


@given(schools())
def test_no_folder_of_a_course_is_open_to_who_is_not_in_it(school: School) -> None:
    folders = {folder.path: folder for folder in planned(school).folders}
    for course in school.courses:
        gate = folders[PLACES.course(course)]
        assert (gate.owner, gate.group, gate.mode) == ("root", student_group(course), 0o750)
        assert folders[PLACES.grader(course)].mode == folders[PLACES.folder(course)].mode == 0o700
    # A folder in which everybody may write lets nobody rename or remove what is another's.
    assert all(folder.mode & 0o1000 for folder in folders.values() if folder.mode & 0o002)


@given(schools())
def test_everything_is_made_after_what_it_is_in_and_whom_it_belongs_to(school: School) -> None:
    made = planned(school)
    seen = {Path("/")}
    for folder in made.folders:
        assert folder.path.parent in seen, folder
        seen.add(folder.path)
    assert all(file.path.parent in seen for file in made.files)
    names = {account.name for account in made.accounts} | {"root"}
    groups = {*made.groups, *names}
    for wanted in (*made.folders, *made.files):
        assert wanted.owner in names and wanted.group in groups, wanted
    assert set(made.members) <= groups and set().union(*made.members.values()) <= names


@given(schools())
def test_no_two_courses_share_a_name_a_place_or_a_port(school: School) -> None:
    made = planned(school)
    for names in (made.groups, [account.name for account in made.accounts], [file.path for file in made.files]):
        assert len({*names}) == len(names)
    told = json.loads(next(file.text or "" for file in made.files if file.path == PLACES.hub))["courses"]
    servers = [json.loads(file.text or "") for file in made.files if file.path.parent.name == "servers"]
    assert [course["port"] for course in told] == [server["port"] for server in servers]
    assert len({course["port"] for course in told}) == len(school.courses)


@given(schools())
def test_who_grades_is_named_and_nobody_else_may_be_in_that_group(school: School) -> None:
    made = planned(school)
    for course in school.courses:
        assert made.members[f"formgrade-{course.id}"] == {*course.instructors, grader(course)}
        assert made.members[f"assist-{course.id}"] == {*course.assistants}
        assert {f"formgrade-{course.id}", f"assist-{course.id}"} <= made.strict
        assert made.members[grader(course)] == set() and grader(course) in made.strict
        assert student_group(course) not in made.strict


@given(schools())
def test_a_secret_stands_in_no_text_and_is_read_by_one_account_alone(school: School) -> None:
    for file in planned(school).files:
        if file.text is None:
            of_course = file.mode == 0o440 and file.group.startswith("grader-")
            assert file.owner == "root" and (of_course or (file.mode, file.group) == (0o600, "root"))
        else:
            assert (
                not file.mode & 0o007
                or file.path.parent in (PLACES.services, PLACES.journal)
                or file.path.name == "Caddyfile"
            )


def test_every_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NOT RUN: needs systemd-analyze, of Debian's package systemd")
    written = units(
        School((Course("a", "A", ("grace",)),)), "/var/lib/fieldguide", "/srv/fieldguide", "/usr/bin/python3"
    )
    for name, text in written.items():
        (tmp_path / name.replace("@", "@a")).write_text(text.replace(HUB, "basic.target"), encoding="utf-8")
    found = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run(["systemd-analyze", "verify", *found], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if str(tmp_path) in line or line.startswith("fieldguide")]
    assert not said, done.stderr


@given(schools())
def test_what_listens_is_where_only_root_can(school: School) -> None:
    made = planned(school)
    told = json.loads(next(file.text or "" for file in made.files if file.path == PLACES.hub))
    assert told["port"] + 9 < min(course["port"] for course in told["courses"])
    assert max(course["port"] for course in told["courses"]) < ROOTS_PORTS


def spawner() -> StudentSpawner:
    return StudentSpawner(user=SimpleNamespace(name="nobody"), in_scopes=True, mem_limit=1 << 30)


def test_a_students_server_is_the_students_and_holds_to_its_memory_under_systemd() -> None:
    command = spawner()._into_scope()
    limit, become = command[: command.index("--")], command[command.index("--") + 1 :]
    assert limit[:2] == ["systemd-run", "--scope"] and "--unit=fieldguide-student-nobody.scope" in limit
    assert f"--property=MemoryMax={1 << 30}" in limit
    for option in ("--init-groups", "--no-new-privs", "--inh-caps=-all"):
        assert option in become
    with socket.socket() as held:  # which the server then listens at
        number = held.fileno()
        look = ["sh", "-c", f"id -un; id -Gn; readlink /proc/self/fd/{number} | cut -d: -f1"]
        run = subprocess.run([*become, *look], capture_output=True, text=True, pass_fds=(number,))
    assert os.geteuid() or run.stdout == "nobody\nnogroup\nsocket\n", run


def test_a_process_of_an_earlier_hub_is_not_taken_for_a_students_server() -> None:
    other = spawner()
    other.load_state({"pid": os.getpid()})
    assert asyncio.run(other.poll()) == 0


@pytest.mark.parametrize(("memory", "told"), [(512 << 20, "MemoryMax=512M\n"), (3 << 30, "MemoryMax=3072M\n")])
def test_a_courses_server_has_its_memory_and_no_way_to_more(memory: int, told: str) -> None:
    text = units(School((), grader_memory=memory), "/s", "/c", "/p")[SERVER]
    assert told in text
    for closed in (
        "NoNewPrivileges=yes\n",
        "ProtectHome=yes\n",
        "CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID\n",
    ):
        assert closed in text


def test_caddy_is_told_of_an_address_of_the_network_alone() -> None:
    assert "reverse_proxy" not in caddyfile(School(()))
    told = caddyfile(School((), address="https://guide.school.edu", port=9000))
    assert told.splitlines()[1] == "guide.school.edu {" and "reverse_proxy 127.0.0.1:9000" in told


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a short name, which is also that for what is temporary."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_sockets_have_names_that_linux_takes(short: Path) -> None:
    far = short / ("x" * 90)
    folders = [runtime_folder(short), runtime_folder(far)]
    assert folders[0] == short / ".runtime" and folders[1].parent == short
    for folder in folders:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with socket.socket(socket.AF_UNIX) as own:
            own.bind(str(folder / f"kernel-{uuid.uuid4()}-ipc-5"))
    assert runtime_folder(far) == folders[1]  # no start leaves another


@pytest.mark.parametrize("taken", ["open", "link", "file"])
def test_no_sockets_are_put_where_somebody_else_could_look(short: Path, taken: str) -> None:
    own = runtime_folder(short / ("x" * 90))
    own.rmdir()
    if taken == "open":
        own.mkdir()
        own.chmod(0o755)
    elif taken == "link":
        (short / "theirs").mkdir(mode=0o700)
        own.symlink_to(short / "theirs")
    else:
        own.write_text("")
    other = runtime_folder(short / ("x" * 90))
    assert other != own and stat.S_IMODE(other.lstat().st_mode) == 0o700 and not list(other.iterdir())


def test_a_change_of_role_holds_within_a_minute() -> None:
    course = Course("sw101", "Ethics", ("grace",))
    hub, server = hub_settings(School((course,)), PLACES), server_settings(course, School((course,)), PLACES)
    # A course's server has just been told of somebody by a hub that has just looked.
    assert json.loads(hub)["looks_again_after"] + json.loads(server)["asks_again_after"] < 60


@pytest.mark.parametrize("address", ["https://guide.school.edu", "http://127.0.0.1:650"])
def test_a_browser_keeps_the_cookie_of_a_log_in_at_a_courses_server(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course("sw101", "Ethics", ("grace",))
    settings = json.loads(server_settings(course, School((course,), address=address), PLACES))
    for name, value in environment(settings, "a token", grader(course), "/srv").items():
        monkeypatch.setenv(name, value)
    # What a course's server makes of it; the request is the one that Caddy and the proxy hand on.
    server = Application(cookie_secret="secret")
    asked = RequestStartLine("GET", "/", "HTTP/1.1")
    asking = SimpleNamespace(set_close_callback=id)
    headers = HTTPHeaders({"Host": "guide.school.edu"})
    handler = RequestHandler(server, HTTPServerRequest(start_line=asked, headers=headers, connection=asking))
    HubOAuth().set_state_cookie(handler)
    (cookie,) = handler._new_cookie.values()
    # By the rule of browsers for names that begin so.
    assert cookie.key.startswith("__Host-") == bool(cookie["secure"]) == address.startswith("https"), cookie
    assert cookie["path"] == "/" or not cookie.key.startswith("__Host-")
