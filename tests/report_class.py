"""A made-up class that has handed in the course's modules, with skills that differ, for the tests of its report."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from conftest import PROJECT

from fieldguide.grading.instructor import InstructorNotebook, read_instructor_notebook
from fieldguide.items import Item
from fieldguide.responses.names import ESSAYS, RECORD

TIME = "2026-11-19T20:00:00Z"
#: A response to an item by the student of a number, from the right one and a wrong one.
Respond = Callable[[int, Item, object, object], object]


def both(item: Item, chance: random.Random) -> tuple[object, object]:
    """The right response to an item, and a wrong one."""
    rows = item.rows(None)
    if rows[0].option:
        right = [row.id for row in rows if row.right]
        return right, [chance.choice([row.id for row in rows if not row.right])]
    if rows[0].prompts:
        texts = {text: name for name, text in item.listed().items()}
        wrong = {row.id: chance.choice([name for text, name in texts.items() if text not in row.best]) for row in rows}
        return {row.id: texts[row.best[0]] for row in rows}, wrong
    if rows[0].place:
        return [row.id for row in rows], [row.id for row in rows][::-1]
    return rows[0].best[0], "999999"


def skilled(number: int, item: Item, right: object, wrong: object) -> object:
    """Right more often where the student knows more and the item is easier; the same each time."""
    chance = random.Random(f"{number} {item.id}")
    skill, ease = random.Random(number).random(), random.Random(item.id).random()
    return right if chance.random() < 0.15 + 0.5 * skill + 0.35 * ease else wrong


def make_class(
    root: Path, students: int, modules: Iterable[str] = (), respond: Respond = skilled, *, essays: bool = True
) -> Path:
    """A course folder with a class's submissions; no gradebook."""
    wanted = list(modules) or sorted(path.name for path in (PROJECT / "source").iterdir())
    for module in wanted:
        for edition in ("source", "release"):
            shutil.copytree(PROJECT / edition / module, root / edition / module, dirs_exist_ok=True)
        notebook = read_instructor_notebook(root / "source" / module / f"{module}.ipynb")
        assert notebook is not None
        for number in range(students):
            hand_in(root, notebook, number, respond, essays=essays)
    return root


def hand_in(root: Path, notebook: InstructorNotebook, number: int, respond: Respond, *, essays: bool = True) -> None:
    """What one student hands in."""
    module = notebook.module
    folder = root / "submitted" / f"secret-{number:03}" / module
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "release" / module / f"{module}.ipynb", folder)
    lines, texts = [], {}
    half = notebook.checks[number % 2]
    for item in (*(graded.item for graded in notebook.graded), *half):
        if item.BY_PERSON:
            texts[item.id] = {"text": "I would ask first.", "time": TIME}
        else:
            lines.append(line(item, "save", respond(number, item, *both(item, random.Random(f"{item.id} {number}")))))
    for item in notebook.practice:
        if not item.BY_PERSON:
            right, wrong = both(item, random.Random(f"{item.id} {number}"))
            given = respond(number, item, right, wrong)
            sure = {"certainty": ("sure", "fairly", "guess")[(number + len(item.id)) % 3]}
            lines.append(line(item, "check", given, **sure))
            if given != right and number % 3:
                lines.append(line(item, "check", right, **sure))
    (folder / f"{module}{RECORD}").write_text("".join(lines), "utf-8")
    if essays and texts:
        (folder / f"{module}{ESSAYS}").write_text(json.dumps({"v": 1, "essays": texts}), "utf-8")


def line(item: Item, event: str, response: object, **more: str) -> str:
    return json.dumps({"v": 1, "time": TIME, "item": item.id, "event": event, "response": response, **more}) + "\n"
