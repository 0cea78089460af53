"""What somebody who comes from a course site is on a school's server: a student, an assistant or an instructor."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from accounts import Server, needs_root, school_server

from fieldguide.school.entering import Entering, NotLetInError
from fieldguide.school.identities import Identity, account_name
from fieldguide.school.machine import members_of
from fieldguide.school.reading import read_school

pytestmark = [needs_root, pytest.mark.slow]

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


@pytest.fixture
def server() -> Iterator[Server]:
    with school_server() as server:
        server.write(LINKED)
        assert server.admin("apply") == 0
        yield server


def test_an_assistant_on_the_course_site_is_one_here_and_the_schools_word_counts_before_it(server: Server) -> None:
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
