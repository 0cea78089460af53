"""Sign-in by a school's own service: what is taken of what a service of our own making says, and what is refused."""

from __future__ import annotations

import asyncio
import base64
import csv
import io
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from lms_platform import CLIENT, Key, Person
from patience import seconds
from sign_in_service import SECRET, SignInService

import fieldguide.school.signin
from fieldguide.grading.spreadsheets import csv_file, unguarded
from fieldguide.openid.code import Visit
from fieldguide.openid.tokens import SKEW, RefusedError
from fieldguide.school import SchoolError, classlist, doctor, introducing
from fieldguide.school.classlist import Student, read
from fieldguide.school.identities import Identities, Identity, account_name
from fieldguide.school.introducing import Introducing
from fieldguide.school.naming import account_of, client_secret, with_accounts
from fieldguide.school.planning import Places, first_plan, plan
from fieldguide.school.reading import Course, SignIn, parse_school
from fieldguide.school.signin import SigningIn

ANA = Person("ana-sub", "Ana", "Ruiz", "ana@school.example")
KEY = "0" * 64
HERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def opened() -> Iterator[SignInService]:
    service = SignInService(HERE)
    yield service
    service.close()


@pytest.fixture
def service(opened: SignInService) -> Iterator[SignInService]:
    opened.now = ANA
    yield opened
    opened.as_it_was()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    found = Places(tmp_path)
    found.state.mkdir(parents=True)
    found.settings.mkdir(parents=True)
    found.names_secret.write_text(KEY)
    monkeypatch.setattr(fieldguide.school.signin, "client_secret", lambda _: SECRET)
    return found


def comes(
    service: SignInService,
    places: Places,
    *,
    name: str = "email",
    listed: bool = True,
    visit: Visit | None = None,
    code: str = "",
) -> str:
    """The account that somebody comes back to; ``visit`` and ``code`` are others than their own."""

    async def go() -> str:
        signing_in = SigningIn(SignIn("Example U", service.url, CLIENT, name), places, HERE, ())
        own = Visit.new()
        there = requests.get(await signing_in.way_there(own), allow_redirects=False)
        assert there.status_code == 302, there.text
        told = parse_qs(urlsplit(there.headers["Location"]).query)
        assert told["state"] == [own.state]
        return await signing_in.account(visit or own, code or told["code"][0], lambda _: listed, None)

    return asyncio.run(go())


def refused(service: SignInService, places: Places, **how: Any) -> str:
    with pytest.raises(RefusedError) as error:
        comes(service, places, **how)
    return error.value.why


def test_who_comes_back_gets_the_account_that_the_class_list_named_before(
    service: SignInService, places: Places
) -> None:
    expected = account_name(KEY, service.url, "ana@school.example")
    assert comes(service, places) == expected
    service.changes = {"email": "Ana@School.EXAMPLE", "given_name": "Anna"}
    assert comes(service, places) == expected  # another case is the same person
    person = Identities(places.identities).all()[expected]
    assert (person.subject, person.name, person.email) == ("ana@school.example", "Anna Ruiz", "ana@school.example")
    service.changes = {"email": "anä@school.example"}
    assert comes(service, places) != expected


def test_a_name_that_is_new_here_is_told_to_the_courses_that_somebody_takes_or_works_in_and_to_no_other(
    service: SignInService, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.changes = {"preferred_username": "ARuiz", "family_name": f"Ruiz\x07{'z' * 200}"}
    account = account_name(KEY, service.url, "aruiz")
    told: list[tuple[str, bytes]] = []
    of_staff: list[tuple[str, str, Any]] = []
    groups = {"nbgrader-a": {account}, "assist-c": {account}}
    monkeypatch.setattr(fieldguide.school.signin, "members_of", lambda group: groups.get(group, {"p-else"}))
    monkeypatch.setattr(introducing, "_GATHER", 0)
    monkeypatch.setattr(classlist, "_take_list", lambda course, _, content: told.append((course.id, content)))

    def as_course(course: Course, _: Places, module: str, *, given: bytes) -> bytes:
        of_staff.append((course.id, module, json.loads(given)))
        if len(of_staff) == 1:
            raise SchoolError("The gradebook is not there yet.")
        return b""

    monkeypatch.setattr(classlist, "as_course", as_course)
    sign_in = SignIn("Example U", service.url, CLIENT, "preferred_username")
    courses = tuple(Course(id_, id_.upper(), ()) for id_ in "abc")

    async def comes_twice() -> None:
        signing_in = SigningIn(sign_in, places, HERE, courses)
        for _ in range(3):  # the second time nothing is new, but for who could not be told of
            visit = Visit.new()
            there = requests.get(await signing_in.way_there(visit), allow_redirects=False)
            code = parse_qs(urlsplit(there.headers["Location"]).query)["code"][0]
            assert await signing_in.account(visit, code, lambda _: True, logging.getLogger()) == account
            assert signing_in._introducing._later is not None
            await signing_in._introducing._later

    asyncio.run(comes_twice())
    ((course, content),) = told
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert course == "a" and rows[0] == ["id", "last_name", "first_name", "email", "lms_user_id"]
    assert rows[1:] == [[account, f"Ruiz {'z' * 123}", "Ana", "", "aruiz"]]
    known = {"id": account, "last_name": f"Ruiz {'z' * 123}", "first_name": "Ana", "email": "", "lms_user_id": "aruiz"}
    assert of_staff == [("c", "staff", [known])] * 2


def test_a_gradebook_that_could_not_be_told_who_came_is_told_later(
    places: Places, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, list[Student]]] = []
    monkeypatch.setattr(introducing, "_GATHER", 0)
    monkeypatch.setattr(introducing, "_AGAIN", 0)
    ana, ben = Student("p-ana", "Ruiz", "Ana"), Student("p-ben", "Lee", "Ben")
    a, b = Course("a", "A", ()), Course("b", "B", ())

    async def come() -> None:
        ended = asyncio.Event()

        def into_gradebook(course: Course, _: Places, students: list[Student]) -> None:
            told.append((course.id, students))
            if len(told) == 4:
                loop.call_soon_threadsafe(ended.set)
            if course == a and len(told) < 4:
                raise SchoolError("The gradebook is in use.")

        monkeypatch.setattr(introducing, "into_gradebook", into_gradebook)
        loop, one = asyncio.get_running_loop(), Introducing(places)
        one.tell(a, ana, logging.getLogger())
        one.tell(b, ben, logging.getLogger())
        one.tell(a, ana, logging.getLogger())
        await asyncio.wait_for(ended.wait(), seconds(30))

    asyncio.run(come())
    assert told == [("a", [ana]), ("b", [ben]), ("a", [ana]), ("a", [ana])]  # the others do not wait for it
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == [
        "The gradebook of a could not be told who came, and is told in 0 s: The gradebook is in use."
    ] * 2


def test_a_class_list_without_names_gets_those_that_are_known_here(places: Places) -> None:
    sign_in = SignIn("Example U", "https://login.example", CLIENT)
    ana, ben = (account_of(sign_in, f"{who}@x.edu", places) for who in ("ana", "ben"))
    Identities(places.identities).note(Identity(ana, sign_in.issuer, "ana@x.edu", "Ana", "=Ruiz", "ana@x.edu"))
    listed = csv_file(
        ("id", "last_name", "first_name", "email", "lms_user_id"), [(ana, "", "Anna", "", "7"), (ben, *("",) * 4)]
    )
    content = classlist._with_names(listed, sign_in, places)
    rows = [unguarded(cell) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row][5:]
    assert rows == [ana, "=Ruiz", "Anna", "ana@x.edu", "7", ben, "", "", "", ""]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://another.example"}, "not_for_us"),
        ({"aud": "another"}, "not_for_us"),
        ({"aud": [CLIENT, "another"]}, "not_for_us"),
        ({"nonce": "another" * 4}, "not_begun"),
        ({"exp": -SKEW - 60}, "expired"),
        ({"iat": SKEW + 600}, "clock"),
        ({"email_verified": False}, "not_verified"),
        ({"email_verified": None}, "not_verified"),
        ({"email_verified": "false"}, "not_verified"),
        ({"email": "nobody"}, "no_name"),
        ({"email": ["ana@school.example"]}, "no_name"),
        ({"email": None}, "no_name"),
    ],
)
def test_a_token_with_one_thing_wrong_is_refused(
    service: SignInService, places: Places, changes: dict[str, Any], why: str
) -> None:
    # Times are told from when the test runs, which may be long after it was read.
    service.changes = {
        name: int(time.time()) + value if name in ("exp", "iat") else value for name, value in changes.items()
    }
    assert refused(service, places) == why
    assert not places.identities.exists()


def test_only_the_services_own_key_signs(
    service: SignInService, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.signs = Key()
    assert refused(service, places) == "signature"
    service.signs = None
    encode = jwt.encode

    def unsigned(claims: dict[str, Any], *_: object, **__: object) -> str:
        return encode(claims, "", "none", headers={"kid": service.keys[0].kid})

    monkeypatch.setattr(jwt, "encode", unsigned)
    assert refused(service, places) == "signature"

    def by_public_key(claims: dict[str, Any], *_: object, **__: object) -> str:
        word = base64.urlsafe_b64encode(json.dumps(service.keys[0].public()).encode()).decode()
        return encode(claims, word, "HS256", headers={"kid": service.keys[0].kid})

    monkeypatch.setattr(jwt, "encode", by_public_key)
    assert refused(service, places) == "signature"


def test_a_code_is_anothers_used_or_made_up(service: SignInService, places: Places) -> None:
    assert refused(service, places, code="made-up") == "code_refused"
    # A code that was begun in another browser needs what only that one has.
    assert refused(service, places, visit=Visit.new()) == "code_refused"


def test_who_is_in_no_course_gets_no_account_and_is_not_kept(service: SignInService, places: Places) -> None:
    with pytest.raises(RefusedError) as error:
        comes(service, places, listed=False)
    assert (error.value.why, error.value.values) == ("not_listed", {"who": "ana@school.example"})
    assert not places.identities.exists()


def test_what_the_token_leaves_out_is_asked_for_and_is_of_the_same_person(
    service: SignInService, places: Places
) -> None:
    service.asked_for = ("email", "email_verified")
    assert comes(service, places) == account_name(KEY, service.url, "ana@school.example")
    service.asked_for = ("email_verified",)
    assert comes(service, places) == account_name(KEY, service.url, "ana@school.example")
    service.changes = {"sub": "another"}
    encode = jwt.encode
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jwt, "encode", lambda claims, *args, **more: encode(claims | {"sub": "ana"}, *args, **more))
        assert refused(service, places) == "malformed"


def test_another_claim_can_name_people_and_sub_stays_as_it_is(service: SignInService, places: Places) -> None:
    service.changes = {"email_verified": False, "preferred_username": "ARuiz", "sub": "X1"}
    assert comes(service, places, name="preferred_username") == account_name(KEY, service.url, "aruiz")
    assert comes(service, places, name="sub") == account_name(KEY, service.url, "X1")


def test_a_service_that_takes_the_secret_by_form_alone_gets_it_so(service: SignInService, places: Places) -> None:
    service.about = {"token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"]}
    assert comes(service, places)


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"issuer": "https://another.example"}, "other_issuer"),
        ({"token_endpoint": "http://another.example/token"}, "malformed"),
        ({"jwks_uri": None}, "malformed"),
    ],
)
def test_what_a_service_tells_of_itself_has_to_be_its_own_and_private(
    service: SignInService, places: Places, about: dict[str, Any], why: str
) -> None:
    service.about = about
    assert refused(service, places) == why


@pytest.mark.parametrize(
    ("silent", "why"),
    [
        ("/.well-known/openid-configuration", "service_silent"),
        ("/token", "service_silent"),
        ("/jwks", "site_silent"),
    ],
)
def test_a_service_that_does_not_answer_is_told_as_such(
    service: SignInService, places: Places, silent: str, why: str
) -> None:
    service.silent = {silent}
    assert refused(service, places) == why


def test_a_wrong_secret_is_told_to_the_log_and_not_shown(
    service: SignInService, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fieldguide.school.signin, "client_secret", lambda _: "another")
    with pytest.raises(RefusedError) as error:
        comes(service, places)
    assert (error.value.why, error.value.values["detail"]) == ("service_silent", "/token: 401 invalid_client")


# -- settings ---------------------------------------------------------------------------------------

COURSE = """\
[courses.sw101]
title = "Ethics"
instructors = ["Grace@School.example"]
assistants = ["tim@school.example", "p-abcdefghij234567"]
[sign_in]
title = "Example U"
issuer = "https://login.school.example"
client_id = "c"
"""


def test_courses_name_people_as_the_service_does_and_the_machine_by_accounts(places: Places) -> None:
    school = parse_school(COURSE)
    assert school.courses[0].instructors == ("grace@school.example",)
    named = with_accounts(school, places).courses[0]
    grace = account_name(KEY, "https://login.school.example", "grace@school.example")
    assert named.instructors == (grace,) and named.assistants[1] == "p-abcdefghij234567"
    wanted = plan(with_accounts(school, places), places, "python")
    assert wanted.members["formgrade-sw101"] == {grace, "grader-sw101"}
    assert "school.example" not in "".join(account.name for account in wanted.accounts)
    places.names_secret.unlink()
    with pytest.raises(SchoolError, match="fieldguide-admin apply"):
        with_accounts(school, places)
    assert [file.path for file in first_plan(places).files] == [places.names_secret]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"tim@school.example"', '"tim"', "'tim' cannot be a person's account: expected an e-mail address"),
        ('"tim@school.example"', '"grace@school.EXAMPLE"', "is an instructor of sw101 and an assistant too"),
        ("https://login", "http://login", "is no address of a sign-in service"),
        ('client_id = "c"\n', "", "'client_id' is missing"),
        ("client_id", "secret = 1\nclient_id", "'secret' is not known here"),
        ("client_id", 'name = "e-mail"\nclient_id', "'e-mail' is no claim's name"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_line(before: str, after: str, told: str) -> None:
    with pytest.raises(SchoolError, match=told):
        parse_school(COURSE.replace(before, after))


def test_a_class_list_names_people_as_the_service_does(places: Places, tmp_path: Path) -> None:
    school = with_accounts(parse_school(COURSE), places)
    sign_in = school.sign_in
    assert sign_in is not None
    path = tmp_path / "class.csv"
    path.write_text("id,first-name,last_name\nMary.O'Brien@school.example,Mary,O'Brien\n")
    found = read(school.courses[0], places, path, existing=False, sign_in=sign_in)
    (mary,) = found.students
    assert mary == account_of(sign_in, "mary.o'brien@school.example", places)
    assert "@" not in found.content.decode() and mary in found.content.decode()
    path.write_text("id\nana@school.example\nana\nGRACE@school.example\n")
    with pytest.raises(SchoolError, match="line 3: 'ana' can be nobody's id: expected an e-mail address"):
        read(school.courses[0], places, path, existing=False, sign_in=sign_in)
    path.write_text("id\nGRACE@school.example\n")
    with pytest.raises(SchoolError, match=r"line 2: GRACE@school\.example teaches sw101"):
        read(school.courses[0], places, path, existing=False, sign_in=sign_in)


def test_the_secret_is_roots_alone_and_what_to_do_is_said(places: Places) -> None:
    with pytest.raises(SchoolError, match="install -m 600 /dev/stdin"):
        client_secret(places)
    places.sign_in_secret.write_text("x\n")
    places.sign_in_secret.chmod(0o644)
    with pytest.raises(SchoolError, match="chmod 600"):
        client_secret(places)


def test_the_doctor_asks_the_service_and_looks_at_the_secret(service: SignInService, places: Places) -> None:
    school = parse_school(COURSE.replace("https://login.school.example", service.url))
    (missing,) = doctor.sign_in(school, places)
    assert "sign-in-secret" in missing
    service.about = {"issuer": "https://another.example"}
    _, other = doctor.sign_in(school, places)
    assert "calls itself otherwise than this server expects. (it calls itself 'https://another.example')" in other
    service.silent = {"/.well-known/openid-configuration"}
    _, silent = doctor.sign_in(school, places)
    assert "Example U did not answer. (/.well-known/openid-configuration: 503)" in silent
    assert list(doctor.sign_in(replace(school, sign_in=None), places)) == []


def test_two_who_are_called_alike_by_two_services_are_two() -> None:
    one = SignIn("A", "https://a.example", "c")
    other = replace(one, issuer="https://b.example")
    assert account_name(KEY, one.issuer, "ana@x") != account_name(KEY, other.issuer, "ana@x")
