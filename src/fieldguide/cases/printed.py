"""A case where no script runs: on GitHub, in an exported page, on paper. Everything is escaped.

The reason is never printed: a word that its writer took out again must be in no file.
"""

from __future__ import annotations

from typing import Any

from fieldguide.cases.words import say
from fieldguide.forms.printed import PrintedForm
from fieldguide.player import words as player
from fieldguide.player.printed import Printed


def printed_case(case: dict[str, Any], state: dict[str, Any]) -> Printed:
    """The case as far as it was told, from its public data and the state that its view is shown."""
    side = say("goes_with_graded") if case["graded"] else player.say("not_graded")
    form = PrintedForm(say("heading", title=case["title"]), side)
    form.text(case["note"])
    form.text(case["vignette"])
    for at, step in enumerate(state["steps"], 1):
        _scene(form, at, step)
        form.text(f"{say('you_chose')} {step['choice']}")
    here, decision = state["here"], state["decision"]
    if "scene" in here:
        _scene(form, len(state["steps"]) + 1, here)
        form.rows([option["text"] for option in here["options"]])
    else:
        _part(form, f"{say('ending')}: {here['title']}", here["text"])
        _part(form, say("feedback"), here["feedback"])
        _part(form, say("now"), here["now"])
    if decision is not None:
        _decision(form, case, decision)
    elif state["ways"]:
        form.remark(say("printed_undecided"))
    return form.printed()


def _scene(form: PrintedForm, number: int, scene: dict[str, Any]) -> None:
    _part(form, say("step", n=number), scene["text"])
    form.text(scene["question"])


def _decision(form: PrintedForm, case: dict[str, Any], decision: dict[str, Any]) -> None:
    _part(form, say("decide"), case["decision"]["question"])
    form.text(f"{say('you_decided')} {decision['text']}")
    if decision["certainty"]:
        form.text(say(f"you_were_{decision['certainty']}"))
    form.remark(say("reason_graded" if case["graded"] else "printed_reason"))
    if decision["commentary"]:
        _part(form, say("commentary"), decision["commentary"])
    elif not case["graded"]:
        form.remark(say("commentary_elsewhere"))
    for name in ("positions", "prompts"):
        if decision[name]:
            form.part(say(name))
            form.rows(decision[name])


def _part(form: PrintedForm, heading: str, text: str | None) -> None:
    form.part(heading)
    form.text(text)
