"""A cluster's hub as its files have it, on one machine: what people meet there, and what each may."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from assistants import INSTRUCTORS_ALONE, scored
from cluster_hub import ClusterHub, cluster_hub, word
from conftest import PROJECT
from patience import seconds, until

from fieldguide.responses import ResponseRecord

pytestmark = [pytest.mark.slow, pytest.mark.in_order]

MODULE = "03-code-of-ethics"
ESSAY = "She asks them first."
COURSES = {
    "sw101": {"title": "Ethics & media", "instructors": ["grace"], "assistants": ["tim"], "students": ["ana", "ben"]},
    "sw202": {"title": "Policy", "instructors": ["ana"], "students": ["ben", "tim"]},
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterHub]:
    with cluster_hub(tmp_path_factory.mktemp("cluster"), COURSES) as opened:
        yield opened


def press(hub: ClusterHub, browser: requests.Session, path: str, **form: str) -> requests.Response:
    """Press a button of the hub's page of somebody's courses."""
    home = browser.get(f"{hub.url}/hub/home", timeout=seconds(60)).text
    return browser.post(f"{hub.url}/hub/{path}", {"_xsrf": word(home), **form}, timeout=seconds(120))


def test_every_page_of_the_hub_that_people_meet_is_ours(hub: ClusterHub) -> None:
    stranger = requests.Session()
    stranger.trust_env = False
    form = stranger.get(f"{hub.url}/hub/login", headers={"Accept-Language": "es"}, timeout=seconds(60)).text
    assert '<html lang="es">' in form and "/hub/static/" not in form
    wrong = stranger.post(f"{hub.url}/hub/login", {"username": "ana", "password": "x", "_xsrf": word(form)})
    assert wrong.status_code == 403 and 'role="alert"' in wrong.text and "/hub/static/" not in wrong.text
    # Who is in no course is told so, wherever they go.
    browser, page = hub.log_in("elsewhere")
    assert page.url == f"{hub.url}/hub/home" and "You are in no course here." in page.text
    page = browser.get(f"{hub.url}/hub/spawn", timeout=seconds(60))
    assert page.status_code == 403 and "You are in no course here." in page.text and "/hub/static/" not in page.text
    page = browser.get(f"{hub.url}/hub/nowhere", timeout=seconds(60))
    assert page.status_code == 404 and "There is no such page" in page.text and "/hub/static/" not in page.text
    page = browser.get(f"{hub.url}/hub/logout", timeout=seconds(60))
    assert page.url == f"{hub.url}/hub/login" and "Log in to Field Guide" in page.text


def test_who_takes_one_course_comes_to_its_page(hub: ClusterHub) -> None:
    hub_of_one, page = hub.log_in("ben")
    assert page.url == f"{hub.url}/hub/home"  # ben takes two
    assert "Ethics &amp; media" in page.text and page.text.count("You take this course.") == 2
    press(hub, hub_of_one, "course", course="nbgrader-sw101")
    page = hub.wait_for(hub_of_one, "ben", "fieldguide/")
    assert page.status_code == 200 and "/user/ben/fieldguide/" in page.url
    assert (hub.folder / "home-ben" / "sw101").is_dir()
    refused = hub_of_one.get(f"{hub.url}/user/ben/fieldguide/desk", timeout=seconds(60))
    assert refused.status_code == 404


def test_who_teaches_one_course_and_takes_another_has_a_server_for_one_at_a_time(hub: ClusterHub) -> None:
    ana, page = hub.log_in("ana")
    assert "You teach this course." in page.text and "You take this course." in page.text
    # The first page that a server shows is that of the role.
    for place, first, disks in (("formgrade-sw202", "desk", True), ("nbgrader-sw101", "", False)):
        press(hub, ana, "course", course=place)
        page = hub.wait_for(ana, "ana", "")
        assert urlsplit(page.url).path == f"/user/ana/fieldguide/{first}"
        assert page.status_code == 200
        told = ana.get(f"{hub.url}/user/ana/fieldguide/desk", timeout=seconds(60)).status_code
        assert (told == 200) is disks
    assert (hub.folder / "fieldguide-course-sw202" / "nbgrader_config.py").is_file()
    assert not (hub.folder / "fieldguide-course-sw101").exists()
    # A course that is not theirs is opened by nothing.
    page = press(hub, ana, "course", course="formgrade-sw101")
    assert page.status_code == 403 and "Choose one of your courses." in page.text
    press(hub, ana, "close")
    until(lambda: 'id="stop"' not in ana.get(f"{hub.url}/hub/home", timeout=seconds(60)).text)


def test_a_module_goes_round_and_an_assistant_scores_it_under_their_own_name(hub: ClusterHub) -> None:
    grace, _ = hub.log_in("grace")
    hub.wait_for(grace, "grace", "fieldguide/desk")
    at_desk = f"{hub.url}/user/grace/fieldguide/desk"
    shutil.copytree(PROJECT / "source" / MODULE, hub.folder / "fieldguide-course-sw101" / "source" / MODULE)

    def work(step: str, **form: str) -> str:
        sent = {"_xsrf": word(grace.get(f"{at_desk}/{step}/{MODULE}", timeout=seconds(60)).text), **form}
        answer = grace.post(f"{at_desk}/{step}/{MODULE}", sent, allow_redirects=False, timeout=seconds(120))
        assert answer.status_code == 303 and "busy" not in answer.headers["Location"], answer.text
        ask = f"{at_desk}/look"
        told = until(lambda: (look := grace.get(ask, timeout=seconds(120)).json()) and not look["working"] and look)
        return str(told["work"])

    work("make")
    assert "is released" in work("release", due="2099-12-04T23:59", zone="UTC")

    ana, _ = hub.log_in("ana")
    press(hub, ana, "course", course="nbgrader-sw101")
    page = hub.wait_for(ana, "ana", "fieldguide/")
    sent = {"_xsrf": word(page.text), "module": MODULE, "course": "sw101"}
    home = ana.post(f"{hub.url}/user/ana/fieldguide/look", sent, timeout=seconds(120)).json()
    assert home["trouble"] is None and MODULE in home["html"]
    page = ana.post(f"{hub.url}/user/ana/fieldguide/start", sent, timeout=seconds(120))
    assert page.status_code == 200 and "the-caption" in page.text
    ResponseRecord(hub.folder / "home-ana" / "sw101" / MODULE, MODULE).save_essay("the-caption", ESSAY)
    handing = f"{hub.url}/user/ana/fieldguide/hand-in/{MODULE}/{MODULE}.ipynb"
    page = ana.post(handing, {"_xsrf": word(ana.get(handing, timeout=seconds(60)).text)}, timeout=seconds(120))
    assert page.status_code == 200 and page.url.endswith("handed-in")
    assert "1 graded" in work("collect", set_aside="")

    tim, _ = hub.log_in("tim")
    press(hub, tim, "course", course="assist-sw101")
    desk = hub.wait_for(tim, "tim", "")
    assert urlsplit(desk.url).path == "/user/tim/fieldguide/desk"
    assert "The rest needs an instructor. Instructors here: grace." in desk.text
    assert not [step for step in ("export", "roster", "report", "release", "formgrader") if f"/{step}" in desk.text]
    listed = tim.get(f"{hub.url}/user/tim/fieldguide/desk/score/{MODULE}", timeout=seconds(60)).text
    essay = hub.url + re.findall(r'href="([^"#]+/the-caption/[0-9a-f]{32})#text"', listed)[0]
    page = tim.get(essay, timeout=seconds(60))
    assert ESSAY in page.text
    assert tim.post(essay, scored(page.text) | {"comment": "Say which tenet.", "go": "stay"}, timeout=seconds(60)).ok
    log = (hub.folder / "fieldguide-course-sw101" / "grading-log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(log[-1])["by"] == "tim"
    told = tim.get(f"{hub.url}/user/tim/fieldguide/desk/score/{MODULE}", timeout=seconds(60)).text
    assert "An instructor takes the next step: Give feedback. Instructors here: grace." in told
    assert "/desk/feedback/" not in told


def test_an_assistant_gets_no_file_no_terminal_no_kernel_and_no_grades(hub: ClusterHub) -> None:
    (grace, _), (tim, _) = hub.log_in("grace"), hub.log_in("tim")
    seen = (
        *INSTRUCTORS_ALONE,
        *("api/contents", "api/terminals", "api/kernels", "api/sessions", "api/config/x", "api/me"),
    )
    for browser, name, expected in ((grace, "grace", 200), (tim, "tim", 403)):
        told = {at: browser.get(f"{hub.url}/user/{name}/{at}", timeout=seconds(60)).status_code for at in seen}
        assert told == dict.fromkeys(seen, expected)
    # What an assistant's own token may at most, where no cookie and no form is asked for.
    cookie = next(one.value for one in tim.cookies if one.name == "_xsrf" and one.path == "/hub/")
    headers = {"Referer": f"{hub.url}/hub/token", "X-XSRFToken": str(cookie)}
    made = tim.post(f"{hub.url}/hub/api/users/tim/tokens", headers=headers, json={}, timeout=seconds(60)).json()
    told = {"Authorization": f"token {made['token']}"}
    here = f"{hub.url}/user/tim"
    assert requests.get(f"{here}/fieldguide/desk", headers=told, timeout=seconds(60)).status_code == 200
    for method, at in (
        *(("GET", at) for at in seen),
        ("GET", "files/nbgrader_config.py"),
        ("POST", "api/kernels"),
        ("POST", "api/terminals"),
        ("PUT", "api/contents/nbgrader_config.py"),
        ("POST", f"fieldguide/desk/release/{MODULE}"),
        ("POST", f"fieldguide/desk/export/{MODULE}"),
    ):
        said = requests.request(method, f"{here}/{at}", headers=told, json={}, timeout=seconds(60))
        assert said.status_code == 403, (method, at)
    # Nor by the exchange, which an instructor's server asks for what everybody handed in.
    at = f"{hub.urls['exchange']}/services/exchange/submissions/sw101"
    assert requests.get(at, headers=told, timeout=seconds(60)).status_code == 403


def test_what_somebody_wrote_as_a_student_is_not_there_where_they_assist(hub: ClusterHub) -> None:
    tim, _ = hub.log_in("tim")
    press(hub, tim, "course", course="nbgrader-sw202")
    hub.wait_for(tim, "tim", "fieldguide/")
    settings = hub.folder / "home-tim" / ".jupyter" / "jupyter_server_config.py"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text("from pathlib import Path\nPath('mine').touch()\n", encoding="utf-8")
    press(hub, tim, "course", course="assist-sw101")
    assert hub.wait_for(tim, "tim", "fieldguide/desk").status_code == 200
    assert not list(hub.folder.glob("*/mine"))
    # As a student they have it, which shows that it would have been found.
    press(hub, tim, "course", course="nbgrader-sw202")
    hub.wait_for(tim, "tim", "fieldguide/")
    assert (hub.folder / "home-tim" / "sw202" / "mine").exists()
