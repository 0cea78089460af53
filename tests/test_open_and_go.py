"""Open and go, in real servers and a real browser: what runs by itself, what never does, and in hostile company."""

from __future__ import annotations

import ast
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import MODULE, PROJECT
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect
from school import (
    APPS,
    CARDS,
    CODE_CELLS,
    NOTEBOOK,
    Class,
    card_count,
    mark_cards_as_old,
    settled,
    wait_for_cards,
    wait_for_idle_kernel,
)

from fieldguide.opening.copies import AutorunPolicy, OwnCopies

OPENING = PROJECT / "src" / "fieldguide" / "opening"

# Writes down every code cell's input, "•••" or prompt that could be seen in any frame.
WATCH_FOR_CODE = """
window.codeSeen = [];
(function look() {
    for (const part of document.querySelectorAll(
        ".jp-CodeCell :is(.jp-InputArea, .jp-InputPrompt, .jp-OutputPrompt), .jp-InputPlaceholder")) {
        const { width, height } = part.getBoundingClientRect();
        if (width && height && part.checkVisibility({ visibilityProperty: true })) codeSeen.push(part.textContent);
    }
    requestAnimationFrame(look);
})();
"""


@pytest.fixture(scope="module", params=APPS)
def opened(school: Class, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The open edition, just opened; nobody has pressed anything."""
    path = f"{request.param}/{NOTEBOOK}"
    school.put(path, PROJECT / "notebooks" / NOTEBOOK)
    page = school.open(request.param, path, lambda page: page.add_init_script(WATCH_FOR_CODE))
    wait_for_cards(page, CARDS)
    yield page
    page.context.close()


# -- what a person sees ----------------------------------------------------------------------------


@pytest.mark.browser
def test_it_opens_with_no_click_and_no_code(opened: Page, school: Class) -> None:
    settled(opened)
    assert opened.evaluate("codeSeen") == []
    expect(opened.locator(".fg-module")).to_be_visible()
    expect(opened.locator("strong", has_text="If you see no questions below")).to_be_hidden()
    expect(opened.locator(".fg-says")).to_have_text("")
    assert opened.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop") == 0
    assert opened.evaluate("document.activeElement.closest('.jp-Notebook') !== null")
    expect(opened.locator(".jp-mod-dirty")).to_have_count(0)
    expect(opened.locator(".fg-ours")).to_have_count(CODE_CELLS)  # cells are drawn a few at a time
    assert school.asked[opened] == CODE_CELLS


@pytest.mark.browser
def test_a_key_pressed_in_a_question_stays_there(opened: Page) -> None:
    cells = opened.locator(".jp-Notebook .jp-Cell")
    before = len(json.loads((PROJECT / "notebooks" / NOTEBOOK).read_text("utf-8"))["cells"])
    expect(cells).to_have_count(before)  # they are drawn one by one
    for control in ("input[type=radio]", "select", ".fg-foot button"):
        opened.locator(f".fg-card {control}").first.focus()
        for key in ("b", "a", "d", "d", "x", "c", "v", "m", "Escape", "b"):
            opened.keyboard.press(key)
    settled(opened)
    assert cells.count() == before


@pytest.mark.browser
def test_a_restarted_kernel_brings_the_questions_back(opened: Page) -> None:
    mark_cards_as_old(opened)
    opened.locator(".lm-MenuBar-itemLabel:text-is('Kernel')").click()
    opened.locator("li[data-command='kernelmenu:restart']").click()
    opened.locator(".jp-Dialog .jp-mod-accept").click()
    wait_for_cards(opened, CARDS)
    settled(opened)
    assert opened.evaluate("codeSeen") == []


@pytest.mark.browser
def test_a_page_opened_again_finds_its_kernel(opened: Page) -> None:
    opened.reload()
    wait_for_cards(opened, CARDS)
    settled(opened)
    assert opened.evaluate("codeSeen") == []


def test_without_the_extension_the_first_line_says_what_to_press() -> None:
    for path in (PROJECT / "notebooks" / NOTEBOOK, PROJECT / "release" / MODULE / NOTEBOOK):
        first = nbformat.read(path, as_version=4).cells[0]
        assert first.id == "how-to-start"
        assert "Run All Cells" in first.source.splitlines()[0]


# -- a hostile folder ------------------------------------------------------------------------------

# Imported by a stock kernel, by ours, by Python itself, or read by IPython, Jupyter, jupytext or nbgrader.
HOSTILE_FILES = [
    *("fieldguide", "anywidget", "ipywidgets", "yaml", "comm", "traitlets", "psygnal", "matplotlib_inline", "debugpy"),
    *("sitecustomize", "usercustomize", "random", "typing", "json", "jupyter_client", "zmq", "tornado"),
    *("ipykernel_launcher", "ipykernel/__init__", "IPython/__init__", "ipython_config", "ipython_kernel_config"),
    *("profile_default/startup/first", "profile_default/ipython_config", ".ipython/profile_default/startup/first"),
    *("jupyter_config", "jupyter_server_config", "nbgrader_config", ".jupytext"),
]


def lookalikes(code: str) -> list[str]:
    """Cells that are not quite ours, each with code that would run if the cell did."""
    return [
        f"%%item {{{code}}}\nid: a",
        f"%%item ${{{code}}}\nid: a",
        f"%%item;{code}\nid: a",
        f"%%item\r{code}\nid: a",
        f"%%item\x0b{code}\nid: a",
        f"%%item\x85{code}\nid: a",
        f"%%item\u2028{code}\nid: a",
        f"\n%%item\n{code}",
        f" %%item\n {code}",
        f"\ufeff%%item\n{code}",
        f"# %%item\n{code}",
        f"{code}\n%%item\nid: a",
        f">>> %%item\n>>> {code}",
        f"In [1]: %%item\nIn [2]: {code}",
        f"%%Item\n{code}",
        f"%%items\n{code}",
        f"%%python\n{code}",
        f"%%capture\n%%item\n{code}",
        f"%load_ext fieldguide\n{code}",
        f"%load_ext fieldguide;{code}",
        f"%load_ext fieldguide {{{code}}}",
        f"%load_ext  fieldguide {{{code}}}",
        f"{code} # %load_ext fieldguide",
        f"!{sys.executable} -c '{code}'",
        f"from IPython.core.magic import register_cell_magic\nregister_cell_magic(lambda *_: {code}, 'item')",
    ]


def data_only(code: str) -> list[str]:
    """Cells that do run, and whose text is nothing but data, whatever it looks like."""
    return [
        f"%%item\n{code}",
        f"%%item\nid: a\n%%python\n{code}",
        f"%%item\n>>> {code}",
        f"%%item\nIn [2]: {code}",
        f"%%item\n!{sys.executable} -c '{code}'",
        f"%%item\nid: !!python/object/apply:exec [{json.dumps(code)}]",
        f"%%module\nid: ../../a\ntitle: {{{code}}}",
    ]


@pytest.mark.browser
@pytest.mark.parametrize("app", APPS)
def test_a_hostile_folder_gets_nothing_run(school: Class, tmp_path: Path, app: str) -> None:
    def canary(name: str) -> str:
        return f'import pathlib; pathlib.Path({str(tmp_path)!r}, "{name}").touch()'.replace("'", '"')

    notebook = nbformat.read(PROJECT / "notebooks" / NOTEBOOK, as_version=4)
    strange = [
        new_code_cell(cell, id=f"strange-{number}")
        for number, cell in enumerate(
            lookalikes(f'__import__("pathlib").Path("{tmp_path}/lookalike").touch()') + data_only(canary("data"))
        )
    ]
    middle = len(notebook.cells) // 2
    notebook.cells = strange[:2] + notebook.cells[:middle] + strange[2:20] + notebook.cells[middle:] + strange[20:]
    folder = school.put(f"hostile-{app}/{NOTEBOOK}", notebook).parent
    shutil.copytree(PROJECT / "notebooks" / "data", folder / "data")
    for name in HOSTILE_FILES:
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(canary(name.replace("/", "-")), encoding="utf-8")

    page = school.open(app, f"hostile-{app}/{NOTEBOOK}")
    wait_for_cards(page, CARDS)
    wait_for_idle_kernel(page)
    assert sorted(path.name for path in tmp_path.iterdir()) == []
    prompts = page.locator(".jp-CodeCell:not(.fg-ours) > .jp-Cell-inputWrapper .jp-InputPrompt")
    expect(prompts).to_have_text(["[ ]:"] * len(lookalikes("")))  # cells are drawn a few at a time
    expect(page.locator(".fg-ours")).to_have_count(CODE_CELLS + len(data_only("")))
    assert school.asked[page] == CODE_CELLS + len(data_only(""))
    page.context.close()


def forms() -> list[re.Pattern[str]]:
    """The forms of a cell that may run, out of the script that runs them."""
    script = (OPENING / "labextension" / "static" / "opening.js").read_text("utf-8")
    (listed,) = re.findall(r"^const MAY_RUN = \[(.+)\];$", script, flags=re.MULTILINE)
    found = [form.replace("$", r"\Z") for form in re.findall(r"/(\^.+?)/(?:, |$)", listed)]
    assert found
    return [re.compile(form) for form in found]


ALMOST = st.sampled_from(
    [
        "",
        "%%item",
        "%%module",
        "%%table",
        "%%case",
        "%%worksheet",
        "%%policy",
        "%load_ext fieldguide",
        "%%item\n",
        "%%table\n",
        "%%case\n",
        ">>> ",
        "In [1]: ",
        "!ls",
        "\n",
    ]
)


@given(st.lists(ALMOST | st.text(max_size=8), max_size=6).map("".join))
def test_ipython_reads_a_cell_that_may_run_as_one_magic_and_its_data(cell: str) -> None:
    if not any(form.match(cell) for form in forms()):
        return
    (statement,) = ast.parse(TransformerManager().transform_cell(cell)).body
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    arguments = [ast.literal_eval(argument) for argument in statement.value.args]
    called = ast.unparse(statement.value.func)
    if cell.startswith("%%"):
        assert called == "get_ipython().run_cell_magic"
        assert arguments[:2] == [cell.partition("\n")[0].removeprefix("%%"), ""]
    else:
        assert (called, arguments) == ("get_ipython().run_line_magic", ["load_ext", "fieldguide"])


# -- somebody else's copy --------------------------------------------------------------------------


def put_submission(school: Class, folder: str) -> Path:
    """A student's notebook with answers."""
    path = school.put(f"{folder}/{NOTEBOOK}", PROJECT / "release" / MODULE / NOTEBOOK)
    (path.parent / f"{MODULE}.responses.jsonl").write_text('{"v": 1}\n', encoding="utf-8")
    return path.parent


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.browser
@pytest.mark.parametrize("app", APPS)
def test_a_submission_stays_still(school: Class, app: str) -> None:
    folder = put_submission(school, f"course/submitted/ana-{app}/{MODULE}")
    before = contents(folder)
    page = school.open(app, str(folder.relative_to(school.server.root) / NOTEBOOK))
    expect(page.locator(".fg-says")).to_contain_text("handed in")
    wait_for_idle_kernel(page)
    expect(page.locator(".fg-card, .jp-OutputArea-output, .fg-says button")).to_have_count(0)
    assert school.asked[page] == 0
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    assert contents(folder) == before
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("said", [MODULE, "01-another-module"])
def test_a_copy_with_answers_from_elsewhere_asks_first(school: Class, said: str) -> None:
    folder = put_submission(school, f"mailed-{said}")
    notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
    notebook.metadata.fieldguide.module = said
    nbformat.write(notebook, folder / NOTEBOOK)
    page = school.open("lab", f"{folder.name}/{NOTEBOOK}")
    expect(page.locator(".fg-says")).to_contain_text("not given in it here")
    wait_for_idle_kernel(page)
    expect(page.locator(".fg-card")).to_have_count(0)
    page.locator(".fg-says button").click()
    wait_for_cards(page, card_count(folder / NOTEBOOK))
    page.reload()
    wait_for_cards(page, card_count(folder / NOTEBOOK))
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("app", "trusted"), [("lab", True), ("lab", False), ("notebook7", False)])
def test_a_strangers_saved_widget_does_not_come_to_life(
    school: Class, monkeypatch: pytest.MonkeyPatch, app: str, trusted: bool
) -> None:
    script = "export default { initialize() { document.body.dataset.canary = 'ran' } }"
    state = {"_esm": script, "_anywidget_id": "a.b"}
    for part in ("model", "view"):
        state |= {f"_{part}_module": "anywidget", f"_{part}_module_version": "~0.11.*"}
        state |= {f"_{part}_name": "AnyModel" if part == "model" else "AnyView"}
    model = {"model_module": "anywidget", "model_module_version": "~0.11.*", "model_name": "AnyModel", "state": state}
    saved = {"version_major": 2, "version_minor": 0, "state": {"a": model}}
    notebook = new_notebook(cells=[new_markdown_cell("Hello"), new_code_cell("1")])
    notebook.metadata.update(
        kernelspec={"name": "fieldguide", "display_name": "Field Guide", "language": "python"},
        widgets={"application/vnd.jupyter.widget-state+json": saved},
    )
    name = f"widget-{app}-{trusted}.ipynb"
    school.put(name, notebook)
    if trusted:  # shows that the canary would be seen
        NotebookNotary(data_dir=str(school.server.home / "data")).sign(notebook)
    page = school.open(app, name)
    ran = "document.body.dataset.canary === 'ran'"
    if trusted:
        page.wait_for_function(ran)
    else:
        wait_for_idle_kernel(page)
        settled(page)
        assert not page.evaluate(ran)
    page.context.close()


def copy_of(folder: Path, *others: str) -> Path:
    folder.mkdir(parents=True)
    for name in (NOTEBOOK, *others):
        (folder / name).touch()
    return folder / NOTEBOOK


ANSWERS = f"{MODULE}.responses.jsonl"


@pytest.fixture
def own(tmp_path: Path) -> OwnCopies:
    return OwnCopies(tmp_path / "jupyter" / "own.jsonl")


@pytest.mark.parametrize("place", ["submitted", "autograded", "feedback", "downloaded", "exchange/05/inbound"])
def test_a_copy_that_was_handed_in_is_never_ones_own(tmp_path: Path, own: OwnCopies, place: str) -> None:
    notebook = copy_of(tmp_path / "course" / place / "ana" / MODULE)
    door = AutorunPolicy(own)
    door.remember(notebook)
    assert door.refusal(notebook) == "submission"
    assert door.refusal(notebook, anyway=True) == "submission"
    link = tmp_path / "mine.ipynb"
    link.symlink_to(notebook)
    assert door.refusal(link) == "submission"


@pytest.mark.parametrize("receipt", ["timestamp.txt", "submission_secret.txt"])
def test_what_lies_beside_a_receipt_was_handed_in(tmp_path: Path, own: OwnCopies, receipt: str) -> None:
    assert AutorunPolicy(own).refusal(copy_of(tmp_path / "a", receipt), anyway=True) == "submission"


def test_answers_are_ones_own_where_one_has_started_the_notebook(tmp_path: Path, own: OwnCopies) -> None:
    notebook = copy_of(tmp_path / "mine")
    door = AutorunPolicy(own)
    assert door.refusal(notebook) is None
    door.remember(notebook)
    (notebook.parent / ANSWERS).touch()
    assert AutorunPolicy(own).refusal(notebook) is None

    other = copy_of(tmp_path / "theirs", ANSWERS)
    assert door.refusal(other) == "answers"
    assert door.refusal(other, anyway=True) is None


def test_answers_from_elsewhere_ask_whatever_the_notebook_says_it_holds(tmp_path: Path, own: OwnCopies) -> None:
    said, module = "01-privacy", "03-boundaries"
    for name in (f"{module}.essays.json", f"{module}.responses.jsonl", f"{module}.Responses.JSONL"):
        notebook = copy_of(tmp_path / name, name)
        notebook.write_text(json.dumps({"cells": [], "metadata": {"fieldguide": {"module": said}}}), encoding="utf-8")
        assert AutorunPolicy(own).refusal(notebook) == "answers"


def test_ones_own_answers_keep_no_other_notebook_of_the_folder_from_starting(tmp_path: Path, own: OwnCopies) -> None:
    notebook = copy_of(tmp_path / "notebooks")
    door = AutorunPolicy(own)
    door.remember(notebook)
    (notebook.parent / ANSWERS).touch()
    other = notebook.with_name("02-another-module.ipynb")
    other.touch()
    assert door.refusal(other) is None


def test_an_instructors_server_runs_only_the_source(tmp_path: Path, own: OwnCopies) -> None:
    course = tmp_path / "course"
    door = AutorunPolicy.for_role(own, {"FIELDGUIDE_ROLE": "instructor", "FIELDGUIDE_COURSE": str(course)})
    assert door.refusal(copy_of(course / "source" / MODULE)) is None
    elsewhere = copy_of(tmp_path / "mail")
    assert door.refusal(elsewhere) == "instructor"
    assert door.refusal(elsewhere, anyway=True) is None
    door.remember(elsewhere)
    assert door.refusal(elsewhere) == "instructor"
    link = course / "source" / "link.ipynb"
    link.symlink_to(elsewhere)
    assert door.refusal(link) == "instructor"


def test_a_disk_that_cannot_be_written_costs_a_click_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "jupyter").touch()
    own = OwnCopies(tmp_path / "jupyter" / "own.jsonl")
    own.add(tmp_path / NOTEBOOK)
    assert tmp_path / NOTEBOOK not in own


# -- installed -------------------------------------------------------------------------------------


SHARED = {
    "labextension": "share/jupyter/labextensions/fieldguide",
    "kernel": "share/jupyter/kernels/fieldguide",
    "jupyter_server.json": "etc/jupyter/jupyter_server_config.d/fieldguide.json",
}


@pytest.mark.parametrize(("ours", "installed"), SHARED.items())
def test_what_is_installed_is_what_is_here(ours: str, installed: str) -> None:
    here, there = OPENING / ours, Path(sys.prefix) / installed
    files = [path.relative_to(here) for path in (here.rglob("*.*") if here.is_dir() else [here])]
    assert files
    for name in files:
        assert (there / name).read_bytes() == (here / name).read_bytes(), "Install again: pip install --no-deps -e ."


def test_the_notebooks_ask_for_the_kernel_that_imports_nothing_from_their_folder() -> None:
    arguments = json.loads((OPENING / "kernel" / "kernel.json").read_text("utf-8"))["argv"]
    assert {"-E", "-P", "--InteractiveShellApp.ignore_cwd=True"} <= set(arguments)
    for path in (PROJECT / "notebooks" / NOTEBOOK, PROJECT / "release" / MODULE / NOTEBOOK):
        assert nbformat.read(path, as_version=4).metadata.kernelspec.name == "fieldguide"
