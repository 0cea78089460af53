"""Cases, worksheets and policies in grading: what a student is handed, and what scorers and students read of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from case_class import GRADED_CASE, MOST, POLICY, SHORT_CASE, WORKSHEET, case_source, decided
from course import Course
from graded import everything, grade
from nbconvert.exporters import HTMLExporter
from playwright.sync_api import Browser
from samples import PROFILED

from fieldguide.grading import course as settings
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.instructor import InstructorNotebook, read_instructor_notebook
from fieldguide.grading.rendering import render_item
from fieldguide.grading.submission import Submission, read_submission
from fieldguide.grading.told import For
from fieldguide.items import read_item, score
from fieldguide.responses import LONGEST_LINE

SCRIPT = "<script>window.canary=1</script><img src=x onerror=window.canary=1>\n\n# Heading *stars* $x$ \x00 \u202e"

FULL: tuple[dict[str, Any], dict[str, str]] = (
    {
        "thursday": {**MOST, "share": True},
        "friday": decided("quiet", "guess", ["wait"]),
        "thursday-ethic": {"danger": "not-sure", "standards": ["1.07(u)"]},
        "policy-requests": {"reviewed": True},
    },
    {
        "friday": "Because it is Robin's to say.",
        "the-group-chat": "I would ask.",
        "thursday-ethic.think": "Both, I think.",
        "policy-requests.requests": "I leave them: an aardvark never answers.",
    },
)


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("cases")
    course = Course(folder / "course", "small", case_source(folder))
    course.generate()
    return course


@pytest.fixture
def course(handed_out: Course, tmp_path: Path) -> Course:
    return handed_out.copy(tmp_path / "course", stock=False)


def notebook_of(course: Course) -> InstructorNotebook:
    notebook = read_instructor_notebook(course.root / "source" / "small" / "small.ipynb")
    assert notebook is not None
    return notebook


def cell_texts(course: Course, student: str) -> dict[str, str]:
    path = course.root / "autograded" / student / "small" / "small.ipynb"
    return {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}


# -- what a student is handed --------------------------------------------------------------------------


def test_of_a_graded_case_commentary_and_positions_stay_home(handed_out: Course) -> None:
    released = nbformat.read(handed_out.root / "release" / "small" / "small.ipynb", as_version=4)
    texts = {cell.id: cell.source for cell in released.cells}
    kept = GRADED_CASE.splitlines()
    first, last = (
        kept.index("  commentary: |"),
        kept.index("  prompts: [Who is missing from the chat?, What would you write?]"),
    )
    assert texts["case-thursday"].splitlines() == ["%%case", *kept[:first], *kept[last:]]
    assert texts["case-friday"] == f"%%case\n{SHORT_CASE}".rstrip()
    assert texts["policy-policy-requests"] == f"%%policy\n{POLICY}".rstrip()
    assert "Privacy and honesty are at stake." in texts["worksheet-thursday-ethic"] and "offered" in WORKSHEET
    everything_handed_out = json.dumps(released)
    for private in ("marmot", "Wombat", "I do not mind.", "profiles"):
        assert private not in everything_handed_out


def read(course: Course, folder: Path) -> Submission:
    return read_submission(settings.Course(course.root, course.config()), folder, notebook_of(course))


def test_an_untouched_notebook_and_an_honest_record_raise_no_note(course: Course) -> None:
    folder = course.submit("ana", *FULL)
    assert read(course, folder).notes == []
    (folder / "receipt-2026-11-28-061011.txt").write_text("A receipt of an earlier one.", encoding="utf-8")
    assert read(course, folder).notes == []


def test_what_the_module_does_not_ask_is_set_aside_by_name(course: Course) -> None:
    essays = {"thursday-ethic.guess": "x", "policy-requests.reviews": "x", "thursday.reason": "x"}
    (note,) = read(course, course.submit("ana", FULL[0], essays)).notes
    assert note.text.endswith("no such questions: policy-requests.reviews, thursday-ethic.guess, thursday.reason.")


def test_a_changed_case_cell_is_noticed(course: Course) -> None:
    folder = course.submit("ana", *FULL)
    path = folder / "small.ipynb"
    path.write_text(path.read_text("utf-8").replace("Down by eleven", "Down by noon"), encoding="utf-8")
    (note,) = read(course, folder).notes
    assert "cells: 2 changed" in note.text


# -- what a scorer reads -------------------------------------------------------------------------------


def test_a_case_its_worksheet_and_its_essay_stand_together(course: Course) -> None:
    course.submit("ana", *FULL)
    grade(course)
    assert list(cell_texts(course, "ana")) == [
        "case-friday",
        "item-after-hours-message",
        "case-thursday",
        "worksheet-thursday-ethic",
        "task-the-group-chat",
    ]


def test_the_scorer_reads_path_decision_and_reason(course: Course) -> None:
    course.submit("ana", *FULL)
    grade(course)
    texts = cell_texts(course, "ana")
    told = [
        *("Case: Thursday, 9:40 p.m.", "<details", "You read it at 9:40 p.m.", "</details>"),
        *("The first path:", "What do you do first?", "<strong>Write to Robin alone.</strong>", "And now?"),
        *("<strong>Tell your instructor tonight.</strong>", "Ending: Down by eleven", "2 other paths were tried."),
        *("The last path:", "<strong>Answer in the chat.</strong>", "<strong>Leave it at that.</strong>"),
        *("Ending: Seen by many", "The decision:", "What should you do, all in all?"),
        *("<strong>Ask for it to come down, and tell the instructor.</strong> (fairly sure)",),
        *("The reason is the answer to question 2, below.", "without a name: agreed."),
    ]
    assert in_order(texts["case-thursday"], told)
    told = ["No other path was tried.", "(guessing)", "The reason:", "Because it is Robin&#39;s to say.", "not agreed."]
    assert in_order(texts["case-friday"], told)
    for text in texts.values():
        assert "aardvark" not in text  # what a student writes for their own policy nobody scores or reads
        assert "marmot" not in text and "ibex" not in text
        assert "\n" not in text


def in_order(text: str, parts: list[str]) -> bool:
    return re.search(".*".join(map(re.escape, parts)), text, re.DOTALL) is not None


def test_the_scorer_reads_what_is_written_on_the_worksheet(course: Course) -> None:
    course.submit("ana", *FULL)
    grade(course)
    told = [
        "Five steps on Thursday",
        "Not sure",
        "Which standards speak?",
        "Both, I think.",
        "1.07&#40;u&#41;: Identity",
    ]
    text = cell_texts(course, "ana")["worksheet-thursday-ethic"]
    assert in_order(text, told)
    assert "Posting about clients" not in text and "at stake" not in text  # not picked; worked for everybody
    assert text.count("None was written.") == 2


def test_nothing_on_record_is_said_in_few_words(course: Course) -> None:
    course.submit("ben", {})
    grade(course)
    texts = cell_texts(course, "ben")
    for cell in ("case-thursday", "case-friday", "worksheet-thursday-ethic"):
        assert texts[cell].endswith("<p>No response.</p></div>")


def test_answers_to_compare_with_are_at_hand_for_the_scorer_and_folded(course: Course) -> None:
    course.submit("ana", *FULL)
    grade(course)
    text = cell_texts(course, "ana")["task-the-group-chat"]
    folded = re.findall("<details.*?</details>", text)
    assert len(folded) == 1
    assert in_order(folded[0], ["Short and strong", "tell my instructor", "Long and weak", "I do not mind."])
    assert text.count("tell my instructor tonight") == 1


def test_whole_answers_are_at_hand_with_what_each_earns_and_why() -> None:
    item = read_item(PROFILED, "m")
    for reader in For:
        text = render_item(item, score(item, "I would wait."), 1, reader, score=None)
        folded = re.findall("<details.*?</details>", text)
        if reader is not For.SCORER:
            assert not folded and "delicate matter" not in text and "None is made." not in text
            assert ("take it down tonight" in text) is (reader is For.STUDENT)
            continue
        assert in_order(
            folded[0],
            [
                *("Short and strong &#40;4 of 5 points&#41;:", "take it down tonight", "&#40;2 of 3 points&#41;"),
                *("It is made with its reason.", "Long and weak &#40;1 of 5 points&#41;:", "None is made."),
            ],
        )


@pytest.mark.browser
def test_the_page_that_formgrader_shows_is_short_until_opened(
    hostile: tuple[Course, Course], browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page()
    for student, folded in (("ana", 3), ("path-unknown", 3)):
        path = hostile[0].root / "autograded" / student / "small" / "small.ipynb"
        (tmp_path / "page.html").write_text(HTMLExporter(template_name="basic").from_filename(str(path))[0], "utf-8")
        page.goto((tmp_path / "page.html").as_uri())
        assert page.locator("details").count() == folded  # two cases, and the answers to compare with
        assert not page.get_by_text("I do not mind.").is_visible()
        page.get_by_text("To compare: whole answers, with what each earns").click()
        assert page.get_by_text("I do not mind.").is_visible()
        assert page.evaluate("window.canary") is None
    page.close()


HOSTILE: dict[str, object] = {
    "text": SCRIPT,
    "number": 7,
    "list": [SCRIPT],
    "paths-text": {"paths": SCRIPT},
    "path-of-numbers": {"paths": [[1, 2]]},
    "path-of-lists": {"paths": [[["robin"]]]},
    "path-unknown": {"paths": [["robin", SCRIPT], [SCRIPT]]},
    "path-too-long": {"paths": [["robin", "tell", "tell", "tell"]]},
    "paths-many": {"paths": [["robin"]] * 5000},
    "path-endless": {"paths": [["robin"] * 5000]},
    "decision-list": {"paths": [["wait"]], "decision": ["speak", "sure"]},
    "decision-number": {"paths": [["wait"]], "decision": {"option": 1, "certainty": 2}},
    "decision-unknown": {"paths": [["wait"]], "decision": {"option": SCRIPT, "certainty": "sure"}},
    "certainty-unknown": {"paths": [["wait"]], "decision": {"option": "speak", "certainty": SCRIPT}},
    "certainty-missing": {"paths": [["wait"]], "decision": {"option": "speak"}},
    "share-text": {"paths": [["wait"]], "share": SCRIPT},
    "share-one": {"paths": [["wait"]], "share": 1},
    "empty": {},
    "empty-path": {"paths": [[]]},
    "more-fields": {"paths": [["wait"]], SCRIPT: SCRIPT},
    "deep": {"paths": json.loads("[" * 200 + "]" * 200)},
    "half-a-pair": {"paths": [["\ud800"]]},
    "long": {"paths": [["x" * (LONGEST_LINE // 2)]]},
}


@pytest.fixture(scope="module")
def hostile(handed_out: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Course, Course]]:
    """A class of hostile students, graded through both doors."""
    folder = tmp_path_factory.mktemp("hostile-cases")
    ours = handed_out.copy(folder / "ours", stock=False)
    ours.submit("ana", *FULL)
    for name, raw in HOSTILE.items():
        worksheet = {"danger": raw, "standards": raw} if name != "number" else raw
        essays = dict.fromkeys(["friday", "the-group-chat", "thursday-ethic.think", "policy-requests.requests"], SCRIPT)
        ours.submit(name, {"thursday": raw, "friday": raw, "thursday-ethic": worksheet}, essays)
    theirs = ours.copy(folder / "theirs", stock=False)
    report = grade(ours)
    assert report.failed == {}
    theirs.autograde()
    yield ours, theirs


def test_both_doors_make_the_same(hostile: tuple[Course, Course]) -> None:
    ours, theirs = hostile
    for student in ("ana", *HOSTILE):
        mine, other = (
            nbformat.read(one.root / "autograded" / student / "small" / "small.ipynb", as_version=4) for one in hostile
        )
        nbformat.validate(mine)
        assert mine == other
    assert everything(ours) == everything(theirs)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_stands_on_record_is_shown_as_text(hostile: tuple[Course, Course], name: str) -> None:
    for text in cell_texts(hostile[0], name).values():
        assert not re.search(r"<script|<img|\*stars|\$x|\x00|\u202e|\n", text)
        assert len(text) < 100_000
    text = cell_texts(hostile[0], name)["case-thursday"]
    assert "without a name: not agreed." in text or "No response." in text


def test_what_does_not_fit_is_said(hostile: tuple[Course, Course]) -> None:
    told = {
        "text": "Could not be read: the response is no case",
        "path-unknown": "Set aside, because this case has no such part",
        "paths-many": "Set aside, because there were too many: 4800 paths.",
        "decision-unknown": "None was sent.",
    }
    for name, words in told.items():
        assert words in cell_texts(hostile[0], name)["case-thursday"]
    assert "Could not be read: what was ticked" in cell_texts(hostile[0], "number")["worksheet-thursday-ethic"]


# -- what a student reads ------------------------------------------------------------------------------


def test_feedback_tells_path_decision_and_commentary(course: Course) -> None:
    course.submit("ana", *FULL)
    grade(course)
    page = course.feedback("ana")
    told = [
        *("Case: Friday, noon", "Your decision:", "Your reason:", "Robin&#39;s to say", "first: ibex."),
        *("Case: Thursday, 9:40 p.m.", "The first path:", "Ending: Down by eleven", "2 other paths were tried."),
        *("Your decision:", "(fairly sure)", "Your reason is your answer to question 2, below.", "You agreed"),
        *("sees the client first: marmot.", "Then the copies.", "Tell at once, since copies spread."),
        *("Who is missing from the chat?", "What would you write?", "One good answer, among others:"),
    ]
    assert in_order(page, told)
    assert "tell my instructor tonight" in page  # the best of them is the exemplar
    for private in (
        "I do not mind.",
        "Somebody should take it down.",
        "Level 2",
        "aardvark",
        "Both, I think.",
        "Wombat",
    ):
        assert private not in page
    assert "http" not in page


def test_feedback_can_withhold_the_commentary(course: Course) -> None:
    course.submit("ana", *FULL)
    grade(course)
    page = course.feedback("ana", show_best_answer=False)
    assert "Ending: Down by eleven" in page and "(fairly sure)" in page
    for withheld in ("marmot", "ibex", "copies spread", "Who is missing", "tell my instructor tonight"):
        assert withheld not in page


def test_the_commentary_of_a_case_that_is_not_graded_waits_for_the_decision(course: Course) -> None:
    course.submit("ben", {"friday": {"paths": [["wait"]], "decision": None, "share": False}})
    grade(course)
    page = course.feedback("ben")
    assert "Once you have sent a decision" in page and "ibex" not in page
    assert "marmot" in page  # a graded one has been graded


@pytest.mark.parametrize("show_best_answer", [True, False])
def test_feedback_for_a_class_is_the_page_nbgrader_makes(course: Course, show_best_answer: bool) -> None:
    course.submit("ana", *FULL)
    course.submit("ben", {"thursday": HOSTILE["paths-many"]}, {"friday": SCRIPT})
    grade(course)
    theirs = {student: course.feedback(student, show_best_answer=show_best_answer) for student in ("ana", "ben")}
    config = course.config()
    config.FeedbackExporter.show_best_answer = show_best_answer
    for path in (course.root / "feedback").rglob("*.html"):
        path.unlink()
    assert feedback_for_class(settings.Course(course.root, config), "small") == (["ana", "ben"], {})
    for student, page in theirs.items():
        assert (course.root / "feedback" / student / "small" / "small.html").read_text("utf-8") == page


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_feedback_page_with_cases_meets_wcag_and_runs_nothing(
    hostile: tuple[Course, Course], browser: Browser, scheme: Any
) -> None:
    hostile[1].feedback("ana")  # and of everybody else
    page = browser.new_page(viewport={"width": 320, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for student in ("ana", "path-unknown"):
        address = (hostile[1].root / "feedback" / student / "small" / "small.html").as_uri()
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("window.canary") is None
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert asked.pop() == address and asked == []
    page.close()


@pytest.mark.browser
def test_printed_feedback_leaves_nothing_folded(course: Course, browser: Browser, tmp_path: Path) -> None:
    course.submit("ana", *FULL)
    grade(course)
    course.feedback("ana")
    page = browser.new_page()
    page.goto((course.root / "feedback" / "ana" / "small" / "small.html").as_uri())
    story = page.get_by_text("A photo of one slide from Robin's case has been posted in the class chat.")
    assert [found.is_visible() for found in story.all()] == [False] * 4  # two cases, each folded, and for print
    page.emulate_media(media="print")
    assert page.locator("details:visible").count() == 0
    assert [found.is_visible() for found in story.all()] == [False, True] * 2
    page.emulate_media(media="screen")
    page.locator("summary").first.click()
    assert [found.is_visible() for found in story.all()] == [True, False, False, False]
    page.emulate_media(media="print")
    assert [found.is_visible() for found in story.all()] == [False, True] * 2  # once, however it was left
    page.close()
