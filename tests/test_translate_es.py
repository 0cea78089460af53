"""The Spanish draft of a module: it can be built from today's English text, and a student can work in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import PROJECT
from playwright.sync_api import Browser, Page, expect
from school import Class
from test_translate import read_module_of, same_scores

from fieldguide.authoring.building import read_modules
from fieldguide.translate.building import LOCALE, Report, build_language, extract, read_translations, translated
from fieldguide.translate.sources import NOTICE, Sources

MODULE = "00-start-here"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, with its Spanish catalogues brought up to date."""
    folder = tmp_path_factory.mktemp("spanish")
    shutil.copytree(PROJECT / "modules", folder / "modules")
    shutil.copy(PROJECT / "nbgrader_config.py", folder)
    extract(folder, "es", [])
    return folder


def test_the_spanish_draft_can_be_used_and_says_that_nobody_has_reviewed_it(project: Path) -> None:
    sources, report = Sources.read(project), Report()
    texts = translated(sources, "es", read_translations(project, "es", sources, [MODULE, "glossary"], report))
    text = texts[Path("modules", f"{MODULE}.md")]
    assert "> **Esta traducción es un borrador.**" in text and NOTICE not in text
    assert "no speaker has reviewed it" in (PROJECT / LOCALE / "es" / f"{MODULE}.po").read_text("utf-8")
    english = next(module for module in read_modules(PROJECT) if module.id == MODULE)
    same_scores(english.own_items(), read_module_of(project, texts, MODULE).own_items())


@pytest.fixture(scope="module")
def draft(project: Path) -> Path:
    """The Spanish notebook of the module, as students get it."""
    build_language(project, "es")
    return project / "courses" / "es" / "release" / MODULE / f"{MODULE}.ipynb"


@pytest.mark.slow
@pytest.mark.browser
def test_a_student_opens_the_spanish_draft(draft: Path, school: Class) -> None:
    name = f"{MODULE}-es.ipynb"
    school.put(name, draft)
    page = school.open("notebook7", name)
    works_in_spanish(page)


@pytest.mark.slow
@pytest.mark.browser
def test_a_student_reads_the_spanish_draft_on_the_course_page(draft: Path, school: Class, browser: Browser) -> None:
    path = f"es/{MODULE}/{MODULE}.ipynb"
    school.put(path, draft)
    page = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-US").new_page()
    page.goto(f"{school.server.url}/fieldguide/module/{path}")
    expect(page.locator("main")).not_to_have_attribute("data-drawing", "")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_have_text("Para empezar")
    expect(page.get_by_role("navigation", name="Contenido")).to_be_visible()
    expect(page.get_by_role("link", name="Ir al texto")).to_be_attached()
    works_in_spanish(page)
    page.get_by_role("link", name="Entregar", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_have_text("Entregar: Para empezar")


def works_in_spanish(page: Page) -> None:
    """Read the module and check an answer in it."""
    expect(page.get_by_role("heading", name="Te damos la bienvenida")).to_be_visible()
    expect(page.get_by_role("blockquote").get_by_text("Esta traducción es un borrador.")).to_be_visible()
    card = page.locator("#fg-the-cat-in-the-essay")
    expect(card.get_by_text("¿Dónde está la gata ahora?")).to_be_visible()
    card.get_by_label("En ningún archivo; un ensayo se guarda tal como se lee ahora").check()
    card.get_by_role("button", name="Comprobar", exact=True).click()
    expect(card.get_by_text("Correcto", exact=True)).to_be_visible()
    reason = "El archivo de ensayos contiene el texto actual y nada anterior."
    expect(card.get_by_role("status").get_by_text(reason)).to_be_visible()
