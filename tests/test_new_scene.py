"""A new type of scene, which says itself where it leads and what is read in it: the way that ARCHITECTURE names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from case_samples import CASE
from conftest import PROJECT

from fieldguide.authoring.checks.plan import _path_lengths
from fieldguide.authoring.checks.reading_grade import _story
from fieldguide.cases.model import Case, Scene
from fieldguide.cases.paths import ending, parse_case_response
from fieldguide.cases.reading import read_case
from fieldguide.cases.session import CaseSession
from fieldguide.cells.minutes import case_minutes
from fieldguide.digest.decisions import ClassDecisions
from fieldguide.digest.page import figures_html
from fieldguide.grading.caserendering import CaseRendering
from fieldguide.grading.submitted import SubmittedCase
from fieldguide.responses import ResponseRecord


@dataclass(frozen=True, slots=True)
class Call(Scene):
    """A telephone rings: one answers it, or lets it ring."""

    caller: str = ""

    @property
    def ways(self) -> dict[str, str]:
        return {"answer": "repaired", "ring": "forwarded"}

    def chosen(self, way: str) -> str:
        return {"answer": "I answered.", "ring": "I let it ring."}[way]

    def told(self) -> Iterator[str]:
        yield from (f"{self.caller} is calling.", self.question)

    def texts(self) -> Iterator[str]:
        yield from (*self.told(), *map(self.chosen, self.ways))


@pytest.fixture
def case() -> Case:
    told = read_case(CASE, "m")
    call = Call("in-the-chat", None, "Do you answer?", {}, "Robin")
    return replace(told, scenes={**told.scenes, call.id: call})


def test_a_new_type_of_scene_is_walked_timed_read_shown_and_counted(case: Case) -> None:
    raw = {"paths": [["chat", "answer"]], "decision": {"option": "both", "certainty": "sure"}}
    response = parse_case_response(case, raw)
    assert response.remark is None and ending(case, ("chat", "answer")) == case.endings["repaired"]
    assert ending(case, ("chat", "leave")) is None
    assert _path_lengths(case, case.start.id) == {2}
    assert "Robin is calling." in list(case.texts()) and "Robin is calling." in list(_story(case))
    longer = Call("in-the-chat", None, "Do you answer? " + "Well? " * 2000, {}, "Robin")
    assert case_minutes(replace(case, scenes={**case.scenes, longer.id: longer})) > case_minutes(case) + 9
    page = json.dumps(CaseRendering().for_scorer(case, SubmittedCase(response, None), None))
    assert "Do you answer?" in page and "I answered." in page
    counted = ClassDecisions(Counter({("both", "sure"): 20}), [("chat", "answer")] * 10 + [("chat", "ring")] * 10)
    assert "I let it ring." in figures_html(case, counted)


def test_a_student_goes_on_through_a_new_type_of_scene(case: Case, tmp_path: Path) -> None:
    session = CaseSession(case, ResponseRecord(tmp_path, "m"))
    assert said(session, {"kind": "choose", "scene": case.start.id, "option": "chat"})["here"]["scene"] == "in-the-chat"
    state = said(session, {"kind": "choose", "scene": "in-the-chat", "option": "answer"})
    assert state["note"] is None
    assert [step["choice"] for step in state["steps"]][-1] == "I answered."
    assert state["here"]["ending"] == "repaired"


def said(session: CaseSession, message: dict[str, object]) -> dict[str, Any]:
    answer = session.handle(message)
    assert answer is not None
    return answer.message


@pytest.mark.parametrize("place", ["cases/model.py", "cases/reading.py", "cases/session.py", "cases/static/case.js"])
def test_architecture_names_the_places(place: str) -> None:
    lines = (PROJECT / "ARCHITECTURE.md").read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("| a type of scene in a case"))
    assert f"`{place}`" in row
    assert (PROJECT / "src" / "fieldguide" / place).is_file()
