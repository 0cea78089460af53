"""Sign-in through a course site: what the service takes of what a site of our own making sends, and what it refuses."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from barriers import bars_nobody, fits_every_window
from cryptography.hazmat.primitives import serialization
from lms_platform import CLIENT, DEPLOYMENT, ROLE, Key, LmsPlatform, Person
from patience import seconds
from playwright.sync_api import Browser, Page, expect
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from fieldguide.lti.message import Message, read_message
from fieldguide.lti.picking import Offer
from fieldguide.lti.service import Lti
from fieldguide.lti.settings import LinkedCourse, Settings
from fieldguide.lti.visits import Visits
from fieldguide.openid.keys import SignerKeys
from fieldguide.openid.tokens import SKEW, RefusedError
from fieldguide.school import LTI_COOKIE
from fieldguide.school.reading import Lms

ANA = Person("ana-sub", "Ana", "Ruiz", "ana@school.edu")
SECRET = "hub and service know it"


@pytest.fixture(scope="module")
def site() -> Iterator[LmsPlatform]:
    opened = LmsPlatform()
    opened.people = {"ana": ANA, "grace": Person("grace-sub", "Grace", "Hall", roles=(f"{ROLE}Instructor",))}
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "site" in request.fixturenames:
        request.getfixturevalue("site").changes.clear()


def platform_of(site: LmsPlatform) -> Lms:
    return Lms(
        "campus", site.url, CLIENT, (DEPLOYMENT,), f"{site.url}/authorize", f"{site.url}/token", f"{site.url}/jwks"
    )


def read(site: LmsPlatform, token: str) -> Message:
    return asyncio.run(read_message(token, platform_of(site), SignerKeys().find))


def refused(site: LmsPlatform, token: str) -> str:
    with pytest.raises(RefusedError) as error:
        read(site, token)
    return error.value.why


# -- one message ------------------------------------------------------------------------------------


def test_a_good_message_says_who_comes_and_to_what(site: LmsPlatform) -> None:
    endpoint = {"lineitems": "https://x/items", "lineitem": "https://x/items/1", "scope": ["a", 7]}
    token = site.id_token(
        ANA,
        "n",
        custom={"module": "05-x"},
        lis={"person_sourcedid": "S-101", "course_section_sourcedid": "sw101"},
        **{
            "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": endpoint,
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
                "context_memberships_url": "https://x/m"
            },
        },
    )
    said = read(site, token)
    assert (said.subject, said.given_name, said.family_name, said.email) == (ANA.sub, "Ana", "Ruiz", ANA.email)
    assert said.number == "S-101"
    assert (said.context, said.module, said.learns, said.teaches, said.picks) == (
        "context-1",
        "05-x",
        True,
        False,
        False,
    )
    assert (said.lineitems, said.lineitem, said.scopes) == ("https://x/items", "https://x/items/1", ("a",))
    assert (said.memberships, said.resource_link, said.nonce) == ("https://x/m", "link-1", "n")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://another.example"}, "not_for_us"),
        ({"aud": "another-client"}, "not_for_us"),
        ({"aud": [CLIENT, "another"]}, "not_for_us"),  # and no azp that says which of the two it is for
        ({"aud": [CLIENT, "another"], "azp": "another"}, "not_for_us"),
        ({"azp": "another"}, "not_for_us"),
        ({"deployment_id": "deployment-2"}, "wrong_deployment"),
        ({"deployment_id": None}, "wrong_deployment"),
        ({"version": "1.1"}, "malformed"),
        ({"message_type": "LtiSubmissionReviewRequest"}, "malformed"),
        ({"resource_link": None}, "malformed"),
        ({"nonce": None}, "malformed"),
        ({"exp": None}, "malformed"),
        ({"iat": None}, "malformed"),
        ({"sub": None}, "malformed"),
        ({"sub": ""}, "nobody"),
    ],
)
def test_a_message_with_one_thing_wrong_is_refused(site: LmsPlatform, changes: dict[str, Any], why: str) -> None:
    assert refused(site, site.id_token(ANA, "n", **changes)) == why


def test_two_audiences_are_well_where_we_are_named(site: LmsPlatform) -> None:
    assert read(site, site.id_token(ANA, "n", aud=[CLIENT, "another"], azp=CLIENT)).subject == ANA.sub


def test_clocks_may_differ_by_two_minutes_and_no_more(site: LmsPlatform) -> None:
    near, far = SKEW - 30, SKEW + 30
    for from_now, why in (
        ({"exp": -near}, ""),
        ({"exp": -far}, "expired"),
        ({"iat": near, "exp": 600}, ""),
        ({"iat": far, "exp": 600}, "clock"),
        ({"nbf": far, "exp": 600}, "clock"),
    ):
        token = site.id_token(ANA, "n", **{name: int(time.time()) + moment for name, moment in from_now.items()})
        assert (refused(site, token) if why else read(site, token).subject) == (why or ANA.sub), from_now


def test_only_the_sites_own_keys_sign(site: LmsPlatform) -> None:
    stranger = Key(site.keys[0].kid)  # with the id of the site's key
    assert refused(site, site.id_token(ANA, "n", key=stranger)) == "signature"
    assert refused(site, site.id_token(ANA, "n", key=Key())) == "signature"
    honest = site.id_token(ANA, "n")
    head, body, signed = honest.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "grace-sub"}).encode()).decode().rstrip("=")
    assert refused(site, f"{head}.{forged}.{signed}") == "signature"
    # -- a token that says of itself that it needs no signature, or that the public key is a shared word
    kid = {"kid": site.keys[0].kid}
    assert refused(site, jwt.encode(claims, None, "none", headers=kid)) == "signature"
    pem = (
        site.keys[0]
        .private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT"} | kid).encode()).decode().rstrip("=")
    by_hand = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signed = base64.urlsafe_b64encode(by_hand.sign(f"{head}.{body}".encode(), pem)).decode().rstrip("=")
    assert refused(site, f"{head}.{body}.{signed}") == "signature"
    assert refused(site, jwt.encode(claims, site.keys[0].private, "RS256")) == "signature"  # no id of a key
    for nonsense in ("", "a.b.c", "é", "x" * 100_000):
        assert refused(site, nonsense) == "malformed"


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([f"{ROLE}Learner"], "learns"),
        ([f"{ROLE}Instructor", "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty"], "teaches"),
        (["http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"], "assists"),
        (["http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#GuestInstructor"], "teaches"),
        ([f"{ROLE}TeachingAssistant"], "assists"),
        (["Learner"], "learns"),
        # An instructor of the school, or its administrator, who is a student of this course or nothing in it.
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor", f"{ROLE}Learner"], "learns"),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], ""),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], ""),
        ([f"{ROLE}Mentor", f"{ROLE}ContentDeveloper", 7], ""),
        ("Instructor", ""),
        (["https://evil.example/membership#Instructor"], ""),
    ],
)
def test_only_roles_in_the_course_count(site: LmsPlatform, roles: Any, expected: str) -> None:
    said = read(site, site.id_token(ANA, "n", roles=roles))
    assert [role for role in ("teaches", "assists", "learns") if getattr(said, role)] == expected.split()


# -- keys -------------------------------------------------------------------------------------------


def test_a_new_key_of_the_site_is_found_and_an_unknown_one_is_not_asked_for_each_time() -> None:
    site = LmsPlatform()
    now = 0.0
    keys, platform = SignerKeys(lambda: now), platform_of(site)

    async def why(kid: str) -> str:
        try:
            await keys.find(platform, kid)
        except RefusedError as error:
            return error.why
        return ""

    async def story() -> None:
        nonlocal now
        first = site.keys[0].kid
        assert [await why(first) for _ in range(3)] == [""] * 3 and site.asked_for_keys == 1
        assert {await why(f"no-{number}") for number in range(5)} == {"signature"} and site.asked_for_keys == 1
        site.rotate()
        now += 60
        assert await why(site.keys[0].kid) == "" and await why(first) == "signature"
        asked = site.asked_for_keys
        site.close()
        now += 2 * 3600  # it does not answer: its keys hold for a day
        assert await why(site.keys[0].kid) == "" and site.asked_for_keys == asked
        now += 24 * 3600
        assert await why(site.keys[0].kid) == "site_silent"

    asyncio.run(story())


# -- the service ------------------------------------------------------------------------------------


class Service:
    """The service, at a port of this machine, and a browser that keeps its cookie."""

    def __init__(self, told: Settings, sockets: list[Any]) -> None:
        self.now = time.time()
        self.base = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/services/lti/"
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()

        async def serve() -> None:
            self.app = Lti("/services/lti/", told, SECRET, Visits(lambda: self.now), offers=self.offers)
            HTTPServer(self.app).add_sockets(sockets)
            ready.set()

        def run() -> None:
            asyncio.set_event_loop(self.loop)
            self.loop.create_task(serve())
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        assert ready.wait(seconds(30))
        self.cookie = ""

    async def offers(self, course: str) -> list[Offer]:
        return [Offer("00-start", "Start <here>", 0), Offer("05-x", "Questions", 14)] if course == "sw101" else []

    def ask(self, path: str, sent: dict[str, Any] | None = None, **headers: str) -> requests.Response:
        told = {"Cookie": f"{LTI_COOKIE}={self.cookie}"} if self.cookie else {}
        method = "GET" if sent is None else "POST"
        said = requests.request(
            method, self.base + path, data=sent, headers=told | headers, allow_redirects=False, timeout=seconds(30)
        )
        if found := re.match(rf"{LTI_COOKIE}=([^;]+);", said.headers.get("Set-Cookie", "")):
            self.cookie = found[1]
        return said

    def begin(self, site: LmsPlatform, login: str = "ana", **how: Any) -> dict[str, str]:
        """Open a link at the site; what the site has the browser send us then."""
        said = self.ask("login", site.initiation(login, **how))
        assert said.status_code == 303, said.text
        form = requests.get(said.headers["Location"], timeout=seconds(30)).text
        return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))

    def enter(self, code: str, browser: str | None = None, secret: str = SECRET) -> requests.Response:
        body = json.dumps({"browser": self.cookie if browser is None else browser, "code": code})
        return requests.post(
            self.base + "enter", body, headers={"Authorization": f"token {secret}"}, timeout=seconds(30)
        )


@pytest.fixture(scope="module")
def told(site: LmsPlatform, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[Any]]:
    sockets = bind_sockets(0, "127.0.0.1")
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    key = Key().private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    courses = (LinkedCourse("sw101", "Ethics", "campus", "context-1"), LinkedCourse("sw202", "Later", "campus", ""))
    state = tmp_path_factory.mktemp("lti")
    return Settings((platform_of(site),), courses, address, state, key.decode(), "a secret of names"), sockets


@pytest.fixture(scope="module")
def started(told: tuple[Settings, list[Any]]) -> Service:
    return Service(*told)


@pytest.fixture
def service(started: Service, site: LmsPlatform) -> Service:
    started.cookie, started.now = "", time.time()
    site.tool = started.app.told.address
    return started


def code_of(said: requests.Response) -> str:
    assert said.status_code == 303, said.text
    place = urlsplit(said.headers["Location"])
    assert place.path == "/hub/lti/enter"
    return parse_qs(place.query)["code"][0]


def problem_of(said: requests.Response) -> str:
    assert said.status_code == 403 and "Location" not in said.headers
    return said.text


def test_who_comes_from_the_site_is_told_to_the_hub_once(service: Service, site: LmsPlatform) -> None:
    code = code_of(service.ask("launch", service.begin(site, module="05-x")))
    assert service.enter(code, secret="a guess").status_code == 403
    who = service.enter(code).json()
    assert who == {
        "issuer": site.url,
        "subject": ANA.sub,
        "given_name": "Ana",
        "family_name": "Ruiz",
        "email": ANA.email,
        "number": "",
        "course": "sw101",
        "teaches": False,
        "assists": False,
        "module": "05-x",
    }
    assert service.enter(code).status_code == 404  # it was used


def test_what_a_launch_tells_of_grades_and_class_list_is_kept(service: Service, site: LmsPlatform) -> None:
    scopes = ["https://purl.imsglobal.org/spec/lti-ags/scope/score"]
    site.changes |= {
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": scopes,
            "lineitems": f"{site.url}/lineitems",
            "lineitem": f"{site.url}/lineitems/5",
        },
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": f"{site.url}/members",
            "service_versions": ["2.0"],
        },
    }
    for login in ("ana", "grace"):
        code_of(service.ask("launch", service.begin(site, login, module="05-x")))
    store = service.app.store
    (place,) = store.places("sw101")
    assert (place.issuer, place.client, place.deployment, place.context) == (site.url, CLIENT, DEPLOYMENT, "context-1")
    assert (place.lineitems, place.memberships) == (f"{site.url}/lineitems", f"{site.url}/members")
    assert place.scopes == {*scopes} and store.link(place.id, "05-x").lineitem == f"{site.url}/lineitems/5"
    account = service.app.told.account(site.url, ANA.sub)
    assert {name: (one.sub, one.has_come) for name, one in store.students("sw101").items()} == {
        account: (ANA.sub, True)
    }


def test_a_code_is_of_no_use_in_another_browser_or_later(service: Service, site: LmsPlatform) -> None:
    code = code_of(service.ask("launch", service.begin(site)))
    assert service.enter(code, browser="x" * 43).status_code == 404
    code = code_of(service.ask("launch", service.begin(site)))
    service.now += 121
    assert service.enter(code).status_code == 404


def test_what_was_begun_in_another_browser_is_refused(service: Service, site: LmsPlatform) -> None:
    theirs = service.begin(site)
    service.cookie = ""
    assert "kept no cookie" in problem_of(service.ask("launch", theirs))
    service.cookie = "y" * 43
    assert "was not opened from your course site in this browser" in problem_of(service.ask("launch", theirs))


def test_a_launch_counts_once_and_for_ten_minutes(service: Service, site: LmsPlatform) -> None:
    sent = service.begin(site)
    code_of(service.ask("launch", sent))
    assert "was used already" in problem_of(service.ask("launch", sent))
    late = service.begin(site)
    service.now += 601
    assert "has run out" in problem_of(service.ask("launch", late))


def test_a_state_that_is_missing_forged_or_anothers_is_refused(service: Service, site: LmsPlatform) -> None:
    first, second = service.begin(site), service.begin(site)
    for state in ("", "nonsense", jwt.encode({"until": 1e12}, "another word that is long enough", "HS256")):
        assert "was not opened from your course site" in problem_of(service.ask("launch", {**first, "state": state}))
    # -- two of one browser: the nonce of one with the state of the other
    assert "was not opened" in problem_of(service.ask("launch", {**first, "state": second["state"]}))
    code_of(service.ask("launch", second))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"context": {"id": "c<2>", "title": "Another"}}, "lms_context = &#34;c&lt;2&gt;&#34;"),
        ({"context": None}, "is not linked to a course here yet"),
        ({"deployment_id": "d2"}, "does not know the deployment d2"),
        ({"roles": []}, "does not say that you learn or teach in the course Ethics"),
    ],
)
def test_who_sets_it_up_is_told_what_is_missing(
    service: Service, site: LmsPlatform, changes: dict[str, Any], said: str
) -> None:
    site.changes = changes
    assert said in problem_of(service.ask("launch", service.begin(site)))


def test_a_site_that_nobody_registered_is_named(service: Service, site: LmsPlatform) -> None:
    unknown = {**site.initiation("ana"), "iss": "https://other.example/<b>"}
    assert "https://other.example/&lt;b&gt;" in problem_of(service.ask("login", unknown))
    unknown = {**site.initiation("ana"), "client_id": "client-2"}
    assert "client-2" in problem_of(service.ask("login", unknown))
    assert "is not a launch" in problem_of(service.ask("login", {"iss": site.url}))


def test_somebody_who_is_not_signed_in_at_the_site_is_told_so(service: Service, site: LmsPlatform) -> None:
    assert "did not say who you are" in problem_of(service.ask("launch", service.begin(site, "nobody")))


def test_inside_a_page_of_the_site_a_new_window_is_offered(service: Service, site: LmsPlatform) -> None:
    said = service.ask("login", site.initiation("ana", module="05-x"), **{"Sec-Fetch-Dest": "iframe"})
    assert said.status_code == 200 and 'target="_blank"' in said.text and "Set-Cookie" not in said.headers
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', said.text))
    assert fields == site.initiation("ana", module="05-x")
    policy = said.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "<script" not in said.text


def test_the_cookie_goes_along_from_another_site_and_no_script_reads_it(service: Service, site: LmsPlatform) -> None:
    said = service.ask("login", site.initiation("ana"))
    (cookie,) = said.headers["Set-Cookie"].split("\n")
    assert {"HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/"} <= {*cookie.split("; ")}
    again = service.ask("login", site.initiation("ana"))  # a second tab of the same browser
    assert again.headers["Set-Cookie"].split(";")[0] == cookie.split(";")[0]


def fields_of(page: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}


def test_who_teaches_picks_modules_with_their_points(service: Service, site: LmsPlatform) -> None:
    shown = service.ask("launch", service.begin(site, "grace", picks=True))
    assert shown.status_code == 200 and "Start &lt;here&gt;" in shown.text and "14 points" in shown.text
    picking = re.findall(r'name="picking" value="([^"]+)"', shown.text)[0]
    # A third module is none that was offered.
    said = service.ask("pick", {"picking": picking, "module": ["00-start", "05-x", "another"]})
    assert f'action="{site.url}/picked"' in said.text
    assert requests.post(
        f"{site.url}/picked", fields_of(said.text), timeout=seconds(30)
    ).ok  # the site looks at the signature
    base = service.app.told.base
    assert site.picked == [
        {
            "type": "ltiResourceLink",
            "title": "Start <here>",
            "url": f"{base}open?module=00-start",
            "custom": {"module": "00-start"},
        },
        {
            "type": "ltiResourceLink",
            "title": "Questions",
            "url": f"{base}open?module=05-x",
            "custom": {"module": "05-x"},
            "lineItem": {"scoreMaximum": 14, "label": "Questions", "resourceId": "05-x", "tag": "fieldguide"},
        },
    ]
    assert "has run out" in problem_of(service.ask("pick", {"picking": picking, "module": "05-x"}))


def test_the_list_is_in_the_language_of_the_site(service: Service, site: LmsPlatform) -> None:
    presentation = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation"
    site.changes = {presentation: {"locale": "es-MX"}}
    assert "Elige módulos para tu curso" in service.ask("launch", service.begin(site, "grace", picks=True)).text


def test_who_learns_picks_nothing_and_nobody_picks_in_anothers_place(service: Service, site: LmsPlatform) -> None:
    assert "Only who teaches" in problem_of(service.ask("launch", service.begin(site, picks=True)))
    shown = service.ask("launch", service.begin(site, "grace", picks=True))
    picking = fields_of(shown.text)["picking"]
    service.cookie = "z" * 43
    assert "in this browser" in problem_of(service.ask("pick", {"picking": picking, "module": "05-x"}))


def test_a_picked_link_opens_its_module_by_its_address_too(service: Service, site: LmsPlatform) -> None:
    site.changes = {"target_link_uri": f"{service.app.told.base}open?module=05-x"}
    assert service.enter(code_of(service.ask("launch", service.begin(site)))).json()["module"] == "05-x"


def test_with_https_no_other_machine_can_set_the_cookie(
    told: tuple[Settings, list[Any]], site: LmsPlatform, tmp_path: Path
) -> None:
    secure = replace(told[0], address="https://guide.school.edu", state=tmp_path)
    said = Service(secure, bind_sockets(0, "127.0.0.1")).ask("login", site.initiation("ana"))
    assert said.headers["Set-Cookie"].startswith(f"__Host-{LTI_COOKIE}=")
    sent = parse_qs(urlsplit(said.headers["Location"]).query)
    assert sent["redirect_uri"] == ["https://guide.school.edu/services/lti/launch"]


def test_canvas_is_told_all_that_it_asks_for(service: Service) -> None:
    at = service.app.told.base
    said = service.ask("canvas.json").json()
    assert (said["oidc_initiation_url"], said["public_jwk_url"]) == (f"{at}login", f"{at}keys")
    placements = said["extensions"][0]["settings"]["placements"]
    assert {one["target_link_uri"] for one in placements} == {f"{at}open", f"{at}pick"}
    for path in ("open", "pick"):  # which nobody opens without a course site
        assert "was not opened from your course site" in problem_of(service.ask(path))


def test_our_public_key_is_there_for_the_site_and_the_private_one_is_not(service: Service) -> None:
    (key,) = service.ask("keys").json()["keys"]
    assert {*key} == {"kty", "n", "e", "kid", "alg", "use"}
    signed = jwt.encode({"a": 1}, service.app.told.key, "RS256", headers={"kid": key["kid"]})
    assert jwt.decode(signed, jwt.PyJWK(key), ["RS256"]) == {"a": 1}


def test_no_log_holds_what_stands_for_somebody(
    service: Service, site: LmsPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    sent = service.begin(site)
    code = code_of(service.ask("launch", sent))
    service.ask("launch", sent)
    told = caplog.text
    assert "Not let in: again" in told  # that it is the log of all this
    for secret in (sent["id_token"], sent["state"], code, service.cookie, ANA.sub, "Ruiz", ANA.email):
        assert secret not in told


def test_the_hub_says_why_in_words_and_nothing_else_is_said(service: Service) -> None:
    told = service.ask("told/not_teaching?course=sw101&account=p-abc")
    assert "fieldguide-admin instructor add sw101 p-abc" in told.text and told.status_code == 403
    assert service.ask("told/not_teaching?course=sw101&account=<b>").status_code == 404
    assert service.ask("told/signature").status_code == 404


def test_settings_are_read_as_apply_writes_them(tmp_path: Path) -> None:
    from fieldguide.lti.settings import read_settings
    from fieldguide.school.planning import Places, lti_settings
    from fieldguide.school.reading import Course, School

    places = Places(tmp_path)
    places.state.mkdir(parents=True)
    places.lti.with_suffix(".key").write_text("PEM")
    places.names_secret.write_text("word\n")
    site = Lms("canvas", "https://i", "c", ("1", "2"), "https://a", "https://t", "https://k")
    course = Course("sw101", "Ethics", ("grace",), lms="canvas", lms_context="ctx")
    (tmp_path / "lti.json").write_text(lti_settings(School((course, Course("b", "B", ("joan",))), (site,)), places))
    told = read_settings(tmp_path / "lti.json")
    assert told.platform("https://i", "c") == told.platform("https://i") == site
    assert told.platforms[0].deployments == ("1", "2") and [course.id for course in told.courses] == ["sw101"]
    assert told.course(told.platforms[0], "ctx") == told.courses[0] and told.course(told.platforms[0], "") is None
    assert (told.key, told.names_secret) == ("PEM", "word")


# -- in a browser -----------------------------------------------------------------------------------


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-US")
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_inside_a_page_of_the_site_the_course_opens_in_a_new_window(
    service: Service, site: LmsPlatform, window: Page
) -> None:
    window.goto(f"{site.url}/course?login=ana&module=05-x&in=frame")
    window.get_by_role("button", name="Open").click()
    with window.context.expect_page() as opened:
        window.frame_locator("iframe").get_by_role("button", name="Open the course").click()
    opened.value.wait_for_url(f"{service.app.told.address}/hub/lti/enter?code=*")
    (cookie,) = [one for one in window.context.cookies() if one["name"] == LTI_COOKIE]
    code = parse_qs(urlsplit(opened.value.url).query)["code"][0]
    assert service.enter(code, browser=cookie["value"]).json()["module"] == "05-x"


@pytest.mark.browser
def test_modules_are_picked_inside_a_page_of_the_site(service: Service, site: LmsPlatform, window: Page) -> None:
    window.goto(f"{site.url}/course?login=grace&picks=yes&in=frame")
    window.get_by_role("button", name="Open").click()
    frame = window.frame_locator("iframe")
    frame.get_by_label(re.compile("14 points")).press("Space")
    frame.get_by_role("button", name="Add to the course").click()
    expect(frame.get_by_role("heading", name="1 added to the course")).to_be_visible()
    assert [one["custom"] for one in site.picked] == [{"module": "05-x"}]


@pytest.mark.browser
def test_what_people_see_on_the_way_bars_nobody(service: Service, site: LmsPlatform, window: Page) -> None:
    window.goto(f"{service.base}told/not_teaching?course=sw101&account=p-abc")
    bars_nobody(window)
    fits_every_window(window)
    window.goto(f"{site.url}/course?login=grace&picks=yes")
    window.get_by_role("button", name="Open").click()
    expect(window.get_by_role("heading", name="Pick modules for your course")).to_be_visible()
    bars_nobody(window)
    fits_every_window(window)
