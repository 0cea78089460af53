"""A new interaction type, added to a copy of the package in the way that ARCHITECTURE names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

SLIDER = '''
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import Item, Response, Row
from fieldguide.items.passing import Passing


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider(Item):
    """Slide to a whole number."""

    TYPE: ClassVar[str] = "slider"
    PUBLIC: ClassVar[Passing] = {"highest": None}
    EXPLAINED: ClassVar[Passing] = {"place": None, "why": None}

    highest: int
    place: int | None = None
    why: str = ""

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        highest = reader.whole("highest", least=1, most=100, required=True) or 1
        place = reader.whole("place", least=0, most=highest, required=common["complete"])
        return cls(**common, highest=highest, place=place, why=reader.text("why", required=common["complete"]) or "")

    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        if not isinstance(raw, str) or not raw.isdigit() or int(raw) > self.highest:
            raise ValueError("the response is no place on the slider")
        return raw, None

    def fraction(self, response: Response) -> Fraction:
        return Fraction(int(str(response)) == self.place)

    def guess(self, chance: Any) -> object:
        return str(chance.randint(0, self.highest))

    def rows(self, response: Response | None) -> list[Row]:
        given = response if isinstance(response, str) else None
        return [Row(None, "", given, given == str(self.place), (str(self.place),), self.why)]

    def shown(self) -> dict[str, Any]:
        return {"highest": self.highest}
'''

# Unlike any type there is: several prompts, and a number with a unit typed after each of them.
SHARES = '''
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import Item, Response, Row, pairs
from fieldguide.items.passing import BY_ID, Passing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares(Item):
    """Share hours out."""

    TYPE: ClassVar[str] = "shares"
    PUBLIC: ClassVar[Passing] = {"tasks": BY_ID}
    EXPLAINED: ClassVar[Passing] = {"hours": BY_ID, "reasons": BY_ID}

    tasks: dict[str, str]
    hours: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        tasks, complete = reader.mapping("tasks", required=True, ids=True), common["complete"]
        hours, why = (reader.mapping(name, required=complete) for name in ("hours", "reasons"))
        return cls(**common, tasks=tasks, hours=hours, why=why)

    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        if not isinstance(raw, dict):
            raise ValueError("the response is no list of hours")
        return {task: str(raw[task]) for task in self.tasks if raw.get(task)} or None, None

    def fraction(self, response: Response) -> Fraction:
        return Fraction(sum(row.right for row in self.rows(response)), len(self.tasks))

    def rows(self, response: Response | None) -> list[Row]:
        given = response if isinstance(response, dict) else {}
        return [
            Row(
                *(task, text, given.get(task), given.get(task) == self.hours.get(task, "")),
                *((self.hours.get(task, ""),), self.why.get(task, "")),
                unit="hours",
            )
            for task, text in self.tasks.items()
        ]

    def guess(self, chance: Any) -> object:
        return {task: str(chance.randint(0, 9)) for task in self.tasks}

    def counted(self, response: Response) -> str:
        return f"{sum(row.right for row in self.rows(response))} fit."

    def shown(self) -> dict[str, Any]:
        return {"tasks": pairs(self.tasks)}
'''

USED = '''
from dataclasses import dataclass
from pathlib import Path

import fieldguide
from random import Random

from fieldguide.coursepage.returned import _ASKED, fits
from fieldguide.grading.rendering import item_html, render_item
from fieldguide.grading.told import For, told_item
from fieldguide.items import ReadingError, public_text, read_item, score
from fieldguide.player.itemsession import ItemSession
from fieldguide.player.printed import printed_item
from fieldguide.player.public import public_data
from fieldguide.responses import ResponseRecord
from fieldguide.authoring.editions import explanation
from fieldguide.authoring.review.asked import _item
from fieldguide.cells.minutes import item_minutes

assert str(Path.cwd()) in fieldguide.__file__
ASKED = """id: how-many
type: slider
use: USE
covers: [Q1]
basis: guide
stem: How many?
highest: 9
place: 7
why: Seven were counted.
"""
graded, practice = ASKED.replace("USE", "graded") + "points: 2\\n", ASKED.replace("USE", "practice")

item = read_item(graded, "m")
assert "Seven" not in public_text(graded) and "place" not in public_text(graded) and "highest: 9" in public_text(graded)
assert "Seven were counted" in public_text(practice)
assert read_item(public_text(graded), "m", stripped=True).complete is False
try:
    read_item(graded.replace("place: 7", "place: 11"), "m")
    raise AssertionError
except ReadingError as error:
    assert "whole number from 0 to 9" in str(error)

data = public_data(item, 1, preview=False)
assert data["type"] == "slider" and data["highest"] == 9 and "Seven" not in str(data)
assert [score(item, raw).score for raw in ("7", "3", None, "40", ["7"])] == [2.0, 0.0, 0.0, 0.0, 0.0]
assert score(item, "40").state == "malformed"
assert "3" in printed_item(item, data, "3").text.split("✎")[1]
page = render_item(item, score(item, "3"), 1, For.SCORER, score=0.0)
assert "The response: 3." in page and "The answer: 7. Seven were counted." in page
kept_back = render_item(item, score(item, "3"), 1, For.STUDENT_WITHOUT_ANSWER, score=0.0)
assert "The response: 3." in kept_back and "Seven" not in kept_back

playing = ItemSession(read_item(practice, "m"), ResponseRecord(Path.cwd(), "m"))
state = playing.handle({"kind": "check", "response": "3", "n": 1}).message
assert state["response"] == "3" and state["feedback"]["verdict"] == "not_yet", state
assert "Seven" not in str(state)
state = playing.handle({"kind": "check", "response": "7", "n": 2}).message
assert state["feedback"]["notes"][0]["text"] == "Seven were counted." and state["feedback"]["verdict"] == "right"
assert explanation(item)["answer"] == "7."
assert item_minutes(read_item(practice, "m")) == 1 + 5 / 200  # one to think, and its stem and reason to read
assert [label for label, _ in _item(item, {})] == ["Question", "Key: 7", "Rests on"]
assert score(item, item.guess(Random(1))).state in ("right", "wrong")

SHARED = """id: ten-hours
type: shares
use: USE
covers: [Q1]
basis: guide
stem: How would you share ten hours out?
tasks:
  calls: Calls
  notes: Notes
hours:
  calls: 6
  notes: 4
reasons:
  calls: People come first.
  notes: They are due.
"""
graded, practice = SHARED.replace("USE", "graded") + "points: 2\\n", SHARED.replace("USE", "practice")
item = read_item(graded, "m")
given = {"calls": "6", "notes": "3"}
assert "People" not in public_text(graded) and "hours: 6" not in public_text(graded)
earned = score(item, given)
assert (earned.state, earned.score) == ("partly", 1.0)

for held in (item, read_item(public_text(graded), "m", stripped=True)):  # the same with and without the key
    printed = printed_item(held, public_data(held, 1, preview=False), given).text
    assert "• Calls — your answer: 6 hours" in printed and "• Notes — your answer: 3 hours" in printed
    assert "4" not in printed and "first" not in printed

told = told_item(item, earned, 1, For.STUDENT, score=1.0)
assert [(part["text"], part["given"], part["right"]) for part in told["parts"]] == [
    ("Calls", "6 hours", True), ("Notes", "3 hours", False)
]
assert fits(told | {"wording": ""}, _ASKED)
page = item_html(told)
assert "Notes<br>" in page and "4 hours" in page and "They are due." in page
kept_back = render_item(item, earned, 1, For.STUDENT_WITHOUT_ANSWER, score=1.0)
assert "3 hours" in kept_back and "4 hours" not in kept_back and "due" not in kept_back

playing = ItemSession(read_item(practice, "m"), ResponseRecord(Path.cwd(), "m"))
feedback = playing.handle({"kind": "check", "response": given, "n": 1}).message["feedback"]
assert feedback["score_text"] == "1 fit." and [note["is"] for note in feedback["notes"]] == ["prompt", "prompt"]
assert "People" in str(feedback) and "due" not in str(feedback)
assert "Notes 4." in explanation(item)["answer"]
assert [label for label, _ in _item(item, {})][1:3] == ["Calls → 6 hours", "Notes → 4 hours"]
assert score(item, item.guess(Random(1))).state != "malformed"
print("used")
'''


def test_a_new_type_is_a_file_and_a_name(tmp_path: Path) -> None:
    copy = tmp_path / "fieldguide"
    shutil.copytree(PROJECT / "src" / "fieldguide", copy, ignore=shutil.ignore_patterns("__pycache__", "bench"))
    (copy / "items" / "slider.py").write_text(SLIDER, encoding="utf-8")
    (copy / "items" / "shares.py").write_text(SHARES, encoding="utf-8")
    types = copy / "items" / "types.py"
    named = types.read_text("utf-8").replace("Entry, Essay)", "Entry, Essay, Slider, Shares)")
    imports = "from fieldguide.items.shares import Shares\nfrom fieldguide.items.slider import Slider\n"
    named = named.replace("\nTYPES", f"{imports}\nTYPES", 1)
    types.write_text(named, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", USED], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "used\n", done.stderr


@pytest.mark.parametrize("place", ["items/", "items/types.py", "player/static/controls.js"])
def test_architecture_names_the_places(place: str) -> None:
    lines = (PROJECT / "ARCHITECTURE.md").read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("| an interaction type"))
    assert f"`{place}`" in row
