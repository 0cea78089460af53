"""Grades back to a course site, and its class list: against a course site that is as strict as the specifications."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from lms_services import AGS, INSTRUCTOR, LEARNER, SCOPES, Answer, LmsServices, Tokens, serving

from fieldguide.lti.members import read_members
from fieldguide.lti.scores import Column, Sending
from fieldguide.lti.services import Services, Signature, SiteError
from fieldguide.lti.store import Launch, Store

KEY = rsa.generate_private_key(65537, 2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC = (
    KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)
MODULE = "05-questions-for-the-classroom"
COLUMN = Column(MODULE, "The Classroom", 20.0)


class Site:
    """A course site with the students ana and ben, from where a course was opened."""

    def __init__(self, stack: ExitStack, course: str = "sw101") -> None:
        self.course = course
        self.clock = datetime(2026, 11, 28, 12, tzinfo=UTC)
        self.slept: list[float] = []
        base = stack.enter_context(serving(self._answer))
        self.tokens = Tokens(f"{base}/token", "client-1", PUBLIC)
        self.lms = LmsServices(f"{base}/context", self.tokens.scopes_of)
        for sub in ("sub-ana", "sub-ben"):
            self.lms.enroll(sub)
        self.store = Store(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "store.sqlite")
        signature = Signature("client-1", f"{base}/token", "", PRIVATE, "key-1")
        self.services = Services(signature, self.slept.append)
        self.sending = Sending(self.store, lambda place: self.services, self._now)
        for name in ("ana", "ben"):
            self.launch(name)

    def _answer(self, method: str, address: str, headers: dict[str, str], body: bytes) -> Answer:
        if address == self.tokens.address:
            return self.tokens.answer(body)
        return self.lms.answer(method, address, headers, body)

    def _now(self) -> datetime:
        return self.clock

    def launch(self, name: str, **told: object) -> None:
        launch = Launch(
            self.course,
            "https://lms.example.edu",
            "client-1",
            "1",
            "context",
            f"sub-{name}",
            name,
            True,
            self.lms.lineitems,
            "",
            tuple(sorted(SCOPES)),
            self.lms.memberships,
        )
        self.store.launched(replace(launch, **told))  # type: ignore[arg-type]

    def send(self, *accounts: str, **points: float | None) -> dict[str, str]:
        """Send grades; returns of each student why it is not there, empty where it is."""
        self.store.want("sw101", MODULE, COLUMN.maximum, dict(points))
        self.sending.send("sw101", COLUMN, accounts)
        return {
            one.account: "" if one.is_sent else one.refused or "not sent" for one in self.store.scores("sw101", MODULE)
        }

    def stands(self) -> dict[str, tuple[float | None, str]]:
        """What stands in the course site's one column: points and progress by person."""
        (column,) = self.lms.columns
        return {
            sub: (last.get("scoreGiven"), last["gradingProgress"])
            for one in self.lms.members
            if (last := self.lms.last(column, sub := one["user_id"]))
        }

    @property
    def posts(self) -> int:
        return sum(one.endswith("/scores") for one in self.lms.asked)


@pytest.fixture
def site() -> Iterator[Site]:
    with ExitStack() as stack:
        yield Site(stack)


def test_a_grade_goes_once_and_again_only_when_it_changes(site: Site) -> None:
    assert site.send(ana=12.5, ben=None) == {"ana": "", "ben": ""}
    assert site.stands() == {"sub-ana": (12.5, "FullyGraded"), "sub-ben": (None, "PendingManual")}
    (column,) = site.lms.columns.values()
    assert {**column, "id": ""} == {
        "id": "",
        "label": "The Classroom",
        "scoreMaximum": 20.0,
        "resourceId": MODULE,
        "tag": "fieldguide",
    }
    assert site.send(ana=12.5, ben=None) == {"ana": "", "ben": ""} and site.posts == 2
    # In the same moment still: the course site takes nothing that is no later.
    assert site.send(ana=13, ben=8.25) == {"ana": "", "ben": ""} and site.posts == 4
    assert site.stands() == {"sub-ana": (13, "FullyGraded"), "sub-ben": (8.25, "FullyGraded")}
    site.clock -= timedelta(hours=1)  # a clock that was set back
    assert site.send(ana=14)["ana"] == "" and site.stands()["sub-ana"][0] == 14
    assert site.lms.faults == [] and len(site.lms.columns) == 1


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(("ana", "ben")), st.none() | st.integers(0, 4).map(float), max_size=2),
            st.sampled_from((200, 401, 403, 404, 422, 500)),
        ),
        max_size=6,
    )
)
def test_whatever_is_refused_in_between_the_last_grade_stands_and_nothing_goes_twice(steps: list[tuple]) -> None:
    with ExitStack() as stack:
        site, wanted = Site(stack), {}
        for points, status in steps:
            wanted |= points
            if status != 200:
                site.lms.instead.append((r"POST .*/scores$", Answer(status)))
            site.send(**points)
        site.lms.instead.clear()
        assert site.send() == dict.fromkeys(wanted, "")
        assert (
            {sub.removeprefix("sub-"): given for sub, (given, _) in site.stands().items()} == wanted if wanted else True
        )
        for taken in site.lms.scores.values():
            told = [one.get("scoreGiven") for one in taken]
            assert all(one != other for one, other in pairwise(told))
        assert site.lms.faults == []


def test_the_column_of_the_link_is_taken_before_one_that_is_only_marked(site: Site) -> None:
    marked = site.lms.add_column(label="Old", scoreMaximum=5, resourceId=MODULE, tag="fieldguide")
    for number in range(3):  # more than one page
        site.lms.add_column(label=f"Other {number}", scoreMaximum=5, resourceId=f"0{number}", tag="fieldguide")
    own = site.lms.add_column(label="The link's", scoreMaximum=5, resourceLinkId="link-5")
    assert site.send("ana", ana=1, ben=2) == {"ana": "", "ben": "not sent"}
    assert site.lms.last(marked, "sub-ana") and not site.lms.last(own, "sub-ana")
    # Now the module is opened by its link, and the column is known by that.
    site.launch("ben", module=MODULE, resource_link="link-5", lineitem=own)
    assert site.send()["ben"] == "" and site.lms.last(own, "sub-ben")
    assert len(site.lms.columns) == 5 and site.lms.faults == []


def test_a_link_that_names_no_column_is_found_by_its_id(site: Site) -> None:
    own = site.lms.add_column(label="The link's", scoreMaximum=5, resourceLinkId="link-5")
    site.launch("ana", module=MODULE, resource_link="link-5")
    assert site.send(ana=1) == {"ana": ""} and site.lms.last(own, "sub-ana")


def test_a_column_that_was_deleted_is_made_again_and_only_once(site: Site) -> None:
    site.send(ana=1)
    site.lms.columns.clear()
    assert site.send(ana=2, ben=3) == {"ana": "", "ben": ""}
    assert site.stands() == {"sub-ana": (2, "FullyGraded"), "sub-ben": (3, "FullyGraded")}


def test_a_token_that_ended_is_asked_for_anew_once(site: Site) -> None:
    site.send(ana=1)
    site.tokens.given.clear()
    assert site.send(ana=2) == {"ana": ""}
    site.lms.instead += [("scores$", Answer(401))] * 2
    assert site.send(ana=3, ben=1) == {"ana": "no_token", "ben": "no_token"}
    assert site.send() == {"ana": "", "ben": ""}


@pytest.mark.parametrize(
    ("answer", "ana", "ben"),
    [
        (Answer(403), "not_allowed", ""),
        (Answer(409), "later_there", ""),
        (Answer(422, {"errors": {"message": "User\nnot found"}}), "not_taken", ""),
        (Answer(429), "busy", "busy"),
        (Answer(429, None, "", {"Retry-After": "600"}), "busy", "busy"),
        (Answer(500), "out_of_order", "out_of_order"),
        (Answer(302, None, "", {"Location": "http://127.0.0.1:1/"}), "elsewhere", "elsewhere"),
    ],
)
def test_what_is_refused_is_told_and_sent_again(site: Site, answer: Answer, ana: str, ben: str) -> None:
    site.lms.instead.append(("scores$", answer))
    assert site.send(ana=1, ben=2) == {"ana": ana, "ben": ben}
    assert site.slept == []
    (first, _) = site.store.scores("sw101", MODULE)
    assert first.tried == "2026-11-28T12:00:00Z" and first.sent == ""
    assert first.said == ("User not found" if answer.status == 422 else "")
    before = site.posts
    assert site.send() == {"ana": "", "ben": ""}
    assert site.posts - before == len([why for why in (ana, ben) if why])


def test_a_busy_course_site_is_waited_for_where_it_says_how_long(site: Site) -> None:
    site.lms.instead.append(("scores$", Answer(429, None, "", {"Retry-After": "7"})))
    assert site.send(ana=1) == {"ana": ""} and site.slept == [7]


def test_whoever_the_course_site_does_not_have_is_told(site: Site) -> None:
    site.lms.members[1]["status"] = "Inactive"
    assert site.send(ana=1, ben=2, cleo=3) == {"ana": "", "ben": "not_taken", "cleo": "not_known"}
    assert site.store.scores("sw101", MODULE)[1].said == "User not found in course or is not a student"


def test_a_course_site_that_is_not_there_or_says_nonsense_costs_nothing(site: Site) -> None:
    site.lms.instead.append(("lineitems$", Answer(200, {"no": "list"})))
    assert site.send(ana=1, ben=2) == {"ana": "not_understood", "ben": "not_understood"}
    site.services = Services(Signature("client-1", "http://127.0.0.1:9/token", "", PRIVATE, "key-1"))
    assert site.send() == {"ana": "unreachable", "ben": "unreachable"}
    site.services = Services(Signature("another", site.tokens.address, "", PRIVATE, "key-1"))
    assert site.send() == {"ana": "no_token", "ben": "no_token"}


def test_only_what_the_launch_allows_is_asked_for(site: Site) -> None:
    site.launch("ana", scopes=(f"{AGS}lineitem.readonly",))
    assert site.send(ana=1) == {"ana": "no_grades"}
    site.launch("ana", scopes=(f"{AGS}score",))
    assert site.send() == {"ana": "no_column"} and site.lms.asked == []
    own = site.lms.add_column(label="The link's", scoreMaximum=5, resourceLinkId="link-5")
    site.launch("ana", scopes=(f"{AGS}score",), module=MODULE, lineitem=own)
    assert site.send() == {"ana": ""}
    assert {*site.tokens.given.values()} == {frozenset((f"{AGS}score",))}


def test_a_student_who_moved_to_another_course_there_has_the_grade_in_that_one(site: Site) -> None:
    site.send(ana=1)
    site.launch("ana", context="other", lineitem="", lineitems=site.lms.lineitems)
    assert [one.is_sent for one in site.store.scores("sw101", MODULE)] == [False]
    assert site.send() == {"ana": ""} and site.posts == 2


def test_the_class_list_is_read_page_by_page(site: Site) -> None:
    site.lms.enroll("sub-cleo", LEARNER, given_name="Cleo", family_name="Díaz\n", email="c@x.edu")
    site.lms.enroll("sub-dan", status="Inactive")
    site.lms.enroll("sub-grace", INSTRUCTOR, "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student")
    (place,) = site.store.places("sw101")
    found = read_members(site.services, place)
    assert [(one.sub, one.is_student, one.is_active) for one in found] == [
        ("sub-ana", True, True),
        ("sub-ben", True, True),
        ("sub-cleo", True, True),
        ("sub-dan", True, False),
        ("sub-grace", False, True),
    ]
    assert (found[2].first_name, found[2].last_name, found[2].email) == ("Cleo", "Díaz", "c@x.edu")
    assert site.lms.faults == []


def test_a_class_list_that_leads_elsewhere_or_has_no_end_is_not_followed(site: Site) -> None:
    (place,) = site.store.places("sw101")
    page = {"members": [{"user_id": "sub-ana", "roles": ["Learner"]}]}
    for link, why in (("http://localhost:1/members", "elsewhere"), (site.lms.memberships, "no_end")):
        site.lms.instead.append(("members", Answer(200, page, headers={"Link": f"<{link}>; rel=next"})))
        with pytest.raises(SiteError, match=why):
            read_members(site.services, place)


def test_the_store_is_for_its_account_alone_and_forgets_whom_it_is_told_to(site: Site) -> None:
    site.send(ana=1, ben=2)
    path = site.store._path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert site.store.forget("sw101", "ana", really=False) == site.store.forget("sw101", "ana") == 2
    assert (
        site.store.forget("sw101", "ana") == site.store.forget("other", "ben") == 0
        and b"sub-ana" not in path.read_bytes()
    )
    assert [one.account for one in site.store.scores("sw101", MODULE)] == ["ben"]
