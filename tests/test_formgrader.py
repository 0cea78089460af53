"""Formgrader's pages: whatever a student, a person or a module is called, it is text there and never script."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from browser import JupyterServer
from conftest import PROJECT
from course import Course
from graded import grade, with_config
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page, expect
from test_grading import CLASS

from fieldguide.grading.formgrader import escape_names

#: Each would run in a page that puts it between tags, into an attribute or into a script's text as it stands.
HOSTILE = (
    "<img src=x onerror=window.canary=1>",
    '"><svg onload=window.canary=1>',
    "'-window.canary++-'",
    '";window.canary=1;"',
    "{{ 7*7 }}<b>&amp;",
)
HARMLESS = "Bob's & Ann's \u201cquiz\u201d"  # nobody has to give up a name that nbgrader takes
ENDS_A_SCRIPT = "</script><script>window.canary=1</script>"  # no folder can be called so


@dataclass
class Graded:
    """A course whose gradebook is older than the rule for ids, in Formgrader."""

    server: JupyterServer
    submissions: list[str]


@pytest.fixture(scope="module")
def formgrader(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    folder = tmp_path_factory.mktemp("formgrader")
    course = with_config(generated.copy(folder / "course", stock=False))
    course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})
    grade(course)
    graded = course.root / "autograded" / "ana"
    with Gradebook(course.db_url) as gradebook:
        for name in (*HOSTILE, ENDS_A_SCRIPT):
            gradebook.update_or_create_student(name, first_name=name, last_name=name, email=name)
            gradebook.update_or_create_submission("small", name)
            gradebook.update_or_create_assignment(f"module {name}")
        for name in HOSTILE:
            shutil.copytree(graded, graded.with_name(name))
            shutil.copytree(course.root / "submitted" / "ana", course.root / "submitted" / name)
            shutil.copytree(course.root / "source" / "small", course.root / "source" / f"module {name}")
        shutil.copytree(course.root / "source" / "small", course.root / "source" / HARMLESS)
        shutil.copytree(course.root / "submitted" / "ana" / "small", course.root / "submitted" / "ana" / HARMLESS)
        for submission in gradebook.assignment_submissions("small"):
            for comment in submission.notebooks[0].comments:
                comment.manual_comment = " ".join((*HOSTILE, ENDS_A_SCRIPT))
        gradebook.db.commit()
        submissions = [submission.notebooks[0].id for submission in gradebook.assignment_submissions("small")]
    home = folder / "home"
    (home / "config").mkdir(parents=True)
    settings = (course.root / "nbgrader_config.py").read_text("utf-8")
    settings += f"c.CourseDirectory.root = {str(course.root)!r}\nc.CourseDirectory.course_id = 'ethics'\n"
    (home / "config" / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    server = JupyterServer(course.root, home)
    yield Graded(server, submissions)
    server.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_init_script("window.dialogs = 0; window.alert = window.confirm = () => { window.dialogs++ }")
    yield page
    page.close()


def looks_harmless(page: Page) -> bool:
    found: bool = page.evaluate("window.canary === undefined && window.dialogs === 0")
    return found and page.locator("svg[onload], img[onerror]").count() == 0


@pytest.mark.parametrize(
    ("ours", "installed"),
    [
        ("jupyter_server.json", "etc/jupyter/jupyter_server_config.d/fieldguide-grading.json"),
        ("formgrade/mathjax.html.j2", "share/jupyter/nbconvert/templates/formgrade/mathjax.html.j2"),
    ],
)
def test_what_is_installed_is_what_is_here(ours: str, installed: str) -> None:
    here = PROJECT / "src" / "fieldguide" / "grading" / ours
    assert (Path(sys.prefix) / installed).read_bytes() == here.read_bytes(), "Install again: pip install --no-deps -e ."


def test_a_students_server_has_no_formgrader_to_change() -> None:
    settings: dict[str, object] = {}
    escape_names(settings)
    assert settings == {}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "cells"),
    [
        ("manage_students", "td.name"),
        ("manage_assignments", "td.name"),
        ("manage_submissions/small", "td.student-id"),
        ("gradebook", "td.name"),
        ("gradebook/small/small", "td.name"),
    ],
)
def test_lists_show_names_as_text(formgrader: Graded, page: Page, address: str, cells: str) -> None:
    page.goto(f"{formgrader.server.url}/formgrader/{address}", wait_until="networkidle")
    page.locator(cells).first.wait_for()
    if address.endswith("small/small"):
        page.locator("#toggle_names").click()
    texts = " ".join(page.locator(f"{cells}:visible").all_inner_texts())
    for name in HOSTILE:
        assert name in texts
    assert looks_harmless(page)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("name", (*HOSTILE, "<img src=y onerror=window.canary=1>"))
def test_a_page_of_one_student_or_module_shows_its_name_as_text(formgrader: Graded, page: Page, name: str) -> None:
    said = quote(name, safe="")
    for address in (
        *(f"manage_students/{said}", f"manage_students/{said}/small", f"manage_students/ana/{said}"),
        *(f"manage_submissions/{said}", f"gradebook/{said}", f"gradebook/{said}/{said}"),
    ):
        page.goto(f"{formgrader.server.url}/formgrader/{address}", wait_until="networkidle")
        assert name in page.locator(".breadcrumb").inner_text(), address
        assert looks_harmless(page), address


@pytest.mark.browser
@pytest.mark.slow
def test_a_students_page_to_score_shows_names_and_comments_as_text(formgrader: Graded, page: Page) -> None:
    shown = set()
    for submission in formgrader.submissions:
        page.goto(f"{formgrader.server.url}/formgrader/submissions/{submission}/", wait_until="networkidle")
        if not page.locator("#notebook").count():  # the one that can have no folder
            continue
        page.locator(".breadcrumb .glyphicon.name-hidden").click()
        shown.add(page.locator(".breadcrumb a.name-shown").inner_text().strip())
        expect(page.locator("textarea.comment").first).to_have_value(re.compile(re.escape(ENDS_A_SCRIPT)))
        assert looks_harmless(page), submission
    assert shown == {"ana", *(f"{name}, {name}" for name in HOSTILE)}


@pytest.mark.browser
@pytest.mark.slow
def test_a_name_with_signs_in_it_finds_what_is_its(formgrader: Graded, page: Page) -> None:
    page.goto(f"{formgrader.server.url}/formgrader/manage_submissions/{quote(HARMLESS)}", wait_until="networkidle")
    expect(page.locator("td.student-id")).to_have_text(["ana"])
    page.goto(f"{formgrader.server.url}/formgrader/manage_students/{quote(HOSTILE[2])}", wait_until="networkidle")
    expect(page.locator("td.name", has_text=re.compile(r"^\s*small\s*$"))).to_have_count(1)


@pytest.mark.browser
@pytest.mark.slow
def test_a_student_is_edited_under_a_name_as_text(formgrader: Graded, page: Page) -> None:
    page.goto(f"{formgrader.server.url}/formgrader/manage_students", wait_until="networkidle")
    page.locator("td.name").first.wait_for()
    for row in range(page.locator("td.edit a").count()):
        page.locator("td.edit a").nth(row).click()
        page.locator("#edit-student-modal .modal-title").wait_for()
        assert looks_harmless(page)
        page.locator("#edit-student-modal .btn-danger").click()
        page.locator("#edit-student-modal").wait_for(state="detached")
