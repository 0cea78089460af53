"""A check in two forms: who meets which, that it stays so, that both are parallel, and what a class gained by them."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
from conftest import PROJECT
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.checks import forms
from fieldguide.authoring.checks.course_text import read_course
from fieldguide.authoring.parallel import BLUEPRINT, read_blueprint
from fieldguide.cli import main
from fieldguide.digest.gain import Scores, estimates
from fieldguide.digest.quantiles import f_quantile, t_quantile
from fieldguide.items import Choice, Item, Match, ReadingError
from fieldguide.player import half as halves
from fieldguide.player.half import EVEN, HALF, ODD, half_of_student
from fieldguide.player.head import read_head
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.words import say
from fieldguide.responses import ResponseRecord

BEFORE, AFTER = "00-start-here", "07-looking-back"
HEAD = "id: {module}\nedition: {edition}\ntitle: A check\nminutes: 10\ncheck: [{check}]\nodd: [{odd}]\n"
ITEM = """\
id: {name}
type: choice
use: check
stem: What do you do about {name}?
options: {{ask: Ask., go: Go., wait: Wait.}}
"""
#: Accounts of which one is in each half.
ANA, BEN = "ana", "ben"


def head(module: str, edition: str = "student") -> str:
    check, odd = ("x, a", "x, b") if module.startswith("00") else ("b", "a")
    return HEAD.format(module=module, edition=edition, check=check, odd=odd)


def open_check(shell: InteractiveShell, folder: Path, module: str, edition: str = "student") -> dict[str, OpenModule]:
    """The texts that a notebook shows of the items x, a and b, by item."""
    shown = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with capture_output():
            shell.run_cell(f"%%module\n{head(module, edition)}").raise_error()
        for name in ("x", "a", "b"):
            with capture_output() as captured:
                shell.run_cell(f"%%item\n{ITEM.format(name=name)}").raise_error()
            shown[name] = captured.outputs[0].data["text/plain"]
    return shown


def asked(shown: dict[str, str]) -> list[str]:
    return [name for name, text in shown.items() if text]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("JUPYTERHUB_USER", ANA)
    return monkeypatch


def folder_of(tmp_path: Path, module: str) -> Path:
    (tmp_path / module).mkdir(exist_ok=True)
    return tmp_path / module


def answer(tmp_path: Path, module: str, name: str) -> ResponseRecord:
    """What an answer in a view of an item leaves on record."""
    from fieldguide.items import read_item

    opened = OpenModule(read_head(head(module), "m"), folder_of(tmp_path, module))
    session = opened.session_of(read_item(ITEM.format(name=name), "m", stripped=True))
    session.handle({"kind": "save", "response": ["ask"], "n": 1, "view": "v"})
    return ResponseRecord(tmp_path / module, module)


def test_the_same_student_is_in_the_same_half_everywhere_and_halves_are_about_even() -> None:
    assert (half_of_student(ANA), half_of_student(BEN)) == (EVEN, ODD)
    assert half_of_student(None) == half_of_student("") == EVEN
    even = sum(half_of_student(f"student{number:03}") == EVEN for number in range(400))
    assert 160 <= even <= 240


def test_one_half_meets_form_a_first_and_the_other_form_b(
    shell: InteractiveShell, tmp_path: Path, account: pytest.MonkeyPatch
) -> None:
    first = open_check(shell, folder_of(tmp_path, BEFORE), BEFORE)
    last = open_check(shell, folder_of(tmp_path, AFTER), AFTER)
    assert (asked(first), asked(last)) == (["x", "a"], ["x", "b"])
    assert first["a"].startswith("Check 2 ") and last["b"].startswith("Check 1 ")
    account.setenv("JUPYTERHUB_USER", BEN)
    first = open_check(shell, tmp_path / BEFORE, BEFORE)
    last = open_check(shell, tmp_path / AFTER, AFTER)
    assert (asked(first), asked(last)) == (["x", "b"], ["x", "a"])
    assert first["b"].startswith("Check 2 ")
    assert not list(tmp_path.rglob("*.jsonl"))  # looking at a notebook settles nothing, and is handed out with none


def test_another_account_later_meets_the_form_that_was_begun_here_and_the_other_one_after(
    shell: InteractiveShell, tmp_path: Path, account: pytest.MonkeyPatch
) -> None:
    record = answer(tmp_path, BEFORE, "a")
    assert record.snapshot().settings[HALF] == EVEN and record.of("a").saved == ["ask"]
    account.setenv("JUPYTERHUB_USER", BEN)
    assert asked(open_check(shell, tmp_path / BEFORE, BEFORE)) == ["x", "a"]
    assert asked(open_check(shell, folder_of(tmp_path, AFTER), AFTER)) == ["x", "b"]
    assert answer(tmp_path, AFTER, "b").snapshot().settings[HALF] == EVEN
    lines = record.path.read_text("utf-8").count(f'"{HALF}"')
    assert answer(tmp_path, BEFORE, "a").path.read_text("utf-8").count(f'"{HALF}"') == lines == 1


def test_a_half_on_record_that_is_none_counts_for_nothing(tmp_path: Path, account: pytest.MonkeyPatch) -> None:
    account.setenv("JUPYTERHUB_USER", BEN)
    record = ResponseRecord(folder_of(tmp_path, BEFORE), BEFORE)
    for value in ("both", ["even"], None, {"half": "even"}):
        record.set(HALF, value)
        assert halves.half_of(record) == ODD


def test_an_account_without_a_name_meets_form_a_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(halves.getpass, "getuser", nobody)
    assert halves.half_of(ResponseRecord(folder_of(tmp_path, BEFORE), BEFORE)) == EVEN
    monkeypatch.setattr(halves.getpass, "getuser", lambda: BEN)
    assert halves.half_of(ResponseRecord(tmp_path / BEFORE, BEFORE)) == ODD


def test_a_preview_shows_both_forms_and_says_for_whom(
    shell: InteractiveShell, tmp_path: Path, account: pytest.MonkeyPatch
) -> None:
    shown = open_check(shell, folder_of(tmp_path, BEFORE), BEFORE, "instructor")
    assert asked(shown) == ["x", "a", "b"]
    assert shown["a"].startswith(f"Check 2, {say('half_even')} (")
    assert shown["b"].startswith(f"Check 2, {say('half_odd')} (")
    assert shown["x"].startswith("Check 1 (")


# -- what authors write --------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "modules", tmp_path / "modules")
    return tmp_path


def test_each_check_of_the_course_holds_both_forms_whole() -> None:
    rows = read_blueprint(PROJECT)
    form_a, form_b = [row.form_a for row in rows], [row.form_b for row in rows]
    assert len(rows) == 12
    for module in (BEFORE, AFTER):
        for edition in ("notebooks/{0}.ipynb", "release/{0}/{0}.ipynb", "source/{0}/{0}.ipynb"):
            told = (PROJECT / edition.format(module)).read_text("utf-8")
            assert all(f'"id": "item-{name}"' in told for name in (*form_a, *form_b)), (module, edition)
    modules = {module.id: module for module in read_modules(PROJECT)}
    assert [item.id for item in modules[BEFORE].own_items() if item.use == "check"] == form_a
    assert [item.id for item in modules[AFTER].own_items() if item.use == "check"] == form_b
    assert not [finding for finding in forms.check(read_course(PROJECT)) if finding.is_error]


def plant(project: Path, place: Path | str, old: str, new: str) -> None:
    path = project / place
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_row_that_pairs_what_is_not_there_is_named_with_its_line(project: Path) -> None:
    row = read_blueprint(project)[2]
    plant(project, BLUEPRINT, row.form_b, "gone")
    with pytest.raises(ReadingError, match=rf"blueprint.csv, line {row.line}: .*pairs '{row.form_a}' with 'gone'"):
        read_modules(project)
    plant(project, BLUEPRINT, "gone", row.form_a)
    with pytest.raises(ReadingError, match="of one module and one of a later module"):
        read_modules(project)


def test_items_that_are_not_parallel_are_found(project: Path) -> None:
    rows = read_blueprint(project)
    row = next(row for row in rows if row.type == "choice" and len(row.standards) == 1)
    plant(project, BLUEPRINT, f",{row.type},{row.standards[0]},{row.form_a}", f",match,1.01,{row.form_a}")
    told = [str(finding) for finding in forms.check(read_course(project)) if finding.is_error]
    for name, module in ((row.form_a, BEFORE), (row.form_b, AFTER)):
        for field, found, wanted in (("standards", "; ".join(row.standards), "1.01"), ("type", "choice", "match")):
            what = f"'{name}' has '{found}' for '{field}', and its row of the blueprint '{wanted}'."
            assert any(what in line and line.startswith(f"modules/{module}.md, line ") for line in told), what
    assert len(told) == 4


def test_a_check_item_without_a_parallel_one_is_found(project: Path) -> None:
    row = read_blueprint(project)[-1]
    path = project / BLUEPRINT
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    told = [str(finding) for finding in forms.check(read_course(project)) if finding.is_error]
    assert len(told) == 2
    for name in (row.form_a, row.form_b):
        assert any(f"the check item '{name}' is in no row" in line for line in told)


# -- what a class gained ---------------------------------------------------------------------------------


def test_the_difference_of_the_forms_is_no_gain() -> None:
    # Gains 4, 3, 4 with the easier form last, and 2, 1, 3 with it first: 11/3 and 2, so 17/6, and 5/6 for the forms.
    even, odd = Scores([(4, 8), (5, 8), (6, 10)]), Scores([(6, 8), (7, 8), (5, 8)])
    gain, easier = estimates(even, odd)
    assert gain.mean == pytest.approx(17 / 6) and easier.mean == pytest.approx(5 / 6)
    # Variances 1/3 and 1 of three each: the error is the root of 1/9 + 1/3, halved; Welch's freedom is 16/5.
    assert gain.margin == easier.margin == pytest.approx(math.sqrt(4 / 9) / 2 * t_quantile(0.975, 3.2))
    same = Scores([(4, 6), (5, 7)])
    assert estimates(same, same)[0].margin == 0


@pytest.mark.parametrize(("freedom", "value"), [(1, 12.706), (3, 3.182), (10, 2.228), (30, 2.042), (1000, 1.962)])
def test_the_interval_is_students(freedom: float, value: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(value, abs=0.0006)


@pytest.mark.parametrize(
    ("share", "first", "second", "value"),
    [(0.95, 1, 1, 161.448), (0.95, 5, 10, 3.326), (0.975, 10, 30, 2.511), (0.95, 120, 120, 1.352)],
)
def test_the_interval_of_a_reliability_rests_on_the_tables_of_f(
    share: float, first: float, second: float, value: float
) -> None:
    assert f_quantile(share, first, second) == pytest.approx(value, rel=0.0005)
    assert f_quantile(1 - share, second, first) == pytest.approx(1 / value, rel=0.0005)


def response(item: Item, *, right: bool) -> object:
    if isinstance(item, Match):
        others = {prompt: [name for name in item.options if name not in item.right(prompt)] for prompt in item.prompts}
        return {prompt: item.right(prompt)[0] if right else others[prompt][0] for prompt in item.prompts}
    assert isinstance(item, Choice)
    key = [item.key[0]] if item.any_option else list(item.key)
    return key if right else [next(name for name in item.options if name not in item.key)]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("gain")
    for module in (BEFORE, AFTER):
        for edition in ("source", "release"):
            shutil.copytree(PROJECT / edition / module, root / edition / module)
    return root


@pytest.fixture(scope="module")
def items() -> dict[str, Item]:
    return {item.id: item for module in read_modules(PROJECT) for item in module.own_items()}


def hand_in(course: Path, student: str, module: str, items: list[Item], right: int) -> None:
    """An answer to each item, of which so many are right."""
    record = ResponseRecord(folder_of(folder_of(folder_of(course, "submitted"), student), module), module)
    for place, item in enumerate(items):
        record.save(item.id, response(item, right=place < right))


def test_a_class_is_told_its_gain_and_how_the_forms_differ(
    course: Path, items: dict[str, Item], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = read_blueprint(PROJECT)
    a, b = [items[row.form_a] for row in rows], [items[row.form_b] for row in rows]
    gain = ["--project", str(course), "gain", "00", "07"]
    for number in range(10):
        first, second = (a, b) if number % 2 else (b, a)
        # Everybody gains 3 in truth, and form B is 1 easier: 4 of A, 8 of B; 5 of B, 7 of A.
        before, after = (4, 8) if number % 2 else (5, 7)
        more = number // 2 % 2
        hand_in(course, f"student{number}", BEFORE, first, before + more)
        if number == 9:
            assert main(gain) == 0
            told = capsys.readouterr().out
            assert told.startswith("9 students did both checks") and "A gain is told from 10" in told
        hand_in(course, f"student{number}", AFTER, second, after + 2 * more)
    hand_in(course, "half-done", BEFORE, a[:5], 5)
    hand_in(course, "half-done", AFTER, b, 12)
    hand_in(course, "the-same-twice", BEFORE, a, 2)
    hand_in(course, "the-same-twice", AFTER, a, 12)
    assert main(gain) == 0
    told = capsys.readouterr().out
    assert "Not counted, because they met the same form twice: 1 student" in told
    assert "10 students did both checks (00-start-here and 07-looking-back, 12 questions each)." in told
    # Two of five in each half have one more before, and gain one more: 4.5 + 0.4 before, 3.4 gained.
    assert "Before: 4.9 of 12. After: 8.3 of 12." in told
    assert "Gain: 3.4 points, 95 % interval 3.0 to 3.8." in told
    assert "form B is 1.0 points easier than form A" in told
    assert main(["--project", str(course), "gain", "00", "00"]) == 1
    assert "are not two forms of one check" in capsys.readouterr().err
