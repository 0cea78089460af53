"""Who is let in from a course site, and into what: with real accounts, and a stand-in for the service that is asked."""

from __future__ import annotations

import pwd
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from accounts import Server, needs_root, school_server

from fieldguide.school import SchoolError
from fieldguide.school.entering import Entered, Entering, NotLetInError
from fieldguide.school.identities import Identities, Identity, account_name
from fieldguide.school.machine import members_of
from fieldguide.school.reading import Course, read_school

pytestmark = [needs_root, pytest.mark.slow]

COURSES = """\
[courses.@a]
title = "Ethics"
instructors = ["@-grace"]
lms = "campus"
lms_context = "1"
[courses.@b]
title = "Practice"
instructors = ["@-grace"]
lms = "campus"
lms_context = "2"
lms_instructors = true
[courses.@c]
title = "Last term"
instructors = ["@-grace"]
closed = true
lms = "campus"
lms_context = "3"
[lms.campus]
issuer = "https://campus.example"
client_id = "c"
deployments = ["1"]
authorization = "https://campus.example/a"
token = "https://campus.example/t"
keys = "https://campus.example/k"
"""


SITE = "https://canvas.example.edu"
LINKED = f"""\
[school]
address = "http://127.0.0.1:690"
port = 690
[lms.canvas]
issuer = "{SITE}"
client_id = "1"
deployments = ["1"]
authorization = "{SITE}/authorize"
token = "{SITE}/token"
keys = "{SITE}/keys"
[courses.@a]
title = "Ethics"
instructors = ["@-grace"]
lms = "canvas"
lms_context = "c1"
lms_instructors = true
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with school_server() as made:
        made.write(COURSES)
        assert made.admin("apply") == 0
        yield made


class Door:
    """The way in, for people by the names that a test gives them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.school = read_school(server.places.settings / "courses.toml")
        self.entering = Entering(self.school.courses, server.places, "", "")
        self.secret = server.places.names_secret.read_text("ascii").strip()

    def account(self, who: str) -> str:
        return account_name(self.secret, "https://campus.example", who)

    def course(self, name: str) -> Course:
        return next(one for one in self.school.courses if one.id == self.server.name(name))

    def comes(self, who: str, course: str, *, teaches: bool = False, **told: str) -> tuple[Entered, bool]:
        said: dict[str, Any] = {"teaches": teaches, "assists": False, "module": told.pop("module", "")}
        person = Identity(self.account(who), "https://campus.example", who, **told)
        return self.entering._place(person, self.course(course), said)

    def groups(self, who: str) -> set[str]:
        """The groups of courses that somebody is in, without the mark of this server."""
        names = {
            f"{kind}-{one}": f"{kind}-{self.server.name(one)}" for kind in ("nbgrader", "formgrade") for one in "abc"
        }
        return {short for short, name in names.items() if self.account(who) in members_of(name)}


@pytest.fixture
def door(server: Server) -> Door:
    return Door(server)


def test_who_learns_gets_an_account_that_tells_nothing_and_the_course(door: Door) -> None:
    entered, is_new = door.comes("ana", "a", given_name="Ana", family_name="Ruiz", module="05-x")
    assert entered == Entered(door.account("ana"), door.server.name("a"), False, "05-x") and is_new
    assert door.groups("ana") == {"nbgrader-a"}
    entry = pwd.getpwnam(entered.account)
    assert entry.pw_gecos == "" and entry.pw_dir == str(door.server.places.homes / entered.account)
    assert Identities(door.server.places.identities).all()[entered.account].name == "Ana Ruiz"
    assert door.comes("ana", "a")[1] is False  # the gradebook knows by now
    assert door.comes("ana", "b")[1] is True and door.groups("ana") == {"nbgrader-a", "nbgrader-b"}


def test_no_password_is_given_to_who_signs_in_elsewhere(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.comes("sam", "a")
    listed = door.server.places.root / "class.csv"
    listed.write_text(f"id\n{door.account('sam')}\n")
    assert door.server.admin("roster", door.server.name("a"), str(listed)) == 0
    assert "first passwords" not in capsys.readouterr().out


def test_who_teaches_there_grades_here_only_where_the_school_says_so(door: Door) -> None:
    with pytest.raises(NotLetInError) as refused:
        door.comes("vera", "a", teaches=True)
    assert refused.value.why == "not_teaching"
    assert refused.value.values == {"course": door.server.name("a"), "account": door.account("vera")}
    assert door.groups("vera") == set() and pwd.getpwnam(door.account("vera"))  # to be named in courses.toml
    assert door.comes("vera", "b", teaches=True)[0].teaches and door.groups("vera") == {"formgrade-b"}
    assert door.server.admin("apply", "--check") == 0


def test_a_role_that_changed_at_the_site_changes_here(door: Door) -> None:
    door.comes("kim", "b", teaches=True)
    door.comes("kim", "b")
    assert door.groups("kim") == {"nbgrader-b"}
    door.comes("kim", "b", teaches=True)
    assert door.groups("kim") == {"formgrade-b"}


def test_whom_the_school_named_grades_whatever_the_site_says(server: Server) -> None:
    door = Door(server)
    text = (server.places.settings / "courses.toml").read_text("utf-8")
    with pytest.raises(NotLetInError):
        door.comes("joan", "a", teaches=True)
    assert server.admin("instructor", "add", server.name("a"), door.account("joan")) == 0
    try:
        named = Door(server)
        assert named.comes("joan", "a")[0].teaches and named.groups("joan") == {"formgrade-a"}
    finally:
        (server.places.settings / "courses.toml").write_text(text, "utf-8")
        assert server.admin("apply") == 0
    assert door.groups("joan") == set()


def test_nobody_new_comes_into_a_closed_course(door: Door) -> None:
    with pytest.raises(NotLetInError) as refused:
        door.comes("ben", "c")
    assert refused.value.why == "closed" and door.groups("ben") == set()


def test_an_account_that_was_there_before_is_nobodys_from_a_course_site(door: Door) -> None:
    home = door.server.places.homes / door.account("lou")
    home.mkdir()
    with pytest.raises(SchoolError, match="with the files of whoever had that name"):
        door.comes("lou", "a")
    home.rmdir()


def test_who_is_who_is_told_to_root(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.comes("mia", "a", given_name="Mia", family_name="Toth", email="mia@school.edu")
    assert door.server.admin("people", door.account("mia")) == 0
    assert capsys.readouterr().out == (
        f"{door.account('mia')}: Mia Toth, mia@school.edu (mia at https://campus.example)\n"
    )
    assert door.server.admin("people", "p-nobody") == 1
    assert door.server.admin("lms") == 0
    told = capsys.readouterr().out
    assert "Redirect: http://127.0.0.1:650/services/lti/launch" in told and f"{door.server.name('a')}: 1" in told


def test_who_is_forgotten_in_all_courses_is_known_no_more(door: Door) -> None:
    server, account = door.server, door.account("ivo")
    door.comes("ivo", "a", given_name="Ivo", family_name="Beck")
    door.comes("other", "b", given_name="Other")
    known = Identities(server.places.identities)
    assert server.admin("forget", account, "--course", server.name("a")) == 0
    assert account in known.all()
    door.comes("ivo", "a")
    assert server.admin("forget", account) == 0
    assert account not in known.all() and door.account("other") in known.all()


@pytest.fixture
def small() -> Iterator[Server]:
    with school_server() as made:
        made.write(LINKED)
        assert made.admin("apply") == 0
        yield made


def test_an_assistant_on_the_course_site_is_one_here_and_the_schools_word_counts_before_it(small: Server) -> None:
    server = small
    groups = {kind: f"{kind}-{server.name('a')}" for kind in ("nbgrader", "assist", "formgrade")}
    made = []

    def enter(says: str, subject: str = "") -> tuple[str, bool]:
        """Come from the course site, which says what they are; returns their group, and whether they get the desk."""
        (course,) = read_school(server.places.settings / "courses.toml").courses
        secret = server.places.names_secret.read_text("ascii").strip()
        subject = f"{server.tag}{subject}"
        account = account_name(secret, SITE, subject)
        if account not in made:
            made.append(account)
        entering = Entering([course], server.places, "", "")
        who = {"teaches": says == "teaches", "assists": says == "assists", "module": ""}
        entered, _ = entering._place(Identity(account, SITE, subject, "T", "K", ""), course, who)
        (group,) = (kind for kind, name in groups.items() if account in members_of(name))
        return group, entered.teaches

    try:
        assert enter("learns") == ("nbgrader", False)
        assert enter("assists") == ("assist", True)
        assert enter("teaches") == ("formgrade", True)
        assert enter("assists") == ("assist", True)  # and is no instructor any more
        assert server.admin("apply", "--check") == 0  # what the course site says of them stays
        assistants = f'instructors = ["@-grace"]\nassistants = ["{made[0]}"]'
        server.write(LINKED.replace('instructors = ["@-grace"]', assistants, 1))
        assert server.admin("apply") == 0
        assert enter("teaches") == enter("learns") == enter("assists") == ("assist", True)
        server.write(LINKED.replace("lms_instructors = true", ""))
        for says in ("assists", "teaches"):
            with pytest.raises(NotLetInError, match="not_teaching"):
                enter(says, "other")
    finally:
        for account in made:
            subprocess.run(["userdel", "--force", account], capture_output=True)
