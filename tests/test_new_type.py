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

    @property
    def form(self) -> str:
        return "blank"

    def rows(self, response: Response | None) -> list[Row]:
        given = response if isinstance(response, str) else None
        return [Row(None, "", given, given == str(self.place), (str(self.place),), self.why)]

    def shown(self) -> dict[str, Any]:
        return {"highest": self.highest}
'''

USED = '''
from dataclasses import dataclass
from pathlib import Path

import fieldguide
from fieldguide.grading.rendering import render_item
from fieldguide.grading.told import For
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
assert "3" in printed_item(data, "3").text.split("✎")[1]
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
print("used")
'''


def test_a_new_type_is_a_file_and_a_name(tmp_path: Path) -> None:
    copy = tmp_path / "fieldguide"
    shutil.copytree(PROJECT / "src" / "fieldguide", copy, ignore=shutil.ignore_patterns("__pycache__", "bench"))
    (copy / "items" / "slider.py").write_text(SLIDER, encoding="utf-8")
    types = copy / "items" / "types.py"
    named = types.read_text("utf-8").replace("Entry, Essay)", "Entry, Essay, Slider)")
    named = named.replace("\nTYPES", "from fieldguide.items.slider import Slider\n\nTYPES", 1)
    types.write_text(named, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", USED], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "used\n", done.stderr


@pytest.mark.parametrize("place", ["items/", "items/types.py", "player/static/controls.js"])
def test_architecture_names_the_places(place: str) -> None:
    lines = (PROJECT / "ARCHITECTURE.md").read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("| an interaction type"))
    assert f"`{place}`" in row
