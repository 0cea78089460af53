"""A newer text for a class that has begun: the plan first, and then everybody gets what the plan said."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import MODULE, PROJECT
from course import Course as Made
from nbgrader.api import Gradebook

from fieldguide.authoring.building import build
from fieldguide.cli import main
from fieldguide.content import updating
from fieldguide.content.archive import Content, gather, pack, read_content
from fieldguide.content.beginning import begin_course
from fieldguide.content.brought import read_brought
from fieldguide.content.files import digest, digest_in
from fieldguide.content.updating import look, update
from fieldguide.coursepage.hosting import OpenNotebook
from fieldguide.coursepage.placing import changes, replace_with
from fieldguide.desk.notes import Job, Notes, take_lock
from fieldguide.desk.work import Work
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.inbound import SECRET, feedback_name
from fieldguide.responses import ResponseRecord

NEW_GRADED = """```{code-cell}
%%item
id: a-question-of-this-year
type: choice
use: graded
points: 2
covers: [Q2]
basis: code
standards: ["1.07(r)"]
stem: Which of the two asks for consent?
options:
  one: Posting about a client
  two: Reading the news
key: one
rationale:
  one: It does.
  two: It does not.
```

"""
NEW_PRACTICE = NEW_GRADED.replace("use: graded\npoints: 2\n", "use: practice\n").replace("of-this-year", "to-practice")
#: What ben, cho and ana answer: right by the first text.
ANSWERS: dict[str, object] = {
    "proud-post-closed-list": ["twins"],
    "first-month-post-approved": ["page"],
    "which-standard-speaks": {
        "sit-in": "recording",
        "newsfeed": "posting",
        "two-texts": "field",
        "practice-class": "posting",  # wrong: three of four
    },
    "what-the-blur-leaves": ["anything"],
}


def edition_two(text: str) -> str:
    """The text of module 05 with changes that a class that has begun can take."""

    def change(old: str, new: str) -> None:
        nonlocal text
        assert text.count(old) == 1, old
        text = text.replace(old, new)

    change("of a large city hospital", "of a large hospital in a city")
    change("  feet: '\"Twelve hours", "  feet: '\"Thirteen hours")
    change("key: page\nrationale", "key: [page, both]\nrationale")
    change("misconceptions:\n  both: consent-cures-posting\n", "misconceptions:\n")
    change(
        "id: which-standard-speaks\ntype: match\nuse: graded\npoints: 2",
        "id: which-standard-speaks\ntype: match\nuse: graded\npoints: 4",
    )
    change("Last, practice asking. An answer", "Last, practice how to ask. An answer")
    text, count = re.subn(
        r"```{code-cell}\n%%item\nid: what-the-blur-leaves\n.*?\n```\n", NEW_PRACTICE, text, flags=re.DOTALL
    )
    assert count == 1
    return text


def refused_edition(text: str) -> str:
    """Edition two with what no class that has begun can take as well."""
    text = edition_two(text).replace("  twins: ", "  newborns: ").replace("key: twins", "key: newborns")
    text, count = re.subn(
        r"```{code-cell}\n%%item\nid: both-texts-allow-it\n.*?\n```\n", NEW_GRADED, text, flags=re.DOTALL
    )
    assert count == 1
    return text.replace("id: first-month-post-approved", "id: first-month-approved")


def built(folder: Path, change: Callable[[str], str]) -> Content:
    """The content of module 05 alone, of a changed text."""
    shutil.copytree(PROJECT / "modules", folder / "modules", ignore=shutil.ignore_patterns("locale", "norming"))
    path = folder / "modules" / f"{MODULE}.md"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    shutil.copy(PROJECT / "nbgrader_config.py", folder)
    for name, text in build(folder, [MODULE]).items():
        if name.parts[0] == "source":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
    return gather(folder)


@pytest.fixture(scope="module")
def first() -> Content:
    whole = gather(PROJECT)
    kept = {name: data for name, data in whole.files.items() if MODULE in name or not name.startswith("source/")}
    return rewritten(Content(kept, ""), lambda text: text)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return built(tmp_path_factory.mktemp("second"), edition_two)


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return built(tmp_path_factory.mktemp("third"), refused_edition)


def rewritten(content: Content, change: Callable[[str], str]) -> Content:
    """A content with the notebook of module 05 changed, by its text as JSON."""
    from fieldguide.content.archive import _end

    name = f"source/{MODULE}/{MODULE}.ipynb"
    files = {**content.files, name: change(content.files[name].decode()).encode()}
    return Content(files, f"0.1.0-{_end(files)}")


def item_changed(content: Content, item: str, *pairs: tuple[str, str]) -> Content:
    """A content with one question's text changed."""

    def change(text: str) -> str:
        notebook = json.loads(text)
        (cell,) = [
            cell
            for cell in notebook["cells"]
            if f"\nid: {item}\n" in "".join(cell["source"]) and "%%item" in cell["source"][0]
        ]
        source = "".join(cell["source"])
        for old, new in pairs:
            assert old in source, old
            source = source.replace(old, new)
        cell["source"] = source.splitlines(keepends=True)
        return json.dumps(notebook)

    return rewritten(content, change)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory, first: Content) -> Path:
    """A course that was begun from the first text, with the students' edition made by nbgrader."""
    folder = tmp_path_factory.mktemp("begun") / "course"
    begin_course(folder, first)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
        settings.write(
            'import os\nc.CourseDirectory.course_id = "sw101"\nc.Exchange.root = os.path.abspath("../exchange")\n'
        )
    made = Made(folder, MODULE, "")
    made.generate()
    with Gradebook(made.db_url) as gradebook:
        for student in ("ana", "ben", "cho", "dan"):
            gradebook.add_student(student)
    return folder


@pytest.fixture
def course(generated: Path, tmp_path: Path) -> Course:
    shutil.copytree(generated, tmp_path / "course")
    return Course(tmp_path / "course")


def release(course: Course) -> Path:
    """Put the module into the exchange, as the desk does; returns its folder there."""
    outbound = course.exchange / "sw101" / "outbound" / MODULE
    shutil.rmtree(outbound, ignore_errors=True)
    shutil.copytree(course.folder("release", ".", MODULE), outbound)
    return outbound


def release_on_the_desk(course: Course) -> Path:
    """Release it by the desk's own step."""
    course.exchange.mkdir(exist_ok=True)
    notes = Notes(Job("release", MODULE, "2026-11-20T10:00:00Z"))
    with contextlib.chdir(course.root):
        Work(course, notes).do()
    assert notes.job is not None and notes.job.trouble is None
    return course.exchange / "sw101" / "outbound" / MODULE


def submit(course: Course, student: str, copy: Path | None = None) -> Path:
    """What collecting brings of a student, who worked in a copy: with answers, a time and a secret."""
    folder = course.folder("submitted", student, MODULE)
    shutil.copytree(copy or course.folder("release", ".", MODULE), folder)
    if copy is None:
        answer(folder)
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00.000000 UTC", "utf-8")
    (folder / SECRET).write_text(f"secret of {student}", "utf-8")
    return folder


def answer(folder: Path) -> None:
    record = ResponseRecord(folder, MODULE)
    for item, response in ANSWERS.items():
        record.save(item, response)


def scores(course: Course, student: str) -> dict[str, float | None]:
    with Gradebook(course.db_url) as gradebook:
        found = gradebook.find_submission_notebook(MODULE, MODULE, student)
        return {grade.name: grade.auto_score for grade in found.grades}


def run(course: Course, *arguments: str) -> int:
    return main(["--project", str(course.root), *arguments])


def files(course: Course) -> dict[str, bytes]:
    return {str(path.relative_to(course.root)): path.read_bytes() for path in course.root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def begun(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class that has begun: ana has an open copy with answers, ben handed in, cho is graded and has feedback."""
    place = tmp_path_factory.mktemp("class")
    shutil.copytree(generated, place / "course")
    course = Course(place / "course")
    shutil.copytree(release(course), place / "ana")
    answer(place / "ana")
    submit(course, "cho")
    assert run(course, "grade", "05") in (0, 3)
    assert run(course, "feedback", "05") == 0
    given = course.exchange / "sw101" / "feedback"
    given.mkdir()
    page = course.folder("feedback", "cho", MODULE) / f"{MODULE}.html"
    shutil.copy(page, given / feedback_name("secret of cho", MODULE))
    submit(course, "ben")
    return place


@pytest.fixture
def class_begun(begun: Path, tmp_path: Path) -> Course:
    """The same for one test."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return Course(tmp_path / "course")


def given_file(folder: Path, content: Content) -> Path:
    path = folder / f"fieldguide-content-{content.version}.tar"
    path.write_bytes(pack(content))
    path.chmod(0o600)
    return path


def test_a_newer_text_comes_to_a_class_that_has_begun_as_the_plan_says(
    class_begun: Course, second: Content, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course, file = class_begun, given_file(tmp_path, second)
    assert scores(course, "cho")["which-standard-speaks"] == 1.5
    before = files(course)
    assert run(course, "course", "update", "--plan", "--content", str(file)) == 0
    plan = capsys.readouterr().out
    assert f"{MODULE}: newer text (released, handed in by 2, graded for 1, with feedback for 1)" in plan
    follow = "Scores follow when the module is graded again, and whose total changes is kept in the log."
    for line in (
        "safe: what is read: changed.",
        "safe: proud-post-closed-list: wording.",
        f"safe: first-month-post-approved: the key. {follow} Give feedback again then.",
        f"safe: which-standard-speaks: the points: 2 → 4. {follow} Give feedback again then.",
        "safe: what-the-blur-leaves: a question without points is left out.",
        "safe: a-question-to-practice: a new question without points.",
        "Who has an older copy open can go on, hand it in, and keeps what was answered; it is graded by the newer key.",
        "Nothing was changed: this is the plan.",
    ):
        assert line in plan, line
    assert "REFUSED" not in plan and "STAYS" not in plan
    assert files(course) == before

    assert run(course, "course", "update", "--content", str(file)) == 0
    said = capsys.readouterr().out
    assert plan.splitlines()[:-1] == said.splitlines()[: len(plan.splitlines()) - 1]
    assert f"Release again on the desk, for who fetches from now on: {MODULE}." in said
    assert f"Collect and grade again: {MODULE}." in said
    source = course.source(MODULE)
    assert digest_in(source.parent) == digest(second.module(MODULE))
    students = (course.folder("release", ".", MODULE) / source.name).read_text("utf-8")
    assert "Thirteen hours" in students and "a-question-to-practice" in students
    assert "someone keeps the form" not in students  # the reason for a graded key
    assert (
        not list((course.root / ".fieldguide-content").glob("s*"))
        and read_brought(course.root).version == second.version
    )

    # The older copy that is open goes on, and is offered the newer one; what was answered stays.
    copy, outbound = tmp_path / "ana", release_on_the_desk(course)
    differing = changes(outbound / source.name, copy / source.name)
    assert "proud-post-closed-list" in differing.questions and differing.text
    # Handed in as it is: graded by the newer key, and nothing in it is called unknown or changed by the student.
    submit(course, "ana", copy)
    assert run(course, "grade", "05") == 0
    graded = capsys.readouterr().out
    assert (
        "To look into" not in graded
        and "no such questions" not in graded
        and "is not as it is handed out" not in graded
    )
    assert "Questions changed since the last grading:" in graded and "which-standard-speaks (2 → 4 points)" in graded
    assert "cho: 5.5 → 7 (which-standard-speaks)" in graded
    for student in ("ana", "ben", "cho"):
        assert scores(course, student)["which-standard-speaks"] == 3.0
        assert scores(course, student)["proud-post-closed-list"] == 2.0
    # Who takes the newer one keeps the answers, and may choose what is right now too.
    replace_with(outbound, copy, MODULE, tmp_path / "aside.ipynb")
    opened = json.dumps(OpenNotebook(copy / source.name).first())
    assert "Thirteen hours" in opened and "what-the-blur-leaves" not in opened
    record = ResponseRecord(copy, MODULE)
    assert record.snapshot().of("proud-post-closed-list").saved == ["twins"]
    record.save("first-month-post-approved", ["both"])
    shutil.rmtree(course.folder("submitted", "ana", MODULE))
    submit(course, "ana", copy)
    assert run(course, "grade", "05") == 0
    assert scores(course, "ana")["first-month-post-approved"] == 2.0
    # A class that is up to date has nothing to bring.
    capsys.readouterr()
    assert run(course, "course", "update", "--content", str(file)) == 0
    assert f"As they are: {MODULE}.\nNothing was to bring.\n" in capsys.readouterr().out


def test_what_would_cost_students_points_is_refused_and_the_module_stays(
    class_begun: Course, third: Content, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = class_begun
    before = files(course)
    assert run(course, "course", "update", "--content", str(given_file(tmp_path, third))) == 3
    said = capsys.readouterr().out
    assert f"{MODULE}: STAYS, as what is refused cannot come to this class" in said
    for line in (
        "REFUSED: proud-post-closed-list: it asks for another kind of answer. Answers that were given",
        "REFUSED: first-month-post-approved: its id is first-month-approved now. Answers are kept by ids",
        "REFUSED: both-texts-allow-it: a graded question is left out. Students have it",
        "REFUSED: a-question-of-this-year: a new graded question. Who has the module already",
        "safe: which-standard-speaks: the points: 2 → 4.",
    ):
        assert line in said, line
    after = files(course)
    assert {name for name in after.keys() | before.keys() if after.get(name) != before.get(name)} == {
        *(".fieldguide-content.json", ".fieldguide-desk.lock")
    }


def test_before_anybody_has_it_all_may_change_and_the_desk_makes_it_anew(
    course: Course, third: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    found = look(course, third)
    assert [module.comes.value for module in found.modules] == ["newer"]
    update(course, third)
    assert not course.folder("release", ".", MODULE).exists()
    students = (release_on_the_desk(course) / f"{MODULE}.ipynb").read_text("utf-8")
    assert "a-question-of-this-year" in students and "someone keeps the form" not in students
    submit(course, "dan")
    assert run(course, "grade", "05") in (0, 3)
    assert "a-question-of-this-year" in scores(course, "dan") and "both-texts-allow-it" not in scores(course, "dan")


def test_a_question_that_is_only_out_is_kept_from_losing_what_copies_have(course: Course, third: Content) -> None:
    release(course)  # nobody has handed in yet
    (module,) = look(course, third).modules
    assert {told.of for told in module.told if not told.safe} == {
        *("proud-post-closed-list", "first-month-post-approved", "both-texts-allow-it", "a-question-of-this-year")
    }


def test_more_options_are_taken_unless_only_a_new_one_is_right(class_begun: Course, first: Content) -> None:
    item, reason = "proud-post-closed-list", ("  feet: >-\n", "  more: Why.\n  feet: >-\n")
    more = ("  feet: '", "  more: None of them\n  feet: '")
    (module,) = look(class_begun, item_changed(first, item, more, reason)).modules
    assert [(told.safe, told.of) for told in module.told] == [
        *((True, name) for name in ("answer sheets on paper", item, item))  # the options, and their wording
    ]
    (module,) = look(class_begun, item_changed(first, item, more, reason, ("key: twins", "key: more"))).modules
    assert not all(told.safe for told in module.told)


def test_the_file_of_another_languages_course_is_refused_once_a_class_has_begun(course: Course, first: Content) -> None:
    edition = '"edition: instructor\\n",'
    other = rewritten(first, lambda text: text.replace(edition, f'{edition} "lang: es\\n",'))
    assert look(course, other).left == []
    release(course)
    (module,) = look(course, other).left
    assert ("the language", "en → es. A") in [(told.of, told.says[:10]) for told in module.told if not told.safe]


def test_options_in_another_order_are_safe_on_the_screen_and_told_for_paper(course: Course, first: Content) -> None:
    item, feet = (
        "proud-post-closed-list",
        "  feet: '\"Twelve hours on my feet, and I stayed calm all through the last two.\"'\n",
    )
    other = item_changed(first, item, (feet, ""), ("  anchor: '", f"{feet}  anchor: '"))
    assert [told.of for told in look(course, other).modules[0].told] == [item]  # nobody has a sheet yet
    release(course)
    (module,) = look(course, other).modules
    assert [(told.safe, told.of, told.says[:9]) for told in module.told] == [
        (True, "answer sheets on paper", "a letter "),
        (True, item, "wording."),
    ]


def test_a_practice_question_that_asks_for_something_else_is_to_be_looked_at_again(
    class_begun: Course, first: Content, tmp_path: Path
) -> None:
    item, copy = "the-green-coat", tmp_path / "ana"
    ResponseRecord(copy, MODULE).check(item, ["agreement"])
    other = item_changed(first, item, ("  agreement:", "  consent:"), ("key: agreement", "key: consent"))
    (module,) = update(class_begun, other).plan.modules
    assert all(told.safe for told in module.told)
    assert module.told[0].says.startswith("it asks for another kind of answer; it carries no points.")
    replace_with(release(class_begun), copy, MODULE, tmp_path / "aside.ipynb")
    opened = OpenNotebook(copy / f"{MODULE}.ipynb").first()["cells"][f"item-{item}"]["opened"]
    assert opened["note"].startswith("This question has changed since you answered it") and opened["attempts"] == 1
    submit(class_begun, "ana", copy)
    assert run(class_begun, "grade", "05") == 0


def test_the_criteria_of_an_essay_stay_once_somebody_wrote_to_them(course: Course, first: Content) -> None:
    essay = "thursday-group-chat"
    other = item_changed(first, essay, ("alternatives:", "another-course:"))
    release(course)
    (module,) = look(course, other).modules
    assert [told.of for told in module.told if told.safe and told.says.startswith("other criteria")] == [essay]
    submit(course, "ben")
    (module,) = look(course, other).modules
    assert [told.of for told in module.told if not told.safe and told.says.startswith("other criteria")] == [essay]


def test_what_an_instructor_changed_is_not_written_over_unless_they_say_so_and_is_kept_then(
    class_begun: Course, first: Content, second: Content, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course, file = class_begun, given_file(tmp_path, second)
    source = course.source(MODULE)
    source.write_bytes(source.read_bytes().replace(b"Twelve hours", b"Eleven hours"))
    own = source.read_bytes()
    assert run(course, "course", "update", "--content", str(file)) == 3
    said = capsys.readouterr().out
    assert f"{MODULE}: STAYS, as it was changed here" in said and f"--replace {MODULE}" in said
    assert source.read_bytes() == own
    # The text as it was brought first is no newer one.
    assert look(course, first).left == []
    assert run(course, "course", "update", "--content", str(file), "--replace", "05") == 0
    said = capsys.readouterr().out
    assert "What was changed here by hand gives way, as you said, and is kept." in said
    back = said.splitlines()[-1].removeprefix("To go back: fieldguide ").split()
    assert read_content(Path(back[-1])).module(MODULE)[source.name] == own
    assert stat.S_IMODE(Path(back[-1]).stat().st_mode) == 0o600
    assert run(course, *back) == 0
    assert source.read_bytes() == own
    assert run(course, "grade", "05") in (0, 3)
    assert scores(course, "cho")["which-standard-speaks"] == 1.5


def test_a_course_of_which_nobody_noted_how_it_was_brought_is_not_written_over(
    class_begun: Course, first: Content, second: Content
) -> None:
    (class_begun.root / ".fieldguide-content.json").unlink()
    assert [module.comes.value for module in look(class_begun, second).modules] == ["own"]
    update(class_begun, first)  # the same text: from now on it is noted
    assert [module.comes.value for module in look(class_begun, second).modules] == ["newer"]


def test_modules_and_files_beside_come_and_go_by_themselves(
    course: Course, first: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = gather(PROJECT)
    norming = "modules/norming/thursday-group-chat.yaml"
    own = "modules/data/statements.csv"
    changed = Content({**whole.files, norming: b"newer", own: b"newer too"}, whole.version)
    (course.root / own).write_bytes(b"mine")
    (course.root / "source" / "99-mine").mkdir()
    (course.root / "source" / "99-mine" / "99-mine.ipynb").write_text('{"cells": []}')
    done = update(course, changed)
    comes = {module.name: module.comes.value for module in done.plan.modules}
    assert comes[MODULE] == "same" and comes["99-mine"] == "gone" and list(comes.values()).count("new") == 7
    assert (course.root / norming).read_bytes() == b"newer" and (course.root / own).read_bytes() == b"mine"
    assert done.plan.kept == [own] and (course.root / "source" / "99-mine").is_dir()
    assert {path.name for path in (course.root / "source").iterdir()} == {*whole.modules, "99-mine"}


@pytest.mark.parametrize("stops_at", range(1, 6))
def test_an_update_that_is_stopped_anywhere_leaves_the_course_as_it_was(
    class_begun: Course, second: Content, monkeypatch: pytest.MonkeyPatch, stops_at: int
) -> None:
    course, moved, rename, note = class_begun, [0], Path.rename, updating.write_brought
    before = {name: data for name, data in files(course).items() if not name.startswith(".fieldguide")}
    brought = read_brought(course.root)

    class KilledError(BaseException):
        pass

    def renamed(self: Path, target: Path) -> Any:
        moved[0] += 1
        if moved[0] == stops_at:
            raise KilledError
        return rename(self, target)

    def noted(*arguments: Any) -> None:
        note(*arguments)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", renamed)  # both folders of the module, away and in
        patch.setattr(updating, "write_brought", noted)  # the last step but one
        patch.setattr(updating, "undo_stopped", lambda course: False)  # a process that is killed undoes nothing
        with pytest.raises(KilledError):
            update(course, second)
    with pytest.raises(CourseError, match="An earlier update was stopped halfway"):
        look(course, second)
    updating.undo_stopped(course)
    assert {name: data for name, data in files(course).items() if not name.startswith(".fieldguide")} == before
    assert read_brought(course.root) == brought
    assert not update(course, second).undone
    assert course.source(MODULE).read_bytes() == second.module(MODULE)[f"{MODULE}.ipynb"]
    assert not (course.root / ".fieldguide-content" / "switch.json").exists()
    assert not (course.root / ".fieldguide-content" / "replaced").exists()


def test_who_goes_on_after_a_stop_is_told(
    class_begun: Course, second: Content, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = class_begun.root / ".fieldguide-content"
    (kept / "replaced" / "source").mkdir(parents=True)
    class_begun.source(MODULE).parent.rename(kept / "replaced" / "source" / MODULE)
    journal = kept / "switch.json"
    journal.write_text("{", "utf-8")
    file = given_file(tmp_path, second)
    assert run(class_begun, "course", "update", "--content", str(file)) == 1
    assert "is damaged. What modules had" in capsys.readouterr().err
    brought = {"version": "", "modules": read_brought(class_begun.root).modules, "beside": {}}
    journal.write_text(json.dumps({"had": {MODULE: ["source", "release"]}, "brought": brought}), "utf-8")
    assert run(class_begun, "course", "update", "--content", str(file)) == 0
    assert "stopped halfway: it was undone first." in capsys.readouterr().out
    assert class_begun.source(MODULE).read_bytes() == second.module(MODULE)[f"{MODULE}.ipynb"]


def test_a_full_disk_changes_nothing(
    class_begun: Course,
    second: Content,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = {name: data for name, data in files(class_begun).items() if not name.startswith(".fieldguide")}
    real = Path.rename

    def full(self: Path, target: Path) -> Any:
        if "staged/release" in str(self):
            raise OSError(28, "No space left on device", str(self))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", full)
    assert run(class_begun, "course", "update", "--content", str(given_file(tmp_path, second))) == 1
    assert "No space left on device. Nothing was changed in the course." in capsys.readouterr().err
    assert {name: data for name, data in files(class_begun).items() if not name.startswith(".fieldguide")} == before


def test_it_waits_for_nobody_and_works_where_a_course_is(
    course: Course, second: Content, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = take_lock(course.root)
    assert lock is not None
    with pytest.raises(CourseError, match="The desk is working in this course"):
        update(course, second)
    os.close(lock)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match="is no course folder"):
        update(Course(tmp_path / "empty"), second)
    with pytest.raises(CourseError, match="is a project"):
        look(Course(PROJECT), second)
    (tmp_path / "empty" / "source").mkdir()
    assert run(Course(tmp_path / "empty"), "course", "update", "--content", str(given_file(tmp_path, second))) == 0
    said = capsys.readouterr().out
    assert (
        f"From a version that nobody noted to {second.version}:\n{MODULE}: new\n" in said and "To go back" not in said
    )
    assert stat.S_IMODE((tmp_path / "empty" / "source" / MODULE / f"{MODULE}.ipynb").stat().st_mode) == 0o600
