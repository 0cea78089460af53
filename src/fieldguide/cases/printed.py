"""A case where no script runs: on GitHub, in an exported page, on paper. Everything is escaped.

The reason is never printed: a word that its writer took out again must be in no file.
"""

from __future__ import annotations

from typing import Any

from fieldguide.cases.words import say
from fieldguide.forms.printed import Sheet
from fieldguide.player import words as player
from fieldguide.player.printed import Printed


def printed_case(case: dict[str, Any], state: dict[str, Any]) -> Printed:
    """The case as far as it was told, from its public data and the state that its view is shown."""
    side = say("goes_with_graded") if case["graded"] else player.say("not_graded")
    sheet = Sheet(say("heading", title=case["title"]), side)
    sheet.text(case["note"])
    sheet.text(case["vignette"])
    for at, step in enumerate(state["steps"], 1):
        _scene(sheet, at, step)
        sheet.text(f"{say('you_chose')} {step['choice']}")
    here, decision = state["here"], state["decision"]
    if "scene" in here:
        _scene(sheet, len(state["steps"]) + 1, here)
        sheet.rows([option["text"] for option in here["options"]])
    else:
        _part(sheet, f"{say('ending')}: {here['title']}", here["text"])
        _part(sheet, say("feedback"), here["feedback"])
        _part(sheet, say("now"), here["now"])
    if decision is not None:
        _decision(sheet, case, decision)
    elif state["ways"]:
        sheet.remark(say("printed_undecided"))
    return sheet.printed()


def _scene(sheet: Sheet, number: int, scene: dict[str, Any]) -> None:
    _part(sheet, say("step", n=number), scene["text"])
    sheet.text(scene["question"])


def _decision(sheet: Sheet, case: dict[str, Any], decision: dict[str, Any]) -> None:
    _part(sheet, say("decide"), case["decision"]["question"])
    sheet.text(f"{say('you_decided')} {decision['text']}")
    if decision["certainty"]:
        sheet.text(say(f"you_were_{decision['certainty']}"))
    sheet.remark(say("reason_graded" if case["graded"] else "printed_reason"))
    if decision["commentary"]:
        _part(sheet, say("commentary"), decision["commentary"])
    elif not case["graded"]:
        sheet.remark(say("commentary_elsewhere"))
    for name in ("positions", "prompts"):
        if decision[name]:
            sheet.part(say(name))
            sheet.rows(decision[name])


def _part(sheet: Sheet, heading: str, text: str | None) -> None:
    sheet.part(heading)
    sheet.text(text)
