"""What a made-up student answers in a module: a record and essays, as their page would have kept them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldguide.cells.kinds import CASE
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.items import Item, score
from fieldguide.player.half import EVEN, HALF, half_of_student
from fieldguide.responses.names import ESSAYS, RECORD

_CERTAINTY = ("guess", "fairly", "sure")
_REASON = (
    "I would first bring this to my field instructor, because a client's story is theirs to tell; the group is small "
    "and somebody may know the town, so I'd leave out the place, the day and what was in the paper."
)


def write_answers(
    folder: Path,
    notebook: InstructorNotebook,
    chance: random.Random,
    moment: datetime,
    *,
    guesses: int = 1,
    student: str | None = None,
    essays: Mapping[str, str] | None = None,
) -> None:
    """Write both files beside a notebook in ``folder``, as of ``moment`` (UTC).

    To a question they give the best of so many ``guesses``. ``student``, where somebody in particular answers, goes
    through the practice and the half of a check that is theirs as well. ``essays`` are the texts by the item's id; the
    others get one that is the same for all.
    """
    teller = _Teller(f"{moment:%Y-%m-%dT%H:%M:%S}Z")
    lines: list[dict[str, Any]] = []
    texts: dict[str, dict[str, str]] = {}
    if student is not None:
        lines += _practiced(teller, notebook, chance, guesses, half_of_student(student))
    for graded in notebook.graded:
        item = graded.item
        if item.BY_PERSON:
            texts[item.id] = teller.text((essays or {}).get(item.id) or " ".join([_REASON] * 5))
            continue
        # Most people change their mind about some questions.
        first = [item.guess(chance) for _ in range(chance.choice((0, 0, 1, 2)))]
        lines += [teller.saved(item.id, response) for response in (*first, _answer(item, chance, guesses))]
    for case in notebook.asked(CASE):
        path, at = [], case.start.id
        while ways := case.place(at).ways:
            path.append(chance.choice(list(ways)))
            at = ways[path[-1]]
            lines.append(teller.saved(case.id, {"paths": [list(path)], "decision": None, "share": False}))
        decision = {"option": chance.choice(list(case.decision.options)), "certainty": chance.choice(_CERTAINTY)}
        lines.append(teller.saved(case.id, {"paths": [path], "decision": decision, "share": True}))
        if not case.graded:
            texts[case.id] = teller.text(_REASON)
    record = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (folder / f"{notebook.module}{RECORD}").write_text(record, encoding="utf-8")
    (folder / f"{notebook.module}{ESSAYS}").write_text(json.dumps({"v": 1, "essays": texts}, indent=1), "utf-8")


def _practiced(
    teller: _Teller, notebook: InstructorNotebook, chance: random.Random, guesses: int, half: str
) -> Iterator[dict[str, Any]]:
    even, odd = notebook.checks
    asked = even if half == EVEN else odd
    if asked:
        yield teller.setting(HALF, half)
    yield from (teller.saved(item.id, _answer(item, chance, guesses)) for item in asked)
    for item in notebook.practice:
        if item.BY_PERSON:
            continue
        said = {"certainty": chance.choice(_CERTAINTY)}
        tries = [_answer(item, chance, guesses)]
        if score(item, tries[0]).state != "right" and chance.random() < 0.6:
            tries.append(_answer(item, chance, 2 * guesses))
        yield from (teller.checked(item.id, response, said) for response in tries)


def _answer(item: Item, chance: random.Random, guesses: int) -> object:
    return max((item.guess(chance) for _ in range(guesses)), key=lambda response: score(item, response).score or 0)


class _Teller:
    """The lines of a record, all of one time."""

    def __init__(self, time: str) -> None:
        self._time = time

    def text(self, text: str) -> dict[str, str]:
        return {"text": text, "time": self._time}

    def saved(self, name: str, response: object) -> dict[str, Any]:
        return self._line(item=name, event="save", response=response)

    def checked(self, name: str, response: object, said: dict[str, str]) -> dict[str, Any]:
        return self._line(item=name, event="check", response=response, **said)

    def setting(self, name: str, value: str) -> dict[str, Any]:
        return self._line(event="setting", name=name, value=value)

    def _line(self, **told: object) -> dict[str, Any]:
        return {"v": 1, "time": self._time, **told}
