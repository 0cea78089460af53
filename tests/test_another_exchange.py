"""A school whose exchange is a service: none of our steps stands among that service's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.apps.baseapp import NbGrader
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config

from fieldguide.grading import configure

STEPS = {
    "exchange": "Exchange",
    "fetch_assignment": "ExchangeFetchAssignment",
    "fetch_feedback": "ExchangeFetchFeedback",
    "release_assignment": "ExchangeReleaseAssignment",
    "release_feedback": "ExchangeReleaseFeedback",
    "list": "ExchangeList",
    "submit": "ExchangeSubmit",
    "collect": "ExchangeCollect",
}
OURS = "from fieldguide.grading import configure\nconfigure(get_config())\n"
MADE_UP = "".join(f"class {name}(abc.{name}): pass\n" for name in STEPS.values())

#: A step's class, by its module, for each step.
Steps = dict[str, str]
Asked = Callable[..., Steps]


def theirs(*steps: str) -> str:
    """What such a service tells a school to put into nbgrader's settings."""
    return "c = get_config()\n" + "".join(f"c.ExchangeFactory.{step} = 'madeup.{STEPS[step]}'\n" for step in steps)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Which classes nbgrader takes in a course folder, with settings of the system's and of that folder."""
    system, course = tmp_path / "etc", tmp_path / "course"
    for folder in (system, course, tmp_path / "own"):
        folder.mkdir()
    (tmp_path / "madeup.py").write_text(f"from nbgrader.exchange import abc\n{MADE_UP}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path])  # nbgrader adds to it
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(system))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "own"))
    monkeypatch.chdir(course)

    def ask(in_system: str, in_course: str) -> Steps:
        (system / "nbgrader_config.py").write_text(in_system, encoding="utf-8")
        (course / "nbgrader_config.py").write_text(in_course, encoding="utf-8")
        app = NbGrader()
        app.initialize([])
        factory = ExchangeFactory(parent=app)
        return {step: getattr(factory, step).__module__ for step in STEPS}

    return ask


def places(steps: Steps) -> set[str]:
    """Where the classes are from, by the first part of their modules' names."""
    return {module.partition(".")[0] for module in steps.values()}


def test_in_files_our_steps_stand_beside_nbgraders(asked: Asked) -> None:
    steps = asked("", OURS)
    assert steps["collect"] == "fieldguide.grading.collecting"
    assert steps["submit"] == "fieldguide.grading.submitting"
    assert steps["fetch_assignment"] == "nbgrader.exchange.default.fetch_assignment"


@pytest.mark.parametrize(
    ("in_system", "in_course"),
    [
        (theirs(*STEPS), OURS),  # as ngshare is set up: for the whole server, before a course's own settings
        (OURS, theirs(*STEPS)),
        ("", theirs(*STEPS) + OURS),
        ("", OURS + theirs(*STEPS)),
    ],
    ids=["theirs-first", "ours-first", "one-file-theirs-first", "one-file-ours-first"],
)
def test_another_exchange_stays_whole(asked: Asked, in_system: str, in_course: str) -> None:
    assert places(asked(in_system, in_course)) == {"madeup"}


@pytest.mark.parametrize("step", [step for step in STEPS if step != "exchange"])
@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_one_step_of_another_exchange_is_enough(asked: Asked, step: str, first: str) -> None:
    steps = asked(theirs(step), OURS) if first == "theirs" else asked(OURS, theirs(step))
    assert steps.pop(step) == "madeup"
    assert places(steps) == {"nbgrader"}


def test_a_class_says_as_much_as_its_name(asked: Asked) -> None:
    config = Config()
    config.ExchangeFactory.submit = type("Submit", (), {"__module__": "madeup"})
    configure(config)
    assert list(config.ExchangeFactory) == ["submit"]


def test_the_rest_of_our_settings_hold_beside_another_exchange(asked: Asked) -> None:
    config = Config()
    config.ExchangeFactory.collect = "madeup.ExchangeCollect"
    configure(config)
    assert config.Autograde.exporter_class == "fieldguide.grading.notebooks.InstructorNotebookExporter"


def test_settings_that_cannot_be_read_are_nbgraders_to_tell(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "etc" / "nbgrader_config.py").write_text("1/0", encoding="utf-8")
    config = Config()
    configure(config)
    assert config.ExchangeFactory.collect == "fieldguide.grading.collecting.Collect"
