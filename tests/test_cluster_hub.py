"""A cluster's hub as its files have it, on one machine: what people meet there, and what each may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from cluster_hub import ClusterHub, cluster_hub, word
from patience import seconds, until

pytestmark = [pytest.mark.slow, pytest.mark.in_order]

COURSES = {
    "sw101": {"title": "Ethics & media", "instructors": ["grace"], "students": ["ana", "ben"]},
    "sw202": {"title": "Policy", "instructors": ["grace", "ana"], "students": ["ben"]},
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
        assert page.url.removeprefix(f"{hub.url}/user/ana/fieldguide/") == first
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
