"""A module with a graded case, one that is not, a worksheet and a part of a policy; and what students may leave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samples import CHOICE, PROFILED
from test_grading import HEAD

from fieldguide.authoring.editions import instructor_edition, text_of
from fieldguide.authoring.module import read_module

_STORY = """\
vignette: |
  A photo of one slide from Robin's case has been posted in the class chat.

  You read it at 9:40 p.m.
scenes:
  tonight:
    question: What do you do first?
    options:
      robin:
        text: Write to Robin alone.
        to: ten-thirty
      chat:
        text: Answer in the chat.
        to: ten-thirty
      wait:
        text: Leave it for tonight.
        to: seen
  ten-thirty:
    text: The photo is still up.
    question: And now?
    options:
      tell:
        text: Tell your instructor tonight.
        to: repaired
      leave:
        text: Leave it at that.
        to: seen
endings:
  repaired:
    title: Down by eleven
    text: The photo comes down.
    feedback: Asking early limited the harm.
    now: Tell Robin what you did.
  seen:
    title: Seen by many
    text: Twenty-six people have seen it.
    feedback: Nobody was blamed, and the photo stayed.
    now: Tell your instructor now.
"""

GRADED_CASE = f"""\
id: thursday
title: Thursday, 9:40 p.m.
covers: [Q1]
{_STORY}decision:
  question: What should you do, all in all?
  options:
    speak: Ask for it to come down, and tell the instructor.
    quiet: Leave it to Robin.
    report: Write to the program.
  essay: the-group-chat
  commentary: |
    An experienced eye sees the client first: marmot.

    Then the copies.
  positions:
    early: Tell at once, since copies spread.
    first: Speak with Robin first, since it is Robin's case.
  prompts: [Who is missing from the chat?, What would you write?]
"""

SHORT_CASE = (
    GRADED_CASE.replace("id: thursday", "id: friday")
    .replace("Thursday, 9:40 p.m.", "Friday, noon")
    .replace("  essay: the-group-chat\n", "")
    .replace("marmot", "ibex")
)

WORKSHEET = """\
id: thursday-ethic
title: Five steps on Thursday
case: thursday
steps:
  examine:
    worked: Privacy and honesty are at stake.
  think:
    blank: Which standards speak?
    offered: ["1.07(r)", "1.07(u)"]
    compare: Both do.
  hypothesize:
    blank: What may follow?
  identify:
    worked: The client, first of all.
  consult:
    unaided: true
"""

POLICY = """\
id: policy-requests
intro: A part of your policy.
headings:
  requests:
    title: Friend requests
    ask: What will you do with one?
"""

#: The essay, with answers to compare with of which students see the best alone.
ESSAY = PROFILED.replace(
    "Pictures are a delicate matter, and everybody should think hard before doing anything about one.",
    "I do not mind. Somebody should take it down.",
).replace(
    "I would ask Robin to take it down tonight, for the family's sake.",
    "I would ask for the picture to be taken down, and tell my instructor tonight.",
)
GISTS = {"1.07(r)": "Posting about clients", "1.07(u)": "Identity in teaching"}
MOST = {
    "paths": [["robin", "tell"], ["chat"], ["chat", "leave"]],
    "decision": {"option": "speak", "certainty": "fairly"},
}


def case_source(folder: Path) -> str:
    """The instructor's notebook of the module."""
    cells = [("worksheet", WORKSHEET), ("case", SHORT_CASE), ("case", GRADED_CASE), ("policy", POLICY)]
    cells += [("item", CHOICE), ("item", ESSAY), *(("discussion", _plan(name)) for name in ("thursday", "friday"))]
    body = "\n".join(f"```{{code-cell}}\n%%{kind}\n{text}```\n" for kind, text in cells)
    path = folder / "small.md"
    path.write_text(f"{HEAD}\n## Reading\n\n{body}", encoding="utf-8")
    return text_of(instructor_edition(read_module(path), {}, GISTS))


def _plan(case: str) -> str:
    return f"case: {case}\nminutes: 20\nquestions: [Why?]\npositions: [Tell]\nlisten: [Blame]\nclose: Wombat.\n"


def decided(
    option: str, certainty: str = "sure", path: Sequence[str] = ("robin", "tell"), *, share: bool = False
) -> dict[str, Any]:
    """What the record holds of a case once a student has sent a decision."""
    return {"paths": [list(path)], "decision": {"option": option, "certainty": certainty}, "share": share}
