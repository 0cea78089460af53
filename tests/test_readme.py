"""Every command that README and the docs name: it is there, and README's work where README says to run them."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import MODULE, PROJECT
from nbgrader.apps import NbGraderApp
from patience import DONE_WITHIN, milliseconds, seconds
from playwright.sync_api import Browser, Page, WebSocket, expect
from test_class import Classroom, Person, agree, formgrader, go_to_formgrader, row

from fieldguide.bench.courses import make_course
from fieldguide.cli import _parser

TOOLS = Path(sys.executable).parent
DOCS = [*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").rglob("*.md"))]
README = PROJECT / "README.md"
#: What ./run does by itself; everything else it hands on to fieldguide.
OF_RUN = re.findall(r"^    (\w+)\)", (PROJECT / "run").read_text("utf-8"), flags=re.MULTILINE)
STUDENTS = ("ana", "ben", "chioma")

#: What a shell shows when it waits for a command, and what a terminal is told beside the text.
PROMPT = re.compile(r"[#$] $")
ESCAPES = re.compile(r"\x1b(\[[?\d;]*[A-Za-z]|\][^\x07]*\x07)")

# The sections of README that name commands, and where each says that they are typed.
IN_THE_PROJECT = "Try it"
IN_THE_COURSE = "What an instructor does"


def is_program(word: str) -> bool:
    """Whether a shell would run this, in the project's folder or with the tools that come with the package."""
    own = PROJECT / word
    return (TOOLS / word).is_file() or (word.startswith("./") and own.is_file())


def commands(document: Path) -> list[tuple[str, str]]:
    """The commands that a document shows as code, each with the heading that it stands under."""
    found: list[tuple[str, str]] = []
    heading, fenced = "", False
    for line in document.read_text("utf-8").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            # What stands behind two spaces tells what the command does.
            found.append((heading, re.split(r"\s{2,}|\s#", line.strip())[0]))
        elif line.startswith("#"):
            heading = line.lstrip("# ")
        else:
            found.extend((heading, code) for code in re.findall(r"`([^`]+)`", line))
    return [(heading, code) for heading, code in found if " " in code.strip() and is_program(code.split()[0])]


def is_known(command: str) -> bool:
    """Whether there is such a command; one that is only named, in a sentence, needs no arguments."""
    program, *words = shlex.split(command)
    if program == "nbgrader":
        return words[0] in NbGraderApp.subcommands
    if program == "./run" and words[0] in OF_RUN:
        return True
    if len(words) == (2 if words[0] == "course" else 1):  # the one command that has commands of its own
        words.append("--help")
    try:
        _parser().parse_args(words)
    except SystemExit as end:
        return end.code == 0
    return True


def test_every_command_in_the_docs_is_one_that_there_is() -> None:
    ours = ("./run", "fieldguide", "nbgrader")
    named = [(document.name, said) for document in DOCS for _, said in commands(document) if said.split()[0] in ours]
    assert len(named) > 40
    assert [(name, said) for name, said in named if not is_known(said)] == []


def wait_for(what: Callable[[], object], why: str) -> None:
    deadline = time.monotonic() + seconds(DONE_WITHIN)
    while not what():
        assert time.monotonic() < deadline, why
        time.sleep(0.2)


class FromReadme(Classroom):
    """The classroom as README starts it: in the project's folder, with the command that stands there."""

    COMMAND = ("./run", "classroom")

    @property
    def course(self) -> Path:
        return self.home("instructor") / "fieldguide"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FromReadme]:
    """A classroom in which three students have handed in, and their work has been collected."""
    room = FromReadme(tmp_path_factory.mktemp("room"))
    made = tmp_path_factory.mktemp("made")
    make_course(made, PROJECT, MODULE, len(STUDENTS))
    for student, submitted in zip(STUDENTS, sorted((made / "submitted").iterdir()), strict=True):
        shutil.copytree(submitted, room.course / "submitted" / student)
    yield room
    room.stop()


@pytest.fixture(scope="module")
def instructor(browser: Browser, room: FromReadme) -> Person:
    person = Person(browser, room, "instructor")
    person.log_in()
    go_to_formgrader(person)
    # Formgrader opens last and in front, whatever the instructor has opened before.
    row(person).wait_for(timeout=milliseconds(DONE_WITHIN))
    return person


class Terminal:
    """A terminal as README says to open it: File, New, Terminal."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._shown = ""
        page.on("websocket", self._listen)
        page.get_by_role("menuitem", name="File").click()
        page.locator(".lm-Menu-item", has_text=re.compile("^New$")).hover()
        page.locator(".lm-Menu-item", has_text=re.compile("^Terminal$")).click()
        expect(page.locator(".jp-Terminal textarea")).to_be_focused(timeout=milliseconds(DONE_WITHIN))
        assert self._comes(lambda: PROMPT.search(self._shown)), f"no prompt in the terminal: {self._shown!r}"

    def _listen(self, socket: WebSocket) -> None:
        if "/terminals/" in socket.url:
            socket.on("framereceived", self._show)

    def _show(self, frame: str | bytes) -> None:
        kind, *texts = json.loads(frame)
        if kind == "stdout":
            self._shown += ESCAPES.sub("", "".join(texts))

    def _comes(self, what: Callable[[], object], within: float = DONE_WITHIN) -> bool:
        deadline = time.monotonic() + seconds(within)
        while not what():
            if time.monotonic() > deadline:
                return False
            self._page.wait_for_timeout(100)  # the page hands on what it has received only while it is asked something
        return True

    def _type(self, line: str) -> None:
        """Type a line, and again where the terminal does not show all of it: what opens meanwhile takes keys away."""
        wanted = "".join(line.split())

        def is_there() -> bool:
            return wanted in "".join(self._shown.split())

        for share in (4, 4, 2):
            self._shown = ""
            self._page.locator(".jp-Terminal textarea").focus()
            self._page.keyboard.press("Control+c")
            # A shell that is not ready yet shows the first key and loses it: it comes after its prompt, and is a space.
            self._comes(lambda: PROMPT.search(self._shown), DONE_WITHIN / share)
            self._page.keyboard.type(f"  {line}")
            if self._comes(is_there, DONE_WITHIN / share):
                break
        assert is_there(), f"'{line}' was typed, and the terminal shows {self._shown!r}"
        self._page.keyboard.press("Enter")

    def run(self, course: Path, command: str) -> tuple[int, str]:
        """Type a command; returns its exit code and what it said, which the shell lays into the folder it stands in."""
        said, code = course / ".said", course / ".code"
        code.unlink(missing_ok=True)
        self._type(f"{command} > .said 2>&1; echo $? > .code-new; mv .code-new .code")
        assert self._comes(code.exists), f"'{command}' has left no exit code in {course}: {self._shown!r}"
        return int(code.read_text()), said.read_text("utf-8")


def test_readme_says_of_every_command_where_to_run_it() -> None:
    places = {heading for heading, _ in commands(README)}
    assert places == {IN_THE_PROJECT, IN_THE_COURSE}


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted({said for place, said in commands(README) if place == IN_THE_PROJECT}))
def test_a_command_for_the_projects_folder_works_there(command: str, request: pytest.FixtureRequest) -> None:
    if command == "./run classroom":
        request.getfixturevalue("room")
        return
    more = ["tests/test_scoring.py"] if command == "./run test" else []  # the suite would start itself
    done = subprocess.run([*shlex.split(command), *more], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.browser
def test_every_command_for_the_courses_folder_works_in_the_instructors_terminal(
    room: FromReadme, instructor: Person
) -> None:
    terminal = Terminal(instructor.page)
    told = [command for heading, command in commands(README) if heading == IN_THE_COURSE]
    said = {}
    for command in told:
        code, said[command] = terminal.run(room.course, command)
        assert code == 0, (command, said[command])
    assert {command.split()[0] for command in told} == {"fieldguide", "nbgrader"}
    assert all(student in said["fieldguide grade 05"] for student in STUDENTS)
    assert "ana" in (room.course / "grades.csv").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_what_the_instructor_writes_in_the_courses_settings_holds_in_formgrader_at_once(
    room: FromReadme, instructor: Person
) -> None:
    settings = room.course / "nbgrader_config.py"
    page = room.course / "feedback" / "ana" / MODULE / f"{MODULE}.html"
    subprocess.run([sys.executable, "-m", "fieldguide.cli", "grade", "05"], cwd=room.course, check=True)
    instructor.page.goto(f"{room.url}/user/instructor/lab?formgrader=true")
    for shown in ("False", "True"):
        text = re.sub(r"(show_best_answer =) \w+", rf"\1 {shown}", settings.read_text("utf-8"))
        settings.write_text(text, encoding="utf-8")
        row(instructor).locator("td.generate-feedback a").click()
        agree(formgrader(instructor))
        assert ("Best answer" in page.read_text("utf-8")) is (shown == "True")
